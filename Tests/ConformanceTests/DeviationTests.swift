import FileFormats
import Testing

@testable import Conformance

/// What a failing row says of itself: the worst place, and a factor, a sign or a conjugate where
/// that is all.
@Suite("Place and kind of a deviation")
struct DeviationTests {
  /// The deviation of an output of the reference that `change` spoils.
  private func deviation(
    _ id: String, _ output: String, _ change: (_ index: Int, _ value: Double) -> Double
  ) throws -> Deviation {
    let item = try SharedKit.item(id)
    let operation = try #require(Operation(rawValue: item.description.operation))
    var outputs = try ReferenceBackend.outputs(operation, item.data, as: Double.self)
    outputs[output] = try outputs.tensor(output).mapping(change)
    let row = try #require(SharedKit.rows(item, outputs).first { $0.output == output })
    #expect(!row.passes)
    return try #require(row.deviation)
  }

  /// Index of coefficient (l, m), counted over lanes, in `scalar-analysis-healpix` with lmax 9.
  private static func order(_ index: Int) -> Int {
    let degrees = (0...9).flatMap { m in (m...9).map { _ in m } }
    return degrees[index / 2 % degrees.count]
  }

  @Test("Factors, signs and conjugates are named")
  func relations() throws {
    typealias Change = (_ index: Int, _ value: Double) -> Double
    let id = "scalar-analysis-healpix"
    let cases: [(Change, String)] = [
      ({ -$1 }, "all numbers are -1 times the expected ones"),
      ({ 2 * $1 }, "all numbers are 2 times the expected ones"),
      ({ 0.5 * $1 }, "all numbers are 1/2 of the expected ones"),
      (
        { $0 % 2 == 0 ? $1 : -$1 },
        "all numbers are the complex conjugates of the expected ones"
      ),
      ({ -2 * $1 }, "all numbers are -2 times the expected ones"),
      ({ -0.5 * $1 }, "all numbers are -1/2 of the expected ones"),
      ({ 2.0.squareRoot() * $1 }, "all numbers are sqrt(2) times the expected ones"),
      ({ 0.5.squareRoot() * $1 }, "all numbers are 1/sqrt(2) of the expected ones"),
      (
        { $0 % 2 == 0 ? -$1 : $1 },
        "all numbers are -1 times the complex conjugates of the expected ones"
      ),
      (
        { Self.order($0) > 0 ? 0.5 * $1 : $1 },
        "the numbers of m > 0 are 1/2 of the expected ones"
      ),
      (
        { Self.order($0) > 0 ? 2 * $1 : $1 },
        "the numbers of m > 0 are 2 times the expected ones"
      ),
      (
        { Self.order($0) == 0 ? -$1 : $1 },
        "the numbers of m = 0 are -1 times the expected ones"
      ),
    ]
    for (change, relation) in cases {
      #expect(try deviation(id, "coefficients", change).relation == relation)
    }
    #expect(try deviation(id, "coefficients") { 1.1 * $1 + Double($0) }.relation == nil)
    #expect(
      try deviation("scalar-synthesis-healpix", "field") { -$1 }.relation
        == "all numbers are -1 times the expected ones")
  }

  /// Coefficients are named by degree and order, everything else by its indices.
  @Test("The worst place")
  func places() throws {
    // Lane 1, imaginary part of l = 5, m = 2: 10 + 9 coefficients of lower orders, then l = 2...4.
    let place = 2 * (55 + 10 + 9 + 3) + 1
    let found = try deviation("scalar-analysis-healpix", "coefficients") {
      $0 == place ? $1 + 1 : $1
    }
    #expect(found.place == "[1] l 5, m 2")
    #expect(abs(found.found[1] - found.expected[1] - 1) < 1e-12)
    #expect(abs(found.found[0] - found.expected[0]) < 1e-12 && found.found.count == 2)
    #expect(found.relation == nil)
    #expect(found.text.hasPrefix("worst at [1] l 5, m 2: ("))

    let pixel = try deviation("scalar-synthesis-healpix", "field") { $0 == 200 ? $1 + 1 : $1 }
    #expect(pixel.place == "[1, 8]" && pixel.found.count == 1)
    // The worst row is the one with the largest error relative to its norm: at angle 1, 10⁻⁶ from
    // the pole, λ_l1 is a hundred thousand times smaller than at angle 2.
    let row = try deviation("legendre-lmax64", "lambda") { index, value in
      switch index {
      case 65 * (7 + 1) + 3: return value + 1e-5
      case 65 * (7 + 2) + 4: return value + 1e-3
      default: return value
      }
    }
    #expect(row.place == "[1] l 3, m 1", "\(row)")
    #expect(
      try deviation("gauss-legendre-n32", "theta") { $0 == 3 ? $1 + 1 : $1 }.place == "[3]")
    // Digits of double precision, and whole numbers as such.
    let close = try deviation("scalar-synthesis-healpix", "field") { $0 == 3 ? $1 + 1e-9 : $1 }
    #expect(close.text.hasSuffix(" for \(close.expected[0])") && close.relation == nil)
    let texts = close.text.replacing("worst at [0, 3]: ", with: "").split(separator: " for ")
    #expect(texts.count == 2 && texts[0] != texts[1], "\(close.text)")
    let integers = try deviation("healpix-nested-to-ring-nside8", "ring") { $0 == 7 ? 0 : $1 }
    #expect(integers.place == "[7]" && integers.found == [0])
    #expect(integers.text.hasPrefix("worst at [7]: 0 for "))
  }

  /// Right outputs and random samples have none.
  @Test("Nothing to say")
  func nothing() throws {
    for id in ["scalar-analysis-healpix", "gaussian-field"] {
      let item = try SharedKit.item(id)
      let operation = try #require(Operation(rawValue: item.description.operation))
      var outputs = try ReferenceBackend.outputs(operation, item.data, as: Double.self)
      #expect(try SharedKit.rows(item, outputs).allSatisfy { $0.deviation == nil && $0.passes })
      if id == "gaussian-field" {
        outputs["coefficients"] = try outputs.tensor("coefficients").mapping { 2 * $1 }
        let rows = try SharedKit.rows(item, outputs)
        #expect(rows.allSatisfy { $0.deviation == nil && !$0.passes })
      }
    }
  }
}
