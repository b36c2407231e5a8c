import Foundation
import SpecialFunctions
import SpectralNetworks
import Testing

/// Joint densities of a readout: normaliser, gradient, products and grids against plain sums.
struct PosteriorReadoutTests {
  private static let priors: [ParameterPrior] = [
    .logUniform(0...0.01, offset: 1e-4), .uniform(0.03...0.08), .uniform(-1...1),
  ]

  private static func family(_ dimensions: Int, degree: Int) -> PosteriorFamily {
    PosteriorFamily(priors: Array(priors.prefix(dimensions)), degree: degree)
  }

  /// Natural parameters of order one, spread out and reproducible.
  private static func eta(_ count: Int) -> [Double] {
    (0..<count).map { k in
      let angle = 1.7 * Double(k) + 0.4
      return 0.6 * sin(angle) / Double(k / 3 + 1)
    }
  }

  @Test(arguments: [(1, 7, nil), (2, 4, nil), (3, 3, nil), (1, 5, 10), (2, 3, 4)])
  func densityAndGradientAreThoseOfTheDefinition(
    _ dimensions: Int, _ degree: Int, _ pieces: Int?
  ) {
    var family = Self.family(dimensions, degree: degree)
    family.pieces = pieces
    family.mixedDegree = dimensions == 2 ? 3 : nil
    let readout = PosteriorReadout(family)
    let eta = Self.eta(family.termCount)
    let values = family.priors.enumerated().map { $1.value(at: 0.3 + 0.2 * Double($0)) }
    let found = readout.negativeLogDensity(eta, at: values)
    let expected = readout.negativeLogDensityByDefinition(
      eta, at: values, steps: dimensions == 3 ? 48 : 160)
    // At its knots a spline of degree J has a jump in its J-th derivative, and both rules an error
    // of the order of (nodes' distance/pieces' length)^(J + 1): measured 3e-8 and 2e-6.
    let tolerance = pieces == nil ? 1e-9 : degree == 5 ? 1e-7 : 1e-5
    #expect(abs(found.value - expected.value) < tolerance)
    for (a, b) in zip(found.gradient, expected.gradient) { #expect(abs(a - b) < tolerance) }
  }

  /// φ_k of polynomials are orthonormal over the cube, of mean 0.
  @Test(arguments: [(1, 9), (2, 5), (3, 3)])
  func basisIsOrthonormal(_ dimensions: Int, _ degree: Int) {
    let family = Self.family(dimensions, degree: degree)
    let rule = gaussLegendre(count: degree + 1)
    var points: [(weight: Double, q: [Double])] = [(1, [])]
    for _ in 0..<dimensions {
      points = points.flatMap { point in
        zip(rule.nodes, rule.weights).map {
          (point.weight * 0.5 * $1, point.q + [0.5 * (1 + $0)])
        }
      }
    }
    let rows = points.map { (weight: $0.weight, basis: family.basis(quantiles: $0.q)) }
    for i in 0..<family.termCount {
      #expect(abs(rows.reduce(0) { $0 + $1.weight * $1.basis[i] }) < 1e-12)
      for j in 0...i {
        let sum = rows.reduce(0) { $0 + $1.weight * $1.basis[i] * $1.basis[j] }
        #expect(abs(sum - (i == j ? 1 : 0)) < 1e-12)
      }
    }
  }

  /// As many terms as are counted, each once.
  @Test(arguments: 1...3, [nil, 0, 4])
  func termsAreCounted(_ dimensions: Int, _ mixedDegree: Int?) {
    let priors = Array(Self.priors.prefix(dimensions))
    let splines = PosteriorFamily(
      priors: priors, degree: 3, pieces: 5, mixedDegree: mixedDegree)
    for family in [PosteriorFamily(priors: priors, degree: 4), splines] {
      #expect(family.terms.count == family.termCount)
      #expect(Set(family.terms).count == family.termCount)
      #expect(
        family.terms.allSatisfy { k in k.allSatisfy { (0..<family.functionCount).contains($0) } })
    }
  }

