/// What a posterior says of single parameters and of their dependence, in a few numbers.
extension PosteriorGrid {
  /// The posterior of one parameter in a few numbers.
  ///
  /// Definition: with F(θ) the probability below θ, the others integrated over,
  ///                 median       F = 1/2
  ///                 interval P   F = (1 − P)/2 ... (1 + P)/2, as much below as above
  ///                 information  ∫ p ln p dq, nats, p the density in the prior's probability q
  /// Units:      those of θ.
  /// Checked by: PosteriorSummaryTests.
  public struct Summary: Sendable, Equatable {
    /// θ with half of the probability below it.
    public let median: Double
    /// Of probability `intervalProbabilities[0]`.
    public let interval68: ClosedRange<Double>
    /// Of probability `intervalProbabilities[1]`.
    public let interval95: ClosedRange<Double>
    /// The Kullback-Leibler divergence from the prior, nats.
    public let information: Double

    /// Whether the map says nothing of the parameter: less than `leastInformation`.
    public var isFlat: Bool { information < PosteriorGrid.leastInformation }

    /// Whether one number is no error bar: the longer arm of the 68 % interval around the median is
    /// more than 5/4 of the shorter one. A lognormal density of relative width 0.22 has that ratio.
    public var isSkewed: Bool {
      let (up, down) = (interval68.upperBound - median, median - interval68.lowerBound)
      return max(up, down) > PosteriorGrid.mostArmRatio * min(up, down)
    }
  }

  /// The probabilities of the intervals: those of one and two standard deviations of a normal
  /// distribution.
  public static let intervalProbabilities = [0.6827, 0.9545]
  /// Below this a posterior is its prior, nats: a normal posterior on a normal prior of the same
  /// mean has it when it is 0.785 times as wide.
  public static let leastInformation = 0.05
  /// How unequal the arms of an interval may be before it has to be named.
  static let mostArmRatio = 1.25

  /// The numbers of one parameter.
  ///
  /// - Parameter axis: the parameter's place, from 0 (a precondition).
  /// - Returns: median, intervals and information.
  public func summary(_ axis: Int) -> Summary {
    let own = marginal(axis)
    let prior = axes[axis].prior
    func value(_ probability: Double) -> Double {
      prior.value(at: min(max(own.quantile(probability) { _ in 1 }, 0), 1))
    }
    let intervals = Self.intervalProbabilities.map { probability in
      let low = value(0.5 - probability / 2)
      return low...max(low, value(0.5 + probability / 2))
    }
    return Summary(
      median: value(0.5), interval68: intervals[0], interval95: intervals[1],
      information: information(axis))
  }

  /// The covariance of every two parameters over the product of their standard deviations, row by
  /// row; NaN beside a parameter without width.
  ///
  /// Checked by: PosteriorSummaryTests.
  public var correlation: [[Double]] {
    let covariance = covariance
    return axes.indices.map { i in
      axes.indices.map { j in
        i == j
          ? 1 : covariance[i][j] / (covariance[i][i] * covariance[j][j]).squareRoot()
      }
    }
  }
}
