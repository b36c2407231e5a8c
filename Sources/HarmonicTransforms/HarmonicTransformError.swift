import Faults
import MachineMemory

/// Why a transform refuses.
public enum HarmonicTransformError: UserError, Equatable {
  /// The quadrature of the grid is not exact for the degrees asked for.
  case degreeBeyondGrid(grid: String, lmax: Int, exact: Int)
  /// Interpolation along the meridians of an equiangular grid does not carry the degrees asked for.
  case degreeBeyondInterpolation(grid: String, lmax: Int, largest: Int)
  /// Meridians without an opposite one.
  case oddLongitudes(grid: String, count: Int)
  /// Least squares with more unknowns than data, or otherwise singular equations.
  case singularAnalysis(grid: String, lmax: Int, reason: String)
  /// Data on another grid than the transform's.
  case otherGrid(found: String, expected: String)
  /// A number that is not finite at a point.
  case notFinite(point: Int, lane: Int)
  /// More bytes than can be had.
  case notEnoughMemory(transform: String, needed: Int, available: Int)

  public var description: String {
    switch self {
    case .degreeBeyondGrid(let grid, let lmax, let exact):
      return "analysis up to lmax \(lmax) on \(grid): its quadrature is exact up to \(exact) only; "
        + "choose lmax ≤ \(exact), a finer grid, least squares, or say .lossy"
    case .degreeBeyondInterpolation(let grid, let lmax, let largest):
      return "analysis up to lmax \(lmax) on \(grid): interpolation along its meridians carries "
        + "lmax \(largest) at most, the number of rings less 2 and half of the longitudes less 1; "
        + "choose lmax ≤ \(largest) or a finer grid"
    case .oddLongitudes(let grid, let count):
      return "\(grid) has \(count) longitudes, so that no meridian has an opposite one; "
        + "interpolation along the meridians needs an even number"
    case .singularAnalysis(let grid, let lmax, let reason):
      return "least-squares analysis up to lmax \(lmax) on \(grid) has no unique solution "
        + "(\(reason)); choose a smaller lmax or a finer grid"
    case .otherGrid(let found, let expected):
      return found == expected
        ? "the field is on \(found), but on other rings than those of the transform"
        : "the field is on \(found), the transform is for \(expected)"
    case .notFinite(let point, let lane):
      return "the value at point \(point), lane \(lane) is not finite; mask it before a transform"
    case .notEnoughMemory(let transform, let needed, let available):
      return "\(transform): needs \(FreeMemory.text(needed)) of memory, and "
        + "\(FreeMemory.text(available)) are available; take a smaller lmax, a coarser grid or "
        + "fewer "
        + "fields at a time"
    }
  }
}

extension HarmonicTransformError {
  public var faultClass: FaultClass {
    switch self {
    case .notEnoughMemory: return .usage
    default: return .badInput
    }
  }
}
