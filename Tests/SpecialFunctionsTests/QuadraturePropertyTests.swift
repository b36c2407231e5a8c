import Foundation
import SpecialFunctions
import Testing

/// ∫ P_l dz over −1...1 by a rule; the exact value is 2 for l = 0 and 0 for every other l.
///
/// P_l comes from `LegendreRecurrence`, scaled back: λ_l0 = √((2l+1)/4π) P_l.
private func integrals(of rule: QuadratureRule, lmax: Int) -> [Double] {
  var sums = [Double](repeating: 0, count: lmax + 1)
  let recurrence = LegendreRecurrence(m: 0, lmax: lmax)
  for j in 0..<rule.count {
    let column = recurrence.values(cosTheta: rule.cosTheta[j], sinTheta: rule.sinTheta[j])
    for l in 0...lmax {
      sums[l] += rule.weights[j] * column[l] / (Double(2 * l + 1) / (4 * .pi)).squareRoot()
    }
  }
  sums[0] -= 2
  return sums
}

/// Rounding of a sum of n terms of total magnitude ≤ 2, P_l itself being good to l rounding errors.
private func roundingBound(count: Int, lmax: Int) -> Double {
  4 * Double(lmax + 1 + count).squareRoot() * Double.ulpOfOne
}

@Suite("Quadrature rules")
struct QuadraturePropertyTests {

  /// A Gauss rule of n nodes integrates P_0...P_{2n−1} and fails at P_2n, whose quadrature error is
  /// of the order of its mean square, 1/n: the statement is sharp, and the failure is the control.
  /// Blind to: a simultaneous rescaling of weights and integrand, excluded by Σ w = 2.
  @Test(
    "Gauss–Legendre is exact to degree 2n − 1, not 2n", arguments: [1, 2, 3, 8, 33, 48, 200])
  func gaussExactness(count: Int) {
    let sums = integrals(of: gaussLegendre(count: count), lmax: 2 * count)
    let bound = roundingBound(count: count, lmax: 2 * count)
    for l in 0..<2 * count { #expect(abs(sums[l]) <= bound, "P_\(l): \(sums[l]) > \(bound)") }
    #expect(abs(sums[2 * count]) > 1000 * bound)
  }

  /// A Clenshaw–Curtis rule of n nodes integrates P_0...P_{n−1}, and P_n if n is odd (by symmetry),
  /// and fails at the next even degree.
  @Test("Clenshaw–Curtis is exact to degree n − 1, or n", arguments: [2, 3, 4, 7, 32, 33, 129])
  func clenshawCurtisExactness(count: Int) {
    let degree = count.isMultiple(of: 2) ? count - 1 : count
    let sums = integrals(of: clenshawCurtis(count: count), lmax: degree + 1)
    let bound = roundingBound(count: count, lmax: degree + 1)
    for l in 0...degree { #expect(abs(sums[l]) <= bound, "P_\(l): \(sums[l]) > \(bound)") }
    #expect(abs(sums[degree + 1]) > 1000 * bound)
  }

  /// 2π Σ_j w_j λ_lm λ_l'm = δ_ll' for l, l' ≤ 40 at every order: normalisation and nodes together.
  @Test("Orthonormality under Gauss–Legendre quadrature", arguments: [0, 1, 2, 17, 40])
  func orthonormality(m: Int) {
    let lmax = 40
    let rule = gaussLegendre(count: lmax + 1)
    let columns = (0..<rule.count).map { j in
      normalisedLegendre(m: m, lmax: lmax, cosTheta: rule.cosTheta[j], sinTheta: rule.sinTheta[j])
    }
    let bound = 8 * Double(lmax + 1) * Double.ulpOfOne
    for a in m...lmax {
      for b in m...lmax {
        let sum = rule.weights.indices.reduce(0.0) { partial, j in
          partial + 2 * .pi * rule.weights[j] * columns[j][a - m] * columns[j][b - m]
        }
        #expect(abs(sum - (a == b ? 1 : 0)) <= bound, "(\(a), \(b)) of order \(m)")
      }
    }
  }

  /// Mirrored nodes are bit-exact negatives with equal sines and weights; the order is north to
  /// south; the middle node of an odd count lies on the equator exactly.
  @Test("Mirror symmetry is exact", arguments: [2, 3, 8, 9, 32, 65])
  func symmetry(count: Int) {
    for rule in [gaussLegendre(count: count), clenshawCurtis(count: count)] {
      for j in 0..<count {
        let mirrored = count - 1 - j
        #expect(rule.cosTheta[j] == -rule.cosTheta[mirrored])
        #expect(rule.sinTheta[j] == rule.sinTheta[mirrored])
        #expect(rule.weights[j] == rule.weights[mirrored])
        #expect(rule.weights[j] > 0)
        if j > 0 { #expect(rule.theta[j] > rule.theta[j - 1]) }
      }
      if count % 2 == 1 { #expect(rule.cosTheta[count / 2] == 0) }
    }
  }

  /// The poles are nodes: z = ±1 with sin θ = 0 exactly; θ_j = j π/(n − 1).
  @Test("Clenshaw–Curtis nodes are equidistant with both poles")
  func clenshawCurtisNodes() {
    let rule = clenshawCurtis(count: 32)
    #expect(rule.cosTheta[0] == 1 && rule.cosTheta[31] == -1)
    #expect(rule.sinTheta[0] == 0 && rule.sinTheta[31] == 0)
    for j in 0..<32 {
      #expect(abs(rule.theta[j] - Double(j) * .pi / 31) <= 2 * Double.ulpOfOne * rule.theta[j])
    }
  }
}
