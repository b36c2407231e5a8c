import Kernels

/// The scalar that training makes small: a mean over all outputs of all maps of a batch.
///
/// Definition:  L = (1/n) Σ_i ρ(r_i), with p_i the prediction, t_i the target,
///
///     meanSquared            r = p − t            ρ(r) = r²
///     huber(δ)               r = p − t            ρ(r) = r²/2 for |r| ≤ δ, else δ (|r| − δ/2)
///     relativeSquared        r = (p − t)/t        ρ(r) = r²
///     relativeAbsolute       r = (p − t)/t        ρ(r) = |r|
///     relativeHuber(δ)       r = (p − t)/t        ρ(r) as huber
///
/// `huber` is PyTorch's HuberLoss, which is δ times its SmoothL1Loss. `relativeAbsolute` is the
/// benchmark's metric itself; its gradient at r = 0 is taken as 0.
/// Domain:      relative losses need t ≠ 0.
/// Checked by:  LossGradientTests, OptimiserFixtureTests.
public enum Loss: Codable, Sendable, Equatable {
  case meanSquared
  case huber(delta: Double)
  case relativeSquared
  case relativeAbsolute
  case relativeHuber(delta: Double)

  /// Whether residuals are divided by the target.
  public var isRelative: Bool {
    switch self {
    case .meanSquared, .huber: return false
    case .relativeSquared, .relativeAbsolute, .relativeHuber: return true
    }
  }

  /// The loss of a batch and its gradient.
  ///
  /// Accuracy: residuals are formed and summed in `Double` in the order of the elements; the gradient
  /// is rounded once.
  ///
  /// - Parameters:
  ///   - outputs: p, `[map][output]`.
  ///   - targets: t, of the same count.
  /// - Returns: L, and ∂L/∂p.
  public func evaluate<T: LaneScalar>(
    outputs: [T], targets: [T]
  ) -> (value: Double, gradient: [T]) {
    precondition(
      outputs.count == targets.count && !outputs.isEmpty,
      "the loss of \(outputs.count) outputs against \(targets.count) targets")
    let share = 1 / Double(outputs.count)
    var sum = 0.0
    var gradient = [T](repeating: 0, count: outputs.count)
    for i in outputs.indices {
      let target = Double(targets[i])
      precondition(!isRelative || target != 0, "a relative loss needs targets != 0, element \(i)")
      let scale = isRelative ? 1 / target : 1
      let term = penalty((Double(outputs[i]) - target) * scale)
      sum += term.value
      gradient[i] = T(term.slope * scale * share)
    }
    return (sum * share, gradient)
  }

  /// ρ(r) and dρ/dr.
  private func penalty(_ r: Double) -> (value: Double, slope: Double) {
    switch self {
    case .meanSquared, .relativeSquared:
      return (r * r, 2 * r)
    case .relativeAbsolute:
      return (abs(r), r == 0 ? 0 : (r > 0 ? 1 : -1))
    case .huber(let delta), .relativeHuber(let delta):
      if abs(r) > delta {
        return (delta * (abs(r) - delta / 2), r > 0 ? delta : -delta)
      }
      return (r * r / 2, r)
    }
  }
}
