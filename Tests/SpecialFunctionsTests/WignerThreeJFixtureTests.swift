import FileFormats
import Foundation
import SpecialFunctions
import Testing
import Verification

/// One row of the fixture: a symbol and its neighbour of degree l1 + 1, from whole numbers.
private struct ThreeJRow {
  var l1: Int
  var l2: Int
  var l3: Int
  var m2: Int
  var m3: Int
  var value: Double
  var valueAbove: Double

  /// √(w(l)² + w(l+1)²): the two never vanish together.
  var amplitude: Double { hypot(value, valueAbove) }
}

private func threeJRows() throws -> [ThreeJRow] {
  let name = "special-functions/three-j.safetensors"
  let tensors = try SafetensorsFile(data: FixtureStore.data(name), name: name).tensors
  let whole = try ["l1", "l2", "l3", "m2", "m3"].map {
    try tensors.tensor($0).integers().map(Int.init)
  }
  let value = try tensors.tensor("value").doubles()
  let above = try tensors.tensor("value_above").doubles()
  return value.indices.map { i in
    ThreeJRow(
      l1: whole[0][i], l2: whole[1][i], l3: whole[2][i], m2: whole[3][i], m3: whole[4][i],
      value: value[i], valueAbove: above[i])
  }
}

/// Largest |error| / [amplitude · (l2 + l3 + 10) · u] over the rows that `isIncluded` accepts.
private func worstThreeJError(
  _ column: (WignerThreeJ) -> [Double], where isIncluded: (ThreeJRow) -> Bool = { _ in true }
) throws -> (ratio: Double, row: String, count: Int) {
  var worst = (ratio: 0.0, row: "", count: 0)
  var columns: [[Int]: (first: Int, values: [Double])] = [:]
  for row in try threeJRows() where isIncluded(row) {
    let key = [row.l2, row.l3, row.m2, row.m3]
    let symbols =
      try columns[key]
      ?? {
        let symbols = WignerThreeJ(l2: row.l2, l3: row.l3, m2: row.m2, m3: row.m3)
        return (symbols.firstDegree, column(symbols))
      }()
    columns[key] = symbols
    let error = abs(symbols.values[row.l1 - symbols.first] - row.value) / row.amplitude
    let ratio = error / (Double(row.l2 + row.l3 + 10) * RoundingBound.unitRoundoff())
    worst.count += 1
    if ratio > worst.ratio || ratio.isNaN { (worst.ratio, worst.row) = (ratio, "\(row)") }
  }
  return worst
}

@Suite("3j symbols against whole-number arithmetic")
struct WignerThreeJFixtureTests {

  /// |computed − exact| ≤ (l2 + l3 + 10) u √(w(l)² + w(l+1)²) for l2 + l3 up to 3000, in the
  /// forbidden ends of a column (down to 10⁻³⁰⁰) as well.
  ///
  /// Each step from an end makes a few rounding errors of either sign, relative to what has grown
  /// so far; at most l2 + l3 steps precede a symbol, and the normalisation adds those of a sum.
  /// Blind to: columns between the sampled ones; values below 10⁻³⁰⁰.
  @Test("Error stays below one rounding error per step")
  func accuracy() throws {
    let worst = try worstThreeJError { $0.values }
    #expect(worst.count > 250)
    #expect(worst.ratio <= 1, "\(worst)")
  }

  /// The check rejects a column that runs upwards only: beyond the region where it oscillates the
  /// recurrence follows the growing solution and not w.
  @Test("Negative control: one direction only")
  func rejectsOneDirection() throws {
    let worst = try worstThreeJError(
      { upwardColumn($0) },
      where: { $0.l2 == 200 && $0.l3 == 150 && abs($0.value) > 1e-8 })
    #expect(worst.count > 2)
    #expect(worst.ratio > 1000, "\(worst)")
  }
}

/// The recurrence from the smallest degree to the largest, normalised at the end.
private func upwardColumn(_ symbols: WignerThreeJ) -> [Double] {
  let (l2, l3, m1) = (symbols.l2, symbols.l3, symbols.m1)
  func outer(_ l: Int) -> Double {
    let sides =
      Double((l - l2 + l3) * (l + l2 - l3)) * Double((l2 + l3 + 1 - l) * (l2 + l3 + 1 + l))
    return (sides * Double((l - m1) * (l + m1))).squareRoot()
  }
  func inner(_ l: Int) -> Double {
    let orders = (l2 * (l2 + 1) - l3 * (l3 + 1)) * m1 - l * (l + 1) * (symbols.m3 - symbols.m2)
    return -Double(2 * l + 1) * Double(orders)
  }
  var column = [1e-200]
  var below = 0.0
  for l in symbols.firstDegree..<symbols.lastDegree {
    let here = column[column.count - 1]
    column.append(
      -(inner(l) * here + Double(l + 1) * outer(l) * below) / (Double(l) * outer(l + 1)))
    below = here
  }
  var norm = 0.0
  for (k, value) in column.enumerated() {
    norm += Double(2 * (symbols.firstDegree + k) + 1) * (value / 1e-100) * (value / 1e-100)
  }
  let hasSameSign = (column[column.count - 1] < 0) == (symbols.values[column.count - 1] < 0)
  let sign = hasSameSign ? 1.0 : -1.0
  return column.map { sign * $0 / (1e-100 * norm.squareRoot()) }
}
