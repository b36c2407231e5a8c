import FileFormats
import Foundation
import SpecialFunctions
import Testing
import Verification

/// One row of a table: the correctly rounded value of a function, proven by ball arithmetic.
private struct CertifiedRow {
  /// Everything but angle and degree that names the column: orders, spins, other degrees.
  var column: [Int]
  var angle: Double
  var l: Int
  var value: Double
  /// The amplitude of the oscillation around a zero; between |value| and √2 |value| where the
  /// function decays towards a pole: f² + f'²/(l (l + 1) + (m² + n² − 2 m n cos)/sin²), its root.
  var envelope: Double
}

/// The rows of `Fixtures/certified/<topic>.safetensors`.
private func rows(_ topic: String, column: [String], angle: String?, degree: String) throws
  -> [CertifiedRow]
{
  let name = "certified/\(topic).safetensors"
  let tensors = try SafetensorsFile(data: FixtureStore.data(name), name: name).tensors
  let columns = try column.map { try tensors.tensor($0).integers().map(Int.init) }
  let l = try tensors.tensor(degree).integers()
  let value = try tensors.tensor("value").doubles()
  let envelope = try tensors.tensor("envelope").doubles()
  let angles = try angle.map { try tensors.tensor($0).doubles() }
  return l.indices.map { i in
    CertifiedRow(
      column: columns.map { $0[i] }, angle: angles?[i] ?? 0, l: Int(l[i]), value: value[i],
      envelope: envelope[i])
  }
}

/// Degrees that are reported together.
private let bands = [0...64, 65...1024, 1025...4096, 4097...8192, 8193...32768]

/// The worst error of every band, in units in the last place of the envelope.
private struct WorstErrors: CustomStringConvertible {
  var ulps = [Double](repeating: 0, count: bands.count)
  var places = [String](repeating: "", count: bands.count)
  var counts = [Int](repeating: 0, count: bands.count)

  mutating func add(_ found: Double, _ row: CertifiedRow) {
    guard let band = bands.firstIndex(where: { $0.contains(row.l) }) else { return }
    counts[band] += 1
    let error = abs(found - row.value) / row.envelope.ulp
    if !(error <= ulps[band]) { (ulps[band], places[band]) = (error, "\(row)") }
  }

  /// No band is above its bound; one bound for each band that has rows.
  func isWithin(_ bounds: [Double]) -> Bool {
    zip(ulps, bounds).allSatisfy { $0 <= $1 }
  }

  var description: String {
    zip(bands, zip(ulps, zip(counts, places))).map { "\($0): \($1.0) of \($1.1.0), \($1.1.1)" }
      .joined(separator: "\n")
  }
}

/// Worst errors of a function that makes whole columns; `make` gets the column's numbers, its angle
/// and its largest degree, and returns the values from degree `first` on.
private func worstErrors(
  of rows: [CertifiedRow], _ make: ([Int], Double, Int) -> (first: Int, values: [Double])
) -> WorstErrors {
  var worst = WorstErrors()
  let groups = Dictionary(grouping: rows) { [Double($0.angle)] + $0.column.map(Double.init) }
  for group in groups.values {
    let lmax = group.reduce(0) { max($0, $1.l) }
    let column = make(group[0].column, group[0].angle, lmax)
    for row in group { worst.add(column.values[row.l - column.first], row) }
  }
  return worst
}

private func legendreRows() throws -> [CertifiedRow] {
  try rows("legendre", column: ["m"], angle: "theta", degree: "l")
}

private func wignerRows() throws -> [CertifiedRow] {
  try rows("wigner", column: ["m", "n"], angle: "beta", degree: "l")
}

private func wignerColumn(m: Int, n: Int, angle: Double, lmax: Int) -> (Int, [Double]) {
  let recurrence = WignerRecurrence(m: m, n: n, lmax: lmax)
  return (recurrence.firstDegree, recurrence.values(cosBeta: cos(angle), sinBeta: sin(angle)))
}

/// Bounds: what is measured and a quarter more, by band. `Docs/Verification.md` has the numbers. The
/// growth with the degree is that of l roundings, each a fraction of a unit: see there.
private let legendreBounds = [0.0, 0, 0, 0, 0]
private let pairBounds = [0.0, 0, 0, 0, 0]
private let wignerBounds = [0.0, 0, 0, 0, 0]
private let spinBounds = [0.0, 0, 0, 0, 0]
private let threeJBounds = [0.0, 0, 0, 0, 0]

