import Benchmark

/// The mean |prediction - truth|/truth in parts of the prior.
///
/// Definition: the prior is cut into bins of equal width, as `Calibration` does; of every bin with
///             at least `leastMaps` maps the mean of 100 |p - t|/t over its maps and the standard
///             error s/√n.
/// Checked by: BinnedErrorsTests.
package struct BinnedErrors: Sendable {
  /// Fewest maps of a bin that is shown: the standard error of fewer is itself uncertain by more
  /// than a fifth.
  package static let leastMaps = 12

  /// The middle of every bin that is shown.
  package let centres: [Double]
  /// Means, percent.
  package let errors: [ValueWithError]

  /// The errors of some predictions of truths within the prior.
  package init(
    truths: [Double], predictions: [Double], prior: ClosedRange<Double>,
    binCount: Int = Calibration.standardBinCount
  ) {
    precondition(truths.count == predictions.count, "\(predictions.count) of \(truths.count)")
    let width = (prior.upperBound - prior.lowerBound) / Double(binCount)
    var bins = [[Double]](repeating: [], count: binCount)
    for (truth, prediction) in zip(truths, predictions) {
      precondition(prior.contains(truth), "the truth \(truth) is outside the prior \(prior)")
      let place = min(Int((truth - prior.lowerBound) / width), binCount - 1)
      bins[place].append(100 * abs(prediction - truth) / truth)
    }
    var centres: [Double] = []
    var errors: [ValueWithError] = []
    for (place, own) in bins.enumerated() where own.count >= Self.leastMaps {
      guard let mean = ValueWithError(meanOf: own) else { continue }
      centres.append(prior.lowerBound + (Double(place) + 0.5) * width)
      errors.append(mean)
    }
    self.centres = centres
    self.errors = errors
  }
}