  /// B-splines are the recursion of their definition over all knots, have the sum 1, and do not
  /// reach beyond J + 1 pieces.
  @Test(arguments: [(1, 4), (3, 5), (5, 10), (5, 1)])
  func splinesAreThoseOfTheDefinition(_ degree: Int, _ pieces: Int) {
    let family = PosteriorFamily(priors: [Self.priors[1]], degree: degree, pieces: pieces)
    let knots: [Double] =
      [Double](repeating: 0, count: degree) + (0...pieces).map { Double($0) / Double(pieces) }
      + [Double](repeating: 1, count: degree)
    func spline(_ i: Int, _ d: Int, _ q: Double) -> Double {
      guard d > 0 else {
        let isLast = q == 1 && knots[i] < 1 && knots[i + 1] == 1
        return (knots[i] <= q && q < knots[i + 1]) || isLast ? 1 : 0
      }
      func share(_ from: Double, _ to: Double, _ value: Double) -> Double {
        to == from ? 0 : value * (q - from) / (to - from)
      }
      return share(knots[i], knots[i + d], spline(i, d - 1, q))
        + share(knots[i + d + 1], knots[i + 1], spline(i + 1, d - 1, q))
    }
    for q in [0, 0.03, 0.2, 0.5, 0.77, 0.999, 1] {
      let found = family.functions(q)
      #expect(found.count == pieces + degree + 1 && found[0] == 1)
      for i in 0..<pieces + degree {
        #expect(abs(found[i + 1] - spline(i, degree, q)) < 1e-14)
      }
      #expect(abs(found.dropFirst().reduce(0, +) - 1) < 1e-14)
      #expect(found.dropFirst().count { $0 > 0 } <= degree + 1)
    }
  }

  /// η of ln p = −(q_i − c_i)²/2σ² − (q_1 − c_1)(q_2 − c_2)/2σ², less its largest value.
  private static func narrowEta(
    _ family: PosteriorFamily, deviation: Double, centre: [Double]
  ) -> [Double] {
    // Splines of degree 2 at least hold q and q²: their coefficients are the blossoms at the knots.
    let (degree, pieces) = (family.degree, family.pieces ?? 1)
    let n = Double(pieces)
    func knot(_ i: Int) -> Double { min(max(Double(i - degree), 0), n) / n }
    return family.terms.map { k in
      let used = k.indices.filter { k[$0] > 0 }
      guard used.count == 1 else {
        // √3 (2q_1 − 1) √3 (2q_2 − 1) = 12 (q_1 − ½)(q_2 − ½).
        let isFirst = k.allSatisfy { $0 == pieces + degree + 1 }
        return isFirst ? -0.5 / (12 * deviation * deviation) : 0
      }
      let axis = used[0]
      let own = (0..<degree).map { knot(k[axis] + $0) }
      // The means of t_i, and of t_i t_j over i < j.
      let first = own.reduce(0, +) / Double(degree)
      let squares = own.reduce(0) { $0 + $1 * $1 }
      let sum = first * Double(degree)
      let second = (sum * sum - squares) / Double(degree * (degree - 1))
      let c = centre[axis]
      var value = -0.5 * (second - 2 * c * first + c * c)
      // (q_1 − c_1)(q_2 − c_2) beside (q_1 − ½)(q_2 − ½).
      if family.priors.count > 1 { value -= 0.5 * (0.5 - centre[1 - axis]) * first }
      return value / (deviation * deviation)
    }
  }

