import Foundation
import SpecialFunctions
import Testing
import Verification

@testable import SpectralNetworks

@Suite("Densities whose logarithm is a polynomial")
struct DensityReadoutTests {
  private let family = DensityFamily(degree: 6, range: 5...20)

  /// ½ ∫ φ_j φ_k du = δ_jk: the rule is exact for these polynomials, its sums are of n terms of
  /// size up to
  /// φ_j φ_k w ≤ (2j + 1) w.
  @Test("The basis is orthonormal under the prior")
  func orthonormal() {
    let readout = DensityReadout(family)
    let n = DensityReadout.nodeCount
    let bound = 13 * 16 * Double.ulpOfOne * Double(n).squareRoot()
    for j in 0..<family.degree {
      for k in 0..<family.degree {
        var sum = 0.0
        for node in 0..<n {
          sum +=
            readout.nodeWeights[node] * readout.nodeBasis[j * n + node]
            * readout.nodeBasis[k * n + node]
        }
        #expect(abs(sum - (j == k ? 1 : 0)) <= bound, "φ_\(j + 1) φ_\(k + 1)")
      }
    }
    // Negative control: a polynomial that is not in the family.
    var wrong = 0.0
    for node in 0..<n { wrong += readout.nodeWeights[node] * readout.nodeBasis[node] }
    #expect(abs(wrong) <= bound)
    for node in 0..<n {
      wrong += readout.nodeWeights[node] * abs(readout.nodeBasis[node])
    }
    #expect(wrong > 1000 * bound)
  }

  /// What is not finite is no density, and no estimate either. Control: large finite parameters are
  /// one.
  @Test("Parameters that are not finite")
  func notFinite() {
    let readout = DensityReadout(family)
    for wrong in [Double.nan, .infinity, -.infinity] {
      for place in 0..<family.degree {
        var eta = [Double](repeating: 0.1, count: family.degree)
        eta[place] = wrong
        #expect(readout.estimate(eta).isNaN, "η_\(place + 1) = \(wrong)")
      }
    }
    let large = [Double](repeating: Double(Float.greatestFiniteMagnitude), count: family.degree)
    #expect(readout.estimate(large).isFinite)
  }

  /// With η_1 alone p = exp(a u) a/sinh(a), a = √3 η_1. Rounding: of exponents of size a, and of
  /// the sum.
  @Test("An exponential", arguments: [0.3, -2.0, 12.0])
  func exponential(eta: Double) {
    let one = DensityFamily(degree: 1, range: 5...20)
    let readout = DensityReadout(one)
    let a = 3.0.squareRoot() * eta
    let theta = 7.7
    let expected = log(sinh(a) / a) - a * one.scaled(theta)
    let bound = 64 * Double.ulpOfOne * (1 + abs(a))
    #expect(abs(readout.negativeLogDensity([eta], at: theta).value - expected) <= bound)
    let wrong = log(sinh(eta) / eta) - eta * one.scaled(theta)
    #expect(abs(wrong - expected) > 1000 * bound)
  }

  /// The table of p(θ | η) has the logarithm Σ η_j φ_j(u) up to a constant, here with Legendre's
  /// φ_1 = √3 u and φ_2 = √5 (3u² − 1)/2. Rounding: of exponents of size up to 6. Control: the last
  /// term left out.
  @Test("The tabulated density")
  func tabulated() {
    let eta = [0.8, -1.1]
    let posterior = DensityReadout(DensityFamily(degree: 2, range: 5...20)).posterior(eta)
    func logarithm(_ theta: Double, _ eta: [Double]) -> Double {
      let u = (theta - 12.5) / 7.5
      return 3.0.squareRoot() * eta[0] * u + 5.0.squareRoot() * eta[1] * (3 * u * u - 1) / 2
    }
    let last = posterior.parameters.count - 1
    for k in [0, last / 5, last / 2, last] {
      let theta = posterior.parameters[k]
      let found = log(posterior.density[k] / posterior.density[last / 3])
      func expected(_ eta: [Double]) -> Double {
        logarithm(theta, eta) - logarithm(posterior.parameters[last / 3], eta)
      }
      let bound = 256 * Double.ulpOfOne
      #expect(abs(found - expected(eta)) <= bound, "θ = \(theta)")
      #expect(abs(expected([eta[0], 0]) - expected(eta)) > 1000 * bound)
    }
  }