@Suite("Functions against certified values")
struct CertifiedFunctionTests {

  /// λ_lm to degree 32,768 at poles, multiples of π/4, rings of HEALPix and random angles.
  /// Blind to: values whose envelope is below 10⁻²⁹⁰.
  @Test("Legendre functions, by degree")
  func legendre() throws {
    let worst = worstErrors(of: try legendreRows()) { column, angle, lmax in
      let recurrence = LegendreRecurrence(m: column[0], lmax: lmax)
      return (column[0], recurrence.values(cosTheta: cos(angle), sinTheta: sin(angle)))
    }
    #expect(worst.counts[0] > 1000 && worst.counts[4] > 300, "\(worst)")
    #expect(worst.isWithin(legendreBounds), "\(worst)")
  }

  /// The same in steps of two degrees. Values below 2⁻⁴⁰⁰ are zero there, by its definition.
  @Test("Legendre functions in steps of two degrees, by degree")
  func degreePairs() throws {
    let worst = worstErrors(of: try legendreRows().filter { $0.envelope > 1e-100 }) {
      let recurrence = DegreePairRecurrence(m: $0[0], lmax: $2)
      return ($0[0], recurrence.values(cosTheta: cos($1), sinTheta: sin($1)))
    }
    #expect(worst.counts[0] > 1000 && worst.counts[4] > 200, "\(worst)")
    #expect(worst.isWithin(pairBounds), "\(worst)")
  }

  /// √[(2l+1)/4π] d^l_mn to degree 8,192.
  /// Blind to: values whose envelope is below 10⁻²⁹⁰.
  @Test("Wigner functions, by degree")
  func wigner() throws {
    let worst = worstErrors(of: try wignerRows()) {
      wignerColumn(m: $0[0], n: $0[1], angle: $1, lmax: $2)
    }
    #expect(worst.counts[0] > 500 && worst.counts[3] > 100, "\(worst)")
    #expect(worst.isWithin(wignerBounds), "\(worst)")
  }

  /// λ of ₛY_lm, s = 1, 2, 3: (−1)^s √[(2l+1)/4π] d^l_{m,−s}.
  @Test("Spin functions, by degree")
  func spin() throws {
    let spinRows = try rows("spin", column: ["s", "m"], angle: "theta", degree: "l")
    let worst = worstErrors(of: spinRows) { column, angle, lmax in
      let (first, values) = wignerColumn(m: column[1], n: -column[0], angle: angle, lmax: lmax)
      return (first, column[0].isMultiple(of: 2) ? values : values.map { -$0 })
    }
    #expect(worst.counts[0] > 500 && worst.counts[2] > 100, "\(worst)")
    #expect(worst.isWithin(spinBounds), "\(worst)")
  }

  /// 3j symbols to l2 + l3 = 800; the envelope is the root of the sum of the squares of a symbol and
  /// of its larger neighbour.
  @Test("3j symbols, by degree")
  func threeJ() throws {
    let names = ["l2", "l3", "m2", "m3"]
    let worst = worstErrors(of: try rows("three-j", column: names, angle: nil, degree: "l1")) {
      column, _, _ in
      let symbols = WignerThreeJ(l2: column[0], l3: column[1], m2: column[2], m3: column[3])
      return (symbols.firstDegree, symbols.values)
    }
    #expect(worst.counts[0] > 80 && worst.counts[1] > 80, "\(worst)")
    #expect(worst.isWithin(threeJBounds), "\(worst)")
  }

  /// The checks see a single value that is off by twice its bound, at every degree.
  @Test("Negative control: one value moved by twice the bound")
  func seesSingleValues() throws {
    let rows = try legendreRows().filter { $0.angle > 0.5 && $0.angle < 2.5 && $0.column[0] < 3 }
    for (band, bound) in legendreBounds.enumerated() {
      let row = try #require(rows.first { bands[band].contains($0.l) && $0.envelope > 0.1 })
      var worst = WorstErrors()
      worst.add(row.value + 2 * bound * row.envelope.ulp, row)
      #expect(!worst.isWithin(legendreBounds), "\(worst)")
    }
  }

  /// The checks reject a cosine that was rounded to single precision: every band misses its bound
  /// by far.
  @Test("Negative control: angles in single precision")
  func rejectsSinglePrecision() throws {
    let rows = try legendreRows().filter { $0.angle > 0.1 && $0.angle < 3 && $0.column[0] < 3 }
    let worst = worstErrors(of: rows) { column, angle, lmax in
      let rounded = Double(Float(angle))
      let recurrence = LegendreRecurrence(m: column[0], lmax: lmax)
      return (column[0], recurrence.values(cosTheta: cos(rounded), sinTheta: sin(rounded)))
    }
    for (ulps, bound) in zip(worst.ulps, legendreBounds) {
      #expect(ulps > 1000 * bound, "\(worst)")
    }
  }

