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
