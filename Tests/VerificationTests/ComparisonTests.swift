import Testing

@testable import Verification

@Suite("Comparators")
struct ComparisonTests {

  /// A pair of arrays that no comparator may accept as equal within 10⁻³.
  struct WrongPair: Sendable, CustomStringConvertible {
    let description: String
    let value: [Double]
    let reference: [Double]
  }

  static let wrongPairs = [
    WrongPair(description: "too large", value: [1, 3, 3], reference: [1, 2, 3]),
    WrongPair(description: "too small", value: [1, 1, 3], reference: [1, 2, 3]),
    WrongPair(description: "opposite sign", value: [-1, -2], reference: [1, 2]),
    WrongPair(description: "one sign flipped", value: [1, -2, 3], reference: [1, 2, 3]),
    WrongPair(description: "differences that cancel", value: [2, 1], reference: [1, 2]),
    WrongPair(description: "NaN in the value", value: [1, .nan], reference: [1, 2]),
    WrongPair(description: "NaN in the reference", value: [1, 2], reference: [1, .nan]),
    WrongPair(description: "NaN in both", value: [.nan], reference: [.nan]),
    WrongPair(description: "equal infinities", value: [.infinity], reference: [.infinity]),
    WrongPair(description: "one element missing", value: [1, 2], reference: [1, 2, 3]),
    WrongPair(description: "one element too many", value: [1, 2, 3], reference: [1, 2]),
    WrongPair(description: "nothing to compare", value: [], reference: []),
    WrongPair(description: "zeros against numbers", value: [0, 0], reference: [1e-9, 1e-9]),
    WrongPair(description: "squares underflow", value: [0], reference: [1e-200]),
    WrongPair(description: "squares overflow", value: [-1e200], reference: [1e200]),
    WrongPair(description: "difference overflows", value: [-1.5e308], reference: [1.5e308]),
  ]

  /// What is wrong must be reported as far off, in every measure.
  ///
  /// Bound: 10⁻³ stands for any bound; every pair differs by a relative 0.5 or more.
  @Test("Wrong arrays are refused", arguments: wrongPairs)
  func refuses(_ pair: WrongPair) {
    let comparison = Comparison(pair.value, with: pair.reference)
    #expect(comparison.relativeL2 > 1e-3, "\(pair)")
    #expect(comparison.relativeMaximum > 1e-3, "\(pair)")
    #expect(relativeError(pair.value, pair.reference) > 1e-3, "\(pair)")
  }

  /// Comparators with the usual faults accept at least one of the pairs, so the list above can
  /// tell a right comparator from a wrong one.
  @Test("Negative control: faulty comparators accept a wrong pair")
  func faultyComparatorsAreCaught() {
    typealias Comparator = ([Double], [Double]) -> Double
    let withoutAbs: Comparator = { zip($0, $1).map { $0 - $1 }.max() ?? 0 }
    let sumOfDifferences: Comparator = { abs(zip($0, $1).reduce(0) { $0 + $1.0 - $1.1 }) }
    let skippingNaN: Comparator = {
      zip($0, $1).map { abs($0 - $1) }.filter { !$0.isNaN }.max() ?? 0
    }
    let absoluteOnly: Comparator = { zip($0, $1).map { abs($0 - $1) }.max() ?? 0 }
    for (name, comparator) in [
      ("without abs", withoutAbs), ("sum", sumOfDifferences), ("skipping NaN", skippingNaN),
      ("absolute", absoluteOnly),
    ] {
      let accepted = ComparisonTests.wrongPairs.filter {
        comparator($0.value, $0.reference) <= 1e-3
      }
      #expect(!accepted.isEmpty, "the list does not reveal the comparator \(name)")
    }
  }

  /// Differences that are powers of two have exact norms, so the measures are equal to their
  /// definitions to the last bit.
  @Test("Measures")
  func measures() {
    let comparison = Comparison([3.0, 0, 4.5], with: [3.0, 0, 4.0])
    #expect(comparison.failure == nil)
    #expect(comparison.count == 3)
    #expect(comparison.largestAbsolute == 0.5)
    #expect(comparison.relativeMaximum == 0.125)
    #expect(comparison.relativeL2 == 0.1)  // 0.5 / √(9 + 16)
    #expect(comparison.worst.index == 2)
    #expect(comparison.worst.value == 4.5)
    #expect(comparison.worst.reference == 4)
  }

  /// Two orders of the arguments differ by the denominator only.
  @Test("The reference is the denominator")
  func denominator() {
    #expect(Comparison([2.0], with: [1.0]).relativeL2 == 1)
    #expect(Comparison([1.0], with: [2.0]).relativeL2 == 0.5)
  }

  /// Equal arrays have no error, whatever their size.
  @Test("Equal arrays", arguments: [1e-300, 1, 1e300, 0])
  func equal(_ size: Double) {
    let values = [size, -size, size]
    let comparison = Comparison(values, with: values)
    #expect(comparison.relativeL2 == 0)
    #expect(comparison.largestAbsolute == 0)
    #expect(comparison.failure == nil)
  }

  /// Against zeros the error is absolute.
  @Test("A reference of zeros")
  func zeros() {
    let comparison = Comparison([3.0, 4.0], with: [0.0, 0])
    #expect(comparison.relativeL2 == 5)
    #expect(comparison.relativeMaximum == 4)
  }

  /// The relative error does not depend on the unit: a power of two changes no bit of it.
  @Test("Scale", arguments: [0x1p-900, 0x1p-400, 1, 0x1p400, 0x1p900])
  func scale(_ unit: Double) {
    var numbers = TestNumbers(seed: 3)
    let reference = numbers.normals(50)
    let value = reference.map { $0 * (1 + 1e-9 * numbers.normal()) }
    let expected = Comparison(value, with: reference)
    let scaled = Comparison(value.map { $0 * unit }, with: reference.map { $0 * unit })
    #expect(scaled.relativeL2 == expected.relativeL2)
    #expect(scaled.relativeMaximum == expected.relativeMaximum)
  }

  /// Mixed precisions are compared in `Double`.
  @Test("Float against Double")
  func precisions() {
    #expect(Comparison([Float(0.1)], with: [0.1]).largestAbsolute == abs(Double(Float(0.1)) - 0.1))
  }

  /// A message names the element and both values, or the reason.
  @Test("Description")
  func description() {
    #expect("\(Comparison([1.0, 2], with: [1.0, 7]))".contains("element 1: 2.0 against 7.0"))
    #expect("\(Comparison([1.0], with: [1.0, 7]))".contains("1 elements against 2"))
    #expect("\(Comparison([Double](), with: [Double]()))".contains("no elements"))
    #expect("\(Comparison([Double.nan], with: [1.0]))".contains("element 0 is not finite"))
  }
}
