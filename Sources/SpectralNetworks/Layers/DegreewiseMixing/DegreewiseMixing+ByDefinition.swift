import Numerics

extension DegreewiseMixing {
  /// y_o,lm = Σ_i w_l,io x_i,lm: the slow twin of `forward`, all orders together.
  ///
  /// - Parameters:
  ///   - x: `[map][input][(l, m)]`.
  ///   - maps: number of maps.
  ///   - weights: w, `[l][group][input of the group][output of the group]`.
  /// - Returns: y, `[map][output][(l, m)]`.
  package func forwardByDefinition(
    _ x: [Complex<Double>], maps: Int, weights: [Double]
  ) -> [Complex<Double>] {
    mixedByDefinition(x, maps: maps, weight: weight(weights))
  }

  /// x̄_i,lm = Σ_o w_l,io ȳ_o,lm and w̄_l,io = Σ_m Re(x*_i,lm ȳ_o,lm), summed over the maps: the
  /// slow twin of `backward`.
  ///
  /// - Parameters:
  ///   - dy: ȳ, `[map][output][(l, m)]`.
  ///   - x: what forward was given.
  ///   - maps: number of maps.
  ///   - weights: w, as forward was given it.
  /// - Returns: x̄ and w̄, in the layouts of x and w.
  package func backwardByDefinition(
    _ dy: [Complex<Double>], saved x: [Complex<Double>], maps: Int, weights: [Double]
  ) -> (input: [Complex<Double>], weights: [Double]) {
    var dw = [Double](repeating: 0, count: weights.count)
    let dx = gradientsByDefinition(dy, saved: x, maps: maps, weight: weight(weights)) {
      o, i, l, _, term in
      if let place = place(o, i, l) { dw[place] += term.real }
    }
    return (dx, dw)
  }

  private func weight(_ weights: [Double]) -> MixingWeight {
    { o, i, l, _ in self.place(o, i, l).map { Complex(weights[$0], 0) } ?? 0 }
  }

  /// Where w_l,io is, or nil for an output of another group than the input's.
  private func place(_ o: Int, _ i: Int, _ l: Int) -> Int? {
    let (inputs, outputs) = (inputChannels / groups, outputChannels / groups)
    let group = i / inputs
    guard o / outputs == group else { return nil }
    return ((l * groups + group) * inputs + i % inputs) * outputs + o % outputs
  }
}
