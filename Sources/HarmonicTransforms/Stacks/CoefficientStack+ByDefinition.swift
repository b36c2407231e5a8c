import Numerics

extension CoefficientStack<Double> {
  /// C_l = Σ_{−l ≤ m ≤ l} Re(a_lm b*_lm) / (2l + 1) of each field, order by order, −m with the
  /// product of m: the slow twin of `crossSpectra`.
  ///
  /// - Parameter other: b, of the same shape; mmax = lmax.
  /// - Returns: C_l, `[lane][l]`.
  package func crossSpectraByDefinition(with other: CoefficientStack) -> [[Double]] {
    (0..<lanes).map { lane in
      (0...lmax).map { l in
        (-l...l).reduce(0.0) {
          let (a, b) = (self[l, abs($1), lane], other[l, abs($1), lane])
          return $0 + (a * b.conjugate).real / Double(2 * l + 1)
        }
      }
    }
  }
}
