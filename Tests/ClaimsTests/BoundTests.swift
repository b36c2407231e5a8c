import Foundation
import Testing
import Verification

@testable import Claims

@Suite("Bounds of claims")
struct BoundTests {
  private static let u = RoundingBound.unitRoundoff()

  private static func root(_ value: Double) -> Double { value.squareRoot() }

  /// At lmax = 47, n = 96, κ = 7.
  private static let values: [(text: String, value: Double)] = [
    ("0", 0), ("12 u", 12 * u), ("10⁻⁷", 1e-7), ("10⁴", 1e4), ("50 · 2u", 100 * u),
    ("8 (lmax + 1) u", 384 * u), ("8 √((lmax + 1)²) u", 384 * u),
    ("8 √(2 (lmax + 1)²) u", 384 * root(2) * u), ("√lmax u₃₂", root(47) / 16_777_216),
    ("8 √n u", 8 * root(96) * u), ("8 ⌊log₂(2n)⌋ u", 56 * u), ("log₂(2n)", log2(192)),
    ("1 + 5 √(2/(lmax + 1))", 1 + 5 * root(2.0 / 48)), ("κ 2 (lmax + 8) u", 770 * u),
    ("min(8 n, 10²)", 100), ("min(n, 10²)", 96), ("(lmax + 5) u + 8 u", 60 * u),
    ("3 − 2 − 1", 0), ("12 / 3 / 2 · 5", 10), ("2√n", 2 * root(96)), ("√n²", 96),
    ("(2 n)²", 36_864),
  ]

  /// Texts against the same formulas in Swift; numbers as short as these leave at most ten
  /// roundings. Control: the text of another size.
  @Test("Expressions", arguments: values)
  func expressions(text: String, value: Double) throws {
    let sizes = ["lmax": 47.0, "n": 96, "κ": 7]
    let found = try BoundExpression(text).value(sizes)
    #expect(abs(found - value) <= 10 * Double.ulpOfOne * value, "\(text)")
    guard text.contains("lmax") || text.contains("2n") else { return }
    let other = try BoundExpression(text).value(["lmax": 7, "n": 5, "κ": 7])
    #expect(abs(other - value) > 1e-3 * value)
  }

  @Test(
    "Refused texts",
    arguments: [
      "", "8 (", "8 (n", "8 n)", "8 +", "√", "8 # n", "n ⁻", "min(n)", "log₂ n", "⌊n", "8,5",
      "1.2.3",
      "10⁻", "m u",
    ])
  func refused(text: String) {
    #expect(throws: BoundExpressionError.self) { try BoundExpression(text).value(["n": 96]) }
  }

  /// What a table prints is what is computed. A symbol that the measurement does not give is
  /// refused.
  @Test("Text and value")
  func text() throws {
    let bound = Bound("κ (lmax + 8) u", of: "‖f‖", "relative L2")
    #expect(bound.text == "κ (lmax + 8) u of ‖f‖, relative L2")
    #expect(try bound.value(["κ": 7, "lmax": 47]) == 7 * 55 * Self.u)
    #expect(throws: BoundExpressionError.self) { try bound.value(["lmax": 47]) }
    #expect(Bound("0").text == "0" && Bound("2", "largest").text == "2, largest")
  }

  /// The bound of transposes in claims is the one of `AdjointCheck`. Two roundings.
  @Test("Transposes")
  func transposes() throws {
    let check = AdjointCheck(
      image: [1.0, 2, 3], y: [1, 1, 1], x: [1, 1, 2, 3, 4], transposed: [0, 1, 1, 1, 1], terms: 17)
    let measurement = ClaimMeasurement(check, control: check)
    let found = try transposeBound(of: "‖Ax‖‖y‖").value(measurement.sizes)
    #expect(abs(found / check.roundingBound - 1) <= 2 * Double.ulpOfOne)
  }
}
