import Kernels
import SphereGrids

/// The two real components of spin-weighted fields on one grid, Q + iU; Stokes parameters for spin
/// 2.
///
/// Definition:  Q and U refer to the meridian at every point, x to the south and y to the east: the
///              COSMO convention of HEALPix. In the IAU convention U has the other sign.
public struct SpinFields<T: LaneScalar>: Sendable {
  /// Q of every field.
  public var q: FieldStack<T>
  /// U of every field.
  public var u: FieldStack<T>

  /// Fields from two stacks on one grid.
  public init(q: FieldStack<T>, u: FieldStack<T>) {
    precondition(
      q.grid.isSame(as: u.grid) && q.lanes == u.lanes,
      "Q (\(q.grid.name), \(q.lanes) lanes) and U (\(u.grid.name), \(u.lanes) lanes) differ")
    self.q = q
    self.u = u
  }

  /// Fields that are zero everywhere.
  public init(grid: any RingGrid, lanes: Int = 1) {
    self.init(q: FieldStack(grid: grid, lanes: lanes), u: FieldStack(grid: grid, lanes: lanes))
  }

  /// The same fields in the other polarisation convention, IAU or COSMO: U with the other sign.
  public var flippingU: SpinFields {
    var fields = self
    for i in fields.u.values.indices { fields.u.values[i] = -fields.u.values[i] }
    return fields
  }
}
