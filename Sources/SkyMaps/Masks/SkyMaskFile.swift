import FileFormats
import Foundation
import SphereGrids

/// A mask in a HEALPix file.
///
/// Column:      the one that is chosen, else the first; the others are named in `warnings`.
/// Layout:      NESTED files are brought into RING order; a pixel that is UNSEEN, NaN or absent
///              from a partial-sky table is not observed.
/// Rounding:    weights beyond 0 or 1 by at most `rounding` (float32, averages over pixels) become
///              0 or 1, with a warning; farther ones are refused.
/// Checked by:  RealMapFixtureTests, SkyMaskErrorTests.
public struct SkyMaskFile: Sendable {
  /// The mask.
  public let mask: SkyMask
  /// COORDSYS of the file, uninterpreted.
  public let coordinateSystem: String?
  /// What was assumed, one sentence each; to be shown to the user.
  public let warnings: [String]

  /// How far rounding carries a weight beyond 0 or 1.
  public static let rounding = 1e-5

  /// Reads a mask.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - selection: which table and column; without it the first of each.
  ///   - nside: the resolution it must have; nil: any.
  /// - Throws: `FileError`, `FitsError`; `SkyMaskFileError` with the file's name around a
  ///   `SkyMaskError`.
  public init(
    contentsOf url: URL, _ selection: MapSelection = MapSelection(), nside: Int? = nil
  ) throws {
    let table = try HealpixTable(contentsOf: url, selection)
    func requireMask<Result>(_ body: () throws(SkyMaskError) -> Result) throws -> Result {
      do throws(SkyMaskError) {
        return try body()
      } catch {
        throw SkyMaskFileError(file: url.relativePath, fault: error)
      }
    }
    if let nside {
      try requireMask { () throws(SkyMaskError) in
        guard table.nside == nside else {
          throw .nsideMismatch(found: table.nside, expected: nside)
        }
      }
    }
    let stored = try table.storedColumns()
    if stored.pixels != nil { try table.requireMemory(8 * table.pixelCount) }
    var warnings = table.warnings + stored.warnings
    let column = stored.columns[0]
    if stored.columns.count > 1 {
      let others = stored.columns.dropFirst().map(\.name).joined(separator: ", ")
      warnings.append(
        "column \(column.name) is taken for the mask; the file has other columns: \(others)")
    }
    let places = try RingPlaces(table, stored.pixels)
    var (clipped, farthest) = (0, 0.0)
    let weights = places.ring(column.values).map { weight in
      if weight.isNaN { return 0.0 }
      let nearest = min(1, max(0, weight))
      let distance = (weight - nearest).magnitude
      guard distance > 0, distance <= Self.rounding else { return weight }
      clipped += 1
      farthest = max(farthest, distance)
      return nearest
    }
    if clipped > 0 {
      warnings.append(
        "\(clipped) weights beyond 0 or 1, by up to \(String(format: "%.2g", farthest)), are "
          + "taken for 0 "
          + "or 1")
    }
    mask = try requireMask { () throws(SkyMaskError) in
      try SkyMask(nside: table.nside, weights: weights)
    }
    coordinateSystem = table.coordinateSystem
    self.warnings = warnings
  }
}
