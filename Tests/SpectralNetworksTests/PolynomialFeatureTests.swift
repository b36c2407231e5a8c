import Testing
import Verification

@testable import SpectralNetworks

/// The polynomial features, their number, their gradient, and the whitening before them.
@Suite("Polynomial features")
struct PolynomialFeatureTests {
  /// n; n + n (n + 1)/2; n + n (n + 1)/2 + n (min(3, n) + min(2, n)).
  @Test("Number of features", arguments: [1, 2, 3, 4, 7])
  func count(n: Int) {
    let expected = [n, n + n * (n + 1) / 2, n + n * (n + 1) / 2 + n * (min(3, n) + min(2, n))]
    for degree in 1...3 {
      let features = PolynomialFeatures(variables: n, degree: degree)
      #expect(features.count == expected[degree - 1])
      #expect(features.forward([Double](repeating: 1, count: n)).count == features.count)
    }
  }

  /// t = (2, 3, 5, 7): each feature is recognised by its prime factors.
  @Test("The features in their order")
  func order() {
    let t = [2.0, 3, 5, 7]
    let pairs = [4.0, 6, 10, 14, 9, 15, 21, 25, 35, 49]
    let squares = [4.0, 9, 25].flatMap { square in t.map { $0 * square } }
    let cubes = [8.0, 27].flatMap { cube in t.map { $0 * cube } }
    #expect(PolynomialFeatures(variables: 4, degree: 1).forward(t) == t)
    #expect(PolynomialFeatures(variables: 4, degree: 2).forward(t) == t + pairs)
    #expect(PolynomialFeatures(variables: 4, degree: 3).forward(t) == t + pairs + squares + cubes)
  }

  static let schemes = [
    PolynomialFeatures(variables: 1, degree: 3), PolynomialFeatures(variables: 2, degree: 3),
    PolynomialFeatures(variables: 5, degree: 1), PolynomialFeatures(variables: 5, degree: 2),
    PolynomialFeatures(variables: 5, degree: 3),
    PolynomialFeatures(variables: 5, degree: 4, leaders: 2),
  ]

  /// Products of at most four numbers; sums of as many terms as a variable has features. Control:
  /// the gradient at another place.
  @Test("Features and gradients are those of the list of exponents", arguments: schemes.indices)
  func exponents(scheme: Int) {
    let features = Self.schemes[scheme]
    var numbers = TestNumbers(seed: 17)
    let (t, other) = (numbers.normals(features.variables), numbers.normals(features.variables))
    let c = numbers.normals(features.count)
    let bound = RoundingBound.probable(operations: 8 * features.count)
    #expect(relativeError(features.forward(t), features.forwardByDefinition(t)) <= bound)
    let gradient = features.backwardByDefinition(c, saved: t)
    #expect(relativeError(features.backward(c, saved: t), gradient) <= bound)
    if features.degree > 1 {
      #expect(relativeError(features.backward(c, saved: other), gradient) > 1000 * bound)
    }
  }

