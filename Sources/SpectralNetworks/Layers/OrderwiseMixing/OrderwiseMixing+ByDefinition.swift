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

  private func publishedPlace(_ o: Int, _ i: Int, _ l: Int, _ m: Int) -> Int {
    ((o * inputChannels + i) * (lmax + 1) + l) * (mmax + 1) + m
  }
}

extension OrderwiseMixing {
  /// Number of weights in the order of published files, those with l < m included.
  package var publishedWeightCount: Int {
    outputChannels * inputChannels * (lmax + 1) * (mmax + 1)
  }

  /// Weights, or gradients of them, `[(l, m)][re, im][input][output]` as complex numbers in the
  /// order of published files, `[output][input][l][m]`; 0 where l < m.
  package func publishedWeights(_ weights: [T]) -> [Complex<Double>] {
    var published = [Complex<Double>](repeating: 0, count: publishedWeightCount)
    forEachWeight { real, place in
      published[place] = Complex(
        Double(weights[real]), Double(weights[real + inputChannels * outputChannels]))
    }
    return published
  }

  /// The inverse of `publishedWeights`, rounded to `T`; weights with l < m are dropped.
  package func weights(published: [Complex<Double>]) -> [T] {
    var weights = [T](repeating: 0, count: weightCount)
    forEachWeight { real, place in
      weights[real] = T(published[place].real)
      weights[real + inputChannels * outputChannels] = T(published[place].imaginary)
    }
    return weights
  }

  /// Calls `body` for every weight with the place of its real part and that in published files.
  private func forEachWeight(_ body: (_ real: Int, _ published: Int) -> Void) {
    for m in 0...mmax {
      for l in m...lmax {
        let first = 2 * coefficientIndex(l: l, m: m, lmax: lmax) * inputChannels * outputChannels
        for i in 0..<inputChannels {
          for o in 0..<outputChannels {
            body(first + i * outputChannels + o, publishedPlace(o, i, l, m))
          }
        }
      }
    }
  }
}
