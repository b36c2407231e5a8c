import Faults
import FileFormats
import Foundation

/// A noise map in a HEALPix file: the rms of the noise of every pixel.
///
/// Column:      the one that is chosen, else the first; the others are named in `warnings`.
/// Layout:      NESTED files are brought into RING order. Pixels that are not observed may have any
///              value or none, and get 0.
/// Units:       a temperature becomes uK; a column without unit is taken as uK. A unit that is no
///              temperature is refused: K^2 is that of a variance, whose square root is the rms.
/// Checked by:  NoiseMapTests.
public struct NoiseMapFile: Sendable {
  /// The noise.
  public let map: NoiseMap
  /// COORDSYS of the file, uninterpreted.
  public let coordinateSystem: String?
  /// What was assumed, one sentence each; to be shown to the user.
  public let warnings: [String]

  /// Reads a noise map.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - selection: which table and column; without it the first of each.
  ///   - nside: the resolution it must have.
  ///   - mask: the observed pixels; nil: all.
  /// - Throws: `FileError`, `FitsError`; `NoiseMapFileError` with the file's name around a
  ///   `NoiseMapError`.
  public init(
    contentsOf url: URL, _ selection: MapSelection = MapSelection(), nside: Int, mask: SkyMask?
  ) throws {
    let table = try HealpixTable(contentsOf: url, selection)
    func refuse(_ fault: NoiseMapError) -> NoiseMapFileError {
      NoiseMapFileError(file: url.relativePath, fault: fault)
    }
    guard table.nside == nside else {
      throw refuse(.nsideMismatch(found: table.nside, expected: nside))
    }
    let stored = try table.storedColumns()
    if stored.pixels != nil { try table.requireMemory(8 * table.pixelCount) }
    var warnings = table.warnings + stored.warnings
    let column = stored.columns[0]
    if stored.columns.count > 1 {
      let others = stored.columns.dropFirst().map(\.name).joined(separator: ", ")
      warnings.append(
        "column \(column.name) is taken for the rms; the file has other columns: \(others)")
    }
    let unit = column.unit ?? ""
    guard unit.isEmpty || FitsUnit.microkelvinFactor(of: unit) != nil else {
      throw refuse(.unit(found: unit))
    }
    let places = try RingPlaces(table, stored.pixels)
    var (first, missing): (Int?, Int) = (nil, 0)
    let values = places.ring(column.values).enumerated().map { pixel, value -> Float in
      guard mask.map({ $0.weights[pixel] > 0 }) ?? true else { return 0 }
      if value.isNaN {
        first = first ?? pixel
        missing += 1
      }
      return Float(value)
    }
    if let first { throw refuse(.missing(pixel: first, count: missing)) }
    do throws(NoiseMapError) {
      map = try NoiseMap(nside: nside, deviations: values)
      try map.validate(nside: nside, mask: mask)
    } catch {
      throw refuse(error)
    }
    coordinateSystem = table.coordinateSystem
    self.warnings = warnings
  }
}

/// A `NoiseMapError` with the file that has the fault.
public struct NoiseMapFileError: UserError, Sendable, Hashable {
  /// The file as the caller named it.
  public let file: String
  /// What is wrong with it.
  public let fault: NoiseMapError

  /// What was found, where, and what to do.
  public var description: String { "\(file): \(fault)" }
  public var faultClass: FaultClass { fault.faultClass }
}
