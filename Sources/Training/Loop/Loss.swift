import Kernels
import SpectralNetworks

/// The scalar that training minimises: a mean over all outputs of all maps of a batch.
///
/// Definition:  L = (1/n) Σ_i ρ(r_i), with p_i the prediction, t_i the target,
///
///     meanSquared            r = p − t            ρ(r) = r²
///     huber(δ)               r = p − t            ρ(r) = r²/2 for |r| ≤ δ, else δ (|r| − δ/2)
///     relativeSquared        r = (p − t)/t        ρ(r) = r²
///     relativeAbsolute       r = (p − t)/t        ρ(r) = |r|
///     relativeHuber(δ)       r = (p − t)/t        ρ(r) as huber
///     negativeLogDensity     −ln p(t | η)         η the J natural parameters of each target
///                                                 (`DensityFamily`)
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
  case negativeLogDensity(DensityFamily)

  /// Whether residuals are divided by the target.
  public var isRelative: Bool {
    switch self {
    case .meanSquared, .huber, .negativeLogDensity: return false
    case .relativeSquared, .relativeAbsolute, .relativeHuber: return true
    }
  }

  /// The densities of the loss with their tables, to be made once; nil for other losses.
  package var densityReadout: DensityReadout? {
    guard case .negativeLogDensity(let family) = self else { return nil }
    return DensityReadout(family)
  }

  /// The loss of a batch and its gradient.
  ///
  /// Accuracy: residuals are formed and summed in `Double` in the order of the elements; the
  /// gradient is rounded once.
  ///
  /// - Parameters:
  ///   - outputs: p, `[map][output]`.
  ///   - targets: t, of the same count.
  /// - Returns: L, and ∂L/∂p.
  public func evaluate<T: LaneScalar>(
    outputs: [T], targets: [T]
  ) -> (value: Double, gradient: [T]) {
    evaluate(outputs: outputs, targets: targets, density: densityReadout)
  }

  /// The same with the tables of `densityReadout`.
  package func evaluate<T: LaneScalar>(
    outputs: [T], targets: [T], density: DensityReadout?
  ) -> (value: Double, gradient: [T]) {
    if let density { return Self.evaluate(outputs: outputs, targets: targets, density) }
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

  /// Mean −ln p, and its gradient in the natural parameters.
  private static func evaluate<T: LaneScalar>(
    outputs: [T], targets: [T], _ density: DensityReadout
  ) -> (value: Double, gradient: [T]) {
    let degree = density.family.degree
    precondition(
      outputs.count == targets.count * degree && !outputs.isEmpty,
      "the densities of \(outputs.count) natural parameters at \(targets.count) targets")
    let share = 1 / Double(targets.count)
    var sum = 0.0
    var gradient: [T] = []
    gradient.reserveCapacity(outputs.count)
    for (i, target) in targets.enumerated() {
      let eta = outputs[i * degree..<(i + 1) * degree].map { Double($0) }
      let term = density.negativeLogDensity(eta, at: Double(target))
      sum += term.value
      for value in term.gradient { gradient.append(T(value * share)) }
    }
    return (sum * share, gradient)
  }

  /// ρ(r) and dρ/dr.
  private func penalty(_ r: Double) -> (value: Double, slope: Double) {
    switch self {
    case .negativeLogDensity: preconditionFailure("a density has no residual")
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
