// Goals, in order:
//
// 1. Every value that a Double can hold is right, in the classically forbidden ends of a column
//    too.
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
///              upwards from the smallest l and downwards from the largest, in both ends the
///              direction in which w grows. The two meet where the recurrence oscillates fastest,
///              at the smallest B²/(A A), and are scaled by Σ_l (2l+1) w(l)² = 1 and
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
