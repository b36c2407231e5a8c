// Goals, in order:
//
// 1. The values of `WignerRecurrence`, for all pairs of orders at one angle, pair after pair.
// 2. No square root and no division inside: the coefficients are products of tables.

/// Wigner's functions of all pairs of orders (m, n) and (m, −n), m ≥ n ≥ 0, at one angle: what a
/// rotation of coefficients needs.
///
/// Definition:  δ_l = √[(2l+1)/4π] d^l_mn(β), as in `WignerRecurrence`.
/// Method:      its two recurrences with l_0 = m, in which every coefficient has the factor
///              f_l = 1/a_{l+1} = (l+1) √[(2l+1)(2l+3)] / √[(l+1−m)(l+1+m)(l+1−n)(l+1+n)]:
///              far from the pole    δ_{l+1} = f_l [(x − b_l) δ_l − a_l δ_{l−1}],
///              near the pole        D_l = f_l [p_l D_{l−1} − (1 − x) δ_l],
///                                   δ_{l+1} = f_l g_l δ_l + D_l,
///              p_l = (l−m)(l+n) / [l (2l+1)],   g_l = (l+1+m)(l+1−n) / [(l+1)(2l+1)].
///              Square roots of integers are tabulated, and so are the powers of cos(β/2) and
///              sin(β/2).
/// Domain:      0 ≤ β ≤ π.
/// Accuracy:    as `WignerRecurrence`: 3 (l + 5) rounding errors of √(δ_l² + δ_{l+1}²).
/// Cost:        about twenty operations per degree for both functions.
/// Checked by:  WignerSweepDefinitionTests (`WignerRecurrence`), WignerFixtureTests (mpmath).
package struct WignerSweep: Sendable {
  /// The largest degree, inclusive.
  package let lmax: Int

  fileprivate typealias Scaled = (mantissa: Double, exponent: Int)

  fileprivate let isSouthern: Bool
  fileprivate let cosine: Double  // |cos β|
  fileprivate let complement: Double  // 1 − |cos β|
  fileprivate let roots: [Root]
  fileprivate let cosinePowers: [Scaled]
  fileprivate let sinePowers: [Scaled]

  /// √j and 1/√j; 0 and 0 for j = 0.
  fileprivate struct Root {
    var root: Double
    var inverse: Double
  }

  /// Prepares an angle, given by its cosine and its sine ≥ 0.
  package init(lmax: Int, cosBeta: Double, sinBeta: Double) {
    precondition(
      abs(cosBeta * cosBeta + sinBeta * sinBeta - 1) < 1e-12 && sinBeta >= 0,
      "(cos β, sin β) = (\(cosBeta), \(sinBeta)) is no point of the upper unit half circle")
    self.lmax = lmax
    isSouthern = cosBeta < 0
    cosine = abs(cosBeta)
    complement = sinBeta * sinBeta / (1 + cosine)
    roots = (0...2 * lmax + 1).map { j in
      let root = Double(j).squareRoot()
      return Root(root: root, inverse: j == 0 ? 0 : 1 / root)
    }
    let half = HalfAngle(cosBeta: cosine, sinBeta: sinBeta)
    cosinePowers = (0...2 * lmax).map { half.cosinePower($0) }
    sinePowers = (0...2 * lmax).map { half.sinePower($0) }
  }

  /// Prepares the larger order m, 0 ≤ m ≤ lmax.
  package func order(_ m: Int) -> WignerSweepOrder { WignerSweepOrder(self, m: m) }
}

