import Foundation
import SpectralNetworks
import Testing
import Verification

@testable import ReadoutFits

@Suite("Fit of a density readout")
struct DensityFitTests {
  /// θ uniform in 5...20, x normal about (θ − 12.5)/4 with variance 1, and a feature that says
  /// nothing. Then ln p(θ | x) = x (θ − 12.5)/4 − (θ − 12.5)²/32 + …: of degree 2, its coefficients
  /// linear in x.
  struct Problem {
    var x: [Double] = []
    var thetas: [Double] = []
    var features: [Double] = []

    init(maps: Int, seed: UInt64 = 3) {
      var numbers = TestNumbers(seed: seed)
      for _ in 0..<maps {
        let theta = numbers.uniform(5, 20)
        let value = (theta - 12.5) / 4 + numbers.normal()
        x.append(value)
        thetas.append(theta)
        features += [3 + 100 * value, numbers.normal()]
      }
    }

    func source(_ targets: [Double]? = nil) -> StoredFeatures {
      StoredFeatures(
        features: features, targets: targets ?? thetas, featureCount: 2, outputCount: 1)
    }

    /// The exact posterior relative to the prior, mean ln p over the maps.
    var meanLogPosterior: Double {
      let n = 3000
      var sum = 0.0
      for (x, theta) in zip(x, thetas) {
        func log(_ t: Double) -> Double { x * (t - 12.5) / 4 - (t - 12.5) * (t - 12.5) / 32 }
        var z = 0.0
        for k in 0..<n { z += exp(log(5 + 15 * (Double(k) + 0.5) / Double(n))) / Double(n) }
        sum += log(theta) - Foundation.log(z)
      }
      return sum / Double(x.count)
    }
  }

  /// The posterior is in the family. The fit is at least as likely on its maps as the truth, and by
  /// [Wilks1938] the gain of its six coefficients, 2 N Δ, is χ² with six degrees of freedom: above
  /// 38 with probability 10⁻⁶. Ten iterations gain less than 10⁻⁷ at the end. Controls: targets of
  /// other maps, and a family without the quadratic term.
  @Test("Finds the exact posterior")
  func findsPosterior() throws {
    let problem = Problem(maps: 20_000)
    let exact = problem.meanLogPosterior
    let options = DensityFitOptions(tolerance: 1e-7)
    func fitted(_ degree: Int, _ targets: [Double]? = nil) throws -> DensityFitReport {
      try DensityFit(
        problem.source(targets), family: DensityFamily(degree: degree, range: 5...20),
        options: options, threads: 2
      ).report
    }
    let report = try fitted(2)
    let bound = 38 / (2 * 20_000.0)
    #expect(report.hasConverged && report.unknowns == 6)
    #expect(report.meanLogDensity >= exact - 1e-7)
    #expect(report.meanLogDensity <= exact + bound)
    let shuffled = Array(problem.thetas[1...] + problem.thetas[..<1])
    #expect(try fitted(2, shuffled).meanLogDensity < exact - 300 * bound)
    #expect(try fitted(1).meanLogDensity < exact - 50 * bound)
  }

  /// Estimates of the fitted readout against medians of the exact posterior, weighted by 1/θ:
  /// coefficients of N maps err by 1/√N of the posterior's width, 4/√N, times a few in the tails.
  @Test("Its weights are for features as they come")
  func predicts() throws {
    let problem = Problem(maps: 4000)
    let family = DensityFamily(degree: 2, range: 5...20)
    let fit = try DensityFit(
      problem.source(), family: family, options: DensityFitOptions(tolerance: 1e-7), threads: 2)
    let readout = DensityReadout(family)
    let bound = 10 * 4 / 4000.0.squareRoot()
    for x in [-1.5, 0, 1.2] {
      let features = [3 + 100 * x, 0]
      let eta = (0..<2).map { j in
        fit.bias[j] + features[0] * fit.weights[j] + features[1] * fit.weights[2 + j]
      }
      // −(θ − 12.5)²/32 + x (θ − 12.5)/4, θ − 12.5 = 7.5 u, in the basis √3 u, √5 (3u² − 1)/2.
      let exact = [x * 7.5 / 4 / 3.0.squareRoot(), -7.5 * 7.5 / 48 / 5.0.squareRoot()]
      #expect(abs(readout.estimate(eta) - readout.estimate(exact)) <= bound)
    }
  }

