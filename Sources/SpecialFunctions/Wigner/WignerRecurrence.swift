import Foundation

// Goals, in order:
//
// 1. Every value that a Double can hold is right, for any pair of orders and near both poles; a
//    zero of the function is a zero and nothing else, since no value is ever divided by another.
// 2. The error stays of the order of l rounding errors.
// 3. One pair of orders at many angles costs a multiplication and two multiply-adds per degree.

/// The recurrence of Wigner's functions d^l_mn(β) of one pair of orders, with its coefficients
/// computed once for many angles.
///
/// Definition:  d^l_mn(β) = ⟨l m| e^{−iβJ_y} |l n⟩ [Varshalovich1988, sec. 4.3], so that
///              d^1_10 = −sin β/√2. What is computed is the orthonormal
///              δ_l(β) = √[(2l+1)/4π] d^l_mn(β), 2π ∫ δ_l δ_l' sin β dβ = δ_ll'.
///              With n = 0 these are the λ_lm of `LegendreRecurrence`; with n = ∓s, up to (−1)^s,
///              the spin-weighted harmonics,
///              ₛY_lm(θ, φ) = (−1)^s √[(2l+1)/4π] d^l_{m,−s}(θ) e^{imφ}.
/// Method:      δ_l is sin^μ(β/2) cos^ν(β/2), μ = |m − n|, ν = |m + n|, times a Jacobi polynomial
///              [Varshalovich1988, sec. 4.3.4], hence with x = cos β
///              x δ_l = a_{l+1} δ_{l+1} + b_l δ_l + a_l δ_{l−1},
///              a_l² = (l² − m²)(l² − n²) / [l² (4l² − 1)],   b_l = m n / [l (l + 1)],
///              upwards from l_0 = max(|m|, |n|), where
///              d = (−1)^{m−n if m > n} √C(2l_0, l_0 + min(|m|, |n|)) sin^μ(β/2) cos^ν(β/2).
///              As in `LegendreRecurrence`, values are carried as mantissa · 2^(800 scale), and
///              near the pole the recurrence runs on the differences D_l = δ_{l+1} − γ_l δ_l,
///              γ_l = lim_{β→0} δ_{l+1}/δ_l, which need only 1 − x = sin²β/(1 + x):
///              D_l = p_l D_{l−1} − (1 − x) δ_l / a_{l+1},   δ_{l+1} = γ_l δ_l + D_l,
///              γ_l² = (2l+3)(k+1+μ+ν)(k+1+μ) / [(2l+1)(k+1+ν)(k+1)],  k = l − l_0,
///              p_l = a_l / (a_{l+1} γ_{l−1}),
///              since the first form holds for the γ's at x = 1.
///              The other half follows from d^l_mn(π − β) = (−1)^{l+m} d^l_{m,−n}(β), bit for bit.
/// Layout:      element k of a column is δ_{l_0+k}.
/// Domain:      0 ≤ β ≤ π, orders of either sign. Values below 10⁻³⁰⁸ come out denormal or zero;
///              later, larger ones of the same column are not affected.
/// Accuracy:    relative to √(δ_l² + δ_{l+1}²), at most 3 (l + 5) rounding errors; in the mean
///              over degrees a tenth of that (WignerFixtureTests, to l = 4096 and to 10⁻⁶ of the
///              poles).
/// Checked by:  WignerDefinitionTests, WignerFixtureTests (mpmath), CertifiedFunctionTests (proven
///              values, to l = 8192).
public struct WignerRecurrence: Sendable {
  /// The first order, m.
  public let m: Int
  /// The second order, n.
  public let n: Int
  /// The largest degree, inclusive.
  public let lmax: Int
  /// The smallest degree, l_0 = max(|m|, |n|).
  public var firstDegree: Int { max(abs(m), abs(n)) }

  /// cos β from which on the recurrence runs on the differences. With 0.9, as for Legendre
  /// functions, the plain form loses up to ten rounding errors per degree beside the border; with
  /// 0.7 neither form loses more than 2.6 anywhere (WignerFixtureTests).
  static let polarCosine = 0.7

