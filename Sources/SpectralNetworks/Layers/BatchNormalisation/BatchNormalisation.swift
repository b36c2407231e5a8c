import Kernels

/// Batch normalisation over maps and points, channel by channel [IoffeSzegedy2015, algorithm 1].
///
///     forward     μ_c = Σ_bp ŵ_p y_bcp,  σ²_c = Σ_bp ŵ_p (y_bcp − μ_c)²,  ŵ_p = w_p / (B Σ_q w_q)
///                 x̂ = (y − μ)/√(σ² + ε),  z = γ x̂ + β
///     backward    S_1 = Σ_bp z̄,  S_2 = Σ_bp z̄ x̂,  β̄ = S_1,  γ̄ = S_2
///                 ȳ_p = γ/√(σ² + ε) [z̄_p − ŵ_p (S_1 + x̂_p S_2)]
///
/// In inference μ and σ² are the running values and constants, so the bracket is z̄_p alone.
/// With equal weights this is PyTorch's BatchNorm2d, whose running variance is the unbiased one,
/// σ² n/(n − 1) with n = B · points; with area weights the running variance is σ² itself.
/// Running values move by `momentum` times their distance from the batch's.
/// All sums over maps are in `Double`.
/// Checked by: BatchNormalisationTests, PublishedFixtureTests, IsotropicFixtureTests.
public struct BatchNormalisation: Sendable, Equatable {
  /// Which mean over the sphere is meant.
  public let weighting: PointWeighting
  /// ε, added to the variance.
  public let epsilon: Double
  /// Share of the batch's statistics in the new running ones.
  public let momentum: Double

  public init(weighting: PointWeighting, epsilon: Double = 1e-5, momentum: Double = 0.1) {
    self.weighting = weighting
    self.epsilon = epsilon
    self.momentum = momentum
  }

  /// Mean and (biased) variance of every channel of a batch.
  public struct Statistics: Sendable, Equatable {
    public var mean: [Double]
    public var variance: [Double]

    package init(mean: [Double], variance: [Double]) {
      self.mean = mean
      self.variance = variance
    }
  }

  /// Statistics from the moments of parts of the grid.
  ///
  /// Method: squares about a common centre [Chan1983, eq. 2.1].
  ///
  /// - Parameters:
  ///   - means: mean over the points of part j of lane b C + c, `[j][lane]`.
  ///   - squares: Σ_p (y − mean)² over the points of part j, `[j][lane]`.
  ///   - weights: Σ_p w_p of every part.
  ///   - counts: number of points of every part.
  ///   - maps: number of maps B.
  ///   - channels: number of channels C.
  /// - Returns: mean and biased variance of every channel.
  package func statistics(
    means: [[Double]], squares: [[Double]], weights: [Double], counts: [Int], maps: Int,
    channels: Int
  ) -> Statistics {
    let total = Double(maps) * weights.reduce(0, +)
    var mean = [Double](repeating: 0, count: channels)
    var variance = mean
    for j in weights.indices {
      let share = weights[j] / total
      for lane in 0..<(maps * channels) { mean[lane % channels] += share * means[j][lane] }
    }
    for j in weights.indices {
      let each = weights[j] / Double(counts[j])
      for lane in 0..<(maps * channels) {
        let distance = means[j][lane] - mean[lane % channels]
        let sum = each * squares[j][lane] + weights[j] * distance * distance
        variance[lane % channels] += sum / total
      }
    }
    return Statistics(mean: mean, variance: variance)
  }

  /// The running statistics after a batch of `count` = B · points values per channel.
  package func updated(
    running: Statistics, with batch: Statistics, count: Int
  ) -> Statistics {
    let unbiased = weighting == .equal ? Double(count) / Double(count - 1) : 1
    return Statistics(
      mean: zip(running.mean, batch.mean).map { $0 + momentum * ($1 - $0) },
      variance: zip(running.variance, batch.variance).map {
        $0 + momentum * ($1 * unbiased - $0)
      })
  }

  /// z = scale y + shift.
  package func affine(
    _ statistics: Statistics, gamma: [Double], beta: [Double]
  ) -> (scale: [Double], shift: [Double]) {
    let scale = zip(gamma, statistics.variance).map { $0 / ($1 + epsilon).squareRoot() }
    let shift = scale.indices.map { beta[$0] - statistics.mean[$0] * scale[$0] }
    return (scale, shift)
  }

  /// ȳ_p = a z̄_p + ŵ_p (b y_p + c) for every channel; in inference b = c = 0.
  package func backwardCoefficients(
    _ statistics: Statistics, gamma: [Double], gradientSum s1: [Double],
    gradientProduct s2: [Double], isTraining: Bool
  ) -> (a: [Double], b: [Double], c: [Double]) {
    var (a, b, c) = (gamma, gamma, gamma)
    for k in gamma.indices {
      let inverse = 1 / (statistics.variance[k] + epsilon).squareRoot()
      a[k] = gamma[k] * inverse
      b[k] = isTraining ? -a[k] * s2[k] * inverse : 0
      c[k] = isTraining ? -a[k] * (s1[k] - statistics.mean[k] * inverse * s2[k]) : 0
    }
    return (a, b, c)
  }
}
