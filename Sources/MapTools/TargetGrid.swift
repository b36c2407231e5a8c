import FileFormats
import SphereGrids

/// A grid that a map can be resampled to, by its name on the command line.
///
/// Names:       `nsideN` for HEALPix; `gauss-legendre:LMAX`, the smallest Gauss-Legendre grid that
///              carries 0...LMAX; `gauss-legendre:NLATxNLON`; `clenshaw-curtis:NLATxNLON`,
///              equidistant rings with both poles.
/// Domain:      1 <= N <= 8192; LMAX <= 24575; NLAT and NLON such that the grid has at most
///              12 · 8192² points; NLAT >= 2 with poles.
/// Checked by:  TargetGridTests.
public enum TargetGrid: Sendable, Hashable {
  case healpix(HealpixGrid)
  case gaussLegendre(GaussLegendreGrid)
  case clenshawCurtis(ClenshawCurtisGrid)

  /// The grid of a name.
  ///
  /// - Throws: `MapToolError.unknownGrid`, `.gridOutOfRange`.
  public init(named text: String) throws(MapToolError) {
    let name = text.lowercased()
    if name.hasPrefix("nside"), let nside = Int(name.dropFirst(5)) {
      guard 1...Self.largestNside ~= nside, let grid = try? HealpixGrid(nside: nside) else {
        throw .gridOutOfRange(found: text, expected: "nside in 1...\(Self.largestNside)")
      }
      self = .healpix(grid)
      return
    }
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw .unknownGrid(found: text) }
    let sizes = parts[1].split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    switch (parts[0], sizes.count) {
    case ("gauss-legendre", 1):
      guard let lmax = sizes[0] else { throw .unknownGrid(found: text) }
      guard 0...AlmFile.largestDegree ~= lmax else {
        throw .gridOutOfRange(found: text, expected: "LMAX in 0...\(AlmFile.largestDegree)")
      }
      self = .gaussLegendre(GaussLegendreGrid(lmax: lmax))
    case ("gauss-legendre", 2):
      let (rings, longitudes) = try Self.sizes(sizes, leastRings: 1, text)
      self = .gaussLegendre(GaussLegendreGrid(ringCount: rings, longitudeCount: longitudes))
    case ("clenshaw-curtis", 2):
      let (rings, longitudes) = try Self.sizes(sizes, leastRings: 2, text)
      self = .clenshawCurtis(ClenshawCurtisGrid(ringCount: rings, longitudeCount: longitudes))
    default: throw .unknownGrid(found: text)
    }
  }

  private static let largestNside = 8192

  private static func sizes(
    _ sizes: [Int?], leastRings: Int, _ text: String
  ) throws(MapToolError) -> (Int, Int) {
    guard let rings = sizes[0], let longitudes = sizes[1] else { throw .unknownGrid(found: text) }
    let largest = 12 * largestNside * largestNside
    guard rings >= leastRings, longitudes >= 1, rings <= largest / longitudes else {
      throw .gridOutOfRange(
        found: text,
        expected: "NLAT >= \(leastRings), NLON >= 1 and at most \(largest) points")
    }
    return (rings, longitudes)
  }

  /// The grid.
  public var grid: any RingGrid {
    switch self {
    case .healpix(let grid): return grid
    case .gaussLegendre(let grid): return grid
    case .clenshawCurtis(let grid): return grid
    }
  }

  /// The degrees that a map on the grid can give back well: 2 nside for HEALPix, the degree of
  /// exact quadrature for the others.
  public var carriedDegree: Int {
    switch self {
    case .healpix(let grid): return 2 * grid.nside
    case .gaussLegendre(let grid): return grid.exactAnalysisDegree
    case .clenshawCurtis(let grid): return grid.exactAnalysisDegree
    }
  }
}
