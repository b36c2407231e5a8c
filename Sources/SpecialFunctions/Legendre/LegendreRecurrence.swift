import Foundation

// Goals, in order:
//
// 1. Every value that a Double can hold is right, for any order and near the poles: the recurrence
//    starts from sin^m θ, which underflows long before the functions it leads to do.
// 2. The error stays of the order of l rounding errors.
// 3. One order at many colatitudes costs a multiplication and a multiply-add per degree.

/// The recurrence of the normalised associated Legendre functions λ_lm of one order m, with its
/// coefficients computed once for many colatitudes.
///
/// Definition:  λ_lm(θ) = √[(2l+1)/4π · (l−m)!/(l+m)!] P_lm(cos θ),  Y_lm(θ, φ) = λ_lm(θ) e^{imφ},
///              with the Condon–Shortley phase in P_lm, so λ_11(θ) = −√(3/8π) sin θ.
/// Method:      upward recurrence in l [DLMF, 14.10.3] with the normalisation folded in,
///              λ_{l+1,m} = (x λ_lm − ε_l λ_{l−1,m}) / ε_{l+1},
///              x = cos θ,  ε_l = `degreeCoupling`,
///              from λ_mm = (−1)^m √[1/4π Π_{k=1…m} (2k+1)/(2k)] sin^m θ. A value is carried as
///              mantissa · 2^(800 scale), scale ≤ 0, as in [Reinecke2013, sec. 3.1].
///              Near the poles x is nearly 1 whatever θ, and this form loses 1/sin θ rounding
///              errors per step. There the recurrence runs on the differences
///              D_l = λ_{l+1} − γ_l λ_l, γ_l = lim_{θ→0} λ_{l+1}/λ_l, which need only
///              1 − x = sin²θ/(1 + x):
///              D_l = p_l D_{l−1} − (1 − x) λ_l / ε_{l+1},   λ_{l+1} = γ_l λ_l + D_l,
///              γ_l² = (2l+3)(l+m+1) / [(2l+1)(l−m+1)],   p_l = γ_l (l−m)/(l+m+1).
///              Substituting D gives the first form back, since γ_l + p_l = 1/ε_{l+1} and
///              p_l γ_{l−1} = ε_l/ε_{l+1}.
///              The southern half follows from λ_lm(π−θ) = (−1)^{l+m} λ_lm(θ), bit for bit.
/// Layout:      element k of a column is λ_{m+k,m}.
/// Domain:      0 ≤ θ ≤ π. Values below 10⁻³⁰⁸ come out denormal or zero; later, larger ones of the
///              same column are not affected.
/// Accuracy:    relative to √(λ_lm² + λ_{l+1,m}²), at most 4 (l + 1) rounding errors
///              (LegendreFixtureTests, to l = 5000 and to 10⁻⁸ of the pole).
/// Checked by:  LegendreOracleTests, LegendreDefinitionTests, LegendreFixtureTests,
///              CertifiedFunctionTests (proven values, to l = 32,768).
public struct LegendreRecurrence: Sendable {
  /// The order m.
  public let m: Int
  /// The largest degree, inclusive.
  public let lmax: Int

  /// √[1/4π Π_{k=1…m} (2k+1)/(2k)] with the sign (−1)^m: λ_mm / sin^m θ.
  private let sectoralFactor: Double
  /// The coefficients of the step from l to l + 1, for l = m..<lmax.
  private let steps: [Step]

  private struct Step {
    var forward: Double  // 1/ε_{l+1}
    var backward: Double  // ε_l/ε_{l+1}
    var limitRatio: Double  // γ_l
    var differenceRatio: Double  // p_l
  }

  /// |cos θ| from which on the recurrence runs on the differences. With 0.9 the plain form loses up
  /// to ten rounding errors per degree beside the border; with 0.7, as for `WignerRecurrence`,
  /// neither form does. At 10⁻³ of the pole the plain form loses thousands.
  private static let polarCosine = 0.7

  /// Prepares the order `m` for the degrees m...lmax; requires 0 ≤ m ≤ lmax.
  public init(m: Int, lmax: Int) {
    precondition(0 <= m && m <= lmax, "order m = \(m) is outside 0...lmax = 0...\(lmax)")
    self.m = m
    self.lmax = lmax

    var product = 1.0
    for k in 0..<m { product *= Double(2 * k + 3) / Double(2 * k + 2) }
    let magnitude = (product / (4 * Double.pi)).squareRoot()
    sectoralFactor = m.isMultiple(of: 2) ? magnitude : -magnitude

    steps = (m..<lmax).map { l in
      let epsilonAbove = degreeCoupling(l: l + 1, m: m)
      let epsilon = l == m ? 0 : degreeCoupling(l: l, m: m)
      let upper = Double((2 * l + 3) * (l + m + 1))
      let lower = Double((2 * l + 1) * (l - m + 1))
      let limitRatio = (upper / lower).squareRoot()
      return Step(
        forward: 1 / epsilonAbove, backward: epsilon / epsilonAbove, limitRatio: limitRatio,
        differenceRatio: limitRatio * Double(l - m) / Double(l + m + 1))
    }
  }

