import HarmonicTransforms
import Kernels
import SphereGrids

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
