import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Transpose of the rotation of coefficients")
struct WignerRotationTransposePropertyTests {
  /// Stored numbers with the orders m > 0 scaled by √2: the inner product of the full sphere.
  private func orthonormal(_ a: CoefficientStack<Double>) -> [Double] {
    var values = a.values
    a.forEachCoefficient { _, m, first in
      guard m > 0 else { return }
      for i in first..<first + 2 * a.lanes { values[i] *= 2.0.squareRoot() }
    }
    return values
  }

  /// ⟨R a, b⟩ = ⟨a, R⁻¹ b⟩ in the inner product of the full sphere: a rotation is orthogonal, and
  /// its transpose is the rotation back.
  ///
  /// Functions and angles carry (lmax + 5) u, of either sign (WignerRotationPropertyTests): that
  /// much of ‖R a‖ ‖b‖, for the two together.
  /// Blind to: an error that the two rotations share, such as a degree that is not rotated.
  @Test("The transpose is the inverse", arguments: [1, 8, 47], RotationPropertyTests.rotations)
  func transposeIsInverse(lmax: Int, r: Rotation) {
    let c = TransformCase(GaussLegendreGrid(lmax: lmax), lmax: lmax)
    let a: CoefficientStack<Double> = c.coefficients(seed: 510)
    let b: CoefficientStack<Double> = c.coefficients(seed: 511)
    func check(_ back: Rotation) -> AdjointCheck {
      AdjointCheck(
        image: orthonormal(a.rotated(by: r)), y: orthonormal(b), x: orthonormal(a),
        transposed: orthonormal(b.rotated(by: back)), terms: 2 * lmax + 1)
    }
    let bound = Double(lmax + 5) * RoundingBound.unitRoundoff()
    #expect(check(r.inverse).mismatch <= bound, "\(r): \(check(r.inverse))")
    // Negative control: the rotation itself, which is not symmetric.
    if abs(r.beta) > 0.1 && abs(r.beta) < 3 {
      #expect(check(r).mismatch > 1000 * bound, "\(r): \(check(r))")
    }
  }
}
