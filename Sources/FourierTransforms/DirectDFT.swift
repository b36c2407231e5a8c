import Foundation
import Numerics

/// The discrete Fourier transform as it is written: the slow twin of `LaneFourierPlan`.
///
/// Definition:  Z_m = Σ_k z_k e^{∓2πi mk/n}, m, k = 0..<n; − forward, + backward; no factor 1/n.
/// Accuracy:    the phase is reduced by mk mod n in integers, so n rounding errors at most.
/// Cost:        n² complex multiplications.
public func directDFT(_ z: [Complex<Double>], backward: Bool = false) -> [Complex<Double>] {
  let n = z.count
  let sign = backward ? 1.0 : -1.0
  return (0..<n).map { m in
    var sum = Complex<Double>.zero
    for k in 0..<n {
      let phase = sign * 2 * Double.pi * Double(m * k % n) / Double(n)
      sum += z[k] * Complex(cos(phase), sin(phase))
    }
    return sum
  }
}
