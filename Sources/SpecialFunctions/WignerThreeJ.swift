import Foundation

// Goals, in order:
//
// 1. Every value that a Double can hold is right, in the classically forbidden ends of a column too.
// 2. The error stays of the order of the column's length in rounding errors.
// 3. A whole column costs a few dozen operations per degree.

/// Wigner's 3j symbols of one column: all degrees l that couple with l2 and l3.
///
/// Definition:  w(l) = (l l2 l3; m1 m2 m3), m1 = −m2 − m3, as in [DLMF, 34.2.4], for
///              l = max(|l2 − l3|, |m1|)...l2 + l3; zero for every other l.
/// Method:      three-term recurrence in l [SchultenGordon1975], [LuscombeLuban1998],
///              l A(l+1) w(l+1) + B(l) w(l) + (l+1) A(l) w(l−1) = 0,
///              A(l)² = [l² − (l2−l3)²] [(l2+l3+1)² − l²] [l² − m1²],
///              B(l) = −(2l+1) [(l2(l2+1) − l3(l3+1)) m1 − l(l+1) (m3 − m2)],
///              upwards from the smallest l and downwards from the largest, in both ends the direction
///              in which w grows. The two meet where the recurrence oscillates fastest, at the
///              smallest B²/(A A), and are scaled by Σ_l (2l+1) w(l)² = 1 and
///              sign w(l2+l3) = (−1)^{l2−l3−m1}. Both ends are carried as mantissa · 2^(800 scale).
///              For l = 0, which is possible for l2 = l3 and m1 = 0 only, the first step is divided
///              by l beforehand: B(l)/(l (l+1)) = (2l+1) (m3 − m2).
/// Domain:      l2, l3 ≥ 0, |m2| ≤ l2, |m3| ≤ l3, l2 + l3 < 10⁶ (whole numbers stay below 2⁶²).
///              Values below 10⁻³⁰⁸ come out denormal or zero.
/// Accuracy:    relative to √(w(l)² + w(l+1)²), at most (l2 + l3 + 10) rounding errors; the
///              largest found, to l2 + l3 = 3000, is a third of that (WignerThreeJFixtureTests);
///              the cyclic law holds to degrees of 8000 (WignerThreeJPropertyTests).
/// Cost:        O(l2 + l3) for the column.
/// Checked by:  WignerThreeJDefinitionTests (Racah's sum), WignerThreeJOracleTests (GSL),
///              WignerThreeJFixtureTests (whole-number arithmetic), WignerThreeJPropertyTests,
///              GauntPropertyTests (products of fields).
public struct WignerThreeJ: Sendable {
  /// The second degree.
  public let l2: Int
  /// The third degree.
  public let l3: Int
  /// The second order.
  public let m2: Int
  /// The third order.
  public let m3: Int
  /// The first order, −m2 − m3.
  public var m1: Int { -m2 - m3 }
  /// The smallest degree of the column, max(|l2 − l3|, |m1|).
  public var firstDegree: Int { max(abs(l2 - l3), abs(m1)) }
  /// The largest degree of the column, l2 + l3.
  public var lastDegree: Int { l2 + l3 }
  /// w(l) for l = firstDegree...lastDegree.
  public let values: [Double]

  /// Computes a column.
  public init(l2: Int, l3: Int, m2: Int, m3: Int) {
    precondition(
      abs(m2) <= l2 && abs(m3) <= l3 && l2 + l3 < 1_000_000,
      "no 3j symbols with (l2, l3, m2, m3) = (\(l2), \(l3), \(m2), \(m3))")
    self.l2 = l2
    self.l3 = l3
    self.m2 = m2
    self.m3 = m3
    values = ThreeJRecurrence(l2: l2, l3: l3, m2: m2, m3: m3).column()
  }

  /// w(l) for any l ≥ 0: zero where the degrees do not couple.
  public subscript(l: Int) -> Double {
    precondition(l >= 0, "degree \(l) is negative")
    return l < firstDegree || l > lastDegree ? 0 : values[l - firstDegree]
  }
}

/// The recurrence of one column.
private struct ThreeJRecurrence {
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

  /// Numbers proportional to w(first), ..., w(top); the last of them between 2⁻⁴⁰⁰ and 2⁴⁰⁰ in size,
  /// or beside one that is.
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

/// (l1 l2 l3; m1 m2 m3) from Racah's sum, term by term: the slow twin of `WignerThreeJ`.
///
/// Definition:  (−1)^{l1−l2−m3} √[(l1+l2−l3)! (l1−l2+l3)! (−l1+l2+l3)! / (l1+l2+l3+1)!]
///              √[Π_i (l_i+m_i)! (l_i−m_i)!] Σ_k (−1)^k / [k! (l1+l2−l3−k)! (l1−m1−k)! (l2+m2−k)!
///              (l3−l2+m1+k)! (l3−l1−m2+k)!]
///              over all k without a factorial of a negative number [DLMF, 34.2.4]; zero unless
///              m1 + m2 + m3 = 0, |m_i| ≤ l_i and |l1 − l2| ≤ l3 ≤ l1 + l2.
/// Domain:      0 ≤ l_i ≤ 16.
/// Accuracy:    the terms alternate; at l_i = 16 up to eight digits are lost.
/// Checked by:  WignerThreeJDefinitionTests.
public func wignerThreeJByDefinition(
  l1: Int, l2: Int, l3: Int, m1: Int, m2: Int, m3: Int
) -> Double {
  precondition(min(l1, l2, l3) >= 0 && max(l1, l2, l3) <= 16, "degrees (\(l1), \(l2), \(l3))")
  let isTriangle = abs(l1 - l2) <= l3 && l3 <= l1 + l2
  guard isTriangle, m1 + m2 + m3 == 0, abs(m1) <= l1, abs(m2) <= l2, abs(m3) <= l3 else {
    return 0
  }
  func factorial(_ n: Int) -> Double { (0..<n).reduce(1.0) { $0 * Double($1 + 1) } }
  var sum = 0.0
  for k in 0...min(l1 + l2 - l3, l1 - m1, l2 + m2)
  where l3 - l2 + m1 + k >= 0 && l3 - l1 - m2 + k >= 0 {
    let left = factorial(k) * factorial(l1 + l2 - l3 - k) * factorial(l1 - m1 - k)
    let right = factorial(l2 + m2 - k) * factorial(l3 - l2 + m1 + k) * factorial(l3 - l1 - m2 + k)
    sum += (k.isMultiple(of: 2) ? 1 : -1) / (left * right)
  }
  let sides =
    factorial(l1 + l2 - l3) * factorial(l1 - l2 + l3) * factorial(-l1 + l2 + l3)
    / factorial(l1 + l2 + l3 + 1)
  let orders = [(l1, m1), (l2, m2), (l3, m3)].reduce(1.0) {
    $0 * factorial($1.0 + $1.1).squareRoot() * factorial($1.0 - $1.1).squareRoot()
  }
  return ((l1 - l2 - m3).isMultiple(of: 2) ? 1 : -1) * sides.squareRoot() * orders * sum
}
