extension MeanInpainting {
  /// y_p = x_p where observed, else the mean of the observed x_q, field by field: the slow twin of
  /// `forward`.
  ///
  /// - Parameters:
  ///   - x: `[map][channel][point]`.
  ///   - maps: number of maps.
  /// - Returns: y, in the layout of x.
  package func forwardByDefinition(_ x: [Double], maps: Int) -> [Double] {
    var y = x
    forEachField(x, maps: maps) { observed, hidden in
      let mean = observed.isEmpty ? 0 : observed.reduce(0) { $0 + x[$1] } / Double(observed.count)
      for p in hidden { y[p] = mean }
    }
    return y
  }

  /// x̄_q = ȳ_q + Σ_{p hidden} ȳ_p / n for the n observed q, 0 for hidden ones: the slow twin of
  /// `backward`.
  ///
  /// - Parameters:
  ///   - dy: ȳ, `[map][channel][point]`.
  ///   - x: what forward was given.
  ///   - maps: number of maps.
  /// - Returns: x̄, in the layout of x.
  package func backwardByDefinition(_ dy: [Double], saved x: [Double], maps: Int) -> [Double] {
    var dx = dy
    forEachField(x, maps: maps) { observed, hidden in
      let share = hidden.reduce(0) { $0 + dy[$1] } / Double(observed.count)
      for p in hidden { dx[p] = 0 }
      for q in observed { dx[q] += share }
    }
    return dx
  }

  /// Calls `body` with the places of observed and of hidden points of every field that is filled.
  private func forEachField(
    _ x: [Double], maps: Int, _ body: (_ observed: [Int], _ hidden: [Int]) -> Void
  ) {
    let points = x.count / (maps * channels)
    for map in 0..<maps {
      let mask = (map * channels + channels - 1) * points
      let isObserved = (0..<points).map { channels == 1 ? x[mask + $0] != 0 : x[mask + $0] > 0 }
      for channel in 0..<max(1, channels - 1) {
        let first = (map * channels + channel) * points
        body(
          (0..<points).filter { isObserved[$0] }.map { first + $0 },
          (0..<points).filter { !isObserved[$0] }.map { first + $0 })
      }
    }
  }
}
