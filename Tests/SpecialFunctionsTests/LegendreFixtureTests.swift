import FileFormats
import Foundation
import SpecialFunctions
import Testing
import Verification

/// One row of the fixture: λ_lm(θ) and its neighbour of degree l + 1, computed with 60 digits.
private struct LegendreRow {
  var m: Int
  var theta: Double
  var l: Int
  var value: Double
  var valueAbove: Double

  /// The local amplitude √(λ_l² + λ_{l+1}²): the two never vanish together.
  var amplitude: Double { hypot(value, valueAbove) }
}

private func legendreRows(_ topic: String) throws -> [LegendreRow] {
  let name = "special-functions/\(topic).safetensors"
  let file = try SafetensorsFile(data: FixtureStore.data(name), name: name)
  let m = try file.tensors.tensor("m").integers()
  let theta = try file.tensors.tensor("theta").doubles()
  let l = try file.tensors.tensor("l").integers()
  let value = try file.tensors.tensor("value").doubles()
  let above = try file.tensors.tensor("value_above").doubles()
  return m.indices.map { i in
    LegendreRow(
      m: Int(m[i]), theta: theta[i], l: Int(l[i]), value: value[i], valueAbove: above[i])
  }
}

/// Largest |error| / (amplitude · (l + 1) · u) over the rows that `isIncluded` accepts.
private func worstLegendreError(
  _ column: (LegendreRecurrence, Double) -> [Double], in topic: String = "legendre",
  where isIncluded: (LegendreRow) -> Bool = { _ in true }
) throws -> (ratio: Double, row: String, count: Int) {
  var worst = (ratio: 0.0, row: "", count: 0)
  var recurrences: [Int: LegendreRecurrence] = [:]
  var columns: [[Double]: [Double]] = [:]
  for row in try legendreRows(topic) where isIncluded(row) {
    let recurrence = recurrences[row.m] ?? LegendreRecurrence(m: row.m, lmax: 5000)
    recurrences[row.m] = recurrence
    let place = [Double(row.m), row.theta]
    let values = columns[place] ?? column(recurrence, row.theta)
    columns[place] = values
    let error = abs(values[row.l - row.m] - row.value) / row.amplitude
    let ratio = error / (Double(row.l + 1) * Double.ulpOfOne / 2)
    worst.count += 1
    if ratio > worst.ratio || ratio.isNaN { (worst.ratio, worst.row) = (ratio, "\(row)") }
  }
  return worst
}

@Suite("Legendre functions against extended precision")
struct LegendreFixtureTests {

  /// |computed − exact| ≤ 4 (l + 1) u √(λ_lm² + λ_{l+1,m}²), u = 2⁻⁵³, for m and l up to 4096 and
  /// from 10⁻⁸ of the pole to the equator, in the evanescent region (down to 10⁻³⁰⁰) as well.
  ///
  /// Each of the l − m steps and each of the m factors of sin^m θ makes a few rounding errors; they
  /// are of either sign, so that a bound linear in l with a small factor holds with some room.
  /// Blind to: orders and degrees between the sampled ones; values below 10⁻³⁰⁰.
  @Test("Error stays below four rounding errors per degree")
  func accuracy() throws {
    let worst = try worstLegendreError { $0.values(cosTheta: cos($1), sinTheta: sin($1)) }
    #expect(worst.count > 900)
    #expect(worst.ratio <= 4, "\(worst)")
  }

  /// The same bound where the recurrence changes its form, at |cos θ| = 0.7, and around: every
  /// second degree between 20 and 70 degrees, six angles to 10⁻⁹ of the border on either side of
  /// it, and beside both poles; orders to 4920 and degrees to 5000, drawn at random.
  @Test("Dense in angles, to degree 5000")
  func denseAngles() throws {
    let worst = try worstLegendreError(
      { $0.values(cosTheta: cos($1), sinTheta: sin($1)) }, in: "legendre-dense")
    #expect(worst.count > 5000)
    #expect(worst.ratio <= 4, "\(worst)")
  }

  /// The check rejects angles that are off by 10⁻⁹ at the border and between 20 and 70 degrees.
  @Test("Negative control: angles shifted by 1e-9")
  func rejectsShift() throws {
    let worst = try worstLegendreError(
      { $0.values(cosTheta: cos($1 + 1e-9), sinTheta: sin($1 + 1e-9)) }, in: "legendre-dense",
      where: { abs($0.theta - acos(0.7)) < 0.4 })
    #expect(worst.ratio > 4000, "\(worst)")
  }

  /// The check rejects the textbook recurrence near a pole, where cos θ says little about θ.
  @Test("Negative control: the plain three-term recurrence")
  func rejectsPlainRecurrence() throws {
    let worst = try worstLegendreError(
      { recurrence, theta in
        plainColumn(m: recurrence.m, lmax: recurrence.lmax, theta: theta)
      }, where: { $0.m <= 1 && $0.theta < 0.001 })
    #expect(worst.ratio > 4000, "\(worst)")
  }

  /// The check rejects a start in plain Double, which underflows and never recovers.
  @Test("Negative control: the sectoral function without an exponent of its own")
  func rejectsUnderflow() throws {
    let worst = try worstLegendreError(
      { recurrence, theta in
        plainColumn(m: recurrence.m, lmax: recurrence.lmax, theta: theta)
      }, where: { $0.m == 1000 && $0.theta == 0.3 && abs($0.value) > 0.01 })
    #expect(worst.count > 0)
    #expect(worst.ratio > 1e9, "\(worst)")
  }
}

/// λ_lm as in textbooks: sin^m θ in Double, and the recurrence on λ itself everywhere.
private func plainColumn(m: Int, lmax: Int, theta: Double) -> [Double] {
  var product = m.isMultiple(of: 2) ? 1.0 : -1.0
  for k in 0..<m { product *= (Double(2 * k + 3) / Double(2 * k + 2)).squareRoot() * sin(theta) }
  var here = product / (4 * Double.pi).squareRoot()
  var below = 0.0
  var epsilon = 0.0
  return (m...lmax).map { l in
    let value = here
    let above = degreeCoupling(l: l + 1, m: m)
    (below, here) = (here, (cos(theta) * here - epsilon * below) / above)
    epsilon = above
    return value
  }
}