  /// The checks reject functions of the wrong sign of one order.
  @Test("Negative control: the other sign of an order")
  func rejectsOtherOrder() throws {
    let rows = try wignerRows().filter { $0.column[0] * $0.column[1] != 0 && $0.envelope > 1e-3 }
    let worst = worstErrors(of: rows) {
      wignerColumn(m: $0[0], n: -$0[1], angle: $1, lmax: $2)
    }
    #expect(worst.ulps[0] > 1e6 * wignerBounds[0] && worst.ulps[3] > 1e6 * wignerBounds[3])
  }
}

@Suite("Quadrature rules against certified values")
struct CertifiedQuadratureTests {

  /// Worst errors of θ and of the weights in units in their last place, and of cos θ in those of 1,
  /// for counts up to 64 and for the larger ones up to 4097.
  private func worstErrors(_ name: String, movedBy shift: Double = 0, rule: (Int) -> QuadratureRule)
    throws -> (small: [Double], large: [Double])
  {
    let file = "certified/nodes.safetensors"
    let tensors = try SafetensorsFile(data: FixtureStore.data(file), name: file).tensors
    let count = try tensors.tensor(name + ".count").integers()
    let index = try tensors.tensor(name + ".index").integers()
    let theta = try tensors.tensor(name + ".theta").doubles()
    let weight = try tensors.tensor(name + ".weight").doubles()
    let cosine =
      name == "gauss_legendre" ? try tensors.tensor(name + ".cos_theta").doubles() : nil
    var rules: [Int64: QuadratureRule] = [:]
    var small = [0.0, 0.0, 0.0]
    var large = small
    for i in count.indices {
      let made = rules[count[i]] ?? rule(Int(count[i]))
      rules[count[i]] = made
      let j = Int(index[i])
      let errors = [
        abs(made.theta[j] + shift - theta[i]) / theta[i].ulp,
        abs(made.weights[j] + shift - weight[i]) / weight[i].ulp,
        cosine.map { abs(made.cosTheta[j] + shift - $0[i]) / Double.ulpOfOne } ?? 0,
      ]
      for k in 0..<3 {
        if count[i] <= 64 { small[k] = max(small[k], errors[k]) }
        if count[i] > 64 { large[k] = max(large[k], errors[k]) }
      }
    }
    return (small, large)
  }

  private func isWithin(_ errors: [Double], _ bounds: [Double]) -> Bool {
    zip(errors, bounds).allSatisfy { $0 <= $1 }
  }

  private static let gaussBounds = (small: [0.0, 0, 0], large: [0.0, 0, 0])
  private static let equiangularBounds = (small: [0.0, 0, 0], large: [0.0, 0, 0])

  /// Angles and weights of Gauss-Legendre rules to 4097 nodes; the error of a weight grows with the
  /// root of the number of nodes.
  @Test("Gauss–Legendre nodes and weights")
  func gaussLegendreRules() throws {
    let worst = try worstErrors("gauss_legendre") { gaussLegendre(count: $0) }
    #expect(isWithin(worst.small, Self.gaussBounds.small), "\(worst)")
    #expect(isWithin(worst.large, Self.gaussBounds.large), "\(worst)")
  }

  /// The same of Clenshaw-Curtis rules.
  @Test("Clenshaw–Curtis nodes and weights")
  func clenshawCurtisRules() throws {
    let worst = try worstErrors("clenshaw_curtis") { clenshawCurtis(count: $0) }
    #expect(isWithin(worst.small, Self.equiangularBounds.small), "\(worst)")
    #expect(isWithin(worst.large, Self.equiangularBounds.large), "\(worst)")
  }

  /// Angles and weights that are off by 10⁻⁹ miss every bound by far.
  @Test("Negative control: nodes and weights moved by 1e-9")
  func rejectsMovedRules() throws {
    let worst = try worstErrors("gauss_legendre", movedBy: 1e-9) { gaussLegendre(count: $0) }
    for (error, bound) in zip(
      worst.small + worst.large, Self.gaussBounds.small + Self.gaussBounds.large)
    {
      #expect(error > 1000 * bound, "\(worst)")
    }
  }
}
