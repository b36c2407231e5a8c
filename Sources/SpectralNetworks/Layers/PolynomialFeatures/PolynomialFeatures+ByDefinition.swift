// Every feature is t_j t_k^d; those of degree 1 have d = 0.

extension PolynomialFeatures {
  /// j, k and d of every feature, in order.
  private var products: [(j: Int, k: Int, d: Int)] {
    let n = variables
    var products = (0..<n).map { (j: $0, k: 0, d: 0) }
    if let leaders {
      for d in 1..<degree {
        for k in 0..<leaders { for j in (d == 1 ? k : 0)..<n { products.append((j, k, d)) } }
      }
      return products
    }
    if degree >= 2 { for j in 0..<n { for k in j..<n { products.append((j, k, 1)) } } }
    if degree >= 3 {
      for k in 0..<min(3, n) { for j in 0..<n { products.append((j, k, 2)) } }
      for k in 0..<min(2, n) { for j in 0..<n { products.append((j, k, 3)) } }
    }
    return products
  }

  private func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1.0) { y, _ in y * x } }

  /// The features of one map from the list of their exponents: the slow twin of `forward`.
  package func forwardByDefinition(_ t: [Double]) -> [Double] {
    products.map { t[$0.j] * power(t[$0.k], $0.d) }
  }

  /// t̄_i = Σ_f f̄ ∂f/∂t_i by the product rule: the slow twin of `backward`.
  ///
  /// - Parameters:
  ///   - gradient: f̄ of every feature.
  ///   - t: what forward was given.
  /// - Returns: t̄.
  package func backwardByDefinition(_ gradient: [Double], saved t: [Double]) -> [Double] {
    var dt = t.map { _ in 0.0 }
    for (share, (j, k, d)) in zip(gradient, products) {
      dt[j] += share * power(t[k], d)
      if d > 0 { dt[k] += share * t[j] * Double(d) * power(t[k], d - 1) }
    }
    return dt
  }

  /// t = R (z − z_0) of one map.
  ///
  /// - Parameters:
  ///   - z: as many numbers as there are variables.
  ///   - mean: z_0.
  ///   - rotation: R, `[component][variable]`.
  /// - Returns: t.
  package func whitenedByDefinition(
    _ z: [Double], mean: [Double], rotation: [Double]
  ) -> [Double] {
    (0..<variables).map { c in
      (0..<variables).reduce(0) { $0 + rotation[c * variables + $1] * (z[$1] - mean[$1]) }
    }
  }

  /// z̄ = Rᵀ t̄ of one map.
  package func whitenedGradientByDefinition(_ dt: [Double], rotation: [Double]) -> [Double] {
    (0..<variables).map { k in
      (0..<variables).reduce(0) { $0 + rotation[$1 * variables + k] * dt[$1] }
    }
  }
}
