import FileFormats
import Foundation
import SpecialFunctions
import Testing
import Verification

/// One row of the fixture: δ_l(β) of a pair of orders and its neighbour of degree l + 1, computed
/// with 60 digits from Jacobi polynomials.
private struct WignerRow {
  var m: Int
  var n: Int
  var beta: Double
  var l: Int
  var value: Double
  var valueAbove: Double

  /// The local amplitude √(δ_l² + δ_{l+1}²): the two never vanish together.
  var amplitude: Double { hypot(value, valueAbove) }
}

private func wignerRows() throws -> [WignerRow] {
  let name = "special-functions/wigner.safetensors"
  let file = try SafetensorsFile(data: FixtureStore.data(name), name: name)
  let m = try file.tensors.tensor("m").integers()
  let n = try file.tensors.tensor("n").integers()
  let beta = try file.tensors.tensor("beta").doubles()
  let l = try file.tensors.tensor("l").integers()
  let value = try file.tensors.tensor("value").doubles()
  let above = try file.tensors.tensor("value_above").doubles()
  return m.indices.map { i in
    WignerRow(
      m: Int(m[i]), n: Int(n[i]), beta: beta[i], l: Int(l[i]), value: value[i],
      valueAbove: above[i])
  }
}

/// Largest |error| / (amplitude · (l + 5) · u) over the rows that `isIncluded` accepts.
private func worstWignerError(
  _ column: (WignerRecurrence, Double) -> [Double],
  where isIncluded: (WignerRow) -> Bool = { _ in true }
) throws -> (ratio: Double, row: String, count: Int) {
  var worst = (ratio: 0.0, row: "", count: 0)
  var recurrences: [[Int]: WignerRecurrence] = [:]
  var columns: [[Double]: [Double]] = [:]
  for row in try wignerRows() where isIncluded(row) {
    let orders = [row.m, row.n]
    let recurrence = recurrences[orders] ?? WignerRecurrence(m: row.m, n: row.n, lmax: 4096)
    recurrences[orders] = recurrence
    let place = [Double(row.m), Double(row.n), row.beta]
    let values = columns[place] ?? column(recurrence, row.beta)
    columns[place] = values
    let error = abs(values[row.l - recurrence.firstDegree] - row.value) / row.amplitude
    let ratio = error / (Double(row.l + 5) * RoundingBound.unitRoundoff())
    worst.count += 1
    if ratio > worst.ratio || ratio.isNaN { (worst.ratio, worst.row) = (ratio, "\(row)") }
  }
  return worst
}

@Suite("Wigner functions against extended precision")
struct WignerFixtureTests {

  /// |computed − exact| ≤ 3 (l + 5) u √(δ_l² + δ_{l+1}²), u = 2⁻⁵³, for l up to 4096, orders up to
  /// 2000 of either sign, from 10⁻⁶ of either pole to the equator, down to 10⁻³⁰⁰.
  ///
  /// The start has up to 2 l_0 roundings (l_0 factors of the binomial coefficient, halved by the
  /// root, and the given cos β and sin β to powers up to 2 l_0), each later step a few of either
  /// sign, which count most near a node, where δ_l and δ_{l+1} are both small. The 5 stands for
  /// those that do not grow with l. The fixture holds the worst of a search: 2.6.
  /// Blind to: orders and degrees between the sampled ones; values below 10⁻³⁰⁰; the sign of the
  /// whole function, which the fixture takes from the same formula (WignerDefinitionTests).
  @Test("Error stays below three rounding errors per degree")
  func accuracy() throws {
    let worst = try worstWignerError { $0.values(cosBeta: cos($1), sinBeta: sin($1)) }
    #expect(worst.count > 3000)
    #expect(worst.ratio <= 3, "\(worst)")
  }

  /// The check rejects a sine that is computed from the cosine, which says little about β near a
  /// pole.
  @Test("Negative control: √(1 − cos²β) for the sine")
  func rejectsSineFromCosine() throws {
    let worst = try worstWignerError(
      { $0.values(cosBeta: cos($1), sinBeta: (1 - cos($1) * cos($1)).squareRoot()) },
      where: { $0.beta < 0.001 })
    #expect(worst.ratio > 1e6, "\(worst)")
  }

  /// The check rejects a start in plain Double, which underflows and never recovers.
  @Test("Negative control: the first function without an exponent of its own")
  func rejectsUnderflow() throws {
    let worst = try worstWignerError(
      { plainColumn($0, beta: $1) },
      where: { $0.m == 500 && $0.n == 2 && $0.beta == 0.44 && abs($0.value) > 0.01 })
    #expect(worst.count > 0)
    #expect(worst.ratio > 1e9, "\(worst)")
  }
}

/// The functions as in textbooks: powers in Double, and the recurrence on the functions themselves
/// everywhere.
private func plainColumn(_ recurrence: WignerRecurrence, beta: Double) -> [Double] {
  let (m, n) = (recurrence.m, recurrence.n)
  let first = recurrence.firstDegree
  var product = Double(2 * first + 1) / (4 * Double.pi)
  for i in 0..<(first - min(abs(m), abs(n))) { product *= Double(2 * first - i) / Double(i + 1) }
  let sign = m > n && !(m - n).isMultiple(of: 2) ? -1.0 : 1.0
  var here =
    sign * product.squareRoot() * pow(sin(beta / 2), Double(abs(m - n)))
    * pow(cos(beta / 2), Double(abs(m + n)))
  var below = 0.0
  var coupling = 0.0
  return (first...recurrence.lmax).map { l in
    let value = here
    let squares = Double((l + 1) * (l + 1) - m * m) * Double((l + 1) * (l + 1) - n * n)
    let above =
      (squares / Double(4 * (l + 1) * (l + 1) - 1)).squareRoot() / Double(l + 1)
    let diagonal = l == 0 ? 0 : Double(m * n) / Double(l * (l + 1))
    (below, here) = (here, ((cos(beta) - diagonal) * here - coupling * below) / above)
    coupling = above
    return value
  }
}
