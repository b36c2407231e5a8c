extension LinearLayer {
  /// y_bo = b_o + Σ_k x_bk w_ok, number by number.
  ///
  /// `LinearLayer` is itself the slow twin of the products of matrices (`DenseProduct`,
  /// `DenseObjective`); this is what it is checked against.
  ///
  /// - Parameters:
  ///   - x: `[row][input]`.
  ///   - weights: w, `[output][input]`.
  ///   - bias: b, `[output]`.
  /// - Returns: y, `[row][output]`.
  package func forwardByDefinition(
    _ x: [Double], weights: [Double], bias: [Double]
  ) -> [Double] {
    let (k, o) = (inputCount, outputCount)
    return (0..<x.count / k * o).map { i in
      (0..<k).reduce(bias[i % o]) { $0 + x[i / o * k + $1] * weights[i % o * k + $1] }
    }
  }

  /// x̄_bk = Σ_o ȳ_bo w_ok, w̄_ok = Σ_b ȳ_bo x_bk and b̄_o = Σ_b ȳ_bo, number by number.
  ///
  /// - Parameters:
  ///   - dy: ȳ, `[row][output]`.
  ///   - x: what forward was given.
  ///   - weights: w, as forward was given it.
  /// - Returns: x̄, w̄ and b̄, in the layouts of x, w and b.
  package func backwardByDefinition(
    _ dy: [Double], saved x: [Double], weights: [Double]
  ) -> (input: [Double], weights: [Double], bias: [Double]) {
    let (k, o) = (inputCount, outputCount)
    let rows = x.count / k
    return (
      x.indices.map { i in
        (0..<o).reduce(0) { $0 + dy[i / k * o + $1] * weights[$1 * k + i % k] }
      },
      weights.indices.map { i in
        (0..<rows).reduce(0) { $0 + dy[$1 * o + i / k] * x[$1 * k + i % k] }
      },
      (0..<o).map { i in (0..<rows).reduce(0) { $0 + dy[$1 * o + i] } }
    )
  }
}
