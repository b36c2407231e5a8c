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

/// From a small rate up to the maximum and down to a very small one, each along half a cosine
/// [Smith2018]; PyTorch's OneCycleLR with two phases and the momentum left alone.
///
/// Definition:  with a = warmUpFraction · steps − 1, b = steps − 1, c(x, y, f) = y + (x − y)
///              (1 + cos πf)/2, start = maximum/initialDivisor, end = start/finalDivisor:
///              η(s) = c(start, maximum, s/a) for s ≤ a, c(maximum, end, (s − a)/(b − a)) above.
/// Domain:      0 ≤ s < steps; a > 0, that is warmUpFraction · steps > 1; warmUpFraction < 1.
public struct OneCycle: Codable, Sendable, Equatable {
  /// The largest rate.
  public var maximum: Double
  /// Number of steps of the whole cycle.
  public var steps: Int
  /// The part of the steps in which the rate grows.
  public var warmUpFraction: Double
  /// maximum / first rate.
  public var initialDivisor: Double
  /// first rate / last rate.
  public var finalDivisor: Double

  /// PyTorch's defaults, except for the two values that depend on the task.
  public init(
    maximum: Double, steps: Int, warmUpFraction: Double = 0.3, initialDivisor: Double = 25,
    finalDivisor: Double = 1e4
  ) {
    self.maximum = maximum
    self.steps = steps
    self.warmUpFraction = warmUpFraction
    self.initialDivisor = initialDivisor
    self.finalDivisor = finalDivisor
  }

  /// η at `step`.
  public func rate(at step: Int) -> Double {
    precondition(0 <= step && step < steps, "step \(step) of a cycle of \(steps)")
    let start = maximum / initialDivisor
    let peak = warmUpFraction * Double(steps) - 1
    let last = Double(steps - 1)
    let s = Double(step)
    if s <= peak {
      return cosineBetween(start, maximum, fraction: s / peak)
    }
    return cosineBetween(
      maximum, start / finalDivisor, fraction: (s - peak) / (last - peak))
  }
}

/// Half a cosine from the initial to the final rate [Loshchilov2017, eq. 5 without restarts];
/// PyTorch's CosineAnnealingLR.
///
/// Definition:  η(s) = final + (initial − final)(1 + cos(π s/steps))/2.
/// Domain:      0 ≤ s ≤ steps.
public struct CosineAnnealing: Codable, Sendable, Equatable {
  /// η(0).
  public var initial: Double
  /// η(steps).
  public var final: Double
  /// Number of steps.
  public var steps: Int

  public init(initial: Double, final: Double = 0, steps: Int) {
    self.initial = initial
    self.final = final
    self.steps = steps
  }

  /// η at `step`.
  public func rate(at step: Int) -> Double {
    precondition(0 <= step && step <= steps, "step \(step) of a half cosine of \(steps)")
    return cosineBetween(initial, final, fraction: Double(step) / Double(steps))
  }
}

/// y + (x − y)(1 + cos πf)/2: x at f = 0, y at f = 1, flat at both ends.
private func cosineBetween(_ x: Double, _ y: Double, fraction: Double) -> Double {
  y + (x - y) / 2 * (1 + cos(.pi * fraction))
}
