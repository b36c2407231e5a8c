import Foundation

/// How the learning rate η depends on the optimiser step, counted from 0.
///
/// All but `plateau` are pure functions of the step. `plateau` starts at its rate and is lowered by
/// `PlateauState` after validations.
/// Checked by: OptimiserFixtureTests (PyTorch), SchedulePropertyTests.
public enum LearningRateSchedule: Sendable, Equatable {
  /// η = rate.
  case constant(rate: Double)
  case oneCycle(OneCycle)
  case cosine(CosineAnnealing)
  case plateau(PlateauRule)

  /// η at `step`, before any reduction by the plateau rule.
  public func rate(at step: Int) -> Double {
    switch self {
    case .constant(let rate): return rate
    case .oneCycle(let schedule): return schedule.rate(at: step)
    case .cosine(let schedule): return schedule.rate(at: step)
    case .plateau(let rule): return rule.initialRate
    }
  }

  /// Number of steps the schedule is made for, or nil if it goes on for ever.
  public var stepCount: Int? {
    switch self {
    case .constant, .plateau: return nil
    case .oneCycle(let schedule): return schedule.steps
    case .cosine(let schedule): return schedule.steps
    }
  }
}

/// In JSON an object with the entry `kind` beside the schedule's own entries.
extension LearningRateSchedule: Codable {
  private enum Kind: String, Codable {
    case constant, oneCycle, cosine, plateau
  }

  private enum CodingKeys: String, CodingKey {
    case kind, rate
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .constant: self = .constant(rate: try container.decode(Double.self, forKey: .rate))
    case .oneCycle: self = .oneCycle(try OneCycle(from: decoder))
    case .cosine: self = .cosine(try CosineAnnealing(from: decoder))
    case .plateau: self = .plateau(try PlateauRule(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .constant(let rate):
      try container.encode(Kind.constant, forKey: .kind)
      try container.encode(rate, forKey: .rate)
    case .oneCycle(let schedule):
      try container.encode(Kind.oneCycle, forKey: .kind)
      try schedule.encode(to: encoder)
    case .cosine(let schedule):
      try container.encode(Kind.cosine, forKey: .kind)
      try schedule.encode(to: encoder)
    case .plateau(let rule):
      try container.encode(Kind.plateau, forKey: .kind)
      try rule.encode(to: encoder)
    }
  }
}

/// y + (x − y)(1 + cos πf)/2: x at f = 0, y at f = 1, flat at both ends.
func cosineBetween(_ x: Double, _ y: Double, fraction: Double) -> Double {
  y + (x - y) / 2 * (1 + cos(.pi * fraction))
}
