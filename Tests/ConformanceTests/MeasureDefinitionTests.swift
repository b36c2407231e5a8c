import Testing

@testable import Conformance

/// The measures by hand, on numbers whose quotients are exact.
@Suite("Measures of a check")
struct MeasureDefinitionTests {
  private let reference = [3.0, 4, 0, 0]
  private let value = [3.0, 4, 0, 0.5]

  /// Every number here is a small multiple of 1/2 and every norm an integer: errors are exact.
  @Test("Whole tensors, elements and counts")
  func whole() {
    #expect(Measure.relativeL2.error(of: value, from: reference, rowLength: 2) == 0.1)
    #expect(Measure.relativeL2.error(of: value, from: reference, rowLength: 2, scale: 4) == 0.1)
    #expect(Measure.relativeL2.error(of: value, from: reference, rowLength: 2, scale: 50) == 0.01)
    #expect(Measure.absolute.error(of: value, from: reference, rowLength: 2) == 0.5)
    #expect(Measure.equal.error(of: value, from: reference, rowLength: 2) == 1)
    #expect(Measure.equal.error(of: reference, from: reference, rowLength: 2) == 0)
  }

  /// A row that is zero is compared with the smallest norm, so that any visible error in it is
  /// caught: that is the point of rows, and the control is the same error in the norm of the whole
  /// tensor.
  @Test("Rows")
  func rows() {
    #expect(Measure.rowL2.error(of: [3, 4.5, 6, 8], from: [3, 4, 6, 8], rowLength: 2) == 0.1)
    #expect(Measure.rowL2.error(of: value, from: reference, rowLength: 2) == 0.5 / 1e-30)
    #expect(Measure.rowL2.error(of: reference, from: reference, rowLength: 2) == 0)
    #expect(Measure.rowL2.error(of: [3, 4, 0, 1e-20], from: reference, rowLength: 2) > 1e9)
    #expect(Measure.relativeL2.error(of: [3, 4, 0, 1e-20], from: reference, rowLength: 2) < 1e-20)
  }

  /// What cannot be compared is infinitely wrong.
  @Test(
    "No number passes as an error",
    arguments: [Measure.relativeL2, .rowL2, .absolute, .distribution])
  func notComparable(measure: Measure) {
    let broken = [3.0, .nan, 0, 0]
    #expect(measure.error(of: reference, from: broken, rowLength: 2) == .infinity)
    #expect(measure.error(of: broken, from: reference, rowLength: 2, scale: 1) == .infinity)
    #expect(measure.error(of: [3], from: reference, rowLength: 2) == .infinity)
    #expect(
      measure.error(of: [1e308, 0, 0, 0], from: [-1e308, 0, 0, 0], rowLength: 2) == .infinity)
  }
}
