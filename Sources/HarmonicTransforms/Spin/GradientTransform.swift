import FourierTransforms
import SphereGrids

/// The gradient of scalar fields on a grid of rings, and its transpose.
///
/// Definition:  Q = ∂f/∂θ, U = (1/sin θ) ∂f/∂φ of f = Σ a_lm Y_lm.
/// Method:      ∂f/∂θ + (i/sin θ) ∂f/∂φ = −Σ √[l(l+1)] a_lm ₁Y_lm [Varshalovich1988, 4.17]: the
///              spin-1 synthesis of E_lm = √[l(l+1)] a_lm, B = 0. Nothing is divided by sin θ; at
///              the poles the limit along the point's meridian comes out.
/// Domain:      Im a_l0 = 0, as for every real field.
/// Accuracy:    that of `SpinTransform`.
/// Checked by:  PointSynthesisTests (derivatives at points, the transpose).
public struct GradientTransform<T: FourierScalar>: Sendable {
  /// The transform of spin 1 behind it.
  public let transform: SpinTransform<T>

  /// Prepares the gradient of fields with degrees up to lmax and orders up to mmax (lmax when nil).
  public init(grid: any RingGrid, lmax: Int, mmax: Int? = nil) {
    transform = SpinTransform(grid: grid, spin: 1, lmax: lmax, mmax: mmax)
  }

  /// ∂f/∂θ as Q and (1/sin θ) ∂f/∂φ as U.
  public func synthesis(_ a: CoefficientStack<T>, threads: Int = 1) -> SpinFields<T> {
    let none = CoefficientStack<T>(lmax: a.lmax, mmax: a.mmax, lanes: a.lanes)
    return transform.synthesis(
      SpinCoefficients(e: a.scaled(byDegree: Self.factor), b: none), threads: threads)
  }

  /// The gradient with respect to the stored coefficients, given those with respect to Q and U.
  public func synthesisGradient(_ df: SpinFields<T>, threads: Int = 1) -> CoefficientStack<T> {
    transform.synthesisGradient(df, threads: threads).e.scaled(byDegree: Self.factor)
  }

  /// √[l(l+1)].
  private static func factor(_ l: Int) -> Double { Double(l * (l + 1)).squareRoot() }
}

extension CoefficientStack {
  /// b_l a_lm: a convolution with an isotropic beam, or a differential operator.
  ///
  /// - Parameter factor: b_l, computed in `Double` and rounded once.
  /// - Returns: a stack of the same shape.
  public func scaled(byDegree factor: (_ l: Int) -> Double) -> CoefficientStack {
    var result = self
    let factors = (0...lmax).map { T(factor($0)) }
    forEachCoefficient { l, _, first in
      for i in first..<first + 2 * lanes { result.values[i] *= factors[l] }
    }
    return result
  }
}
