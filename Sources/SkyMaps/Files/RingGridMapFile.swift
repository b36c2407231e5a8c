import FileFormats
import Foundation

/// A file of maps on a grid of rings that all have the same number of points: a binary table with a
/// row per ring, from north to south.
///
/// Columns:     THETA, colatitude in rad; WEIGHT, quadrature weight of one point in sr, so that the
///              integral over the sphere is the sum of WEIGHT times the row's values; then the
///              fields with healpy's names, each row holding the NLON values of a ring, eastward.
/// Keywords:    GRIDTYPE (`gridType`), NLAT, NLON, PHI0 (longitude of the first point, rad),
///              POLCCONV, COORDSYS.
/// Masks:       unobserved points (NaN) are UNSEEN in the file.
/// Checked by:  RingGridMapFileTests, WrittenFilesFixtureTests (astropy).
public struct RingGridMapFile: Sendable {
  /// The grid's name, "GAUSS-LEGENDRE" or "CLENSHAW-CURTIS".
  public let gridType: String
  /// Colatitude of every ring, rad.
  public let theta: [Double]
  /// Solid angle of one point of every ring, sr.
  public let weights: [Double]
  /// Points of every ring.
  public let longitudeCount: Int
  /// The fields, each with `theta.count * longitudeCount` values, ring by ring.
  public let columns: [HealpixMapFile.Column]
  /// COORDSYS.
  public var coordinateSystem: String?
  /// POLCCONV.
  public var polarisationConvention: String?

  /// Maps in memory. The first point of every ring is at longitude 0.
  ///
  /// Domain: sizes that agree (preconditions).
  public init(
    gridType: String, theta: [Double], weights: [Double], longitudeCount: Int,
    columns: [HealpixMapFile.Column], coordinateSystem: String? = nil,
    polarisationConvention: String? = nil
  ) {
    precondition(theta.count == weights.count, "\(theta.count) rings, \(weights.count) weights")
    for column in columns {
      precondition(
        column.values.count == theta.count * longitudeCount,
        "column \(column.name) has \(column.values.count) values")
    }
    self.gridType = gridType
    self.theta = theta
    self.weights = weights
    self.longitudeCount = longitudeCount
    self.columns = columns
    self.coordinateSystem = coordinateSystem
    self.polarisationConvention = polarisationConvention
  }

  /// Writes the file, all numbers float64.
  ///
  /// - Throws: `FileError`, `FitsError`.
  public func write(to url: URL) throws {
    var keywords = [
      FitsTable.Keyword("EXTNAME", .text("RING GRID MAP"), comment: "One row per ring"),
      FitsTable.Keyword("GRIDTYPE", .text(gridType), comment: "Kind of grid"),
      FitsTable.Keyword("NLAT", .integer(theta.count), comment: "Number of rings"),
      FitsTable.Keyword("NLON", .integer(longitudeCount), comment: "Points per ring"),
      FitsTable.Keyword("PHI0", .real(0), comment: "Longitude of the first point (rad)"),
    ]
    if let coordinateSystem {
      keywords.append(
        FitsTable.Keyword("COORDSYS", .text(coordinateSystem), comment: "Coordinate system"))
    }
    if let polarisationConvention {
      keywords.append(
        FitsTable.Keyword(
          "POLCCONV", .text(polarisationConvention), comment: "Sign convention of U"))
    }
    let grid = [
      FitsTable.Column(name: "THETA", unit: "rad", values: theta, type: .float64),
      FitsTable.Column(name: "WEIGHT", unit: "sr", values: weights, type: .float64),
    ]
    let fields = columns.map { column in
      FitsTable.Column(
        name: column.name, unit: column.unit,
        values: column.values.map { $0.isNaN ? HealpixMapFile.unseen : $0 },
        valuesPerRow: longitudeCount, type: .float64)
    }
    try FitsTable.write([FitsTable(keywords: keywords, columns: grid + fields)], to: url)
  }
}