  /// A normal density in the middle, as narrow as the nodes are apart: the sum over nodes h apart
  /// errs by 2 exp(−2π² σ²/h²), 5·10⁻⁹ for σ = h [TrefethenWeideman2014, sec. 4]. The control has a
  /// third of that width.
  @Test("Narrow peaks are resolved")
  func narrowPeak() {
    let quadratic = DensityFamily(degree: 2, range: 5...20)
    let readout = DensityReadout(quadratic)
    func error(_ sigma: Double) -> Double {
      let center = 0.0137
      // −(u − c)²/2σ² in the basis √3 u, √5 (3u² − 1)/2; the constant goes into Z.
      let eta = [
        center / (sigma * sigma) / 3.0.squareRoot(), -1 / (3 * sigma * sigma) / 5.0.squareRoot(),
      ]
      let theta = 12.5 + 7.5 * (center + sigma)
      // Relative to the prior, 1/2 in u.
      let expected = 0.5 + log(sigma * (2 * Double.pi).squareRoot() / 2)
      return abs(readout.negativeLogDensity(eta, at: theta).value - expected)
    }
    let spacing = Double.pi / Double(DensityReadout.nodeCount)
    #expect(error(spacing) <= 1e-8)
    #expect(error(spacing / 3) > 1e-5)
  }

  /// Against another rule: both are exact but for rounding, of exponents of size Σ |η_j| √(2j + 1)
  /// and of sums of n terms. Control: the last coefficient left out.
  @Test("Equals its definition", arguments: [1, 3, 10])
  func definition(degree: Int) {
    let readout = DensityReadout(DensityFamily(degree: degree, range: 0.03...0.08))
    var numbers = TestNumbers(seed: UInt64(degree))
    for _ in 0..<5 {
      let eta = numbers.normals(degree).map { 3 * $0 }
      let theta = numbers.uniform(0.03, 0.08)
      let size = eta.enumerated().reduce(1) {
        $0 + abs($1.element) * Double(2 * $1.offset + 3).squareRoot()
      }
      let bound = 64 * Double.ulpOfOne * size
      let (found, expected) = (
        readout.negativeLogDensity(eta, at: theta),
        readout.negativeLogDensityByDefinition(eta, at: theta)
      )
      #expect(abs(found.value - expected.value) <= bound)
      for (x, y) in zip(found.gradient, expected.gradient) {
        #expect(abs(x - y) <= bound * Double(2 * degree + 1).squareRoot())
      }
      let less = readout.negativeLogDensityByDefinition(eta.dropLast() + [0], at: theta)
      #expect(abs(found.value - less.value) > 1000 * bound)
    }
  }

  /// ∂(−ln p)/∂η = ⟨φ⟩ − φ(θ), against central differences of step h: h² times a third derivative,
  /// which is at most the cube of the largest φ, 13^1.5 = 47, and 2u |−ln p|/h of rounding. Blind
  /// to: errors that value and gradient share.
  @Test("Gradient and convexity")
  func gradient() {
    let readout = DensityReadout(family)
    var numbers = TestNumbers(seed: 5)
    let h = 1e-4
    let bound = h * h * 47 / 6 * 8 + 64 * Double.ulpOfOne * 10 / h
    for _ in 0..<5 {
      let (eta, other) = (numbers.normals(6), numbers.normals(6))
      let theta = numbers.uniform(5, 20)
      let gradient = readout.negativeLogDensity(eta, at: theta).gradient
      for j in eta.indices {
        var (above, below) = (eta, eta)
        above[j] += h
        below[j] -= h
        let difference =
          (readout.negativeLogDensity(above, at: theta).value
            - readout.negativeLogDensity(below, at: theta).value) / (2 * h)
        #expect(abs(difference - gradient[j]) <= bound)
      }
      // Negative control: the gradient of ln Z alone.
      let basis = readout.basis(at: theta)
      #expect(basis.contains { abs($0) > 1000 * bound })
      let there = readout.negativeLogDensity(other, at: theta).gradient
      let slope = eta.indices.reduce(0) {
        $0 + (eta[$1] - other[$1]) * (gradient[$1] - there[$1])
      }
      #expect(slope > 0)
    }
  }

  /// The estimate minimises the mean of |x − θ|/θ under the density: a step either way raises it.
  @Test("The estimate is the optimal one")
  func estimate() {
    let readout = DensityReadout(family)
    var numbers = TestNumbers(seed: 6)
    let eta = numbers.normals(6)
    let posterior = readout.posterior(eta)
    let best = readout.estimate(eta)
    func expectation(_ x: Double) -> Double {
      zip(posterior.parameters, posterior.density).reduce(0) {
        $0 + abs(x - $1.0) / $1.0 * $1.1
      }
    }
    let least = expectation(best)
    for step in [-0.3, -0.05, 0.05, 0.3] { #expect(expectation(best + step) > least) }
    #expect(readout.estimate([Double](repeating: 0, count: 6)) != best)
    // The prior: √(5 · 20).
    let flat = readout.estimate([Double](repeating: 0, count: 6))
    #expect(abs(flat - 10) <= 0.0125 * 0.0125)
  }
}
