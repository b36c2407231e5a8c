/// Why a transform refuses.
public enum HarmonicTransformError: Error, Equatable, CustomStringConvertible {
  /// The quadrature of the grid is not exact for the degrees asked for.
  case degreeBeyondGrid(grid: String, lmax: Int, exact: Int)
  /// Least squares with more unknowns than data, or otherwise singular equations.
  case singularAnalysis(grid: String, lmax: Int, reason: String)
  /// Data on another grid than the transform's.
  case otherGrid(found: String, expected: String)
  /// A number that is not finite at a point.
  case notFinite(point: Int, lane: Int)

  public var description: String {
    switch self {
    case .degreeBeyondGrid(let grid, let lmax, let exact):
      return "analysis up to lmax \(lmax) on \(grid): its quadrature is exact up to \(exact) only; "
        + "choose lmax ≤ \(exact), a finer grid, least squares, or say .lossy"
    case .singularAnalysis(let grid, let lmax, let reason):
      return "least-squares analysis up to lmax \(lmax) on \(grid) has no unique solution "
        + "(\(reason)); choose a smaller lmax or a finer grid"
    case .otherGrid(let found, let expected):
      return "the field is on \(found), the transform is for \(expected)"
    case .notFinite(let point, let lane):
      return "the value at point \(point), lane \(lane) is not finite; mask it before a transform"
    }
  }
}
