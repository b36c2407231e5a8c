import SphereGrids

/// A grid of the study of exactness.
package enum StudiedGrid: Sendable, Hashable {
  case healpix(nside: Int)
  /// The grid of the published network: 32 Clenshaw-Curtis rings of 64 longitudes.
  case published
  /// The smallest Gauss-Legendre grid for the largest degree.
  case gaussLegendre

  /// As it stands in tables.
  package var name: String {
    switch self {
    case .healpix: return "HEALPix"
    case .published: return "Clenshaw-Curtis 32 x 64"
    case .gaussLegendre: return "Gauss-Legendre"
    }
  }

  /// Of HEALPix.
  package var nside: Int? {
    if case .healpix(let nside) = self { return nside }
    return nil
  }

  /// The rings for degrees up to lmax.
  ///
  /// - Throws: `HealpixError.invalidNside`.
  func rings(lmax: Int) throws -> any RingGrid {
    switch self {
    case .healpix(let nside): return try HealpixGrid(nside: nside)
    case .published: return ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64)
    case .gaussLegendre: return GaussLegendreGrid(lmax: lmax)
    }
  }
}

/// The points of another grid with other weights, one per ring: weights that are the same for all
/// orders need no table of functions and weights, whose memory grows like lmax² nside.
struct ReweightedGrid: RingGrid {
  let rings: [Ring]
  let pointCount: Int
  let name: String
  var exactDegree: Int { 0 }
  var exactAnalysisDegree: Int { 0 }

  /// - Parameters:
  ///   - grid: the points.
  ///   - weights: of every ring pair from the north pole to the equator, as in
  ///     `QuadratureWeights.values`.
  init(_ grid: any RingGrid, weights: [Double]) {
    let last = grid.rings.count - 1
    precondition(weights.count == (last + 2) / 2, "\(weights.count) weights for \(last + 1) rings")
    pointCount = grid.pointCount
    name = "\(grid.name) with other weights"
    rings = grid.rings.enumerated().map { k, ring in
      var ring = ring
      ring.weight = weights[min(k, last - k)]
      return ring
    }
  }
}
