import Foundation

/// The recurrence of one column.
struct ThreeJRecurrence {
  private let l2: Int
  private let l3: Int
  private let m1: Int
  private let orderDifference: Int  // m3 − m2
  private let first: Int
  private let last: Int

  /// Numbers on a scale of their own: mantissa · 2^(800 scale).
  private typealias Scaled = (mantissa: Double, scale: Int)

  init(l2: Int, l3: Int, m2: Int, m3: Int) {
    self.l2 = l2
    self.l3 = l3
    m1 = -m2 - m3
    orderDifference = m3 - m2
    first = max(abs(l2 - l3), abs(m1))
    last = l2 + l3
  }

  /// A(l); every factor is a whole number below 2⁵³.
  private func outer(_ l: Int) -> Double {
    let sides = Double((l - l2 + l3) * (l + l2 - l3)) * Double((last + 1 - l) * (last + 1 + l))
    return sides.squareRoot() * Double((l - m1) * (l + m1)).squareRoot()
  }

  /// B(l): the difference of the brackets is taken in whole numbers, so that nothing cancels.
  private func inner(_ l: Int) -> Double {
    let bracket = (l2 * (l2 + 1) - l3 * (l3 + 1)) * m1 - l * (l + 1) * orderDifference
    return -Double(2 * l + 1) * Double(bracket)
  }

  func column() -> [Double] {
    let sign = (l2 - l3 - m1).isMultiple(of: 2) ? 1.0 : -1.0
    if first == last { return [sign / Double(2 * last + 1).squareRoot()] }
    let meeting = meetingDegree()
    let below = upwards(to: meeting + 1)
    let above = downwards(to: meeting, from: sign)
    // Two neighbours never vanish together: their common factor, by least squares.
    let upper = Array(above.suffix(2).reversed())  // l = meeting, meeting + 1
    let lower = Array(below.suffix(2))
    let factor =
      (lower[0] * upper[0] + lower[1] * upper[1]) / (lower[0] * lower[0] + lower[1] * lower[1])
    var column = below.dropLast(2).map { $0 * factor } + above.reversed()
    var norm = 0.0
    for (k, value) in column.enumerated() { norm += Double(2 * (first + k) + 1) * value * value }
    let scale = 1 / norm.squareRoot()
    for k in column.indices { column[k] *= scale }
    return column
  }

  /// The degree l, first ≤ l < last, at which B² / [4 l (l+1) A(l) A(l+1)] is smallest.
  private func meetingDegree() -> Int {
    var best = (degree: first, ratio: Double.infinity)
    for l in first + 1..<max(first + 1, last) {
      let b = inner(l)
      let ratio = b / outer(l) * (b / outer(l + 1)) / (Double(l) * Double(l + 1))
      if ratio < best.ratio { best = (l, ratio) }
    }
    return best.degree
  }

  /// Numbers proportional to w(first), ..., w(top); the last of them between 2⁻⁴⁰⁰ and 2⁴⁰⁰ in
  /// size, or beside one that is.
  private func upwards(to top: Int) -> [Double] {
    var column: [Scaled] = [(1, 0)]
    var (here, below, scale) = (1.0, 0.0, 0)
    for l in first..<top {
      // B(l)/l and (l+1) A(l)/l; at l = 0 their limits.
      let reduced =
        l == 0 ? Double(orderDifference) : inner(l) / Double(l)
      let coupling = l == 0 ? 0 : Double(l + 1) * outer(l) / Double(l)
      (here, below) = (-(reduced * here + coupling * below) / outer(l + 1), here)
      rescale(&here, &below, &scale)
      column.append((here, scale))
    }
    return column.map { scalbn($0.mantissa, 800 * ($0.scale - scale)) }
  }

  /// Numbers proportional to w(last), ..., w(bottom), from one of the given sign.
  private func downwards(to bottom: Int, from sign: Double) -> [Double] {
    var column: [Scaled] = [(sign, 0)]
    var (here, above, scale) = (sign, 0.0, 0)
    for l in stride(from: last, to: bottom, by: -1) {
      let sum = inner(l) * here + Double(l) * outer(l + 1) * above
      (here, above) = (-sum / (Double(l + 1) * outer(l)), here)
      rescale(&here, &above, &scale)
      column.append((here, scale))
    }
    return column.map { scalbn($0.mantissa, 800 * ($0.scale - scale)) }
  }

  private func rescale(_ here: inout Double, _ neighbour: inout Double, _ scale: inout Int) {
    guard abs(here) > 0x1p400 else { return }
    here *= 0x1p-800
    neighbour *= 0x1p-800
    scale += 1
  }
}
