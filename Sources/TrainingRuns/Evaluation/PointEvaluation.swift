import Models
import SpecialFunctions
import SpectralNetworks
import Tasks
import Training

/// How good the estimates of a model of a table of spectra are whose network gives no posterior,
/// beside the exact posterior means of the same maps where there are some.
///
/// Definition: e = θ̂ − θ, the estimate against the truth, in the parameter's unit. Of every
///             parameter
///                 rmse, mean, bias  √⟨e²⟩, ⟨θ̂⟩, ⟨e⟩
///                 slope             of θ̂ against θ (`responseSlope`): 0 for a network that answers
///                                   a constant
///                 coordinate slope  of u(θ̂) against u(θ), u the coordinate
///                                   `PublishedTargets.quantile`, in which the network is trained
///                 coverage          share of truths within one error bar and within two
///                 ratio             of the rmse to that of the exact posterior means, paired map
///                                   by map as in `PosteriorEvaluation`
/// Blind to:   a small rmse at one point of the prior: a constant has it, too, where it happens to
///             lie. The slopes see that.
/// Checked by: PointEvaluationTests, PublishedTableTests.
public struct PointEvaluation: Sendable {
  /// One parameter.
  public struct Parameter: Sendable {
    public var name: String
    public var rmse: Double
    public var mean: Double
    public var bias: Double
    /// Nil for maps of one truth.
    public var slope: Double?
    public var coordinateSlope: Double?
    /// Of one error bar and of two; nil for a model without error bars.
    public var coverage: [Coverage]?
    /// Of the exact posterior means on the same maps.
    public var exactRMSE: Double?
    public var exactSlope: Double?
    public var ratio: Double?
    public var ratioStandardError: Double?

    /// The figures of some estimates.
    ///
    /// - Parameters:
    ///   - name: the parameter's name.
    ///   - values: the estimates; at least two.
    ///   - truths: one per estimate.
    ///   - standardErrors: the error bars, or none.
    ///   - exact: the exact posterior means, or none.
    ///   - prior: the parameter's prior.
    public init(
      name: String, values: [Double], truths: [Double], standardErrors: [Double] = [],
      exact: [Double] = [], prior: ParameterPrior
    ) {
      precondition(
        values.count == truths.count && values.count >= 2,
        "\(values.count) estimates of \(truths.count) truths")
      let count = Double(values.count)
      func square(_ errors: [Double]) -> Double { errors.reduce(0) { $0 + $1 * $1 } / count }
      let errors = zip(values, truths).map { $0 - $1 }
      let own = square(errors)
      let targets = PublishedTargets.quantile
      self.name = name
      rmse = own.squareRoot()
      mean = values.reduce(0, +) / count
      bias = errors.reduce(0, +) / count
      slope = responseSlope(values, truths: truths, prior: prior)
      // Of a log-uniform prior u is the logarithm, which is not a number below −c.
      coordinateSlope = responseSlope(
        values.map { targets.coordinate(of: $0, prior: prior) }, truths: truths, prior: prior
      ) { targets.coordinate(of: $0, prior: prior) }.flatMap { $0.isFinite ? $0 : nil }
      coverage =
        standardErrors.isEmpty
        ? nil
        : (1...2).map {
          Coverage(
            bars: $0, truths: truths, predictions: values, standardErrors: standardErrors)
        }
      guard exact.count == values.count else { return }
      let others = zip(exact, truths).map { $0 - $1 }
      let other = square(others)
      exactRMSE = other.squareRoot()
      exactSlope = responseSlope(exact, truths: truths, prior: prior)
      ratio = (own / other).squareRoot()
      let differences = zip(errors, others).map { $0 * $0 / own - $1 * $1 / other }
      let scatter = differences.reduce(0) { $0 + $1 * $1 } / (count - 1)
      ratioStandardError = (own / other).squareRoot() / 2 * (scatter / count).squareRoot()
    }
  }

  public let parameters: [Parameter]
  public let mapCount: Int
  /// Number of maps with a warning, and with a value that is no estimate.
  public let warningCount: Int
  public let refusedCount: Int

  /// Evaluates a model of a table of spectra (a precondition).
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - maps: the test maps, at least two.
  ///   - estimator: the exact posteriors; nil: none.
  ///   - threads: threads to use at most; the bits do not depend on it.
  ///   - interruption: looked at before every block of maps.
  ///   - progress: receives the number of maps done.
  /// - Throws: `TaskError.tooFewMaps`, `.predictionNotFinite`, `.interrupted`; `BaselineError`;
  ///   what reading the maps throws.
  public init(
    _ model: TrainedModel, on maps: TestMaps, estimator: (any PosteriorEstimator)?, threads: Int,
    interruption: InterruptionFlag = InterruptionFlag(),
    progress: @escaping @Sendable (_ done: Int) -> Void = { _ in }
  ) throws {
    guard let priors = model.description.settings?.priors else {
      preconditionFailure("a model of no table of spectra")
    }
    guard maps.count >= 2 else {
      throw TaskError.tooFewMaps(found: maps.count, least: 2, use: "an evaluation")
    }
    let n = priors.count
    var predictions = ModelPredictions(parameters: maps.parameters)
    var exact = [[Double]](repeating: [], count: n)
    try maps.forEachBlock(
      of: estimator?.batchSize ?? TestMaps.blockLength, interruption: interruption,
      progress: progress
    ) { block, truths in
      let count = truths.count / n
      let before = predictions.mapCount
      let own = try model.predict(block, count: count, threads: threads)
      for (map, values) in own.enumerated() {
        for value in values where !value.value.isFinite {
          throw TaskError.predictionNotFinite(map: "test map \(before + map)", value: value.value)
        }
      }
      predictions.append(own, truths: truths)
      guard let estimator else { return }
      let grids = try estimator.posteriors(
        block, count: count, channels: model.network.inputChannels, threads: threads,
        interruption: interruption,
        progress: { progress(before + mapsDone($0, of: $1, count: count)) })
      for grid in grids {
        for (index, mean) in grid.mean.enumerated() { exact[index].append(mean) }
      }
    }
    mapCount = predictions.mapCount
    warningCount = predictions.warningCount
    refusedCount = predictions.refusedCount
    parameters = (0..<n).map { index in
      Parameter(
        name: maps.parameters[index], values: predictions.values[index],
        truths: predictions.truths[index], standardErrors: predictions.standardErrors[index],
        exact: exact[index], prior: priors[index])
    }
  }

  /// The figures by name, as records and model files keep them.
  public var figures: [String: Double] {
    var result = ["test_maps": Double(mapCount)]
    for own in parameters {
      result["rmse_\(own.name)"] = own.rmse
      result["mean_\(own.name)"] = own.mean
      result["bias_\(own.name)"] = own.bias
      result["slope_\(own.name)"] = own.slope
      result["coordinate_slope_\(own.name)"] = own.coordinateSlope
      result["exact_rmse_\(own.name)"] = own.exactRMSE
      result["exact_slope_\(own.name)"] = own.exactSlope
      result["rmse_ratio_\(own.name)"] = own.ratio
      result["rmse_ratio_standard_error_\(own.name)"] = own.ratioStandardError
      for (coverage, key) in zip(own.coverage ?? [], ["68", "95"]) {
        result["coverage_\(key)_\(own.name)"] = coverage.share
      }
    }
    return result
  }
}
