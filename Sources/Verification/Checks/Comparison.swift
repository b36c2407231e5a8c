import Foundation

/// The outcome of comparing an array with a reference: how far apart, and where it is worst.
///
/// Passing is never decided here: a test compares `relativeL2` or `largestAbsolute` with a bound
/// that it derives. A comparison that cannot be made (different shapes, nothing to compare, a value
/// that is not finite) is `.failure`, whose errors are infinite, so that no bound accepts it.
package struct Comparison: Sendable, CustomStringConvertible {
  /// Number of elements compared.
  package let count: Int
  /// ‖value − reference‖ / ‖reference‖ (L2), or ‖value‖ when the reference vanishes identically.
  package let relativeL2: Double
  /// max |value − reference|.
  package let largestAbsolute: Double
  /// max |value − reference| / max |reference|, or max |value| when the reference vanishes.
  package let relativeMaximum: Double
  /// Index of the element that differs most, with both values.
  package let worst: (index: Int, value: Double, reference: Double)
  /// Why no comparison was possible, or nil.
  package let failure: String?

  package var description: String {
    if let failure { return "comparison impossible: \(failure)" }
    return "relative L2 \(relativeL2), max |Δ| \(largestAbsolute) at element \(worst.index): "
      + "\(worst.value) against \(worst.reference) (\(count) elements)"
  }

  private init(
    count: Int, relativeL2: Double, largestAbsolute: Double, relativeMaximum: Double,
    worst: (index: Int, value: Double, reference: Double), failure: String?
  ) {
    self.count = count
    self.relativeL2 = relativeL2
    self.largestAbsolute = largestAbsolute
    self.relativeMaximum = relativeMaximum
    self.worst = worst
    self.failure = failure
  }

  private init(failure: String) {
    self.init(
      count: 0, relativeL2: .infinity, largestAbsolute: .infinity, relativeMaximum: .infinity,
      worst: (-1, .nan, .nan), failure: failure)
  }

  /// Compares element by element.
  ///
  /// - Parameters:
  ///   - value: what is being checked.
  ///   - reference: what it should be.
  package init<A: BinaryFloatingPoint, B: BinaryFloatingPoint>(
    _ value: some Collection<A>, with reference: some Collection<B>
  ) {
    guard value.count == reference.count else {
      self.init(failure: "\(value.count) elements against \(reference.count)")
      return
    }
    guard !value.isEmpty else {
      self.init(failure: "there are no elements")
      return
    }
    var largestReference = 0.0
    var largest = -1.0
    var worst = (index: 0, value: 0.0, reference: 0.0)
    for (index, pair) in zip(value, reference).enumerated() {
      let (x, y) = (Double(pair.0), Double(pair.1))
      guard x.isFinite, y.isFinite, (x - y).isFinite else {
        self.init(failure: "element \(index) is not finite: \(x) against \(y)")
        return
      }
      largestReference = max(largestReference, abs(y))
      if abs(x - y) > largest {
        largest = abs(x - y)
        worst = (index, x, y)
      }
    }
    // Norms of numbers divided by the largest: squares of very small numbers would vanish, and a
    // wrong array of such numbers would pass.
    let differenceNorm = Comparison.norm(
      zip(value, reference).lazy.map { Double($0) - Double($1) }, largest: largest)
    let referenceNorm = Comparison.norm(
      reference.lazy.map { Double($0) }, largest: largestReference)
    self.init(
      count: value.count,
      relativeL2: largestReference > 0 ? differenceNorm / referenceNorm : differenceNorm,
      largestAbsolute: largest,
      relativeMaximum: largestReference > 0 ? largest / largestReference : largest,
      worst: worst, failure: nil)
  }

  /// √Σ x², given max |x|.
  private static func norm(_ numbers: some Sequence<Double>, largest: Double) -> Double {
    guard largest > 0 else { return 0 }
    return largest * numbers.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
  }
}

/// ‖value − reference‖ / ‖reference‖ (L2); infinite when the two cannot be compared.
package func relativeError<A: BinaryFloatingPoint, B: BinaryFloatingPoint>(
  _ value: some Collection<A>, _ reference: some Collection<B>
) -> Double {
  Comparison(value, with: reference).relativeL2
}
