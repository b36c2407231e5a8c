import Foundation
import RandomFields
import SkyModels
import Testing
import Verification

@testable import Baselines

@Suite("No estimator beats the limit, with several parameters")
struct SeveralParametersTests {

  /// Estimates of both T2 parameters on the same skies.
  private func skies(_ count: Int) throws -> (truths: [[Double]], estimates: [ParameterEstimates]) {
    let model = UncorrelatedModel.polarisationPeaks()
    let likelihood = try FactorisedLikelihood(model)
    let grids = try likelihood.grids(count: 601)
    var truths: [[Double]] = []
    var estimates: [ParameterEstimates] = []
    for k in 0..<count {
      let key = MapKey(seed: 321, split: .test, index: UInt64(k))
      let truth = model.parameters.enumerated().map { i, parameter in
        drawParameter(in: parameter.range, key: key, component: i)
      }
      let realised = zip(likelihood.factors, truth).map {
        BayesLimit.drawRealisedSpectra($0, at: $1, key: key)
      }
      truths.append(truth)
      estimates.append(try FactorisedLikelihood.estimates(realised: realised, grids: grids))
    }
    return (truths, estimates)
  }

  private func columns(_ rows: [[Double]]) -> [[Double]] {
    (0..<2).map { i in rows.map { $0[i] } }
  }

  /// Posterior mean, maximum likelihood and a noisy copy of the optimal estimate lie above the
  /// optimum on the same 2000 skies, or below it by less than four paired standard errors.
  /// Negative control: predictions that know a tenth of the truth. Blind to: leaks that change the
  /// error by less than about a percent.
  @Test("Paired, parameter by parameter")
  func paired() throws {
    let (truths, estimates) = try skies(2000)
    let optimal = columns(estimates.map(\.optimal))
    var numbers = TestNumbers(seed: 322)
    let noisy = optimal.map { list in list.map { $0 * (1 + 0.002 * numbers.normal()) } }
    let honest = [
      columns(estimates.map(\.posteriorMean)), columns(estimates.map(\.maximumLikelihood)), noisy,
    ]
    for predictions in honest {
      let comparisons = try PairedComparison.each(
        truths: columns(truths), predictions: predictions, optimal: optimal)
      #expect(comparisons.count == 2)
      for comparison in comparisons {
        #expect(comparison.deviationsBelowOne < 4, "\(comparison)")
      }
    }
    let leaking = zip(optimal, columns(truths)).map { estimates, truths in
      zip(estimates, truths).map { 0.9 * $0 + 0.1 * $1 }
    }
    for comparison in try PairedComparison.each(
      truths: columns(truths), predictions: leaking, optimal: optimal)
    {
      #expect(comparison.deviationsBelowOne > 4)
    }
  }

  @Test("Lists that do not match")
  func refusals() {
    #expect(throws: BaselineError.parametersDiffer(found: 1, expected: 2)) {
      try PairedComparison.each(
        truths: [[1, 2], [1, 2]], predictions: [[1, 2]], optimal: [[1, 2], [1, 2]])
    }
    #expect(throws: BaselineError.parametersDiffer(found: 3, expected: 1)) {
      try PairedComparison.each(
        truths: [[1, 2]], predictions: [[1, 2]], optimal: [[1, 2], [1, 2], [1, 2]])
    }
  }
}
