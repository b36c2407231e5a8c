/// Lowers the learning rate when the validation metric stops falling; PyTorch's ReduceLROnPlateau
/// with mode `min` and a relative threshold.
///
/// Definition:  a value is better when value < best (1 − threshold); otherwise the epoch is bad.
///              After more than `patience` bad epochs in a row η becomes η · factor, provided that
///              this changes it by more than `smallestChange`, and the count starts again.
/// Checked by:  OptimiserFixtureTests (PyTorch), SchedulePropertyTests.
public struct PlateauRule: Codable, Sendable, Equatable {
  /// η of the first epoch.
  public var initialRate: Double
  /// η is multiplied by this, 0 < factor < 1.
  public var factor: Double
  /// Number of bad epochs in a row that are put up with.
  public var patience: Int
  /// Relative improvement that counts.
  public var threshold: Double
  /// η is left alone when it would change by no more than this.
  public var smallestChange: Double

  /// The published system's values; threshold and smallest change are PyTorch's defaults.
  public init(
    initialRate: Double = 1e-3, factor: Double = 0.1, patience: Int = 5,
    threshold: Double = 1e-4, smallestChange: Double = 1e-8
  ) {
    self.initialRate = initialRate
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.smallestChange = smallestChange
  }
}

/// The memory of the plateau rule.
public struct PlateauState: Codable, Sendable, Equatable {
  /// The rate now.
  public private(set) var rate: Double
  /// The best value so far, nil before the first.
  public private(set) var best: Double?
  /// Bad epochs since the last improvement or reduction.
  public private(set) var badEpochs = 0

  /// The state before the first validation.
  public init(rule: PlateauRule) { rate = rule.initialRate }

  /// Takes the validation value of an epoch, which must be finite.
  public mutating func update(_ value: Double, rule: PlateauRule) {
    precondition(value.isFinite, "a plateau cannot be judged by \(value)")
    if best.map({ value < $0 * (1 - rule.threshold) }) ?? true {
      best = value
      badEpochs = 0
    } else {
      badEpochs += 1
    }
    if badEpochs > rule.patience {
      let reduced = rate * rule.factor
      if rate - reduced > rule.smallestChange { rate = reduced }
      badEpochs = 0
    }
  }
}

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
