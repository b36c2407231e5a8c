import HarmonicTransforms
import Numerics

extension OrderwiseMixing {
  /// y_o,lm = Σ_i w_oi,lm x_i,lm: the slow twin of `forward`, all orders together, with the weights
  /// in the order of published files.
  ///
  /// - Parameters:
  ///   - x: `[map][input][(l, m)]`.
  ///   - maps: number of maps.
  ///   - weights: w, `[output][input][l][m]`; those with l < m are not read.
  /// - Returns: y, `[map][output][(l, m)]`.
  package func forwardByDefinition(
    _ x: [Complex<Double>], maps: Int, weights: [Complex<Double>]
  ) -> [Complex<Double>] {
    mixedByDefinition(x, maps: maps, weight: weight(weights))
  }

  /// x̄_i,lm = Σ_o w*_oi,lm ȳ_o,lm and w̄_oi,lm = x*_i,lm ȳ_o,lm, summed over the maps: the slow
  /// twin of `backward`.
  ///
  /// - Parameters:
  ///   - dy: ȳ, `[map][output][(l, m)]`.
  ///   - x: what forward was given.
  ///   - maps: number of maps.
  ///   - weights: w, as forward was given it.
  /// - Returns: x̄ and w̄, in the layouts of x and w; 0 where l < m.
  package func backwardByDefinition(
    _ dy: [Complex<Double>], saved x: [Complex<Double>], maps: Int, weights: [Complex<Double>]
  ) -> (input: [Complex<Double>], weights: [Complex<Double>]) {
    var dw = [Complex<Double>](repeating: 0, count: weights.count)
    let dx = gradientsByDefinition(dy, saved: x, maps: maps, weight: weight(weights)) {
      o, i, l, m, term in
      dw[publishedPlace(o, i, l, m)] += term
    }
    return (dx, dw)
  }

  private func weight(_ weights: [Complex<Double>]) -> MixingWeight {
    { o, i, l, m in weights[self.publishedPlace(o, i, l, m)] }
  }
}
