import Foundation

/// Nodes and weights of a quadrature in z = cos θ: ∫_{−1}^{1} f(z) dz ≈ Σ_j w_j f(z_j).
///
/// The nodes run from north (z near +1) to south. Of symmetric rules mirrored nodes are bit-exact:
/// z_{n−1−j} = −z_j, with equal sines and weights; the middle node of an odd count is z = 0.
public struct QuadratureRule: Sendable, Hashable {
  /// z_j = cos θ_j, decreasing.
  public let cosTheta: [Double]
  /// sin θ_j, to a rounding error near the poles too.
  public let sinTheta: [Double]
  /// θ_j, radians, increasing.
  public let theta: [Double]
  /// w_j; they sum to 2.
  public let weights: [Double]

  /// The number of nodes n.
  public var count: Int { cosTheta.count }

  /// z_j = cos θ_j from north to south: the nodes in the variable of integration.
  public var nodes: [Double] { cosTheta }

  /// A rule from all its nodes.
  init(cosTheta: [Double], sinTheta: [Double], theta: [Double], weights: [Double]) {
    precondition(
      Set([cosTheta.count, sinTheta.count, theta.count, weights.count]).count == 1,
      "lists of \(cosTheta.count), \(sinTheta.count), \(theta.count), \(weights.count) numbers")
    self.cosTheta = cosTheta
    self.sinTheta = sinTheta
    self.theta = theta
    self.weights = weights
  }

  /// Completes a rule from its northern half, the equator included if there is a node on it.
  init(northern: [(theta: Double, weight: Double)], count: Int) {
    precondition(northern.count == (count + 1) / 2)
    var cosTheta: [Double] = []
    var sinTheta: [Double] = []
    var theta: [Double] = []
    var weights: [Double] = []
    for j in 0..<count {
      let mirrored = count - 1 - j
      let node = northern[min(j, mirrored)]
      let isEquator = j == mirrored
      let z = isEquator ? 0 : cos(node.theta)
      cosTheta.append(j <= mirrored ? z : -z)
      sinTheta.append(isEquator ? 1 : sin(node.theta))
      theta.append(isEquator ? .pi / 2 : j < mirrored ? node.theta : .pi - node.theta)
      weights.append(node.weight)
    }
    self.cosTheta = cosTheta
    self.sinTheta = sinTheta
    self.theta = theta
    self.weights = weights
  }
}

/// Gauss–Legendre quadrature: exact for polynomials in z of degree 2 count − 1.
///
/// Definition:  z_j are the zeros of P_n, w_j = 2 / [(1−z_j²) P_n'(z_j)²] = 2 / (dP_n/dθ)².
/// Method:      Newton's iteration in θ, not z: the zeros are nearly equidistant in θ, and dP_n/dθ
///              hardly varies near a zero, so a rounding error in θ does not reach the weight.
/// Domain:      count ≥ 1.
/// Accuracy:    θ and sin θ (relative) and cos θ (absolute) to (4 + √n/4) rounding errors, w
///              (relative) to 8 √n, checked up to n = 4097.
/// Cost:        O(count²).
/// Checked by:  QuadratureOracleTests (GSL, mpmath), QuadraturePropertyTests.
public func gaussLegendre(count: Int) -> QuadratureRule {
  precondition(count >= 1, "a Gauss–Legendre rule has at least 1 node, not \(count)")
  let northern = (0..<(count + 1) / 2).map { j in
    let isEquator = 2 * j + 1 == count
    let theta = isEquator ? .pi / 2 : legendreZero(index: j, degree: count)
    let slope = legendreWithSlope(degree: count, theta: theta).slope
    return (theta: theta, weight: 2 / (slope * slope))
  }
  return QuadratureRule(northern: northern, count: count)
}

/// The zero number `index` (from the north) of P_n(cos θ), by Newton's iteration in θ.
private func legendreZero(index: Int, degree: Int) -> Double {
  // [Hale2013, eq. 3.1], rewritten for θ: the error is below 10⁻² of the spacing even at the pole.
  let halfway = Double(degree) + 0.5
  let guess = (Double(index) + 0.75) * .pi / halfway
  var theta = guess + 1 / (8 * halfway * halfway * tan(guess))
  // Quadratic convergence: 10⁻² → 10⁻⁴ → 10⁻⁸ → 10⁻¹⁶ of the spacing, and one step to spare.
  for _ in 0..<5 {
    let (value, slope) = legendreWithSlope(degree: degree, theta: theta)
    let step = value / slope
    theta -= step
    if abs(step) <= theta.ulp { break }
  }
  return theta
}

/// P_n(cos θ) and dP_n/dθ for 0 < θ ≤ π/2.
///
/// The plain recurrence (k+1) P_{k+1} = (2k+1) x P_k − k P_{k−1} uses x = cos θ, whose rounding
/// near the pole moves θ by n² rounding errors. Subtracting (k+1) P_k leaves one for the
/// differences D_k = P_{k+1} − P_k that needs only 1 − x = 2 sin²(θ/2), which is accurate there:
///   (k+1) D_k = k D_{k−1} − (2k+1) (1−x) P_k.
/// With (1−x²) P_n' = n (P_{n−1} − x P_n) the slope is
///   dP_n/dθ = −n (P_{n−1} − x P_n) / sin θ = n (D_{n−1} − (1−x) P_n) / sin θ.
private func legendreWithSlope(degree n: Int, theta: Double) -> (value: Double, slope: Double) {
  let halfSine = sin(theta / 2)
  let complement = 2 * halfSine * halfSine  // 1 − x
  var value = 1.0
  var difference = 0.0
  for k in 0..<n {
    let fraction = Double(k) * difference - Double(2 * k + 1) * complement * value
    difference = fraction / Double(k + 1)
    value += difference
  }
  return (value, Double(n) * (difference - complement * value) / sin(theta))
}

/// Clenshaw–Curtis quadrature on equidistant colatitudes with both poles: exact for polynomials in
/// z of degree count − 1, and of degree count too if count is odd.
///
/// Definition:  θ_j = j π/N with N = count − 1, and  [Waldvogel2006, eq. 2.2–2.4]
///              w_j = (c_j/N) [1 − Σ_{k=1…⌊N/2⌋} b_k/(4k²−1) cos(2k j π/N)],
///              c_j = 1 at the poles and 2 elsewhere, b_k = 1 for k = N/2 and 2 elsewhere.
/// Domain:      count ≥ 2.
/// Accuracy:    2 + √count units in the last place of 2/count; the weights of the poles are 1/N of
///              the others and known as much less well. The cosines come from one table over a full
///              turn.
/// Cost:        O(count²).
/// Checked by:  QuadraturePropertyTests, CertifiedFunctionTests (proven values).
public func clenshawCurtis(count: Int) -> QuadratureRule {
  precondition(count >= 2, "a Clenshaw–Curtis rule has at least 2 nodes, not \(count)")
  let intervals = count - 1
  let cosines = (0..<intervals).map { cos(2 * Double.pi * Double($0) / Double(intervals)) }
  let northern = (0..<(count + 1) / 2).map { j in
    var sum = 1.0
    for k in stride(from: 1, through: intervals / 2, by: 1) {
      let multiplicity = 2 * k == intervals ? 1.0 : 2.0
      sum -= multiplicity / Double(4 * k * k - 1) * cosines[k * j % intervals]
    }
    let endFactor = j == 0 ? 1.0 : 2.0
    return (
      theta: Double(j) * .pi / Double(intervals), weight: endFactor / Double(intervals) * sum
    )
  }
  return QuadratureRule(northern: northern, count: count)
}
