import Kernels

/// The benchmark's metric: the mean absolute percentage error of each output, with its standard
/// error.
///
/// Definition:  e_i = 100 |p_i − t_i| / |t_i|,  mean = (1/n) Σ e_i,
///              standardError = √[ Σ (e_i − mean)² / (n − 1) / n ].
/// Method:      running mean and sum of squared deviations [Welford1962], so that maps can be added
///              batch by batch and nothing cancels.
/// Domain:      targets ≠ 0. The standard error of fewer than two maps is infinite.
/// Checked by:  LossGradientTests.
public struct PercentageError: Codable, Sendable, Equatable {
  /// Number of maps so far.
  public private(set) var count = 0
  /// The mean of each output, percent.
  public private(set) var mean: [Double]
  private var squaredDeviations: [Double]

  /// No maps yet.
  public init(outputCount: Int) {
    mean = [Double](repeating: 0, count: outputCount)
    squaredDeviations = mean
  }

  /// The standard error of each mean, percent.
  public var standardError: [Double] {
    guard count > 1 else { return mean.map { _ in .infinity } }
    return squaredDeviations.map { ($0 / Double(count - 1) / Double(count)).squareRoot() }
  }

  /// Number of outputs; nil if a file gave lists that contradict each other.
  package var outputCount: Int? { mean.count == squaredDeviations.count ? mean.count : nil }

  /// Whether this can be the error of so many maps and outputs.
  func isOf(maps: Int, outputs: Int) -> Bool {
    count == maps && mean.count == outputs && squaredDeviations.count == outputs
      && mean.allSatisfy { $0.isFinite && $0 >= 0 }
      && squaredDeviations.allSatisfy { $0.isFinite && $0 >= 0 }
  }

  /// Adds maps; `outputs` and `targets` are `[map][output]`.
  public mutating func add<T: LaneScalar>(outputs: [T], targets: [T]) {
    precondition(
      outputs.count == targets.count && outputs.count.isMultiple(of: mean.count),
      "\(outputs.count) outputs against \(targets.count) targets, \(mean.count) per map")
    for map in 0..<outputs.count / mean.count {
      count += 1
      for k in mean.indices {
        let target = Double(targets[map * mean.count + k])
        precondition(target != 0, "a percentage error needs targets != 0")
        let value = 100 * abs(Double(outputs[map * mean.count + k]) - target) / abs(target)
        let deviation = value - mean[k]
        mean[k] += deviation / Double(count)
        squaredDeviations[k] += deviation * (value - mean[k])
      }
    }
  }
}
