/// A grid of iso-latitude rings: the typed value that travels with a map instead of a bare shape.
///
/// Every harmonic transform reads only what is declared here, so one kernel serves all grids.
public protocol RingGrid: Sendable, Hashable {
  /// The rings from north to south; `start` increases without gaps.
  var rings: [Ring] { get }
  /// Σ ring.count, the number of values in a map.
  var pointCount: Int { get }
  /// Largest degree L such that the weights integrate every spherical harmonic of degree ≤ L
  /// exactly (to rounding). Analysis of a field with degrees up to lmax is exact by quadrature when
  /// 2 lmax ≤ L. For a HEALPix grid this is 0 or 1, however large nside is.
  var exactDegree: Int { get }
  /// Largest lmax for which quadrature analysis inverts synthesis exactly: with the longitudes
  /// counted too, min(⌊exactDegree / 2⌋, ⌊(longitudes − 1) / 2⌋).
  var exactAnalysisDegree: Int { get }
  /// A short name for messages, with the grid's parameters: "HEALPix nside 16".
  ///
  /// Two grids with one name need not be the same: `isSame(as:)` decides that.
  var name: String { get }
}

extension RingGrid {
  /// Whether the other grid is of the same type and equal: the same points with the same weights,
  /// so that a field on one is a field on the other.
  ///
  /// Cost: grids that follow from a few sizes compare these; a grid that is given ring by ring
  /// compares its rings.
  public func isSame(as other: any RingGrid) -> Bool { (other as? Self) == self }
}
