import Foundation
import SpecialFunctions
import Testing
import Verification

@Suite("Wigner functions against their definition")
struct WignerDefinitionTests {
  static let lmax = 16

  /// Angles of every kind: the poles, the borders of the two forms of the recurrence, and the nodes
  /// cos β = m n / [l (l + 1)] at which the diagonal term of a step vanishes.
  static let angles: [(cosBeta: Double, sinBeta: Double, beta: Double)] = {
    let plain = [
      0, 1e-6, 0.2, 0.45, 0.46, 1.0, Double.pi / 2, 2.0, 2.69, 2.7, Double.pi - 1e-6, Double.pi,
    ].map { (cosBeta: cos($0), sinBeta: sin($0), beta: $0) }
    let nodes = [(2, 1, 2), (3, -2, 3), (5, 4, 6), (12, 12, 12), (9, -9, 9), (1, 1, 1)].map {
      let x = Double($0.0 * $0.1) / Double($0.2 * ($0.2 + 1))
      return (cosBeta: x, sinBeta: ((1 - x) * (1 + x)).squareRoot(), beta: acos(x))
    }
    return plain + [(0, 1, Double.pi / 2)] + nodes
  }()

  private func amplitude(_ l: Int) -> Double { (Double(2 * l + 1) / (4 * .pi)).squareRoot() }

  /// Largest |computed − definition| / [(l + 1) (1 + sin β)^l u √((2l+1)/4π)], |m|, |n| ≤ l ≤ 16.
  private func worstError(
    _ column: (_ m: Int, _ n: Int, _ cosBeta: Double, _ sinBeta: Double) -> [Double]
  ) -> (ratio: Double, place: String) {
    var worst = (ratio: 0.0, place: "")
    for angle in Self.angles {
      for m in -Self.lmax...Self.lmax {
        for n in -Self.lmax...Self.lmax {
          let values = column(m, n, angle.cosBeta, angle.sinBeta)
          let first = max(abs(m), abs(n))
          for l in first...Self.lmax {
            let exact = amplitude(l) * wignerByDefinition(l: l, m: m, n: n, beta: angle.beta)
            let unit =
              Double(l + 1) * pow(1 + sin(angle.beta), Double(l)) * amplitude(l) * 0x1p-53
            let ratio = abs(values[l - first] - exact) / unit
            if !(ratio <= worst.ratio) { worst = (ratio, "(\(l), \(m), \(n)) at \(angle)") }
          }
        }
      }
    }
    return worst
  }

  private func wigner(_ m: Int, _ n: Int, _ cosBeta: Double, _ sinBeta: Double) -> [Double] {
    WignerRecurrence(m: m, n: n, lmax: Self.lmax).values(cosBeta: cosBeta, sinBeta: sinBeta)
  }

  /// The recurrence equals Wigner's sum, poles included. The bound is the error of the sum: its
  /// terms add up to at most (cos β/2 + sin β/2)^2l = (1 + sin β)^l in magnitude, and each has the
  /// errors of up to 2l powers.
  /// Blind to: degrees above 16 (WignerFixtureTests).
  @Test("Recurrence equals Wigner's sum")
  func recurrenceEqualsDefinition() {
    let worst = worstError(wigner)
    #expect(worst.ratio <= 2, "\(worst)")
  }

  /// The check rejects the transposed function, which is also that of −β; the one with the sign of
  /// n changed; and a shift by one degree.
  @Test("Negative controls: orders exchanged, sign of an order, degrees shifted")
  func rejectsOtherFunctions() {
    #expect(worstError { wigner($1, $0, $2, $3) }.ratio > 2e3)
    #expect(worstError { wigner($0, -$1, $2, $3) }.ratio > 2e3)
    let shifted = worstError { m, n, cosBeta, sinBeta in
      Array(
        WignerRecurrence(m: m, n: n, lmax: Self.lmax + 1)
          .values(cosBeta: cosBeta, sinBeta: sinBeta).dropFirst())
    }
    #expect(shifted.ratio > 2e3)
  }

  /// d_mn(π − β) = (−1)^{l+m} d_{m,−n}(β) and d_mn = (−1)^{m−n} d_nm = d_{−n,−m}, bit for bit.
  @Test("Symmetries are exact", arguments: [(0, 0), (1, 0), (2, -1), (7, 2), (-5, 30), (40, 40)])
  func symmetries(m: Int, n: Int) {
    func values(_ m: Int, _ n: Int, _ cosBeta: Double, _ sinBeta: Double) -> [Double] {
      WignerRecurrence(m: m, n: n, lmax: 64).values(cosBeta: cosBeta, sinBeta: sinBeta)
    }
    let first = max(abs(m), abs(n))
    for beta in [0.01, 0.3, 0.6, 1.5] {
      let (c, s) = (cos(beta), sin(beta))
      let north = values(m, n, c, s)
      let south = values(m, -n, -c, s)
      let transposed = values(n, m, c, s)
      let negated = values(-n, -m, c, s)
      let sign = (m - n).isMultiple(of: 2) ? 1.0 : -1.0
      for k in north.indices {
        #expect(south[k] == ((first + k + m).isMultiple(of: 2) ? north[k] : -north[k]))
        #expect(transposed[k] == sign * north[k])
        #expect(negated[k] == north[k])
      }
      #expect(north.contains { $0 != 0 })
    }
  }

