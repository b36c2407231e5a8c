import Kernels

/// Fills masked points of every channel with the mean of its observed points.
///
///     forward     y_p = x_p where observed, else mean = Σ_{q observed} x_q / n
///     backward    x̄_q = ȳ_q + (Σ_{p masked} ȳ_p) / n for observed q, 0 for masked ones
///
/// The last channel is the mask, observed where it is greater than 0, and passes unchanged. With
/// one channel there is no mask and a point whose value is exactly 0 counts as masked. A map
/// without any observed point gets zeros.
/// Layout:     `[point][map * channels + channel]`.
/// Checked by: MeanInpaintingTests, PublishedFixtureTests.
public struct MeanInpainting: Sendable, Equatable {
  public let channels: Int

  public init(channels: Int) { self.channels = channels }

  /// Number of channels that are filled.
  private var filled: Int { channels == 1 ? 1 : channels - 1 }

  /// Returns the filled field; `saved` is x itself.
  public func forward<T: LaneScalar>(_ x: [T], maps: Int) -> [T] {
    let lanes = maps * channels
    var y = x
    forEachLane(x, maps: maps) { lane, observed, count in
      var sum = 0.0
      for p in 0..<observed.count where observed[p] { sum += Double(x[p * lanes + lane]) }
      let mean = T(count == 0 ? 0 : sum / Double(count))
      for p in 0..<observed.count where !observed[p] { y[p * lanes + lane] = mean }
    }
    return y
  }

  public func backward<T: LaneScalar>(_ dy: [T], saved x: [T], maps: Int) -> [T] {
    let lanes = maps * channels
    var dx = dy
    forEachLane(x, maps: maps) { lane, observed, count in
      var sum = 0.0
      for p in 0..<observed.count where !observed[p] { sum += Double(dy[p * lanes + lane]) }
      let share = count == 0 ? 0 : sum / Double(count)
      for p in 0..<observed.count {
        let place = p * lanes + lane
        dx[place] = observed[p] ? T(Double(dy[place]) + share) : 0
      }
    }
    return dx
  }

  private func forEachLane<T: LaneScalar>(
    _ x: [T], maps: Int, _ body: (_ lane: Int, _ observed: [Bool], _ count: Int) -> Void
  ) {
    let lanes = maps * channels
    let points = x.count / lanes
    for map in 0..<maps {
      let maskLane = map * channels + channels - 1
      let observed = (0..<points).map { p in
        channels == 1 ? x[p * lanes + maskLane] != 0 : x[p * lanes + maskLane] > 0
      }
      let count = observed.reduce(0) { $0 + ($1 ? 1 : 0) }
      for channel in 0..<filled { body(map * channels + channel, observed, count) }
    }
  }
}
