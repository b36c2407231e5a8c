import FileFormats
import SphereGrids

extension HealpixMapFile {
  /// The same maps with their pixels in RING order.
  ///
  /// - Throws: `HealpixError` for a resolution that has no NESTED numbering.
  public func inRingOrder() throws -> HealpixMapFile {
    guard ordering == .nested else { return self }
    let grid = try HealpixGrid(nside: nside)
    let order = try (0..<grid.pointCount).map { try grid.nestedPixel(ring: $0) }
    return reordered(to: .ring) { order[$0] }
  }
}
