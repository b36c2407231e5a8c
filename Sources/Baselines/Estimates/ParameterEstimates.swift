/// What a posterior says about the parameters of one map, parameter by parameter.
public struct ParameterEstimates: Sendable, Hashable {
  /// The estimates of least mean |error|/θ: the median weighted by 1/θ of each marginal posterior.
  public var optimal: [Double]
  /// The posterior means.
  public var posteriorMean: [Double]
  /// The parameters of largest (joint) likelihood within the prior.
  public var maximumLikelihood: [Double]
  /// The standard deviations of the marginal posteriors.
  public var standardDeviation: [Double]
  /// Whether the largest likelihood lies at an end of the parameter's range.
  public var isAtBoundary: [Bool]
}

extension FactorisedLikelihood {
  /// The estimates from the realised spectra of one map.
  ///
  /// - Parameters:
  ///   - realised: Ĉ_l of the fields of every factor, `[parameter][field][l]`.
  ///   - grids: `grids()` of this likelihood, made once.
  /// - Returns: the estimates; the parameters are independent given the map.
  /// - Throws: `BaselineError` as `LikelihoodGrid.posterior` and `.maximumLikelihood`.
  public static func estimates(
    realised: [[[Double]]], grids: [LikelihoodGrid]
  ) throws(BaselineError) -> ParameterEstimates {
    guard realised.count == grids.count else {
      throw .parametersDiffer(found: realised.count, expected: grids.count)
    }
    var result = ParameterEstimates(
      optimal: [], posteriorMean: [], maximumLikelihood: [], standardDeviation: [],
      isAtBoundary: [])
    for (grid, realised) in zip(grids, realised) {
      let posterior = try grid.posterior(realised: realised)
      let maximum = try grid.maximumLikelihood(realised: realised)
      result.optimal.append(posterior.optimalEstimate)
      result.posteriorMean.append(posterior.mean)
      result.maximumLikelihood.append(maximum.estimate)
      result.standardDeviation.append(posterior.standardDeviation)
      result.isAtBoundary.append(maximum.isAtBoundary)
    }
    return result
  }
}
