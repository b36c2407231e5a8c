import Foundation
import SpecialFunctions
import Testing

/// q(θ) and its inverse, densities, files and refusals of priors.
struct ParameterPriorTests {
  static let priors: [ParameterPrior] = [
    .uniform(0.03...0.08),
    .logUniform(0...0.01, offset: 1e-4),
    .gaussian(-1...3, mean: 0.5, standardDeviation: 0.8),
  ]

  @Test(arguments: priors)
  func quantileAndValueAreInverse(_ prior: ParameterPrior) {
    let width = prior.range.upperBound - prior.range.lowerBound
    #expect(prior.value(at: 0) == prior.range.lowerBound)
    #expect(prior.value(at: 1) == prior.range.upperBound)
    for k in 1..<40 {
      let q = Double(k) / 40
      let value = prior.value(at: q)
      #expect(abs(prior.quantile(of: value) - q) < 1e-13)
      #expect(abs(prior.value(at: prior.quantile(of: value)) - value) < 1e-13 * width)
    }
  }

  @Test(arguments: priors)
  func densityIsTheSlopeOfTheQuantile(_ prior: ParameterPrior) {
    for k in 1..<20 {
      let value = prior.value(at: Double(k) / 20)
      let h = 1e-5 * (prior.range.upperBound - prior.range.lowerBound)
      let slope = (prior.quantile(of: value + h) - prior.quantile(of: value - h)) / (2 * h)
      #expect(abs(slope / prior.density(at: value) - 1) < 2e-4)
    }
    #expect(prior.density(at: prior.range.upperBound + 1) == 0)
  }

  /// Half of a log-uniform prior lies below √(a b) − c; a normal distribution has 15.87 % below −σ.
  @Test func knownQuantiles() {
    let logarithmic = ParameterPrior.logUniform(0...0.01, offset: 1e-4)
    let middle = (1e-4 * 1.01e-2).squareRoot() - 1e-4
    #expect(abs(logarithmic.value(at: 0.5) - middle) < 1e-17)
    let normal = ParameterPrior.gaussian(-5...5, mean: 0, standardDeviation: 1)
    #expect(abs(normal.quantile(of: -1) - 0.158655253931457) < 3e-7)
    #expect(logarithmic.coordinate(of: 0.0009) == log(0.001))
    #expect(normal.coordinate(of: 0.7) == 0.7)
  }

  @Test(arguments: priors)
  func filesKeepThePrior(_ prior: ParameterPrior) throws {
    let data = try JSONEncoder().encode([prior])
    #expect(try JSONDecoder().decode([ParameterPrior].self, from: data) == [prior])
  }

  @Test func unusablePriorsAreRefused() {
    func error(_ prior: ParameterPrior) -> ParameterPriorError? {
      do {
        try prior.validate(name: "r")
        return nil
      } catch { return error }
    }
    for prior in Self.priors { #expect(error(prior) == nil) }
    #expect(error(.uniform(1...1)) == .emptyRange(name: "r", lower: 1, upper: 1))
    #expect(
      error(.logUniform(0...1, offset: 0)) == .badOffset(name: "r", offset: 0, lower: 0))
    #expect(
      error(.gaussian(0...1, mean: 0, standardDeviation: 0)) == .badDeviation(name: "r", found: 0))
    #expect(
      error(.gaussian(0...1, mean: 0, standardDeviation: 0.1)) == .tooWide(name: "r", most: 5))
    #expect("\(ParameterPriorError.tooWide(name: "r", most: 5))".contains("cut its range"))
  }
}
