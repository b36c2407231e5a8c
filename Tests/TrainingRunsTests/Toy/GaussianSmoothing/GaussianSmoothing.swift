import Foundation
import HarmonicTransforms
import Kernels

/// Smoothing with a Gaussian beam of learnable width, degree by degree.
///
///     forward     y_lm = g_l x_lm,   g_l = exp(−l(l + 1) σ²/2)
///     backward    x̄_lm = g_l ȳ_lm
///                 σ̄ += Σ_lm −l(l + 1) σ g_l Re(x*_lm ȳ_lm)   (summed over the lanes)
///
/// No factor 2 for m > 0: ȳ belongs to the stored coefficient (Conventions 6).
/// Shapes:     x and y `[(l, m)][re, im][lane]`.
/// Checked by: GaussianSmoothingTests.
struct GaussianSmoothing<T: LaneScalar> {
  let lmax: Int

  /// g_l of every degree.
  func window(_ width: T) -> [Double] {
    let variance = Double(width) * Double(width)
    return (0...lmax).map { exp(-Double($0 * ($0 + 1)) * variance / 2) }
  }

  func forward(_ x: CoefficientStack<T>, width: T) -> CoefficientStack<T> {
    var y = x
    let window = window(width)
    forEachRow(x) { l, row in
      for i in row { y.values[i] = T(window[l] * Double(x.values[i])) }
    }
    return y
  }

  /// Returns x̄ and adds σ̄.
  func backward(
    _ dy: CoefficientStack<T>, saved x: CoefficientStack<T>, width: T,
    accumulatingInto dWidth: inout T
  ) -> CoefficientStack<T> {
    var dx = dy
    let window = window(width)
    var sum = 0.0
    forEachRow(x) { l, row in
      let slope = -Double(l * (l + 1)) * Double(width) * window[l]
      for i in row {
        sum += slope * Double(x.values[i]) * Double(dy.values[i])
        dx.values[i] = T(window[l] * Double(dy.values[i]))
      }
    }
    dWidth += T(sum)
    return dx
  }

  /// The degree of every (l, m) with the places of its numbers, of both parts and all lanes.
  private func forEachRow(
    _ x: CoefficientStack<T>, _ body: (_ l: Int, _ row: Range<Int>) -> Void
  ) {
    var start = 0
    for m in 0...x.mmax {
      for l in m...lmax {
        body(l, start..<start + 2 * x.lanes)
        start += 2 * x.lanes
      }
    }
  }
}