  /// With n = 0 the functions are those of Legendre, from another start, with other coefficients.
  /// Each may be wrong by its own bound: 4 (l + 1) and 3 (l + 5) rounding errors.
  /// Blind to: 26 to 45 degrees from a pole, where the two run on different forms, and that of the
  /// Legendre functions loses more than its bound says (WignerFixtureTests has such angles).
  @Test("Orders (m, 0) are Legendre functions", arguments: [0, 1, 2, 17, 300])
  func legendre(m: Int) {
    let lmax = 512
    for theta in [0, 1e-6, 0.1, 0.3, 0.44, 0.9, 1.3, 2.0, 3.1] {
      let (c, s) = (cos(theta), sin(theta))
      let lambda = normalisedLegendre(m: m, lmax: lmax + 1, cosTheta: c, sinTheta: s)
      for (order, sign) in [(m, 1.0), (-m, m.isMultiple(of: 2) ? 1.0 : -1.0)] {
        let wigner = WignerRecurrence(m: order, n: 0, lmax: lmax).values(cosBeta: c, sinBeta: s)
        for l in m...lmax {
          let unit = hypot(lambda[l - m], lambda[l + 1 - m]) * 0x1p-53
          let bound = Double(4 * (l + 1) + 3 * (l + 5)) * unit
          #expect(abs(wigner[l - m] - sign * lambda[l - m]) <= bound, "l \(l), θ \(theta)")
        }
      }
    }
  }

  /// Σ_n d_mn d_m'n = δ_mm' for all orders of one degree. An element is wrong by a few roundings of
  /// either sign per degree, of the scale √(d_l² + d_{l+1}²) ≈ √2 d_l in the mean of a row: a
  /// product of two rows by (l + 1) u.
  @Test("Rows are orthonormal", arguments: [0.001, 0.4, 1.2, Double.pi / 2, 2.5, 3.14])
  func orthonormality(beta: Double) {
    for l in [0, 1, 5, 24, 60] {
      let orders = Array(-l...l)
      let norm = (4 * Double.pi / Double(2 * l + 1)).squareRoot()
      let rows = orders.map { m in
        orders.map { n in
          norm
            * (WignerRecurrence(m: m, n: n, lmax: l)
              .values(cosBeta: cos(beta), sinBeta: sin(beta)).last ?? 0)
        }
      }
      let bound = 4 * Double(l + 1) * 0x1p-53
      var (worst, worstControl) = (0.0, 0.0)
      for (i, row) in rows.enumerated() {
        for (j, other) in rows.enumerated() {
          let product = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
          let defect = abs(product - (i == j ? 1 : 0))
          worst = max(worst, defect.isNaN ? .infinity : defect)
          // Signs of odd columns lost in one of the rows: another function.
          let control = zip(row, other).enumerated().reduce(0) {
            $0 + ($1.offset.isMultiple(of: 2) ? 1 : -1) * $1.element.0 * $1.element.1
          }
          worstControl = max(worstControl, abs(abs(control) - (i == j ? 1 : 0)))
        }
      }
      #expect(worst <= bound, "l \(l): \(worst)")
      if l > 0 { #expect(worstControl > 1000 * bound, "l \(l): \(worstControl)") }
    }
  }

  /// Writing touches lmax − l_0 + 1 elements, no more: the others keep their NaN.
  @Test("Writes exactly its own elements")
  func writesOwnElements() {
    for beta in [0.2, 1, 3] {
      var column = [Double](repeating: .nan, count: 9)
      let recurrence = WignerRecurrence(m: 1, n: -2, lmax: 6)
      recurrence.write(cosBeta: cos(beta), sinBeta: sin(beta), into: &column, at: 3)
      #expect(column.indices.filter { column[$0].isNaN } == [0, 1, 2, 8])
      #expect(
        Array(column[3..<8]) == recurrence.values(cosBeta: cos(beta), sinBeta: sin(beta)))
    }
  }

  /// d^l_mn(0) = δ_mn and d^l_mn(π) = (−1)^{l+m} δ_{m,−n}; off the diagonal exactly.
  @Test("Values at the poles")
  func poles() {
    for (m, n) in [(0, 0), (3, 3), (3, -3), (-2, 2), (2, 1), (0, 5)] {
      let recurrence = WignerRecurrence(m: m, n: n, lmax: 100)
      for (x, other) in [(1.0, n), (-1.0, -n)] {
        let values = recurrence.values(cosBeta: x, sinBeta: 0)
        for (k, value) in values.enumerated() {
          let l = recurrence.firstDegree + k
          let sign = x > 0 || (l + m).isMultiple(of: 2) ? 1.0 : -1.0
          let exact = m == other ? sign * amplitude(l) : 0
          #expect(abs(value - exact) <= Double(l + 1) * 0x1p-53 * abs(exact))
        }
      }
    }
  }

  /// d^1_10 = −sin β/√2 and d^1_01 = +sin β/√2: the sign of the angle, spelled out.
  @Test("First functions")
  func firstFunctions() {
    let (c, s) = (cos(0.7), sin(0.7))
    let norm = (3 / (4 * Double.pi)).squareRoot()
    func value(_ m: Int, _ n: Int) -> Double {
      WignerRecurrence(m: m, n: n, lmax: 1).values(cosBeta: c, sinBeta: s)[0]
    }
    let unit = 4 * Double.ulpOfOne
    #expect(abs(value(1, 0) + norm * s / 2.0.squareRoot()) <= unit)
    #expect(abs(value(0, 1) - norm * s / 2.0.squareRoot()) <= unit)
    #expect(abs(value(1, 1) - norm * (1 + c) / 2) <= unit)
    #expect(abs(value(1, -1) - norm * (1 - c) / 2) <= unit)
  }
}