/// The part of a `WignerSweep` with one larger order m.
package struct WignerSweepOrder: Sendable {
  /// The larger order.
  package let m: Int

  private let sweep: WignerSweep
  private let steps: [Step]
  /// √[(2m+1)/4π C(2m, m − n)], n = 0...m.
  private let factors: [WignerSweep.Scaled]

  /// What the step from l to l + 1 owes to m alone.
  private struct Step {
    var forward: Double  // f_l √[(l+1−n)(l+1+n)]
    var coupling: Double  // a_l / √[(l−n)(l+n)]
    var diagonal: Double  // b_l / n
    var below: Double  // p_l / (l+n)
    var above: Double  // g_l / (l+1−n)
  }

  fileprivate init(_ sweep: WignerSweep, m: Int) {
    self.sweep = sweep
    self.m = m
    let roots = sweep.roots
    steps = (m..<max(m, sweep.lmax)).map { l in
      let degree = Double(l)
      let odd = Double(2 * l + 1)
      let forward = (degree + 1) * (odd * (odd + 2)).squareRoot()
      let coupling = l == 0 ? 0 : 1 / (degree * ((odd - 2) * odd).squareRoot())
      return Step(
        forward: forward * (roots[l + 1 - m].inverse * roots[l + 1 + m].inverse),
        coupling: coupling * (roots[l - m].root * roots[l + m].root),
        diagonal: l == 0 ? 0 : Double(m) / (degree * (degree + 1)),
        below: l == 0 ? 0 : Double(l - m) / (degree * odd),
        above: Double(l + 1 + m) / ((degree + 1) * odd))
    }
    // C(2m, k + 1) = C(2m, k) (2m − k)/(k + 1), from k = 0 at n = m.
    var binomial = (mantissa: Double(2 * m + 1) / (4 * Double.pi), exponent: 0)
    var factors: [WignerSweep.Scaled] = []
    for k in 0...m {
      factors.append(scaledSquareRoot(binomial.mantissa, binomial.exponent))
      binomial.mantissa *= Double(2 * m - k) / Double(k + 1)
      if binomial.mantissa > 0x1p100 {
        binomial.mantissa *= 0x1p-100
        binomial.exponent += 100
      }
    }
    self.factors = factors.reversed()
  }

  /// Writes δ_l(β), l = m...lmax, of (m, n) and of (m, −n) from index 0 on.
  ///
  /// - Parameters:
  ///   - n: the smaller order, 0 ≤ n ≤ m.
  ///   - column: receives lmax − m + 1 values of (m, n).
  ///   - mirrored: receives as many of (m, −n).
  package func write(n: Int, into column: inout [Double], mirrored: inout [Double]) {
    precondition(0 <= n && n <= m, "order n = \(n) is outside 0...m = 0...\(m)")
    if sweep.isSouthern {
      // d_mn(β) = (−1)^{l+m} d_{m,−n}(π − β).
      run(n, &mirrored, &column)
      for k in stride(from: 1, through: sweep.lmax - m, by: 2) {
        column[k] = -column[k]
        mirrored[k] = -mirrored[k]
      }
    } else {
      run(n, &column, &mirrored)
    }
  }

  /// Both functions at the angle whose cosine is |cos β|.
  private func run(_ n: Int, _ column: inout [Double], _ mirrored: inout [Double]) {
    var same = Chain(start(sines: m - n, cosines: m + n, n))
    var opposite = Chain(start(sines: m + n, cosines: m - n, n))
    let (x, complement) = (sweep.cosine, sweep.complement)
    let isPolar = x > WignerRecurrence.polarCosine
    var root = 0.0  // √[(l−n)(l+n)]; at l = m it meets a coupling that is zero
    for k in 0...steps.count {
      column[k] = same.value
      mirrored[k] = opposite.value
      if k == steps.count { break }
      let step = steps[k]
      let (inner, outer) = (sweep.roots[m + k + 1 - n], sweep.roots[m + k + 1 + n])
      let forward = step.forward * (inner.inverse * outer.inverse)
      if isPolar {
        let (below, above) = (forward * step.below, forward * step.above)
        let (plus, minus) = (Double(m + k + n), Double(m + k - n))
        let turn = forward * complement
        same.advance(difference: below * plus, ratio: above * (minus + 1), turn)
        opposite.advance(difference: below * minus, ratio: above * (plus + 1), turn)
      } else {
        let diagonal = step.diagonal * Double(n)
        let back = forward * (step.coupling * root)
        same.advance(ahead: forward * (x - diagonal), back: back)
        opposite.advance(ahead: forward * (x + diagonal), back: back)
      }
      root = inner.root * outer.root
    }
  }

  private func start(sines: Int, cosines: Int, _ n: Int) -> (mantissa: Double, scale: Int) {
    let (factor, sine, cosine) = (factors[n], sweep.sinePowers[sines], sweep.cosinePowers[cosines])
    let sign = (m - n).isMultiple(of: 2) ? 1.0 : -1.0
    return rescaled(
      sign * factor.mantissa * sine.mantissa * cosine.mantissa,
      exponent: factor.exponent + sine.exponent + cosine.exponent)
  }
}

/// One function on its way up in l, as mantissa · 2^(800 scale).
private struct Chain {
  private var here: Double
  private var companion = 0.0  // D_{l−1} near the pole, δ_{l−1} elsewhere; on the scale of `here`
  private var scale: Int

  init(_ start: (mantissa: Double, scale: Int)) {
    here = start.mantissa
    scale = start.scale
  }

  var value: Double { scale == 0 ? here : scale == -1 ? here * 0x1p-800 : 0 }

  @inline(__always)
  mutating func advance(ahead: Double, back: Double) {
    (companion, here) = (here, ahead * here - back * companion)
    if scale < 0 { rescale() }
  }

  @inline(__always)
  mutating func advance(difference: Double, ratio: Double, _ turn: Double) {
    companion = difference * companion - turn * here
    here = ratio * here + companion
    if scale < 0 { rescale() }
  }

  private mutating func rescale() {
    if abs(here) > 0x1p400 {
      here *= 0x1p-800
      companion *= 0x1p-800
      scale += 1
    }
  }
}
