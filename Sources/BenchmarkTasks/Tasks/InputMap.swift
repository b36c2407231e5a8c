import Foundation
import SkyMaps
import SphereGrids

/// A map read from a file for a task: T, or Q and U, ready for a network.
public struct InputMap: Sendable {
  /// The file as the caller named it.
  public var file: String
  /// The fields, T or Q and U (COSMO's sign), RING order, muK; 0 where a pixel is not observed.
  public var fields: [[Float]]
  /// Whether each pixel is observed in all fields.
  public var observed: [Bool]
  /// What was assumed while reading.
  public var warnings: [String]
  /// COORDSYS of the file, uninterpreted.
  public var coordinateSystem: String?

  /// Reads the fields that a task needs.
  ///
  /// NESTED maps are brought into RING order; units of temperature become muK; UNSEEN and NaN
  /// pixels are not observed.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - task: which fields.
  ///   - nside: the resolution that the map must have; another one is refused before columns are
  ///   read.
  ///   - selection: which table and columns; without it the first HEALPix table with all columns.
  /// - Throws: `FileError`, `FitsError`; `ModelError.wrongNside`, `.infinitePixels`.
  public init(
    contentsOf url: URL, task: BenchmarkTask, nside: Int, _ selection: MapSelection = MapSelection()
  ) throws {
    file = url.relativePath
    let table = try HealpixTable(contentsOf: url, selection)
    guard table.nside == nside else {
      throw ModelError.wrongNside(file: file, found: table.nside, expected: nside)
    }
    let map = try SkyMap(table, file: file)
    let values: [[Double]]
    if task == .t1 {
      values = [try map.requireTemperature()]
    } else {
      let polarisation = try map.requirePolarisation()
      values = [polarisation.q, polarisation.u]
    }
    let observed = (0..<map.pixelCount).map { pixel in values.allSatisfy { !$0[pixel].isNaN } }
    fields = values.map { field in
      zip(field, observed).map { $1 ? Float($0) : 0 }
    }
    self.observed = observed
    for field in fields {
      if let first = field.firstIndex(where: { !$0.isFinite }) {
        throw ModelError.infinitePixels(
          file: file, count: field.count { !$0.isFinite }, first: first)
      }
    }
    warnings = map.warnings
    coordinateSystem = map.coordinateSystem
  }

  /// Number of pixels that are not observed.
  public var maskedCount: Int { observed.count { !$0 } }

  /// The map without the pixels that a mask does not observe.
  public mutating func apply(_ mask: SkyMask) {
    for pixel in observed.indices where mask.weights[pixel] == 0 {
      observed[pixel] = false
      for field in fields.indices { fields[field][pixel] = 0 }
    }
  }
}

/// Maps as one batch, `[pixel][map * channels + channel]`; with one channel more than fields, the
/// last one is the mask, 1 where a pixel is observed.
public func interleaved(_ maps: [InputMap], channels: Int? = nil) -> [Float] {
  guard let first = maps.first else { return [] }
  let channels = channels ?? first.fields.count
  precondition(
    channels == first.fields.count || channels == first.fields.count + 1,
    "\(channels) channels for \(first.fields.count) fields")
  let pixels = first.observed.count
  let lanes = maps.count * channels
  var batch = [Float](repeating: 0, count: lanes * pixels)
  for (index, map) in maps.enumerated() {
    precondition(map.observed.count == pixels, "maps of different resolution")
    for channel in 0..<channels {
      for p in 0..<pixels {
        batch[p * lanes + index * channels + channel] =
          channel < map.fields.count ? map.fields[channel][p] : (map.observed[p] ? 1 : 0)
      }
    }
  }
  return batch
}
