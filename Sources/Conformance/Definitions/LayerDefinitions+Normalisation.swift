import FileFormats

extension LayerDefinitions {
  /// Batch normalisation by its formulas, with the gradient as the derivative of each step:
  ///
  ///     x̂ = (x − μ)/σ, σ = √(σ² + ε), y = γ x̂ + β
  ///     training    x̄_p = γ/σ [ȳ_p − ŵ_p (Σ ȳ + x̂_p Σ ȳ x̂)]
  ///     inference   x̄_p = γ/σ ȳ_p
  static func batchNormalisation(_ data: CaseData) throws -> NamedTensors {
    let shape = try data.shape("x")
    let (maps, channels, points) = (shape[0], shape[1], shape[2])
    let (x, dy) = (try data.values("x"), try data.values("output_gradient"))
    let isTraining = try data.text("mode") == "training"
    let weights = try data.values("point_weights")
    let shares = ReferenceBackend.shares(weights, maps: maps)
    let (epsilon, momentum) = (try data.number("epsilon"), try data.number("momentum"))
    let (gamma, beta) = (try data.values("gamma"), try data.values("beta"))
    let n = Double(maps * points)
    let unbiased = try data.text("weighting") == "equal" ? n / (n - 1) : 1
    var (mean, variance) = (try data.values("running_mean"), try data.values("running_var"))
    var (runningMean, runningVariance) = (mean, variance)
    var (y, dx) = (x, x)
    var (dGamma, dBeta) = (gamma, beta)
    for c in 0..<channels {
      let places = (0..<maps).flatMap { b in
        (0..<points).map { (share: shares[$0], i: (b * channels + c) * points + $0) }
      }
      if isTraining {
        mean[c] = places.reduce(0) { $0 + $1.share * x[$1.i] }
        variance[c] = places.reduce(0) {
          $0 + $1.share * (x[$1.i] - mean[c]) * (x[$1.i] - mean[c])
        }
        runningMean[c] += momentum * (mean[c] - runningMean[c])
        runningVariance[c] += momentum * (variance[c] * unbiased - runningVariance[c])
      }
      let deviation = (variance[c] + epsilon).squareRoot()
      func standard(_ i: Int) -> Double { (x[i] - mean[c]) / deviation }
      dBeta[c] = places.reduce(0) { $0 + dy[$1.i] }
      dGamma[c] = places.reduce(0) { $0 + dy[$1.i] * standard($1.i) }
      for (share, i) in places {
        y[i] = gamma[c] * standard(i) + beta[c]
        let bracket = isTraining ? share * (dBeta[c] + standard(i) * dGamma[c]) : 0
        dx[i] = gamma[c] / deviation * (dy[i] - bracket)
      }
    }
    var outputs: NamedTensors = [
      "output": tensor(y, shape: shape), "input_gradient": tensor(dx, shape: shape),
      "gamma_gradient": tensor(dGamma), "beta_gradient": tensor(dBeta),
    ]
    if isTraining {
      outputs["updated_running_mean"] = tensor(runningMean)
      outputs["updated_running_var"] = tensor(runningVariance)
    }
    return outputs
  }
}
