/// Counts epochs without strict improvement of the validation metric.
public struct EarlyStoppingState: Codable, Sendable, Equatable {
  /// The best value so far, nil before the first.
  public private(set) var best: Double?
  /// The epoch of the best value, counted from 0.
  public private(set) var bestEpoch: Int?
  /// Epochs since then.
  public private(set) var epochsWithoutImprovement = 0

  public init() {}

  /// Takes the validation value of an epoch, which must be finite; whether it is the best so far.
  public mutating func update(_ value: Double, epoch: Int) -> Bool {
    precondition(value.isFinite, "an improvement cannot be judged by \(value)")
    if best.map({ value < $0 }) ?? true {
      best = value
      bestEpoch = epoch
      epochsWithoutImprovement = 0
      return true
    }
    epochsWithoutImprovement += 1
    return false
  }

  /// Whether `patience` epochs have passed without improvement.
  public func shouldStop(patience: Int) -> Bool { epochsWithoutImprovement >= patience }
}
