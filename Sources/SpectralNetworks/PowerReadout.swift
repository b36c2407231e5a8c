import Foundation
import HarmonicTransforms
import Kernels
import SphereGrids

/// What is made of the power of a channel before it is read out.
public enum PowerFunction: String, Sendable, Codable, CaseIterable {
  /// ln p. The noise of a band power is a constant share of it, so its logarithm has constant scatter.
  case logarithm
  /// √p, what the mean of a rectified field measures.
  case squareRoot
  /// p itself.
  case identity

  /// f(p) and f'(p); p > 0 for the logarithm and the square root.
  func evaluate(_ p: Double) -> (value: Double, derivative: Double) {
    switch self {
    case .logarithm: return (log(p), 1 / p)
    case .squareRoot:
      let root = p.squareRoot()
      return (root, 1 / (2 * root))
    case .identity: return (p, 1)
    }
  }
}

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

  /// The rows of one order that count, as (first row, number, step): all, or the real ones of m = 0.
  private func forEachRows(_ m: Int, _ body: (_ first: Int, _ rows: Int, _ step: Int) -> Void) {
    let first = 2 * coefficientIndex(l: m, m: m, lmax: lmax)
    if m == 0 { body(first, lmax + 1, 2) } else { body(first, 2 * (lmax - m + 1), 1) }
  }
}

/// The area-weighted mean over a grid, and its square's: the readouts in pixel space.
///
///     mean        g_b = Σ_p w_p f_p / Σ_p w_p,      f̄_p = ḡ w_p / Σ w
///     meanSquare  g_b = Σ_p w_p f_p² / Σ_p w_p,     f̄_p = 2 ḡ w_p f_p / Σ w
///
/// With `.equal` weighting all w_p are 1, as in the published network's global mean.
/// Shapes: f `[point][lane]`, g per lane.
/// Checked by: PowerReadoutTests.
public struct GlobalPooling: Sendable, Equatable {
  public let weighting: PointWeighting
  /// Whether values are squared first.
  public let squares: Bool

  public init(weighting: PointWeighting, squares: Bool = false) {
    self.weighting = weighting
    self.squares = squares
  }

  private func weights(_ grid: any RingGrid) -> [Double] {
    let weights = grid.rings.flatMap {
      [Double](repeating: weighting == .equal ? 1 : $0.weight, count: $0.count)
    }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  public func forward<T: LaneScalar>(_ f: FieldStack<T>) -> [Double] {
    var sums = [Double](repeating: 0, count: f.lanes)
    for (p, weight) in weights(f.grid).enumerated() {
      for lane in 0..<f.lanes {
        let value = Double(f.values[p * f.lanes + lane])
        sums[lane] += weight * (squares ? value * value : value)
      }
    }
    return sums
  }

  public func backward<T: LaneScalar>(_ dg: [Double], saved f: FieldStack<T>) -> FieldStack<T> {
    precondition(dg.count == f.lanes, "\(dg.count) gradients for \(f.lanes) lanes")
    var df = f
    for (p, weight) in weights(f.grid).enumerated() {
      for lane in 0..<f.lanes {
        let place = p * f.lanes + lane
        df.values[place] = T(weight * dg[lane] * (squares ? 2 * Double(f.values[place]) : 1))
      }
    }
    return df
  }
}
