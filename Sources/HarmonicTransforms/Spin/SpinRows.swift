import Kernels
import SpecialFunctions

/// The coefficients E, B of one order between spin s and spin 0.
///
/// Definition:  with P = Q + iU of an order, sin^s θ Q = Σ_L λ_L x_L and sin^s θ U = Σ_L λ_L y_L
///              for L = m...lmax + s, where (x, y) come from −(−1)^s (E, B) by the steps of spins
///              s, s − 1, ..., 1 of `SpinLowering`.
/// Derivation:  P = −(−1)^s Σ δ_l^{−s} (E + iB) and M = Q − iU = −Σ δ_l^{+s} (E − iB)
///              (`SpinSteps`).
///              A step for n = +s has the signs of that for n = −s, but for one sign of the whole,
///              which makes (−1)^s after s steps, and one of the term of h_l. So with p = x + iy of
///              the chain of P and p' = x − iy of that of M the terms of f_l and g_l act on x and y
///              alike, and −m h_l p, +m h_l p' become −i m h_l y in x and +i m h_l x in y.
/// Layout:      four numbers per degree from m on, as `fillSpinRows` says.
/// Checked by:  SpinRowsTests, against `SpinLowering`.
final class SpinRows: Sendable {
  let spin: Int
  let lmax: Int
  /// (f_{L−1}, g_{L+1}, h_L, 0) of every step, s = 1...spin, and L = −1...lmax + spin + 1; zero
  /// where the function that they multiply has a degree below s.
  private let factors: AlignedBuffer<Double>

  init(spin: Int, lmax: Int) {
    self.spin = spin
    self.lmax = lmax
    factors = AlignedBuffer(count: spin * Self.listCount(spin: spin, lmax: lmax))
    for s in stride(from: 1, through: spin, by: 1) {
      let list = factors.view((s - 1) * Self.listCount(spin: spin, lmax: lmax))
      for degree in -1...lmax + spin + 1 {
        let place = 4 * (degree + 1)
        if degree - 1 >= s { list[place] = SpinLowering.upward(l: degree - 1, spin: s) }
        if degree + 1 >= s { list[place + 1] = SpinLowering.downward(l: degree + 1, spin: s) }
        if degree >= s { list[place + 2] = SpinLowering.level(l: degree, spin: s) }
      }
    }
  }

  private static func listCount(spin: Int, lmax: Int) -> Int { 4 * (lmax + spin + 3) }

  /// Rows of an order, and as many zeros behind them as the steps need.
  static func count(spin: Int, lmax: Int) -> Int { 4 * (lmax + spin + 2) }

  /// The factors of spin s from degree L on.
  private func list(_ s: Int, from degree: Int) -> BufferView<Double> {
    factors.view((s - 1) * Self.listCount(spin: spin, lmax: lmax) + 4 * (degree + 1))
  }

  /// From spin s to spin 0: degrees m...lmax become m...lmax + s, all others being zero.
  func lower(_ rows: BufferView<Double>, m: Int, couplings: BufferView<Double>) {
    for s in stride(from: spin, through: 1, by: -1) {
      lowerSpinRows(
        count: lmax + spin - s + 2 - m, order: m, couplings: couplings,
        factors: list(s, from: m), rows)
    }
  }

  /// The transpose, from spin 0 to spin s.
  func raise(_ rows: BufferView<Double>, m: Int, couplings: BufferView<Double>) {
    for s in stride(from: 1, through: spin, by: 1) {
      raiseSpinRows(
        count: lmax + spin - s + 1 - m, order: m, couplings: couplings,
        factors: list(s, from: m - 1), rows)
    }
  }
}