  /// Narrow normal densities, 1/`narrowness` of the prior wide, have their means and normaliser,
  /// and the gradients of −ln p.
  @Test(arguments: [(1, 300), (1, 3000), (2, 100), (2, 400)])
  func narrowDensitiesAreResolved(_ dimensions: Int, _ narrowness: Int) {
    let deviation = 1 / Double(narrowness)
    let family = PosteriorFamily(
      priors: [.uniform(0...1), .uniform(0...1)].prefix(dimensions).map { $0 }, degree: 5,
      pieces: 10, mixedDegree: dimensions == 1 ? nil : 3)
    let readout = PosteriorReadout(family)
    let centre = [0.3217, 0.6449]
    let eta = Self.narrowEta(family, deviation: deviation, centre: centre)
    let point = [centre[0] + deviation, centre[1] - 0.5 * deviation]
    let values = Array(point.prefix(dimensions))
    let found = readout.negativeLogDensity(eta, at: values)
    // −ln p of the normal density of inverse covariance (1, ½; ½, 1)/σ².
    let square = dimensions == 1 ? 1 : 1 + 0.25 - 0.5
    let logDeterminant = dimensions == 1 ? 0 : log(0.75)
    let expected =
      0.5 * square + Double(dimensions) * (log(deviation) + 0.5 * log(2 * .pi))
      - 0.5 * logDeterminant
    #expect(abs(found.value - expected) < 1e-5)
    // The mean of q_1, whose coefficients with the splines are the means of their knots.
    let estimates = readout.estimates(eta)
    for (estimate, own) in zip(estimates, centre) {
      #expect(abs(estimate - own) < 1e-3 * deviation)
    }
    // The gradient by differences.
    for k in stride(from: 2, to: eta.count, by: 5) {
      let step = 1e-3
      let sides = [step, -step].map { side -> Double in
        var moved = eta
        moved[k] += side
        return readout.negativeLogDensity(moved, at: values).value
      }
      let difference = (sides[0] - sides[1]) / (2 * step)
      #expect(abs(difference - found.gradient[k]) < 1e-5)
    }
  }

  /// The fixed rules that come to mind do not resolve them: 40 nodes per parameter on the whole
  /// prior miss ln Z by more than the tolerance above.
  @Test func nodesOnTheWholePriorDoNotResolveThem() {
    let deviation = 1.0 / 100
    let rule = gaussLegendre(count: 40)
    let sum = zip(rule.nodes, rule.weights).reduce(0) { sum, node in
      let distance = (0.5 * (1 + node.0) - 0.3217) / deviation
      return sum + 0.5 * node.1 * exp(-0.5 * distance * distance)
    }
    #expect(abs(log(sum) - log(deviation) - 0.5 * log(2 * .pi)) > 1e-3)
  }

  @Test func productsAreSumsOfTerms() {
    for dimensions in 1...3 {
      var family = Self.family(dimensions, degree: 4)
      if dimensions == 2 { (family.pieces, family.mixedDegree) = (3, 3) }
      let readout = PosteriorReadout(family)
      let eta = Self.eta(family.termCount)
      let lists: [[Double]] = [[0, 0.2, 0.7], [0.5, 1], [0.1, 0.9]]
      let axes = Array(lists.prefix(dimensions))
      let points: [[Double]] = axes.reduce([[]]) { points, axis in
        points.flatMap { point in axis.map { point + [$0] } }
      }
      let found = readout.exponents(eta, quantiles: axes)
      #expect(found.count == points.count)
      for (value, point) in zip(found, points) {
        let expected = zip(eta, family.basis(quantiles: point)).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(value - expected) < 1e-12)
      }
    }
  }

  /// Without data the estimate is the prior's mean; numbers that overflow are no density.
  @Test func estimatesOfNoDataAndOfOverflow() {
    let family = Self.family(2, degree: 3)
    let readout = PosteriorReadout(family)
    let nothing = readout.estimates([Double](repeating: 0, count: family.termCount))
    #expect(abs(nothing[1] - 0.055) < 1e-12)
    #expect(abs(nothing[0] - (0.01 / log(101) - 1e-4)) < 1e-6)
    #expect(readout.posterior([Double](repeating: .nan, count: family.termCount)) == nil)
    let endless = readout.estimates([Double](repeating: .infinity, count: family.termCount))
    #expect(endless.count == 2 && endless.allSatisfy { $0.isNaN })
  }
}
