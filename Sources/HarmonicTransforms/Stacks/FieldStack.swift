import Kernels
import SphereGrids

/// Several real fields sampled on one grid, which travels with them.
///
/// Layout: `values[point * lanes + lane]`, points in ring order from north to south.
public struct FieldStack<T: LaneScalar>: Sendable {
  /// Where the points are.
  public let grid: any RingGrid
  /// Number of fields.
  public let lanes: Int
  /// The numbers, in the layout above.
  public var values: [T]

  /// Fields that are zero everywhere.
  public init(grid: any RingGrid, lanes: Int = 1) {
    self.init(
      grid: grid, lanes: lanes, values: .zeros(grid.pointCount * lanes))
  }

  /// Fields from their values.
  public init(grid: any RingGrid, lanes: Int, values: [T]) {
    precondition(
      values.count == grid.pointCount * lanes,
      "\(values.count) numbers for \(grid.pointCount) points and \(lanes) lanes of \(grid.name)")
    self.grid = grid
    self.lanes = lanes
    self.values = values
  }

  /// The values of one field.
  public func field(_ lane: Int) -> [T] {
    precondition(0 <= lane && lane < lanes, "lane \(lane) of \(lanes)")
    return stride(from: lane, to: values.count, by: lanes).map { values[$0] }
  }

  /// Throws unless the fields are on the given grid and finite.
  func requireUsable(on grid: any RingGrid, threads: Int = 1) throws(HarmonicTransformError) {
    guard self.grid.isSame(as: grid) else {
      throw .otherGrid(found: self.grid.name, expected: grid.name)
    }
    if let bad = firstNotFinite(values, threads: threads) {
      throw .notFinite(point: bad / lanes, lane: bad % lanes)
    }
  }
}
