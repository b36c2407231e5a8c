import Foundation
import SpecialFunctions
import Testing

@testable import TrainingRuns

/// Figures of estimates, on numbers whose figures are known.
struct PointEvaluationTests {
  private static let prior = ParameterPrior.uniform(0...1)
  private static let truths = (0..<101).map { Double($0) / 100 }

  private static func parameter(
    _ values: [Double], exact: [Double] = [], prior: ParameterPrior = prior,
    standardErrors: [Double] = []
  ) -> PointEvaluation.Parameter {
    PointEvaluation.Parameter(
      name: "x", values: values, truths: truths, standardErrors: standardErrors, exact: exact,
      prior: prior)
  }

  /// A constant has slope 0 however small its error; an affine map of the truth has its factor.
  @Test func slopes() {
    let constant = Self.parameter(Self.truths.map { _ in 0.5 })
    // Rounding of 51 deviations that cancel.
    #expect(abs(constant.slope ?? 1) < 1e-14 && abs(constant.coordinateSlope ?? 1) < 1e-14)
    #expect(constant.mean == 0.5)
    // ⟨(k/100 − ½)²⟩ of 101 points is (101² − 1)/12/100².
    #expect(abs(constant.rmse - (10_200.0 / 12 / 10_000).squareRoot()) < 1e-14)
    let affine = Self.parameter(Self.truths.map { 0.1 + 0.37 * $0 })
    #expect(abs((affine.slope ?? 0) - 0.37) < 1e-13)
    #expect(abs((affine.coordinateSlope ?? 0) - 0.37) < 1e-13)
    #expect(abs(affine.bias - (0.1 - 0.63 / 2)) < 1e-14)
  }

  /// What leaves the middle half alone changes no slope.
  @Test func onlyTheMiddleHalfCounts() {
    let bent = Self.truths.map { (0.25...0.75).contains($0) ? $0 : 7 }
    #expect(abs((Self.parameter(bent).slope ?? 0) - 1) < 1e-13)
  }

  /// A power law has its exponent as the slope in the logarithm, and none of its own.
  @Test func theCoordinateIsThePriors() {
    let prior = ParameterPrior.logUniform(0...1, offset: 0.01)
    let values = Self.truths.map { pow($0 + 0.01, 0.5) - 0.01 }
    let own = Self.parameter(values, prior: prior)
    #expect(abs((own.coordinateSlope ?? 0) - 0.5) < 1e-12)
    #expect((own.slope ?? 0) > 0.6)
    // Below −c there is no logarithm.
    #expect(Self.parameter(Self.truths.map { $0 - 1 }, prior: prior).coordinateSlope == nil)
  }

  /// Ratio and standard error: twice the exact error, map by map, is a ratio of 2 without scatter.
  @Test func ratiosArePaired() throws {
    let errors = Self.truths.indices.map { 0.01 * sin(Double($0)) }
    let exact = zip(Self.truths, errors).map { $0 + $1 }
    let own = Self.parameter(zip(Self.truths, errors).map { $0 + 2 * $1 }, exact: exact)
    #expect(abs((own.ratio ?? 0) - 2) < 1e-12 && (own.ratioStandardError ?? 1) < 1e-12)
    #expect(own.exactRMSE.map { abs($0 - own.rmse / 2) < 1e-15 } == true)
    #expect(Self.parameter(exact).ratio == nil)
  }

  @Test func coverageOfBars() throws {
    let values = Self.truths.map { $0 + 0.02 }
    let bars = Self.truths.indices.map { $0 % 2 == 0 ? 0.015 : 0.03 }
    let coverage = try #require(Self.parameter(values, standardErrors: bars).coverage)
    #expect(coverage.map(\.covered) == [50, 101])
    #expect(Self.parameter(values).coverage == nil)
  }

  /// Maps of one truth have no slope.
  @Test func oneTruthHasNoSlope() {
    let own = PointEvaluation.Parameter(
      name: "x", values: [0.4, 0.5, 0.7], truths: [0.5, 0.5, 0.5], prior: Self.prior)
    #expect(own.slope == nil && own.coordinateSlope == nil && abs(own.mean - 1.6 / 3) < 1e-15)
  }
}
