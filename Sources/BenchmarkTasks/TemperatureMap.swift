import FileFormats
import Foundation
import SphereGrids

/// A temperature map read from a file, ready for a network.
public struct TemperatureMap: Sendable {
  /// The file as the caller named it.
  public var file: String
  /// One value per pixel, RING order, muK.
  public var pixels: [Float]
  /// What was assumed while reading.
  public var warnings: [String]

  /// Names under which a temperature column is known, in order of preference.
  public static let columnNames = ["T", "TEMPERATURE", "I_STOKES", "I"]

  /// Reads the temperature of a full-sky HEALPix file.
  ///
  /// NESTED maps are brought into RING order; units of temperature become muK.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - nside: the resolution that the map must have.
  /// - Throws: `FileError`, `FitsError`; `ModelError.wrongNside`, `.maskedMap`, `.infinitePixels`.
  public init(contentsOf url: URL, nside: Int) throws {
    file = url.relativePath
    var map = try HealpixMapFile(contentsOf: url)
    guard map.nside == nside else {
      throw ModelError.wrongNside(file: file, found: map.nside, expected: nside)
    }
    if map.ordering == .nested {
      let grid = try HealpixGrid(nside: nside)
      let order = try (0..<grid.pointCount).map { try grid.nestedPixel(ring: $0) }
      map = map.reordered(to: .ring) { order[$0] }
    }
    let column = try Self.temperatureColumn(map)
    let masked = map.pixelCount - column.observedCount
    guard masked == 0 else {
      throw ModelError.maskedMap(file: file, masked: masked, pixelCount: map.pixelCount)
    }
    pixels = column.values.map { Float($0) }
    if let first = pixels.firstIndex(where: { !$0.isFinite }) {
      throw ModelError.infinitePixels(
        file: file, count: pixels.count { !$0.isFinite }, first: first)
    }
    warnings = map.warnings
  }

  private static func temperatureColumn(
    _ map: HealpixMapFile
  ) throws(ModelError) -> HealpixMapFile.Column {
    for name in columnNames {
      if let column = map.columns.first(where: { $0.name.uppercased() == name }) { return column }
    }
    throw .noTemperature(file: map.path, found: map.columns.map(\.name))
  }
}

/// Maps as one batch, `[pixel][map]`.
public func interleaved(_ maps: [TemperatureMap]) -> [Float] {
  guard let first = maps.first else { return [] }
  var batch = [Float](repeating: 0, count: maps.count * first.pixels.count)
  for (lane, map) in maps.enumerated() {
    precondition(map.pixels.count == first.pixels.count, "maps of different resolution")
    for (p, value) in map.pixels.enumerated() { batch[p * maps.count + lane] = value }
  }
  return batch
}
