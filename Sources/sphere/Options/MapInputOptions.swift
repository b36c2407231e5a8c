import ArgumentParser
import Foundation
import SkyMaps

/// Which table and columns of a map's file are meant.
struct MapInputOptions: ParsableArguments {
  @Option(
    help: """
      The table of the map: its number, counted from 0 at the primary part as in astropy and \
      healpy, or its \
      EXTNAME. Default: the first HEALPix table.
      """)
  var hdu: String?

  @Option(
    help: """
      The column of the map: its name or its number, counted from 1. Once for T; repeated for Q \
      and U, or T, \
      Q and U. Default: found by their names.
      """)
  var column: [String] = []

  /// Whether anything is chosen.
  var isGiven: Bool { hdu != nil || !column.isEmpty }

  /// The choice.
  var selection: MapSelection {
    MapSelection(
      table: hdu.map { MapSelection.Table($0) }, columns: column.map { MapSelection.Column($0) })
  }
}

/// A mask, and which table and column of its file are meant.
struct MaskInputOptions: ParsableArguments {
  @Option(
    name: .customLong("mask-hdu"),
    help: "The table of the mask: its number or EXTNAME. Default: the first HEALPix table.")
  var hdu: String?

  @Option(
    name: .customLong("mask-column"),
    help: """
      The column of the mask: its name or its number, counted from 1. Default: the first, which \
      is said if \
      there are several.
      """)
  var column: String?

  /// The choice.
  var selection: MapSelection {
    MapSelection(
      table: hdu.map { MapSelection.Table($0) },
      columns: column.map { [MapSelection.Column($0)] } ?? [])
  }

  /// Reads a mask and says what was assumed.
  ///
  /// - Parameters:
  ///   - path: the file; nil: no mask was given, and then no table or column of it may be chosen.
  ///   - nside: the resolution it must have.
  ///   - coordinateSystems: COORDSYS of the maps that have one; a warning says so if the mask has
  ///     another frame.
  /// - Returns: the mask, if there is one.
  /// - Throws: what `SkyMaskFile` throws.
  func read(_ path: String?, nside: Int, coordinateSystems: [String] = []) throws -> SkyMask? {
    guard let path else { return nil }
    let file = try SkyMaskFile(contentsOf: URL(fileURLWithPath: path), selection, nside: nside)
    for warning in file.warnings { say("\(path): warning: \(warning)") }
    if let found = file.coordinateSystem,
      let expected = coordinateSystems.first(where: { !SkyFrame.areSame(found, $0) })
    {
      say(
        "\(path): warning: COORDSYS of the mask is \(found), of the map \(expected); pixels are "
          + "compared as they stand")
    }
    return file.mask
  }

  /// Refuses a choice without a mask.
  func requireMask(_ path: String?) throws {
    guard path != nil || (hdu == nil && column == nil) else {
      throw ValidationError("--mask-hdu and --mask-column belong to --mask")
    }
  }
}
