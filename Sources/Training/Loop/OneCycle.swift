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
