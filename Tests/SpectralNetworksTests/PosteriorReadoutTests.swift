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

  @Test(arguments: [(1, 7), (2, 4), (3, 3)])
  func densityAndGradientAreThoseOfTheDefinition(_ dimensions: Int, _ degree: Int) {
    let family = Self.family(dimensions, degree: degree)
    let readout = PosteriorReadout(family)
    let eta = Self.eta(family.termCount)
    let values = family.priors.enumerated().map { $1.value(at: 0.3 + 0.2 * Double($0)) }
    let found = readout.negativeLogDensity(eta, at: values)
    let expected = readout.negativeLogDensityByDefinition(
      eta, at: values, steps: dimensions == 3 ? 48 : 160)
    #expect(abs(found.value - expected.value) < 1e-9)
    for (a, b) in zip(found.gradient, expected.gradient) { #expect(abs(a - b) < 1e-9) }
  }

  /// φ_k are orthonormal over the cube: the quadrature finds the unit matrix, and 0 for the mean.
  @Test(arguments: [(1, 9), (2, 5), (3, 3)])
  func basisIsOrthonormal(_ dimensions: Int, _ degree: Int) {
    let readout = PosteriorReadout(Self.family(dimensions, degree: degree))
    let (n, count) = (readout.nodeCount, readout.family.termCount)
    for i in 0..<count {
      for j in 0...i {
        var sum = 0.0
        for k in 0..<n {
          let product = readout.nodeBasis[i * n + k] * readout.nodeBasis[j * n + k]
          sum += readout.nodeWeights[k] * product
        }
        #expect(abs(sum - (i == j ? 1 : 0)) < 1e-12)
      }
    }
    #expect(readout.family.terms.count == count && Set(readout.family.terms).count == count)
  }

  @Test func productsAreSumsOfTerms() {
    for dimensions in 1...3 {
      let family = Self.family(dimensions, degree: 4)
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
