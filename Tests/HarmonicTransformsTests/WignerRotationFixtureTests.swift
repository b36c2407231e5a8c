import FileFormats
import Testing
import Verification

@testable import HarmonicTransforms

/// Coefficients rotated by healpy: `Fixtures/generators/rotation_fixtures.py`.
@Suite("Rotation of coefficients against healpy")
struct WignerRotationFixtureTests {
  /// Ours is wrong by half a rounding error per degree, healpy (its recurrence is another one) by a
  /// few: 4 (lmax + 5) u. Its angles psi, theta, phi are our γ, β, α.
  /// Blind to: an error in the rule for E and B that both share (WignerRotationPropertyTests).
  static func bound(_ lmax: Int) -> Double { 4 * Double(lmax + 5) * 0x1p-53 }

  @Test("Temperature, E and B", arguments: [5, 47])
  func rotations(lmax: Int) throws {
    let name = "rotations/healpy.safetensors"
    let tensors = try SafetensorsFile(data: FixtureStore.data(name), name: name).tensors
    func stack(_ tensor: String) throws -> CoefficientStack<Double> {
      CoefficientStack(
        lmax: lmax, mmax: lmax, lanes: 1, values: try tensors.tensor(tensor).doubles())
    }
    let cases = tensors.names.filter { $0.hasPrefix("l\(lmax)_") && $0.hasSuffix(".angles") }
    #expect(cases.count >= 2)
    for angles in cases {
      let prefix = angles.dropLast(6)
      let numbers = try tensors.tensor(angles).doubles()
      let r = Rotation(alpha: numbers[0], beta: numbers[1], gamma: numbers[2])
      for field in ["T", "E", "B"] where tensors.names.contains("\(prefix)\(field)") {
        let before = try stack("l\(lmax).\(field)")
        let after = try stack("\(prefix)\(field)")
        let comparison = Comparison(before.rotated(by: r).values, with: after.values)
        #expect(comparison.relativeL2 <= Self.bound(lmax), "\(prefix)\(field): \(comparison)")
        // Negative control: the inverse rotation.
        let inverse = before.rotated(by: r.inverse)
        #expect(relativeError(inverse.values, after.values) > 1000 * Self.bound(lmax))
      }
    }
  }
}
