// Batch normalisation by its formulas: sums over all points of all maps, no parts of the grid, no
// affine map. Fields are `[map][channel][point]`, and `pointWeights` are the w_p of one map, of
// which only the ratios count; all alike for `.equal`.

extension BatchNormalisation {
  /// μ_c = Σ_bp ŵ_p y_bcp and σ²_c = Σ_bp ŵ_p (y_bcp − μ_c)², ŵ_p = w_p / (B Σ_q w_q): the slow
  /// twin of `statistics`.
  package func statisticsByDefinition(
    _ y: [Double], maps: Int, pointWeights: [Double]
  ) -> Statistics {
    let shares = shares(pointWeights, maps: maps)
    let channels = y.count / (maps * shares.count)
    let mean = (0..<channels).map { c in
      places(c, maps: maps, channels: channels, points: shares.count).reduce(0) {
        $0 + shares[$1 % shares.count] * y[$1]
      }
    }
    let variance = (0..<channels).map { c in
      places(c, maps: maps, channels: channels, points: shares.count).reduce(0) {
        $0 + shares[$1 % shares.count] * (y[$1] - mean[c]) * (y[$1] - mean[c])
      }
    }
    return Statistics(mean: mean, variance: variance)
  }

  /// The running values moved by `momentum` towards those of a batch, whose variance is the
  /// unbiased one, σ² n/(n − 1), where all points count alike: the slow twin of `updated`.
  ///
  /// - Parameters:
  ///   - running: before the batch.
  ///   - batch: of `statisticsByDefinition`.
  ///   - maps: number of maps B.
  ///   - points: number of points; n = B · points.
  /// - Returns: the running values after the batch.
  package func updatedByDefinition(
    running: Statistics, with batch: Statistics, maps: Int, points: Int
  ) -> Statistics {
    let n = Double(maps * points)
    var updated = running
    for c in running.mean.indices {
      let variance = weighting == .equal ? batch.variance[c] * (n / (n - 1)) : batch.variance[c]
      updated.mean[c] += momentum * (batch.mean[c] - running.mean[c])
      updated.variance[c] += momentum * (variance - running.variance[c])
    }
    return updated
  }

  /// z = γ (y − μ)/√(σ² + ε) + β: the slow twin of `affine`.
  package func forwardByDefinition(
    _ y: [Double], maps: Int, _ statistics: Statistics, gamma: [Double], beta: [Double]
  ) -> [Double] {
    let channels = gamma.count
    let points = y.count / (maps * channels)
    return y.indices.map { i in
      let c = i / points % channels
      return gamma[c] * standardised(y[i], c, statistics) + beta[c]
    }
  }

  /// β̄ = S_1 = Σ_bp z̄_p, γ̄ = S_2 = Σ_bp z̄_p x̂_p and
  ///
  ///     training    ȳ_p = γ/√(σ² + ε) [z̄_p − ŵ_p (S_1 + x̂_p S_2)]
  ///     inference   ȳ_p = γ/√(σ² + ε) z̄_p
  ///
  /// with x̂ = (y − μ)/√(σ² + ε): the slow twin of `backwardCoefficients`.
  ///
  /// - Parameters:
  ///   - dz: z̄, `[map][channel][point]`.
  ///   - y: what forward was given.
  ///   - maps: number of maps.
  ///   - pointWeights: w_p.
  ///   - statistics: what forward was given: in training those of y.
  ///   - gamma: γ of every channel.
  ///   - isTraining: whether the statistics move with y.
  /// - Returns: ȳ, and γ̄ and β̄ of every channel.
  package func backwardByDefinition(
    _ dz: [Double], saved y: [Double], maps: Int, pointWeights: [Double],
    _ statistics: Statistics, gamma: [Double], isTraining: Bool
  ) -> (input: [Double], gamma: [Double], beta: [Double]) {
    let (channels, shares) = (gamma.count, shares(pointWeights, maps: maps))
    var dy = dz
    var (dGamma, dBeta) = (gamma, gamma)
    for c in 0..<channels {
      let places = places(c, maps: maps, channels: channels, points: shares.count)
      dBeta[c] = places.reduce(0) { $0 + dz[$1] }
      dGamma[c] = places.reduce(0) { $0 + dz[$1] * standardised(y[$1], c, statistics) }
      let deviation = (statistics.variance[c] + epsilon).squareRoot()
      for i in places {
        let bracket = dBeta[c] + standardised(y[i], c, statistics) * dGamma[c]
        let moved = isTraining ? shares[i % shares.count] * bracket : 0
        dy[i] = gamma[c] / deviation * (dz[i] - moved)
      }
    }
    return (dy, dGamma, dBeta)
  }

  /// x̂.
  private func standardised(_ y: Double, _ c: Int, _ statistics: Statistics) -> Double {
    (y - statistics.mean[c]) / (statistics.variance[c] + epsilon).squareRoot()
  }

  /// ŵ_p.
  private func shares(_ weights: [Double], maps: Int) -> [Double] {
    let total = Double(maps) * weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  /// The places of one channel in all maps.
  private func places(_ channel: Int, maps: Int, channels: Int, points: Int) -> [Int] {
    (0..<maps).flatMap { b in (0..<points).map { (b * channels + channel) * points + $0 } }
  }
}
