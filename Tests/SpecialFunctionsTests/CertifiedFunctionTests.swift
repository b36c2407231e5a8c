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

/// The worst error of every band, in units in the last place of the envelope, and the worst of all
/// in units of what a row may lose.
private struct WorstErrors: CustomStringConvertible {
  var ulps = [Double](repeating: 0, count: bands.count)
  var places = [String](repeating: "", count: bands.count)
  var counts = [Int](repeating: 0, count: bands.count)
  var ratio = 0.0
  var ratioPlace = ""

  /// Adds a value; `allowed` is what its row may lose, in units in the last place.
  mutating func add(_ found: Double, _ row: CertifiedRow, allowed: Double) {
    guard let band = bands.firstIndex(where: { $0.contains(row.l) }) else { return }
    counts[band] += 1
    let error = abs(found - row.value) / row.envelope.ulp
    if !(error <= ulps[band]) { (ulps[band], places[band]) = (error, "\(row)") }
    if !(error / allowed <= ratio) { (ratio, ratioPlace) = (error / allowed, "\(row)") }
  }

  /// No band is above its measured error by half or more, no row above `bound`.
  func isWithin(_ measured: [Double], bound: Double) -> Bool {
    ratio <= bound && zip(ulps, measured).allSatisfy { $0 <= 1.5 * $1 }
  }

  var description: String {
    let lines = zip(bands, zip(ulps, zip(counts, places))).map {
      "\($0): \($1.0) of \($1.1.0), \($1.1.1)"
    }
    return (["\(ratio): \(ratioPlace)"] + lines).joined(separator: "\n")
  }
}