  private let northern: NorthernColumn
  private let southern: NorthernColumn

  /// Prepares the orders m and n for the degrees max(|m|, |n|)...lmax.
  public init(m: Int, n: Int, lmax: Int) {
    precondition(max(abs(m), abs(n)) <= lmax, "orders (\(m), \(n)) are outside -\(lmax)...\(lmax)")
    self.m = m
    self.n = n
    self.lmax = lmax
    northern = NorthernColumn(m: m, n: n, lmax: lmax)
    southern = n == 0 ? northern : NorthernColumn(m: m, n: -n, lmax: lmax)
  }

  /// δ_l(β), l = l_0...lmax, at one angle, given by its cosine and its sine.
  public func values(cosBeta: Double, sinBeta: Double) -> [Double] {
    var column = [Double](repeating: 0, count: lmax - firstDegree + 1)
    write(cosBeta: cosBeta, sinBeta: sinBeta, into: &column, at: 0)
    return column
  }

  /// Writes δ_l(β), l = l_0...lmax, into `column[start...]`.
  ///
  /// - Parameters:
  ///   - cosBeta: cos β.
  ///   - sinBeta: sin β ≥ 0, given separately because √(1 − cos²β) loses digits near the poles.
  ///   - column: receives lmax − l_0 + 1 values.
  ///   - start: index of the first of them.
  public func write(cosBeta: Double, sinBeta: Double, into column: inout [Double], at start: Int) {
    precondition(
      abs(cosBeta * cosBeta + sinBeta * sinBeta - 1) < 1e-12 && sinBeta >= 0,
      "(cos β, sin β) = (\(cosBeta), \(sinBeta)) is no point of the upper unit half circle")
    precondition(
      0 <= start && start + lmax - firstDegree < column.count,
      "\(lmax - firstDegree + 1) values from \(start) do not fit into \(column.count)")
    if cosBeta >= 0 {
      northern.write(cosBeta: cosBeta, sinBeta: sinBeta, into: &column, at: start)
    } else {
      southern.write(cosBeta: -cosBeta, sinBeta: sinBeta, into: &column, at: start)
      changeSigns(&column, from: start)
    }
  }

  /// Multiplies by (−1)^{l+m}.
  private func changeSigns(_ column: inout [Double], from start: Int) {
    let odd = (firstDegree + m).isMultiple(of: 2) ? 1 : 0
    for i in stride(from: start + odd, through: start + lmax - firstDegree, by: 2) {
      column[i] = -column[i]
    }
  }
}

/// The recurrence for 0 ≤ β ≤ π/2.
private struct NorthernColumn: Sendable {
  private struct Step {
    var forward: Double  // 1/a_{l+1}
    var diagonal: Double  // b_l
    var backward: Double  // a_l/a_{l+1}
    var limitRatio: Double  // γ_l
    var differenceRatio: Double  // p_l
  }

  private let sinePower: Int  // μ
  private let cosinePower: Int  // ν
  /// √[(2l_0+1)/4π C(2l_0, ...)] with its sign, as mantissa · 2^exponent.
  private let factor: (mantissa: Double, exponent: Int)
  /// The coefficients of the step from l to l + 1, for l = l_0..<lmax.
  private let steps: [Step]

