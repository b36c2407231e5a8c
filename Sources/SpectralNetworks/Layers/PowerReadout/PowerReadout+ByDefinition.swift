import HarmonicTransforms
import Numerics

extension PowerReadout {
  /// p = 1/4π Σ_{l, m ≥ 0} (2 − δ_m0) |y_lm|² without Im y_l0: the slow twin of `forward`.
  ///
  /// - Parameter y: `[lane][(l, m)]`.
  /// - Returns: p of every lane.
  package func forwardByDefinition(_ y: [Complex<Double>]) -> [Double] {
    let orders = orders
    return stride(from: 0, to: y.count, by: orders.count).map { first in
      var sum = 0.0
      for (i, m) in orders.enumerated() {
        let value = y[first + i]
        sum += (m == 0 ? 1 : 2) * value.real * value.real
        if m > 0 { sum += 2 * value.imaginary * value.imaginary }
      }
      return sum / (4 * .pi)
    }
  }

  /// ȳ_lm = p̄ (2 − δ_m0)/2π y_lm, without Im y_l0: the slow twin of `backward`.
  ///
  /// - Parameters:
  ///   - dp: p̄ of every lane.
  ///   - y: what forward was given.
  /// - Returns: ȳ, `[lane][(l, m)]`.
  package func backwardByDefinition(
    _ dp: [Double], saved y: [Complex<Double>]
  ) -> [Complex<Double>] {
    let orders = orders
    return y.indices.map { i in
      let (lane, m) = (i / orders.count, orders[i % orders.count])
      let factor = dp[lane] * (m == 0 ? 1 : 2) / (2 * Double.pi)
      return Complex(factor * y[i].real, m == 0 ? 0 : factor * y[i].imaginary)
    }
  }

  /// m of every coefficient.
  private var orders: [Int] {
    (0...mmax).flatMap { [Int](repeating: $0, count: lmax - $0 + 1) }
  }
}
