import HarmonicTransforms
import Kernels
import SphereGrids
import Verification

/// A grid with a truncation, named for messages.
struct TransformCase: Sendable, CustomStringConvertible {
  var grid: any RingGrid
  var lmax: Int
  var mmax: Int
  var lanes: Int
  var description: String { "\(grid.name), lmax \(lmax), mmax \(mmax), \(lanes) lanes" }

  init(_ grid: any RingGrid, lmax: Int, mmax: Int? = nil, lanes: Int = 3) {
    self.grid = grid
    self.lmax = lmax
    self.mmax = mmax ?? lmax
    self.lanes = lanes
  }

  /// Both ways to the Legendre functions.
  static let paths: [TransformPath] = [.table, .recurrence]

  /// Small grids of every kind, odd and even, exact and lossy, with folded orders and mmax < lmax.
  static let small: [TransformCase] =
    [
      TransformCase(GaussLegendreGrid(lmax: 0), lmax: 0),
      TransformCase(GaussLegendreGrid(lmax: 5), lmax: 5, lanes: 1),
      TransformCase(GaussLegendreGrid(lmax: 12), lmax: 12, mmax: 7, lanes: 70),
      TransformCase(GaussLegendreGrid(ringCount: 7, longitudeCount: 9), lmax: 9),
      TransformCase(ClenshawCurtisGrid(ringCount: 9, longitudeCount: 16), lmax: 4),
      TransformCase(ClenshawCurtisGrid(ringCount: 8, longitudeCount: 16), lmax: 11, mmax: 8),
      TransformCase(PublishedSamplingGrid(ringCount: 6, longitudeCount: 12), lmax: 7, mmax: 6),
    ]
    + [1, 2, 3, 4].compactMap {
      (try? HealpixGrid(nside: $0)).map { TransformCase($0, lmax: 3 * $0.nside - 1) }
    }

  /// Random coefficients: normal real and imaginary parts, m = 0 real.
  func coefficients<T: LaneScalar>(seed: UInt64, as type: T.Type = T.self) -> CoefficientStack<T> {
    var numbers = TestNumbers(seed: seed)
    var a = CoefficientStack<T>(lmax: lmax, mmax: mmax, lanes: lanes)
    for i in a.values.indices { a.values[i] = T(numbers.normal()) }
    for l in 0...lmax {
      for lane in 0..<lanes { a.values[(l * 2 + 1) * lanes + lane] = 0 }
    }
    return a
  }

  /// A random field, normal at every point.
  func field<T: LaneScalar>(seed: UInt64, as type: T.Type = T.self) -> FieldStack<T> {
    var numbers = TestNumbers(seed: seed)
    var f = FieldStack<T>(grid: grid, lanes: lanes)
    for i in f.values.indices { f.values[i] = T(numbers.normal()) }
    return f
  }
}