  init(m: Int, n: Int, lmax: Int) {
    let first = max(abs(m), abs(n))
    let (mu, nu) = (abs(m - n), abs(m + n))
    sinePower = mu
    cosinePower = nu
    let sign = m > n && !(m - n).isMultiple(of: 2) ? -1.0 : 1.0
    let binomial = scaledBinomial(2 * first, first - min(abs(m), abs(n)))
    let root = scaledSquareRoot(
      binomial.mantissa * Double(2 * first + 1) / (4 * Double.pi), binomial.exponent)
    factor = (sign * root.mantissa, root.exponent)

    var coupling = 0.0  // a_l, zero at l_0
    var ratioBelow = 1.0  // γ_{l−1}
    steps = (first..<max(first, lmax)).map { l in
      let above = orderCoupling(l: l + 1, m: m, n: n)
      let k = l - first
      let upper = Double(2 * l + 3) * Double(k + 1 + mu + nu) * Double(k + 1 + mu)
      let lower = Double(2 * l + 1) * Double(k + 1 + nu) * Double(k + 1)
      let ratio = (upper / lower).squareRoot()
      let step = Step(
        forward: 1 / above, diagonal: l == 0 ? 0 : Double(m * n) / Double(l * (l + 1)),
        backward: coupling / above, limitRatio: ratio,
        differenceRatio: coupling / (above * ratioBelow))
      coupling = above
      ratioBelow = ratio
      return step
    }
  }

  func write(cosBeta x: Double, sinBeta: Double, into column: inout [Double], at start: Int) {
    let complement = sinBeta * sinBeta / (1 + x)  // 1 − x
    let isPolar = x > WignerRecurrence.polarCosine
    var (here, scale) = first(cosBeta: x, sinBeta: sinBeta)
    var companion = 0.0  // D_{l−1} near the pole, δ_{l−1} elsewhere; on the scale of `here`
    for k in 0...steps.count {
      // Below scale −1 the true value is under 2^(400 − 1600), that is zero.
      column[start + k] = scale == 0 ? here : scale == -1 ? here * 0x1p-800 : 0
      if k == steps.count { break }
      let step = steps[k]
      if isPolar {
        companion = step.differenceRatio * companion - step.forward * complement * here
        here = step.limitRatio * here + companion
      } else {
        (companion, here) = (
          here, step.forward * (x - step.diagonal) * here - step.backward * companion
        )
      }
      if scale < 0 && abs(here) > 0x1p400 {
        here *= 0x1p-800
        companion *= 0x1p-800
        scale += 1
      }
    }
  }

  /// δ at l_0 as mantissa · 2^(800 scale).
  private func first(cosBeta: Double, sinBeta: Double) -> (mantissa: Double, scale: Int) {
    let half = HalfAngle(cosBeta: cosBeta, sinBeta: sinBeta)
    let (sines, cosines) = (half.sinePower(sinePower), half.cosinePower(cosinePower))
    return rescaled(
      factor.mantissa * sines.mantissa * cosines.mantissa,
      exponent: factor.exponent + sines.exponent + cosines.exponent)
  }
}

/// Powers of cos(β/2) and sin(β/2), 0 ≤ β ≤ π/2, as mantissa · 2^exponent.
///
/// Powers up to 2 l_0 multiply the relative error of their base: that of a square root and a
/// division would come to five rounding errors per degree. What these two leave over is therefore
/// computed, (1 + ρ)^ν = 1 + ν ρ to first order, and the powers are those of the C library.
struct HalfAngle {
  private let cosine: Double
  private let sine: Double
  private let cosineError: Double  // cos(β/2) / cosine − 1
  private let sineError: Double  // sin(β/2) / sine − 1

  init(cosBeta x: Double, sinBeta: Double) {
    let square = (1 + x) / 2  // cos²(β/2)
    let lost = x - (2 * square - 1)  // exact: 1 + x = 2 square + lost
    cosine = square.squareRoot()
    sine = sinBeta / (2 * cosine)
    // The two products have to be exact, hence fused.
    cosineError = (square.addingProduct(-cosine, cosine) + lost / 2) / (2 * square)
    let quotientError = sine == 0 ? 0 : sinBeta.addingProduct(-sine, 2 * cosine) / sinBeta
    sineError = quotientError - cosineError
  }

  func cosinePower(_ n: Int) -> (mantissa: Double, exponent: Int) {
    let (mantissa, exponent) = powerInPieces(cosine, n)
    return (mantissa * (1 + Double(n) * cosineError), exponent)
  }

