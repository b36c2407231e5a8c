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
