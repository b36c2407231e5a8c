import Foundation

// Rules with equidistant colatitudes beside Clenshaw–Curtis (QuadratureRule.swift). Each is the
// only one on its nodes that integrates cos kθ sin θ dθ for as many k as it has nodes:
//
//     Σ_j w_j cos kθ_j = ∫_0^π cos kθ sin θ dθ = 2/(1 − k²) for even k, 0 for odd k.

/// Fejér's first rule: equidistant colatitudes half a step from the poles; exact for polynomials in
/// z of degree count − 1, and of degree count too if count is odd.
///
/// Definition:  θ_j = (j + ½) π/n and  [Waldvogel2006, eq. 2.5, 2.6]
///              w_j = (2/n) [1 − 2 Σ_{k=1…⌊n/2⌋} cos(2kθ_j)/(4k²−1)].
/// Domain:      count ≥ 1.
/// Accuracy:    a few rounding errors; the cosines come from one table over a full turn.
/// Cost:        O(count²).
/// Checked by:  EquidistantRulePropertyTests, CertifiedFunctionTests.
public func fejerFirst(count: Int) -> QuadratureRule {
  precondition(count >= 1, "a rule of Fejér has at least 1 node, not \(count)")
  let cosines = (0..<2 * count).map { cos(.pi * Double($0) / Double(count)) }
  let northern = (0..<(count + 1) / 2).map { j in
    let sum = (1..<count / 2 + 1).reduce(1.0) {
      $0 - 2 / Double(4 * $1 * $1 - 1) * cosines[(2 * j + 1) * $1 % (2 * count)]
    }
    return (
      theta: (Double(j) + 0.5) * .pi / Double(count), weight: 2 / Double(count) * sum
    )
  }
  return QuadratureRule(northern: northern, count: count)
}

/// Fejér's second rule: the equidistant colatitudes of Clenshaw–Curtis without the poles; exact for
/// polynomials in z of degree count − 1, and of degree count too if count is odd.
///
/// Definition:  θ_j = (j + 1) π/N with N = n + 1, and  [Waldvogel2006, eq. 2.3]
///              w_j = (4/N) sin θ_j Σ_{k=1…⌊N/2⌋} sin((2k−1)θ_j)/(2k−1).
/// Domain:      count ≥ 1.
/// Accuracy:    a few rounding errors; the sines come from one table over a full turn.
/// Cost:        O(count²).
/// Checked by:  EquidistantRulePropertyTests, CertifiedFunctionTests.
public func fejerSecond(count: Int) -> QuadratureRule {
  precondition(count >= 1, "a rule of Fejér has at least 1 node, not \(count)")
  let intervals = count + 1
  let sines = (0..<2 * intervals).map { sin(.pi * Double($0) / Double(intervals)) }
  let northern = (1...(count + 1) / 2).map { j in
    let sum = (1...intervals / 2).reduce(0.0) {
      $0 + sines[(2 * $1 - 1) * j % (2 * intervals)] / Double(2 * $1 - 1)
    }
    return (
      theta: Double(j) * .pi / Double(intervals), weight: 4 / Double(intervals) * sines[j] * sum
    )
  }
  return QuadratureRule(northern: northern, count: count)
}

/// The rule of Driscoll and Healy: equidistant colatitudes from the north pole on, without the
/// south pole; exact for polynomials in z of degree count − 1.
///
/// Definition:  θ_j = jπ/n, j = 0…n−1; the north pole has the weight 0 and the others those of
///              `fejerSecond` with n − 1 nodes. With n = 2L these are the weights of
///              [DriscollHealy1994, sec. 3], for coefficients up to l = L − 1.
/// Domain:      count ≥ 2 and even.
/// Accuracy:    as `fejerSecond`.
/// Checked by:  EquidistantRulePropertyTests, CertifiedFunctionTests.
public func driscollHealy(count: Int) -> QuadratureRule {
  precondition(
    count >= 2 && count.isMultiple(of: 2),
    "a rule of Driscoll and Healy has an even number of nodes, not \(count)")
  let inner = fejerSecond(count: count - 1)
  return QuadratureRule(
    cosTheta: [1] + inner.cosTheta, sinTheta: [0] + inner.sinTheta, theta: [0] + inner.theta,
    weights: [0] + inner.weights)
}

/// The nodes of McEwen and Wiaux: equidistant colatitudes half a step from the north pole, with the
/// south pole; exact for polynomials in z of degree count − 1.
///
/// Definition:  θ_j = (2j + 1) π/M, M = 2n − 1, j = 0…n−1, and with I_k = 2/(1 − k²)
///              w_j = (c_j/M) [2 + 2 Σ_{k=2,4…n−1} I_k cos kθ_j],  c_j = 1 at the pole, else 2:
///              the circle of M equidistant points from θ_0 on, of which n lie in 0…π, carries
///              cos kθ for k < n [McEwenWiaux2011, sec. 2].
/// Domain:      count ≥ 1.
/// Accuracy:    a few rounding errors; the cosines come from one table over a full turn.
/// Cost:        O(count²).
/// Checked by:  EquidistantRulePropertyTests, CertifiedFunctionTests.
public func mcEwenWiaux(count n: Int) -> QuadratureRule {
  precondition(n >= 1, "a rule of McEwen and Wiaux has at least 1 node, not \(n)")
  let circle = 2 * n - 1
  let cosines = (0..<2 * circle).map { cos(.pi * Double($0) / Double(circle)) }
  var rule: (cosTheta: [Double], sinTheta: [Double], theta: [Double], weights: [Double])
  rule = ([], [], [], [])
  for j in 0..<n {
    let isPole = j == n - 1
    let sum = stride(from: 2, to: n, by: 2).reduce(2.0) {
      $0 + 4 / Double(1 - $1 * $1) * cosines[(2 * j + 1) * $1 % (2 * circle)]
    }
    let theta = isPole ? .pi : Double(2 * j + 1) * .pi / Double(circle)
    rule.theta.append(theta)
    rule.cosTheta.append(isPole ? -1 : cos(theta))
    rule.sinTheta.append(isPole ? 0 : sin(theta))
    rule.weights.append((isPole ? 1 : 2) / Double(circle) * sum)
  }
  return QuadratureRule(
    cosTheta: rule.cosTheta, sinTheta: rule.sinTheta, theta: rule.theta, weights: rule.weights)
}
