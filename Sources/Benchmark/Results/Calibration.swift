import TrainingRuns

/// What a mean error hides: where in the prior predictions are biased, whether they follow the
/// truth at all, and whether error bars are honest.
///
/// Bias:       the prior is cut into bins of equal width; the bias of a bin is the mean of
///             prediction − truth over the maps whose truth lies in it.
/// Slope:      of the straight line through (truth, prediction), b = Σ (t − t̄) p / Σ (t − t̄)².
///             Predictions without bias have 1, a constant has 0. A Bayesian estimate of scatter s
///             under a prior of variance v has 1 − s²/v: some shrinkage is right, and how much the
///             optimal estimator shows on the same maps. The standard error allows for a scatter
///             that depends on the truth, √(Σ (t − t̄)² r²) / Σ (t − t̄)² with the residuals r.
/// Bars:       see `Coverage`.
/// Checked by: CalibrationDefinitionTests, CalibrationPropertyTests.
package struct Calibration: Sendable {
  /// The maps whose truth lies in one part of the prior.
  package struct Bin: Sendable, Hashable {
    /// The part of the prior. A truth on the border of two bins belongs to the upper one.
    package let range: ClosedRange<Double>
    /// Number of maps.
    package let count: Int
    /// Mean of prediction − truth, in the parameter's unit; nil below two maps.
    package let bias: ValueWithError?
    /// Standard deviation of prediction − truth within the bin; nil below two maps.
    package let scatter: Double?

    /// The middle of the bin.
    package var centre: Double { (range.lowerBound + range.upperBound) / 2 }
    /// The bias in units of the scatter, the part of an error bar that it makes up.
    package var relativeBias: ValueWithError? { bias?.divided(by: scatter) }
  }

  /// Number of bins unless another is asked for.
  package static let standardBinCount = 15

  /// The bins in the order of the truth.
  package let bins: [Bin]
  /// The slope of predictions against truths; nil below three maps or without scatter of the
  /// truths.
  package let slope: ValueWithError?
  /// Coverage of one error bar and of two; empty for estimates without error bars.
  package let coverage: [Coverage]

  /// The calibration of some predictions.
  ///
  /// - Parameters:
  ///   - truths: one per map, within the prior.
  ///   - predictions: one per map.
  ///   - errorBars: one per map, or none.
  ///   - prior: the range of the truths.
  ///   - binCount: number of bins.
  package init(
    truths: [Double], predictions: [Double], errorBars: [Double] = [],
    prior: ClosedRange<Double>, binCount: Int = standardBinCount
  ) {
    precondition(
      truths.count == predictions.count && !truths.isEmpty,
      "\(predictions.count) predictions of \(truths.count) truths")
    precondition(
      binCount >= 1 && prior.lowerBound < prior.upperBound, "\(binCount) bins of \(prior)")
    bins = Self.bins(truths, predictions, prior, binCount)
    slope = Self.slope(truths, predictions)
    coverage =
      errorBars.isEmpty
      ? []
      : [1, 2].map {
        Coverage(bars: $0, truths: truths, predictions: predictions, standardErrors: errorBars)
      }
  }

  private static func bins(
    _ truths: [Double], _ predictions: [Double], _ prior: ClosedRange<Double>, _ count: Int
  ) -> [Bin] {
    let width = (prior.upperBound - prior.lowerBound) / Double(count)
    var deviations = [[Double]](repeating: [], count: count)
    for (truth, prediction) in zip(truths, predictions) {
      precondition(prior.contains(truth), "the truth \(truth) is outside the prior \(prior)")
      // The upper end of the prior belongs to the last bin.
      let place = min(Int((truth - prior.lowerBound) / width), count - 1)
      deviations[place].append(prediction - truth)
    }
    return deviations.enumerated().map { place, own in
      let bias = ValueWithError(meanOf: own)
      let low = prior.lowerBound + Double(place) * width
      return Bin(
        range: low...(place == count - 1 ? prior.upperBound : low + width), count: own.count,
        bias: bias,
        scatter: bias?.standardError.map { $0 * Double(own.count).squareRoot() })
    }
  }

  private static func slope(_ truths: [Double], _ predictions: [Double]) -> ValueWithError? {
    guard truths.count >= 3 else { return nil }
    let n = Double(truths.count)
    let meanTruth = truths.reduce(0, +) / n
    let meanPrediction = predictions.reduce(0, +) / n
    let centred = truths.map { $0 - meanTruth }
    let squares = centred.reduce(0) { $0 + $1 * $1 }
    guard squares > 0 else { return nil }
    let slope =
      zip(centred, predictions).reduce(0) { $0 + $1.0 * ($1.1 - meanPrediction) } / squares
    var variance = 0.0
    for (t, prediction) in zip(centred, predictions) {
      let residual = prediction - meanPrediction - slope * t
      variance += t * t * residual * residual
    }
    // Two parameters are fitted.
    return ValueWithError(
      slope, standardError: (variance * n / (n - 2)).squareRoot() / squares)
  }

  /// The standard deviation of prediction − truth over all bins, about the bias of each.
  package var scatter: Double? {
    let known = bins.filter { $0.scatter != nil }
    let count = known.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    let sum = known.reduce(0.0) { $0 + Double($1.count) * ($1.scatter ?? 0) * ($1.scatter ?? 0) }
    return (sum / Double(count)).squareRoot()
  }
}
