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
///              λ_{l+1,m} = (cos θ λ_lm − ε_l λ_{l−1,m}) / ε_{l+1},  ε_l = √[(l²−m²)/(4l²−1)],
///              from λ_mm = (−1)^m √[1/4π Π_{k=1…m} (2k+1)/(2k)] sin^m θ. A value is carried as
///              mantissa · 2^(800 scale), scale ≤ 0, as in [Reinecke2013, sec. 3.1].
/// Layout:      element k of a column is λ_{m+k,m}.
/// Domain:      0 ≤ θ ≤ π. Values below 10⁻³⁰⁸ come out denormal or zero; later, larger ones of the
///              same column are not affected.
/// Accuracy:    relative to the largest |λ_lm| of the column about l rounding errors, and m more
///              from a rounding error in sin θ itself, which the power m amplifies.
/// Checked by:  LegendreOracleTests, LegendreDefinitionTests, LegendreFixtureTests.
public struct LegendreRecurrence: Sendable {
  /// The order m.
  public let m: Int
  /// The largest degree, inclusive.
  public let lmax: Int

  /// √[1/4π Π_{k=1…m} (2k+1)/(2k)] with the sign (−1)^m: λ_mm / sin^m θ.
  private let sectoralFactor: Double
  /// 1 / ε_{l+1} for l = m..<lmax.
  private let steps: [Double]
  /// ε_l / ε_{l+1} for l = m..<lmax.
  private let backSteps: [Double]

  /// Mantissas are multiplied by 2^±800, which is exact.
  private static let rescalingExponent = 800

  /// Prepares the order `m` for the degrees m...lmax; requires 0 ≤ m ≤ lmax.
  public init(m: Int, lmax: Int) {
    precondition(0 <= m && m <= lmax, "order m = \(m) is outside 0...lmax = 0...\(lmax)")
    self.m = m
    self.lmax = lmax

    var product = 1.0
    for k in 0..<m { product *= Double(2 * k + 3) / Double(2 * k + 2) }
    let magnitude = (product / (4 * Double.pi)).squareRoot()
    sectoralFactor = m.isMultiple(of: 2) ? magnitude : -magnitude

    var steps: [Double] = []
    var backSteps: [Double] = []
    steps.reserveCapacity(lmax - m)
    backSteps.reserveCapacity(lmax - m)
    var epsilon = 0.0
    for l in m..<lmax {
      let epsilonAbove = degreeCoupling(l: l + 1, m: m)
      steps.append(1 / epsilonAbove)
      backSteps.append(epsilon / epsilonAbove)
      epsilon = epsilonAbove
    }
    self.steps = steps
    self.backSteps = backSteps
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
    let large = 0x1p400
    let shrink = 0x1p-800
    var (here, scale) = sectoral(sinTheta: sinTheta)
    var below = 0.0

    // While the scale is negative the true value is mantissa · 2^(800 scale); below scale −1 it is
    // smaller than 2^(400 − 1600), that is zero.
    var k = 0
    while scale < 0 && k <= lmax - m {
      column[start + k] = scale == -1 ? here * shrink : 0
      if k < lmax - m {
        (below, here) = (here, cosTheta * steps[k] * here - backSteps[k] * below)
      }
      if abs(here) > large {
        here *= shrink
        below *= shrink
        scale += 1
      }
      k += 1
    }
    while k <= lmax - m {
      column[start + k] = here
      if k < lmax - m {
        (below, here) = (here, cosTheta * steps[k] * here - backSteps[k] * below)
      }
      k += 1
    }
  }

  /// λ_mm as mantissa · 2^(800 scale), 2⁻⁴⁰⁰ ≤ |mantissa| < 2⁴⁰⁰ unless it is zero.
  private func sectoral(sinTheta: Double) -> (mantissa: Double, scale: Int) {
    if sinTheta == 0 { return (m == 0 ? sectoralFactor : 0, 0) }
    let (power, exponent) = scaledPower(sinTheta, m)
    let value = sectoralFactor * power
    if exponent > -400 { return (scalbn(value, exponent), 0) }
    // exponent = 800 scale + remainder with −400 ≤ remainder < 400, up to the factor's own size.
    let period = LegendreRecurrence.rescalingExponent
    let scale = -((-exponent + period / 2) / period)
    return (scalbn(value, exponent - period * scale), scale)
  }
}

/// ε_l = √[(l² − m²)/(4l² − 1)], the coupling of the degrees l − 1 and l by cos θ:
/// cos θ λ_lm = ε_{l+1} λ_{l+1,m} + ε_l λ_{l−1,m}.
///
/// l² − m² is written (l − m)(l + m): both are exact here, and so is the comparison of the two.
package func degreeCoupling(l: Int, m: Int) -> Double {
  (Double((l - m) * (l + m)) / Double((2 * l - 1) * (2 * l + 1))).squareRoot()
}

/// baseⁿ as mantissa · 2^exponent with ½ ≤ |mantissa| < 1, by repeated squaring: no underflow.
private func scaledPower(_ base: Double, _ n: Int) -> (mantissa: Double, exponent: Int) {
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
