extension Loss {
  /// L = (1/n) Σ_i ρ(r_i) and ∂L/∂p_i, term by term: the slow twin of `evaluate`.
  ///
  /// Domain: all losses but `negativeLogDensity`, whose definition is `DensityReadout`.
  ///
  /// - Parameters:
  ///   - outputs: p, `[map][output]`.
  ///   - targets: t, of the same count.
  /// - Returns: L, and ∂L/∂p.
  package func evaluateByDefinition(
    outputs: [Double], targets: [Double]
  ) -> (value: Double, gradient: [Double]) {
    func huber(_ r: Double, _ delta: Double) -> (Double, Double) {
      abs(r) <= delta
        ? (r * r / 2, r) : (delta * (abs(r) - delta / 2), r > 0 ? delta : -delta)
    }
    /// ρ and ∂ρ/∂p.
    let terms = zip(outputs, targets).map { p, t -> (value: Double, slope: Double) in
      let relative = (p - t) / t
      switch self {
      case .meanSquared: return ((p - t) * (p - t), 2 * (p - t))
      case .huber(let delta): return huber(p - t, delta)
      case .relativeSquared: return (relative * relative, 2 * relative / t)
      case .relativeAbsolute:
        return (abs(relative), relative == 0 ? 0 : (relative > 0 ? 1 / t : -1 / t))
      case .relativeHuber(let delta):
        let (value, slope) = huber(relative, delta)
        return (value, slope / t)
      case .negativeLogDensity: preconditionFailure("a density has no residual")
      }
    }
    let n = Double(terms.count)
    return (terms.reduce(0) { $0 + $1.value } / n, terms.map { $0.slope / n })
  }
}