  /// λ_lm for l = m...lmax at one colatitude, given by its cosine and its sine.
  public func values(cosTheta: Double, sinTheta: Double) -> [Double] {
    var column = [Double](repeating: 0, count: lmax - m + 1)
    write(cosTheta: cosTheta, sinTheta: sinTheta, into: &column, at: 0)
    return column
  }

  /// Writes λ_lm, l = m...lmax, at one colatitude into `column[start...]`.
  ///
  /// - Parameters:
  ///   - cosTheta: cos θ.
  ///   - sinTheta: sin θ ≥ 0, given separately because √(1 − cos²θ) loses digits near the poles.
  ///   - column: receives lmax − m + 1 values.
  ///   - start: index of λ_mm in `column`.
  public func write(
    cosTheta: Double, sinTheta: Double, into column: inout [Double], at start: Int
  ) {
    precondition(
      abs(cosTheta * cosTheta + sinTheta * sinTheta - 1) < 1e-12 && sinTheta >= 0,
      "(cos θ, sin θ) = (\(cosTheta), \(sinTheta)) is no point of the upper unit half circle")
    precondition(
      0 <= start && start + lmax - m < column.count,
      "\(lmax - m + 1) values from \(start) do not fit into \(column.count)")
    let x = abs(cosTheta)
    let complement = sinTheta * sinTheta / (1 + x)  // 1 − x
    let isPolar = x > LegendreRecurrence.polarCosine
    var (here, scale) = sectoral(sinTheta: sinTheta)
    var companion = 0.0  // D_{l−1} near a pole, λ_{l−1} elsewhere; on the scale of `here`

    for k in 0...lmax - m {
      // Below scale −1 the true value is under 2^(400 − 1600), that is zero.
      let value = scale == 0 ? here : scale == -1 ? here * 0x1p-800 : 0
      column[start + k] = cosTheta < 0 && k & 1 == 1 ? -value : value
      if k == lmax - m { break }
      let step = steps[k]
      if isPolar {
        companion = step.differenceRatio * companion - step.forward * complement * here
        here = step.limitRatio * here + companion
      } else {
        (companion, here) = (here, step.forward * x * here - step.backward * companion)
      }
      if scale < 0 && abs(here) > 0x1p400 {
        here *= 0x1p-800
        companion *= 0x1p-800
        scale += 1
      }
    }
  }

  /// λ_mm as mantissa · 2^(800 scale), 2⁻⁴⁰⁰ ≤ |mantissa| < 2⁴⁰⁰ unless it is zero.
  func sectoral(sinTheta: Double) -> (mantissa: Double, scale: Int) {
    if sinTheta == 0 { return (m == 0 ? sectoralFactor : 0, 0) }
    let (power, exponent) = scaledPower(sinTheta, m)
    return rescaled(sectoralFactor * power, exponent: exponent)
  }
}

/// value · 2^exponent as mantissa · 2^(800 scale), scale ≤ 0: multiplying by 2^±800 is exact.
func rescaled(_ value: Double, exponent: Int) -> (mantissa: Double, scale: Int) {
  if exponent > -400 { return (scalbn(value, exponent), 0) }
  // exponent = 800 scale + remainder with −400 ≤ remainder < 400, up to the value's own size.
  let scale = -((-exponent + 400) / 800)
  return (scalbn(value, exponent - 800 * scale), scale)
}

/// ε_l = √[(l² − m²)/(4l² − 1)], the coupling of the degrees l − 1 and l by cos θ:
/// cos θ λ_lm = ε_{l+1} λ_{l+1,m} + ε_l λ_{l−1,m}.
///
/// l² − m² is written (l − m)(l + m): both are exact here, and so is the comparison of the two.
package func degreeCoupling(l: Int, m: Int) -> Double {
  (Double((l - m) * (l + m)) / Double((2 * l - 1) * (2 * l + 1))).squareRoot()
}

/// baseⁿ as mantissa · 2^exponent with ½ ≤ |mantissa| < 1, by repeated squaring: no underflow.
func scaledPower(_ base: Double, _ n: Int) -> (mantissa: Double, exponent: Int) {
  var (result, resultExponent) = (0.5, 1)
  var (square, squareExponent) = (base.significand / 2, Int(base.exponent) + 1)
  var remaining = n
  while remaining > 0 {
    if remaining & 1 == 1 {
      result *= square
      resultExponent += squareExponent
      if result < 0.5 {
        result *= 2
        resultExponent -= 1
      }
    }
    square *= square
    squareExponent *= 2
    if square < 0.5 {
      square *= 2
      squareExponent -= 1
    }
    remaining >>= 1
  }
  return (result, resultExponent)
}
