import FileFormats
import SphereGrids

/// Where the stored values of a table lie in RING order.
public struct RingPlaces: Sendable {
  /// Number of pixels of the sphere.
  public let pixelCount: Int
  /// The RING number of each stored value; nil: they are all pixels in RING order.
  public let pixels: [Int]?

  /// The places of the values of a table.
  ///
  /// - Parameters:
  ///   - table: the table.
  ///   - pixels: `HealpixTable.StoredColumns.pixels`.
  /// - Throws: `HealpixError` for a resolution that has no NESTED numbering.
  public init(_ table: HealpixTable, _ pixels: [Int]?) throws {
    pixelCount = table.pixelCount
    if table.ordering == .ring {
      self.pixels = pixels
    } else {
      let grid = try HealpixGrid(nside: table.nside)
      self.pixels = try (pixels ?? Array(0..<pixelCount)).map { try grid.ringPixel(nested: $0) }
    }
  }

  /// Stored values as a full-sky map in RING order, NaN where there is none.
  public func ring(_ values: [Double]) -> [Double] {
    guard let pixels else { return values }
    var map = [Double](repeating: .nan, count: pixelCount)
    for (pixel, value) in zip(pixels, values) { map[pixel] = value }
    return map
  }
}
