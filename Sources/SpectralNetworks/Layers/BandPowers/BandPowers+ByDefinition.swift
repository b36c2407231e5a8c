import HarmonicTransforms
import Numerics

extension BandPowers {
  /// p_cb = Σ_l w_lcb² 1/4π Σ_{m ≥ 0} (2 − δ_m0) |x_c,lm|², without Im x_c,l0: the slow twin of
  /// `spectra` and `forward`.
  ///
  /// - Parameters:
  ///   - x: `[map][channel][(l, m)]`.
  ///   - maps: number of maps.
  ///   - weights: w, `[l][channel][band of the channel]`.
  /// - Returns: p, `[map][channel][band of the channel]`.
  package func forwardByDefinition(
    _ x: [Complex<Double>], maps: Int, weights: [Double]
  ) -> [Double] {
    var p = [Double](repeating: 0, count: maps * bands)
    forEachTerm(x, maps: maps) { value, orders, _, weight, power in
      let w = weights[weight]
      p[power] += w * w * (orders / (4 * Double.pi) * value.lengthSquared)
    }
    return p
  }

  /// w̄_lcb = Σ_maps 2 p̄_cb w_lcb 1/4π Σ_m (2 − δ_m0) |x_c,lm|² and
  /// x̄_c,lm = (2 − δ_m0)/2π x_c,lm Σ_b p̄_cb w_lcb²: the slow twin of `backward` and
  /// `inputGradient`.
  ///
  /// - Parameters:
  ///   - dp: p̄, `[map][channel][band of the channel]`.
  ///   - x: what forward was given.
  ///   - maps: number of maps.
  ///   - weights: w, as forward was given it.
  /// - Returns: x̄ and w̄, in the layouts of x and w.
  package func backwardByDefinition(
    _ dp: [Double], saved x: [Complex<Double>], maps: Int, weights: [Double]
  ) -> (input: [Complex<Double>], weights: [Double]) {
    var dx = [Complex<Double>](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: weights.count)
    forEachTerm(x, maps: maps) { value, orders, place, weight, power in
      let (w, gradient) = (weights[weight], dp[power])
      dw[weight] += 2 * gradient * w * (orders / (4 * Double.pi) * value.lengthSquared)
      dx[place] += value.multiplied(by: orders / (2 * Double.pi) * gradient * w * w)
    }
    return (dx, dw)
  }

  /// Calls `body` for every term of every power: x_c,lm, 2 − δ_m0, and the places of x, w and p.
  private func forEachTerm(
    _ x: [Complex<Double>], maps: Int,
    _ body: (
      _ value: Complex<Double>, _ orders: Double, _ place: Int, _ weight: Int, _ power: Int
    ) -> Void
  ) {
    let count = coefficientCount(lmax: lmax, mmax: lmax)
    let width = bands / channels
    for lane in 0..<maps * channels {
      for band in 0..<width {
        for m in 0...lmax {
          for l in m...lmax {
            let place = lane * count + coefficientIndex(l: l, m: m, lmax: lmax)
            body(
              m == 0 ? Complex(x[place].real, 0) : x[place], m == 0 ? 1 : 2, place,
              (l * channels + lane % channels) * width + band, lane * width + band)
          }
        }
      }
    }
  }
}
