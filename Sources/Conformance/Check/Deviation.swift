import HarmonicTransforms

/// Where an output that fails is worst, and how its numbers are related to the expected ones.
///
/// Place:      the element with the largest |x − e|, of `row_l2` within the worst row, by the axes
///             of its shape: `[map, channel] l 3, m 2` for coefficients, whose two parts count as
///             one complex number, `[angle] l 3, m 2` for Legendre functions, else the indices.
/// Relation:   of the factors −1, 2, 1/2, −2, −1/2 and √2, 1/√2, of the conjugate and of −1 times
///             it, the first that makes the output pass, for all numbers, or for m > 0 or m = 0
///             alone; nil if none does.
/// Checked by: DeviationTests.
public struct Deviation: Sendable, Equatable {
  /// Where.
  public let place: String
  /// The number there: one element, or real and imaginary part.
  public let found: [Double]
  /// What was expected there.
  public let expected: [Double]
  /// What the numbers are instead of the expected ones, if it is something simple.
  public let relation: String?

  /// A sentence: place, numbers, relation.
  public var text: String {
    func text(_ numbers: [Double]) -> String {
      let parts = numbers.map { $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int($0))" : "\($0)" }
      return parts.count == 1 ? parts[0] : "(\(parts.joined(separator: ", ")))"
    }
    let worst = "worst at \(place): \(text(found)) for \(text(expected))"
    return relation.map { "\(worst); \($0)" } ?? worst
  }
}

/// The axes of an output whose last two are coefficients [lm, re/im], if they are.
private struct CoefficientAxes {
  let degrees: [(l: Int, m: Int)]

  init?(_ output: OutputDescription, _ description: CaseDescription) {
    let data = CaseData(parameters: description.parameters)
    guard output.shape.count >= 2, output.shape.last == 2,
      let lmax = try? data.integer("lmax")
    else { return nil }
    let mmax = (try? data.integer("mmax")) ?? lmax
    guard lmax >= 0, 0...lmax ~= mmax,
      output.shape[output.shape.count - 2] == coefficientCount(lmax: lmax, mmax: mmax)
    else { return nil }
    degrees = (0...mmax).flatMap { m in (m...lmax).map { (l: $0, m: m) } }
  }
}

extension Deviation {
  /// The deviation of an output that fails.
  ///
  /// - Parameters:
  ///   - values: what the backend wrote.
  ///   - reference: as many expected numbers.
  ///   - output: shape and measure.
  ///   - description: the case.
  ///   - passes: whether an output would pass if the expected numbers were others.
  init(
    of values: [Double], from reference: [Double], _ output: OutputDescription,
    _ description: CaseDescription, passes: (_ values: [Double], _ expected: [Double]) -> Bool
  ) {
    let axes = CoefficientAxes(output, description)
    let width = axes == nil ? 1 : 2
    let worst = Self.worst(values, reference, output, width: width)
    let places = worst..<min(worst + width, values.count)
    found = Array(values[places])
    expected = Array(reference[places])
    let orders = try? CaseData(parameters: description.parameters).integers("orders")
    place = Self.place(worst, output.shape, axes, orders: orders)
    relation = Self.relation(values, reference, axes, passes: passes)
  }

  /// The first element of the worst number.
  private static func worst(
    _ values: [Double], _ reference: [Double], _ output: OutputDescription, width: Int
  ) -> Int {
    func size(_ first: Int) -> Double {
      (first..<first + width).reduce(0) {
        $0 + (values[$1] - reference[$1]) * (values[$1] - reference[$1])
      }
    }
    var range = 0..<values.count
    let length = output.shape.last ?? 1
    if output.measure == .rowL2, length > 0 {
      let rows = stride(from: 0, to: values.count, by: length).map {
        $0..<min($0 + length, values.count)
      }
      func share(_ row: Range<Int>) -> Double {
        Measure.rowL2.error(
          of: Array(values[row]), from: Array(reference[row]), rowLength: length)
      }
      range = rows.max { share($0) < share($1) } ?? range
    }
    let starts = stride(from: range.lowerBound, to: range.upperBound, by: width)
    return starts.max { size($0) < size($1) } ?? 0
  }

  /// An element by its axes.
  private static func place(
    _ element: Int, _ shape: [Int], _ axes: CoefficientAxes?, orders: [Int]?
  ) -> String {
    var rest = element
    var indices: [Int] = []
    for length in shape.reversed() {
      indices.insert(rest % max(length, 1), at: 0)
      rest /= max(length, 1)
    }
    guard let axes else {
      guard let orders, shape.count == 3, shape[0] == orders.count else { return "\(indices)" }
      return "[\(indices[1])] l \(indices[2]), m \(orders[indices[0]])"
    }
    let (l, m) = axes.degrees[indices[indices.count - 2]]
    let leading = indices.dropLast(2)
    return (leading.isEmpty ? "" : "\(Array(leading)) ") + "l \(l), m \(m)"
  }

  private static let factors: [(Double, String)] = [
    (-1, "-1 times"), (2, "2 times"), (0.5, "1/2 of"), (-2, "-2 times"), (-0.5, "-1/2 of"),
    (2.0.squareRoot(), "sqrt(2) times"), (0.5.squareRoot(), "1/sqrt(2) of"),
  ]

  private static func relation(
    _ values: [Double], _ reference: [Double], _ axes: CoefficientAxes?,
    passes: (_ values: [Double], _ expected: [Double]) -> Bool
  ) -> String? {
    typealias Change = (name: String, value: (_ index: Int, _ e: Double) -> Double)
    var changes: [Change] = factors.map { factor, text in
      (name: "\(text) the expected ones", value: { _, e in factor * e })
    }
    guard let axes else {
      return changes.first { change in
        passes(values, reference.enumerated().map { change.value($0.offset, $0.element) })
      }.map { "all numbers are \($0.name)" }
    }
    changes += [
      (
        name: "the complex conjugates of the expected ones",
        value: { $0 % 2 == 0 ? $1 : -$1 }
      ),
      (
        name: "-1 times the complex conjugates of the expected ones",
        value: { $0 % 2 == 0 ? -$1 : $1 }
      ),
    ]
    func order(_ index: Int) -> Int { axes.degrees[index / 2 % axes.degrees.count].m }
    let parts: [(name: String, contains: (Int) -> Bool)] = [
      ("all numbers", { _ in true }), ("the numbers of m > 0", { order($0) > 0 }),
      ("the numbers of m = 0", { order($0) == 0 }),
    ]
    for part in parts {
      for change in changes {
        let other = reference.enumerated().map { index, e in
          part.contains(index) ? change.value(index, e) : e
        }
        if passes(values, other) { return "\(part.name) are \(change.name)" }
      }
    }
    return nil
  }
}
