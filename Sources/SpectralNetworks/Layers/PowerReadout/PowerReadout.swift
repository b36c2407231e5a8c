import HarmonicTransforms
import Kernels
import SphereGrids

/// The mean square of every channel over the full sphere.
///
///     forward     p_o = 1/4π ∫ y_o² dΩ = 1/4π Σ_{l, m ≥ 0} (2 − δ_m0) |y_o,lm|²     (Parseval)
///     backward    ȳ_o,lm = p̄_o (2 − δ_m0)/2π y_o,lm
///
/// The coefficients are all that is needed: a synthesis followed by the area-weighted mean over an
/// exact grid gives the same number, which PowerReadoutTests checks. The imaginary part of m = 0 is
/// not a degree of freedom and does not count.
/// Layout:     y `[(l, m)][re, im][laneStride]`, p per lane.
/// Checked by: PowerReadoutTests, IsotropicFixtureTests.
package struct PowerReadout<T: LaneScalar>: Sendable {
  package let lmax: Int
  package let mmax: Int

  /// Σ over the orders of m in groups, reduced in a fixed order; per lane, in `Double`.
  package func forward(
    _ y: AlignedBuffer<T>, laneStride: Int, lanes: Int, threads: Int
  ) -> [Double] {
    let partial = AlignedBuffer<T>(count: (mmax + 1) * laneStride)
    parallelFor(mmax + 1, threads: threads) { m in
      forEachRows(m) { first, rows, step in
        addSquares(
          rows: rows, lanes: laneStride, y.view(first * laneStride), stride: step * laneStride,
          factor: T((m == 0 ? 1 : 2) / (4 * Double.pi)), to: partial.view(m * laneStride))
      }
    }
    return partial.summedRows(mmax + 1, laneStride, lanes)
  }

  /// y ← ȳ in place.
  package func backward(
    _ dp: [Double], _ y: AlignedBuffer<T>, laneStride: Int, threads: Int
  ) {
    let weight = AlignedBuffer<T>(count: laneStride)
    for lane in dp.indices { weight[lane] = T(dp[lane]) }
    parallelFor(mmax + 1, threads: threads) { m in
      forEachRows(m) { first, rows, step in
        let view = y.view(first * laneStride)
        scaleRows(
          rows: rows, lanes: laneStride, view, stride: step * laneStride,
          factor: T((m == 0 ? 1 : 2) / (2 * Double.pi)), weight: weight.view(), to: view,
          stride: step * laneStride)
      }
      if m == 0 {
        for l in 0...lmax { clear(y.view((2 * l + 1) * laneStride), count: laneStride) }
      }
    }
  }

  /// The rows of one order that count, as (first row, number, step): all, or the real ones of m =
  /// 0.
  private func forEachRows(_ m: Int, _ body: (_ first: Int, _ rows: Int, _ step: Int) -> Void) {
    let first = 2 * coefficientIndex(l: m, m: m, lmax: lmax)
    if m == 0 { body(first, lmax + 1, 2) } else { body(first, 2 * (lmax - m + 1), 1) }
  }
}