/// Worst errors of a function that makes whole columns; `make` gets the column's numbers, its angle
/// and its largest degree, and returns the values from degree `first` on. A row may lose l + 5
/// units unless `allowed` says otherwise.
private func worstErrors(
  of rows: [CertifiedRow], allowed: (CertifiedRow) -> Double = { Double($0.l + 5) },
  _ make: ([Int], Double, Int) -> (first: Int, values: [Double])
) -> WorstErrors {
  var worst = WorstErrors()
  let groups = Dictionary(grouping: rows) { [$0.angle] + $0.column.map(Double.init) }
  for group in groups.values {
    let lmax = group.reduce(0) { max($0, $1.l) }
    let column = make(group[0].column, group[0].angle, lmax)
    for row in group { worst.add(column.values[row.l - column.first], row, allowed: allowed(row)) }
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

/// Measured worst errors of the bands, in units in the last place of the envelope: the table of
/// `Docs/Verification.md`, which says what they come from.
private enum Measured {
  static let legendre = [57.0, 933, 2129, 3115, 16304]
  static let pairs = [201.0, 10534, 468_599, 2_972_414, 136_823_590]
  static let wigner = [50.0, 672, 1867, 4543, 0]
  static let spin = [55.5, 274, 2018, 0, 0]
  static let threeJ = [21.0, 389, 0, 0, 0]
}

@Suite("Functions against certified values")
struct CertifiedFunctionTests {

  /// λ_lm to degree 32,768 at poles, multiples of π/4, rings of HEALPix and random angles: at most
  /// l + 5 units. Half a unit of the given cos θ moves the function by up to l/2 units where
  /// |cos θ| < 0.7, half a unit of sin θ its start sin^m θ by up to m/2; each step adds one
  /// rounding of either sign.
  /// Blind to: values whose envelope is below 10⁻²⁹⁰.
  @Test("Legendre functions, by degree")
  func legendre() throws {
    let worst = worstErrors(of: try legendreRows()) { column, angle, lmax in
      let recurrence = LegendreRecurrence(m: column[0], lmax: lmax)
      return (column[0], recurrence.values(cosTheta: cos(angle), sinTheta: sin(angle)))
    }
    #expect(worst.counts[0] > 1000 && worst.counts[4] > 300, "\(worst)")
    #expect(worst.isWithin(Measured.legendre, bound: 1), "\(worst)")
  }

  /// The same in steps of two degrees: at most (l + 5) min(l + 5, 1/|sin θ cos θ|) units. Its
  /// recurrence has coefficients near ±2 next to the poles and the equator, where the errors of its
  /// steps add up linearly: within 1/l of these places it loses l² roundings, not l.
  /// Values below 2⁻⁴⁰⁰ are zero there, by its definition.
  @Test("Legendre functions in steps of two degrees, by degree")
  func degreePairs() throws {
    let rows = try legendreRows().filter { $0.envelope > 1e-100 }
    let allowed = { (row: CertifiedRow) in
      let (degree, distance) = (Double(row.l + 5), abs(sin(row.angle) * cos(row.angle)))
      return degree * min(degree, 1 / distance)
    }
    let worst = worstErrors(of: rows, allowed: allowed) {
      let recurrence = DegreePairRecurrence(m: $0[0], lmax: $2)
      return ($0[0], recurrence.values(cosTheta: cos($1), sinTheta: sin($1)))
    }
    #expect(worst.counts[0] > 1000 && worst.counts[4] > 200, "\(worst)")
    #expect(worst.isWithin(Measured.pairs, bound: 0.7), "\(worst)")
  }

  /// √[(2l+1)/4π] d^l_mn to degree 8,192.
  /// Blind to: values whose envelope is below 10⁻²⁹⁰.
  @Test("Wigner functions, by degree")
  func wigner() throws {
    let worst = worstErrors(of: try wignerRows()) {
      wignerColumn(m: $0[0], n: $0[1], angle: $1, lmax: $2)
    }
    #expect(worst.counts[0] > 500 && worst.counts[3] > 100, "\(worst)")
    #expect(worst.isWithin(Measured.wigner, bound: 1), "\(worst)")
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
    #expect(worst.isWithin(Measured.spin, bound: 1), "\(worst)")
  }

  /// 3j symbols to l2 + l3 = 800, at most ¾ (l2 + l3 + 10) units: a column has that many steps. The
  /// envelope is the root of the sum of the squares of a symbol and of its larger neighbour.
  @Test("3j symbols, by degree")
  func threeJ() throws {
    let names = ["l2", "l3", "m2", "m3"]
    let symbolRows = try rows("three-j", column: names, angle: nil, degree: "l1")
    let allowed = { (row: CertifiedRow) in Double(row.column[0] + row.column[1] + 10) }
    let worst = worstErrors(of: symbolRows, allowed: allowed) { column, _, _ in
      let symbols = WignerThreeJ(l2: column[0], l3: column[1], m2: column[2], m3: column[3])
      return (symbols.firstDegree, symbols.values)
    }
    #expect(worst.counts[0] > 80 && worst.counts[1] > 80, "\(worst)")
    #expect(worst.isWithin(Measured.threeJ, bound: 0.75), "\(worst)")
  }

  /// The checks see a single value that is off by twice its bound, in every band.
  @Test("Negative control: one value moved by twice the bound")
  func seesSingleValues() throws {
    let rows = try legendreRows().filter { $0.angle > 0.5 && $0.angle < 2.5 && $0.column[0] < 3 }
    for band in bands {
      let row = try #require(rows.first { band.contains($0.l) && $0.envelope > 0.1 })
      for (units, isSeen) in [(0.5, false), (2.0, true)] {
        let allowed = Double(row.l + 5)
        var worst = WorstErrors()
        worst.add(row.value + units * allowed * row.envelope.ulp, row, allowed: allowed)
        #expect((worst.ratio > 1) == isSeen, "\(worst)")
      }
    }
  }

  /// The checks reject angles that were rounded to single precision, in every band.
  @Test("Negative control: angles in single precision")
  func rejectsSinglePrecision() throws {
    let rows = try legendreRows().filter { $0.angle > 0.1 && $0.angle < 3 && $0.column[0] < 3 }
    let worst = worstErrors(of: rows) { column, angle, lmax in
      let rounded = Double(Float(angle))
      let recurrence = LegendreRecurrence(m: column[0], lmax: lmax)
      return (column[0], recurrence.values(cosTheta: cos(rounded), sinTheta: sin(rounded)))
    }
    for (ulps, measured) in zip(worst.ulps, Measured.legendre) {
      #expect(ulps > 1000 * measured, "\(worst)")
    }
  }

  /// The checks reject functions of the wrong sign of one order.
  @Test("Negative control: the other sign of an order")
  func rejectsOtherOrder() throws {
    let rows = try wignerRows().filter { $0.column[0] * $0.column[1] != 0 && $0.envelope > 1e-3 }
    let worst = worstErrors(of: rows) {
      wignerColumn(m: $0[0], n: -$0[1], angle: $1, lmax: $2)
    }
    #expect(worst.ulps[0] > 1e6 * Measured.wigner[0] && worst.ulps[3] > 1e6 * Measured.wigner[3])
  }
}

@Suite("Quadrature rules against certified values")
struct CertifiedQuadratureTests {
  /// Worst errors of one rule: of θ in units in its last place, of weights in those of the mean
  /// weight 2/n, of cos θ in those of 1.
  private struct RuleErrors {
    var theta = 0.0
    var weight = 0.0
    var cosine = 0.0
    /// The largest ratio of a weight's error to √n units (Gauss) or to its bound.
    var weightRatio = 0.0
  }

  /// Compares a rule with the table for its name; `shift` is added to what the rule gives.
  private func worstErrors(
    _ name: String, movedBy shift: Double = 0, growth: (Double) -> Double,
    rule: (Int) -> QuadratureRule
  ) throws -> RuleErrors {
    let file = "certified/nodes.safetensors"
    let tensors = try SafetensorsFile(data: FixtureStore.data(file), name: file).tensors
    let count = try tensors.tensor(name + ".count").integers()
    let index = try tensors.tensor(name + ".index").integers()
    let theta = try tensors.tensor(name + ".theta").doubles()
    let weight = try tensors.tensor(name + ".weight").doubles()
    let cosine =
      name == "gauss_legendre" ? try tensors.tensor(name + ".cos_theta").doubles() : nil
    var rules: [Int64: QuadratureRule] = [:]
    var worst = RuleErrors()
    for i in count.indices {
      let made = rules[count[i]] ?? rule(Int(count[i]))
      rules[count[i]] = made
      let j = Int(index[i])
      let weightError = abs(made.weights[j] + shift - weight[i]) / (2 / Double(count[i])).ulp
      worst.theta = max(worst.theta, abs(made.theta[j] + shift - theta[i]) / theta[i].ulp)
      worst.weight = max(worst.weight, weightError)
      worst.weightRatio = max(worst.weightRatio, weightError / growth(Double(count[i])))
      if let cosine {
        worst.cosine = max(
          worst.cosine, abs(made.cosTheta[j] + shift - cosine[i]) / Double.ulpOfOne)
      }
    }
    return worst
  }

  /// Gauss-Legendre rules to 4097 nodes: θ to 6 units in its last place, close to the poles too,
  /// cos θ to 1, weights to 4 √n: n roundings of either sign in dP_n/dθ, squared.
  @Test("Gauss–Legendre nodes and weights")
  func gaussLegendreRules() throws {
    let worst = try worstErrors("gauss_legendre", growth: { 4 * $0.squareRoot() }) {
      gaussLegendre(count: $0)
    }
    #expect(worst.theta <= 6 && worst.cosine <= 1 && worst.weightRatio <= 1, "\(worst)")
  }

  /// Clenshaw-Curtis rules to 4097 nodes: θ is j π/N in two roundings, and a weight is 2/N times a
  /// sum of N/2 terms of total size below 2, with roundings of either sign: √n units of 2/n. The
  /// weights of the poles are 1/N of the others, and as many of their own units more are wrong.
  @Test("Clenshaw–Curtis nodes and weights")
  func clenshawCurtisRules() throws {
    let worst = try worstErrors("clenshaw_curtis", growth: { 2 + $0.squareRoot() }) {
      clenshawCurtis(count: $0)
    }
    #expect(worst.theta <= 1 && worst.weightRatio <= 1, "\(worst)")
  }

  /// A rule of equidistant colatitudes and how many roundings its weights have beside their sum.
  struct EquidistantRule: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let roundings: Double
    let rule: @Sendable (_ count: Int) -> QuadratureRule
  }

  static let equidistantRules = [
    EquidistantRule(testDescription: "fejer1", roundings: 2) { fejerFirst(count: $0) },
    EquidistantRule(testDescription: "fejer2", roundings: 4) { fejerSecond(count: $0) },
    EquidistantRule(testDescription: "driscoll_healy", roundings: 4) { driscollHealy(count: $0) },
    EquidistantRule(testDescription: "mcewen_wiaux", roundings: 2) { mcEwenWiaux(count: $0) },
  ]

  /// Rules to 4098 nodes: θ is an odd or whole multiple of π/N in two roundings. A weight is a sum
  /// of about n/2 terms of total size below 2, with roundings of either sign, √n units of 2/n; and
  /// it has 2 roundings more, those of 2/n and of the product, or 4 with sin θ and its product,
  /// each of which is at most a unit of 2/n: no weight exceeds π/n by much.
  /// Blind to: digits of the small weights beside the poles, which come from the same sums.
  @Test("Equidistant nodes and weights", arguments: equidistantRules)
  func equidistantNodes(_ own: EquidistantRule) throws {
    let worst = try worstErrors(
      own.testDescription, growth: { own.roundings + $0.squareRoot() }, rule: own.rule)
    #expect(worst.theta <= 1 && worst.weightRatio <= 1, "\(worst)")
  }

  /// No rule is within the bounds of another.
  @Test("Negative control: another equidistant rule")
  func rejectsOtherRules() throws {
    for (name, rule) in [
      ("fejer1", fejerSecond), ("fejer2", fejerFirst), ("mcewen_wiaux", fejerFirst),
      ("driscoll_healy", fejerFirst),
    ] as [(String, @Sendable (Int) -> QuadratureRule)] {
      let worst = try worstErrors(name, growth: { 4 + $0.squareRoot() }, rule: rule)
      #expect(worst.theta > 1e6 && worst.weightRatio > 1000, "\(name): \(worst)")
    }
  }

  /// Angles and weights that are off by 10⁻⁹ miss every bound by far.
  @Test("Negative control: nodes and weights moved by 1e-9")
  func rejectsMovedRules() throws {
    let worst = try worstErrors(
      "gauss_legendre", movedBy: 1e-9, growth: { 4 * $0.squareRoot() }
    ) { gaussLegendre(count: $0) }
    #expect(worst.theta > 6000 && worst.cosine > 1000 && worst.weightRatio > 1000, "\(worst)")
  }
}
