import HarmonicTransforms
import Numerics

/// W_oi,lm of output o, input i, degree l and order m.
typealias MixingWeight = (_ o: Int, _ i: Int, _ l: Int, _ m: Int) -> Complex<Double>

extension SpectralMixing {
  /// y_o,lm = Σ_i W_oi,lm x_i,lm, coefficient by coefficient.
  ///
  /// - Parameters:
  ///   - x: `[map][input][(l, m)]`, (l, m) as in `coefficientIndex`.
  ///   - maps: number of maps.
  ///   - weight: W; 0 for channels that are not mixed.
  /// - Returns: y, `[map][output][(l, m)]`.
  func mixedByDefinition(
    _ x: [Complex<Double>], maps: Int, weight: MixingWeight
  ) -> [Complex<Double>] {
    let count = coefficientCount(lmax: lmax, mmax: mmax)
    var y = [Complex<Double>](repeating: 0, count: maps * outputChannels * count)
    forEachProduct(maps: maps) { o, i, l, m, target, source in
      y[target] += weight(o, i, l, m) * x[source]
    }
    return y
  }

  /// x̄_i,lm = Σ_o W*_oi,lm ȳ_o,lm, and every term of W̄_oi,lm = Σ_maps x*_i,lm ȳ_o,lm.
  ///
  /// z̄ = ∂L/∂Re z + i ∂L/∂Im z of stored coefficients, hence no factor 2 for m > 0
  /// (Conventions 6).
  ///
  /// - Parameters:
  ///   - dy: ȳ, `[map][output][(l, m)]`.
  ///   - x: what forward was given.
  ///   - maps: number of maps.
  ///   - weight: W.
  ///   - gradient: receives the terms of W̄, map after map.
  /// - Returns: x̄, `[map][input][(l, m)]`.
  func gradientsByDefinition(
    _ dy: [Complex<Double>], saved x: [Complex<Double>], maps: Int, weight: MixingWeight,
    gradient: (_ o: Int, _ i: Int, _ l: Int, _ m: Int, _ term: Complex<Double>) -> Void
  ) -> [Complex<Double>] {
    var dx = [Complex<Double>](repeating: 0, count: x.count)
    forEachProduct(maps: maps) { o, i, l, m, target, source in
      dx[source] += weight(o, i, l, m).conjugate * dy[target]
      gradient(o, i, l, m, x[source].conjugate * dy[target])
    }
    return dx
  }

  /// Calls `body` for every map, o, i, l and m with the places of y_o,lm and of x_i,lm.
  private func forEachProduct(
    maps: Int,
    _ body: (_ o: Int, _ i: Int, _ l: Int, _ m: Int, _ target: Int, _ source: Int) -> Void
  ) {
    let count = coefficientCount(lmax: lmax, mmax: mmax)
    for b in 0..<maps {
      for o in 0..<outputChannels {
        for i in 0..<inputChannels {
          for m in 0...mmax {
            for l in m...lmax {
              let place = coefficientIndex(l: l, m: m, lmax: lmax)
              body(
                o, i, l, m, (b * outputChannels + o) * count + place,
                (b * inputChannels + i) * count + place)
            }
          }
        }
      }
    }
  }
}