  func sinePower(_ n: Int) -> (mantissa: Double, exponent: Int) {
    if sine == 0 { return (n == 0 ? 1 : 0, 0) }
    let (mantissa, exponent) = powerInPieces(sine, n)
    return (mantissa * (1 + Double(n) * sineError), exponent)
  }
}

/// baseⁿ as mantissa · 2^exponent, base > 0: powers of the C library, in pieces below 2^1000.
private func powerInPieces(_ base: Double, _ n: Int) -> (mantissa: Double, exponent: Int) {
  var (mantissa, exponent) = (1.0, n * Int(base.exponent))
  for start in stride(from: 0, to: n, by: 1000) {
    let power = pow(base.significand, Double(min(n - start, 1000)))
    mantissa *= power.significand
    exponent += Int(power.exponent)
  }
  return (mantissa, exponent)
}

/// a_l = √{(l² − m²)(l² − n²) / [l² (4l² − 1)]}; with n = 0 it is `degreeCoupling`.
private func orderCoupling(l: Int, m: Int, n: Int) -> Double {
  let squares = Double((l - m) * (l + m)) * Double((l - n) * (l + n))
  return (squares / Double((2 * l - 1) * (2 * l + 1))).squareRoot() / Double(l)
}

/// The binomial coefficient C(n, k) as mantissa · 2^exponent: C(2l, l) overflows beyond l = 514.
private func scaledBinomial(_ n: Int, _ k: Int) -> (mantissa: Double, exponent: Int) {
  var (mantissa, exponent) = (1.0, 0)
  for i in 0..<k {
    mantissa *= Double(n - i) / Double(i + 1)
    if mantissa > 0x1p100 {
      mantissa *= 0x1p-100
      exponent += 100
    }
  }
  return (mantissa, exponent)
}

/// √(mantissa · 2^exponent) in the same form.
func scaledSquareRoot(
  _ mantissa: Double, _ exponent: Int
) -> (mantissa: Double, exponent: Int) {
  let half = exponent >> 1
  return ((exponent - 2 * half == 0 ? mantissa : 2 * mantissa).squareRoot(), half)
}

/// d^l_mn(β) from Wigner's sum, term by term: the slow twin of `WignerRecurrence`.
///
/// Definition:  d^l_mn(β) = √[(l+m)! (l−m)! (l+n)! (l−n)!] Σ_k (−1)^{m−n+k}
///              cos^{2l+n−m−2k}(β/2) sin^{m−n+2k}(β/2) / [(l+n−k)! k! (m−n+k)! (l−m−k)!]
///              over all k without a factorial of a negative number [Varshalovich1988, 4.3.1 (2)].
/// Domain:      |m|, |n| ≤ l ≤ 16.
/// Accuracy:    the terms alternate and add up to at most (1 + sin β)^l in magnitude, each with
///              about l rounding errors.
/// Checked by:  WignerDefinitionTests.
public func wignerByDefinition(l: Int, m: Int, n: Int, beta: Double) -> Double {
  precondition(max(abs(m), abs(n)) <= l && l <= 16, "(l, m, n) = (\(l), \(m), \(n))")
  func factorial(_ n: Int) -> Double { (0..<n).reduce(1.0) { $0 * Double($1 + 1) } }
  let (c, s) = (cos(beta / 2), sin(beta / 2))
  var sum = 0.0
  for k in max(0, n - m)...max(0, n - m, min(l + n, l - m)) where k <= min(l + n, l - m) {
    let sign = (m - n + k).isMultiple(of: 2) ? 1.0 : -1.0
    let denominator =
      factorial(l + n - k) * factorial(k) * factorial(m - n + k) * factorial(l - m - k)
    sum +=
      sign * pow(c, Double(2 * l + n - m - 2 * k)) * pow(s, Double(m - n + 2 * k)) / denominator
  }
  let norm = factorial(l + m) * factorial(l - m) * factorial(l + n) * factorial(l - n)
  return norm.squareRoot() * sum
}