  /// Threads change no bit; the gradient of the objective is that of its value, along two random
  /// directions, by central differences.
  @Test("Objective: threads and gradient")
  func objective() throws {
    let problem = Problem(maps: 1000)
    let family = DensityFamily(degree: 4, range: 5...20)
    let one = try DensityFit(problem.source(), family: family, threads: 1)
    #expect(try DensityFit(problem.source(), family: family, threads: 2) == one)
    let objective = try DensityObjective(
      problem.source(), family: family, ridge: 0.1, threads: 2)
    var numbers = TestNumbers(seed: 4)
    let point = numbers.normals(objective.start.count)
    let check = GradientCheck(
      objective.evaluate(point).gradient, at: point, along: .directions(count: 2, seed: 5),
      stencil: .fourPoint, evaluationError: RoundingBound.probable(operations: 1000)
    ) { objective.evaluate($0).value }
    #expect(check.relativeL2 <= 8 * check.differencingBound)
    let wrong = GradientCheck(
      objective.evaluate(point, penalised: false).gradient, at: point,
      along: .directions(count: 2, seed: 5), stencil: .fourPoint,
      evaluationError: RoundingBound.probable(operations: 1000)
    ) { objective.evaluate($0).value }
    #expect(wrong.relativeL2 > 1000 * wrong.differencingBound)
  }

  /// ridge/2 Σ w² over the weights of the features, not of the constant, which come first; its
  /// gradient is ridge w. Control: the sum without the first of them.
  @Test("The penalty of the objective")
  func penalty() throws {
    let family = DensityFamily(degree: 4, range: 5...20)
    let objective = try DensityObjective(
      Problem(maps: 200).source(), family: family, ridge: 0.25, threads: 1)
    let constants = objective.start.count / 3
    let weights = objective.start.indices.map { Double(1 + $0 % 7) / 8 }
    let (with, without) = (
      objective.evaluate(weights), objective.evaluate(weights, penalised: false)
    )
    let squares = weights.dropFirst(constants).map { $0 * $0 }
    let expected = 0.125 * squares.reduce(0, +)
    let bound = 64 * Double.ulpOfOne * (1 + abs(with.value))
    #expect(abs(with.value - without.value - expected) <= bound)
    #expect(0.125 * squares[0] > 1000 * bound)
    for i in weights.indices {
      let slope = i < constants ? 0 : 0.25 * weights[i]
      let size = 1 + abs(with.gradient[i])
      #expect(
        abs(with.gradient[i] - without.gradient[i] - slope) <= 8 * Double.ulpOfOne * size, "\(i)")
    }
  }

  @Test("Refusals")
  func refusals() {
    let family = DensityFamily(degree: 2, range: 5...20)
    func fit(_ features: [Double], _ targets: [Double]) throws {
      _ = try DensityFit(
        StoredFeatures(features: features, targets: targets, featureCount: 1, outputCount: 1),
        family: family, threads: 1)
    }
    let targets = [6.0, 7, 8, 9, 10]
    #expect(throws: ClosedFormError.unusableTarget(map: 3, output: 0, value: 21)) {
      try fit([1, 2, 3, 4, 5], [6, 7, 8, 21, 10])
    }
    #expect(throws: ClosedFormError.self) { try fit([1, 2, .nan, 4, 5], targets) }
    #expect(throws: ClosedFormError.tooFewMaps(found: 2, unknowns: 2)) {
      try fit([1, 2], [6, 7])
    }
  }
}
