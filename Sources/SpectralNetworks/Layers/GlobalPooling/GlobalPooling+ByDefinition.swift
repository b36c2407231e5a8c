extension GlobalPooling {
  /// g = Σ_p w_p f_p / Σ_p w_p, or the same of f_p²: the slow twin of `forward`.
  ///
  /// - Parameters:
  ///   - f: `[lane][point]`.
  ///   - pointWeights: w_p; all 1 for `.equal`.
  /// - Returns: g of every lane.
  package func forwardByDefinition(_ f: [Double], pointWeights: [Double]) -> [Double] {
    let total = pointWeights.reduce(0, +)
    return stride(from: 0, to: f.count, by: pointWeights.count).map { first in
      pointWeights.indices.reduce(0) { sum, p in
        let value = f[first + p]
        return sum + pointWeights[p] * (squares ? value * value : value)
      } / total
    }
  }

  /// f̄_p = ḡ w_p / Σ w, or 2 ḡ w_p f_p / Σ w: the slow twin of `backward`.
  ///
  /// - Parameters:
  ///   - dg: ḡ of every lane.
  ///   - f: what forward was given.
  ///   - pointWeights: w_p, as forward was given them.
  /// - Returns: f̄, `[lane][point]`.
  package func backwardByDefinition(
    _ dg: [Double], saved f: [Double], pointWeights: [Double]
  ) -> [Double] {
    let total = pointWeights.reduce(0, +)
    return f.indices.map { i in
      let (lane, p) = (i / pointWeights.count, i % pointWeights.count)
      return dg[lane] * pointWeights[p] * (squares ? 2 * f[i] : 1) / total
    }
  }
}
