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
  package func rings(lmax: Int) throws -> any RingGrid {
    switch self {
    case .healpix(let nside): return try HealpixGrid(nside: nside)
    case .published: return ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64)
    case .gaussLegendre: return GaussLegendreGrid(lmax: lmax)
    }
  }
}
