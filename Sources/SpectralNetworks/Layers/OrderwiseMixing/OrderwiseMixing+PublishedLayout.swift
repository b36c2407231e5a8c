import HarmonicTransforms
import Numerics

/// Weights in the order of published files, `[output][input][l][m]`, which have places for l < m
/// and may have them for orders that the layer does not use.
extension OrderwiseMixing {
  /// Number of weights in that order, those with l < m included.
  package var publishedWeightCount: Int {
    outputChannels * inputChannels * (lmax + 1) * (mmax + 1)
  }

  /// Weights, or gradients of them, `[(l, m)][re, im][input][output]` as complex numbers in the
  /// order of published files; 0 where l < m.
  package func publishedWeights(_ weights: [T]) -> [Complex<Double>] {
    var published = [Complex<Double>](repeating: 0, count: publishedWeightCount)
    forEachWeight { real, imaginary, place in
      published[place] = Complex(Double(weights[real]), Double(weights[imaginary]))
    }
    return published
  }

  /// The inverse of `publishedWeights`, rounded to `T`; weights with l < m are dropped.
  package func weights(published: [Complex<Double>]) -> [T] {
    var weights = [T](repeating: 0, count: weightCount)
    forEachWeight { real, imaginary, place in
      weights[real] = T(published[place].real)
      weights[imaginary] = T(published[place].imaginary)
    }
    return weights
  }

  /// Calls `body` for every weight.
  ///
  /// - Parameters:
  ///   - fileOrders: orders that the published file has, more than `mmax`; nil: mmax + 1.
  ///   - body: receives the places of the real and the imaginary part, and the published place.
  func forEachWeight(
    fileOrders: Int? = nil, _ body: (_ real: Int, _ imaginary: Int, _ published: Int) -> Void
  ) {
    let size = inputChannels * outputChannels
    for m in 0...mmax {
      for l in m...lmax {
        let first = 2 * coefficientIndex(l: l, m: m, lmax: lmax) * size
        for i in 0..<inputChannels {
          for o in 0..<outputChannels {
            let real = first + i * outputChannels + o
            body(real, real + size, publishedPlace(o, i, l, m, fileOrders: fileOrders))
          }
        }
      }
    }
  }

  /// The place of a weight in the order of published files.
  func publishedPlace(_ o: Int, _ i: Int, _ l: Int, _ m: Int, fileOrders: Int? = nil) -> Int {
    ((o * inputChannels + i) * (lmax + 1) + l) * (fileOrders ?? mmax + 1) + m
  }
}