  /// All elements of t. Polynomials of degree 4 at most: no truncation error.
  @Test("Gradients", arguments: 1...3, [1, 2, 5])
  func gradients(degree: Int, n: Int) {
    let features = PolynomialFeatures(variables: n, degree: degree)
    var numbers = TestNumbers(seed: UInt64(10 * n + degree))
    let t = numbers.normals(n)
    let c = numbers.normals(features.count)
    func check(_ gradient: [Double]) -> GradientCheck {
      GradientCheck(
        gradient, at: t, evaluationError: RoundingBound.probable(operations: 16 * features.count)
      ) { (t: [Double]) in
        zip(features.forward(t), c).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    let gradient = features.backward(c, saved: t)
    let found = check(gradient)
    #expect(found.relativeL2 <= found.differencingBound, "\(found)")
    #expect(found.differencingBound < 1e-8, "the check is weak: \(found)")
    guard degree > 1 else { return }
    // Without the derivative of the second factor of t_j t_k.
    var forgotten = gradient
    var place = n
    for j in 0..<n {
      for k in j..<n {
        forgotten[k] -= c[place] * t[j]
        place += 1
      }
    }
    let control = check(forgotten)
    #expect(control.relativeL2 > 1000 * control.differencingBound, "\(control)")
  }

  /// With leaders: n + L (degree − 1) n − [degree > 1] L (L − 1)/2, t_j t_k^d in the order of d, k,
  /// j.
  @Test("Features with leaders")
  func leaders() {
    let t = [2.0, 3, 5, 7]
    let one = PolynomialFeatures(variables: 4, degree: 3, leaders: 1)
    #expect(one.forward(t) == t + [4, 6, 10, 14] + [8, 12, 20, 28])
    let two = PolynomialFeatures(variables: 4, degree: 3, leaders: 2)
    #expect(
      two.forward(t) == t + [4, 6, 10, 14] + [9, 15, 21] + [8, 12, 20, 28] + [18, 27, 45, 63])
    for features in [one, two, PolynomialFeatures(variables: 4, degree: 4, leaders: 4)] {
      #expect(features.forward(t).count == features.count)
    }
    #expect(PolynomialFeatures(variables: 4, degree: 1, leaders: 2).forward(t) == t)
  }

  /// As `gradients`, for polynomials of degree 5 at most in one variable.
  @Test("Gradients with leaders", arguments: 2...4, [1, 3])
  func leaderGradients(degree: Int, leaders: Int) {
    let features = PolynomialFeatures(variables: 5, degree: degree, leaders: leaders)
    var numbers = TestNumbers(seed: UInt64(10 * leaders + degree))
    let t = numbers.normals(5)
    let c = numbers.normals(features.count)
    func check(_ gradient: [Double]) -> GradientCheck {
      GradientCheck(
        gradient, at: t, evaluationError: RoundingBound.probable(operations: 16 * features.count)
      ) { (t: [Double]) in
        zip(features.forward(t), c).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    let found = check(features.backward(c, saved: t))
    #expect(found.relativeL2 <= found.differencingBound, "\(found)")
    var wrong = features.backward(c, saved: t)
    wrong[0] -= c[5] * t[0]
    let control = check(wrong)
    #expect(control.relativeL2 > 1000 * control.differencingBound, "\(control)")
  }

  /// t = R (z − z_0) on integers, exact; rows of R are components.
  @Test("Whitening")
  func whitening() throws {
    var network = try IsotropicNetwork<Double>(.small([3], channels: 1), seed: 1)
    network.installWhitening(mean: [1, 2, 3], rotation: [1, 0, 2, 0, -1, 0, 3, 1, 0])
    #expect(network.whiten([[2, 4, 7], [1, 2, 4]]) == [[1 + 8, -2, 3 + 2], [2, 0, 0]])
    let features = PolynomialFeatures(variables: 3, degree: 1)
    #expect(
      network.whiten([[2, 4, 7]])[0]
        == features.whitenedByDefinition(
          [2, 4, 7], mean: [1, 2, 3], rotation: [1, 0, 2, 0, -1, 0, 3, 1, 0]))
    // The transposed rotation would give (13, 0, 2).
    #expect(network.whiten([[2, 4, 7]]) != [[13, 0, 2]])
  }

  /// The pooled channels of every map, `[map][channel]`: the dense layers by their formula,
  /// W₃ max(W₀ z + b₀, 0) + b₃, make the prediction of them. More maps than go through at once.
  @Test("Features of the published network")
  func publishedFeatures() throws {
    let network = try PublishedNetwork<Double>.random(.small(blocks: 1, channels: 1), seed: 71)
    let (count, n, dense) = (33, network.featureCount, network.denseLayers)
    let maps = randomMaps(nside: 4, lanes: count, seed: 72, as: Double.self)
    let features = network.readoutFeatures(maps, count: count, threads: 2)
    try #require(features.count == count * n)
    func linear(_ x: [Double], _ weights: [Double], _ bias: [Double]) -> [Double] {
      bias.indices.map { o in
        x.indices.reduce(bias[o]) { $0 + weights[o * x.count + $1] * x[$1] }
      }
    }
    func outputs(_ features: [Double]) -> [Double] {
      (0..<count).flatMap { map in
        let z = Array(features[map * n..<(map + 1) * n])
        let hidden = linear(z, dense[0], dense[1]).map { max($0, 0) }
        return linear(hidden, dense[2], dense[3])
      }
    }
    let found = network.predict(maps, count: count, threads: 2)
    let bound = RoundingBound.probable(operations: 256)
    #expect(relativeError(found, outputs(features)) <= bound)
    // Control: the features of the maps in another order.
    #expect(relativeError(found, outputs(features.reversed())) > 1000 * bound)
  }

  /// Weights given as [feature][output] predict Σ_k feature_k w_ko + b_o.
  @Test("Installing a readout")
  func installing() throws {
    var network = try IsotropicNetwork<Double>.random(.small([3], channels: 1), seed: 2)
    let maps = randomMaps(nside: 4, lanes: 2, seed: 3, as: Double.self)
    let features = network.readoutFeatures(maps, count: 2, threads: 1)
    let n = network.featureCount
    var numbers = TestNumbers(seed: 4)
    let (weights, bias) = (numbers.normals(2 * n), numbers.normals(2))
    network.installReadout(weights: weights, bias: bias)
    let expected = (0..<2).flatMap { map in
      (0..<2).map { o in
        (0..<n).reduce(bias[o]) { $0 + features[map * n + $1] * weights[2 * $1 + o] }
      }
    }
    let bound = RoundingBound.probable(operations: 4 * n)
    #expect(relativeError(network.predict(maps, count: 2, threads: 1), expected) <= bound)
    #expect(network.readoutFeatures(maps, count: 2, threads: 1) == features)
  }
}
