import Foundation
import SkyMaps

extension SkyMap {
  /// Reads the fields that a network needs, T, or Q and U; no other field is kept.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - isPolarised: whether Q and U are read, not T.
  ///   - nside: the resolution that the map must have; another one is refused before columns are
  ///   read.
  ///   - selection: which table and columns; without it the first HEALPix table with all columns.
  /// - Throws: `FileError`, `FitsError`; `MapInputError.wrongNside`, `.infinitePixels`.
  public init(
    contentsOf url: URL, isPolarised: Bool, nside: Int, _ selection: MapSelection = MapSelection()
  ) throws {
    let file = url.relativePath
    let table = try HealpixTable(contentsOf: url, selection)
    guard table.nside == nside else {
      throw MapInputError.wrongNside(file: file, found: table.nside, expected: nside)
    }
    try self.init(table, file: file)
    if isPolarised {
      _ = try requirePolarisation()
      temperature = nil
    } else {
      _ = try requireTemperature()
      polarisation = nil
    }
    try requireFloat32Range()
  }

  /// Refuses a map whose observed pixels are beyond the range of float32, in which networks
  /// compute.
  ///
  /// - Throws: `MapInputError.infinitePixels`.
  package func requireFloat32Range() throws(MapInputError) {
    let observed = observed
    for (_, values) in fields {
      func isInfinite(_ pixel: Int) -> Bool { observed[pixel] && Float(values[pixel]).isInfinite }
      guard let first = values.indices.first(where: isInfinite) else { continue }
      throw .infinitePixels(
        file: file, count: values.indices.count(where: isInfinite), first: first)
    }
  }
}

/// Refuses a map that lacks pixels of a mask.
///
/// - Throws: `MapInputError.maskedMap`.
package func requireObserved(_ map: SkyMap, mask: SkyMask?) throws(MapInputError) {
  let observed = map.observed
  let missing = observed.indices.count { pixel in
    let isNeeded = mask.map { $0.weights[pixel] > 0 } ?? true
    return isNeeded && !observed[pixel]
  }
  guard missing == 0 else {
    throw .maskedMap(
      file: map.file, masked: missing,
      pixelCount: mask?.observedPixels.count ?? map.pixelCount)
  }
}

/// Maps as the input of a network.
///
/// - Parameters:
///   - maps: maps of one resolution and with the same fields (preconditions).
///   - channels: channels of a map; nil: as many as fields.
/// - Returns: one batch, `[pixel][map * channels + channel]`: the fields of each map in its unit,
///   rounded to float32, 0 where a pixel is not observed in all fields. With one channel more than
///   fields, the last one is the mask, 1 where a pixel is observed.
public func interleaved(_ maps: [SkyMap], channels: Int? = nil) -> [Float] {
  guard let first = maps.first else { return [] }
  let channels = channels ?? first.fields.count
  precondition(
    channels == first.fields.count || channels == first.fields.count + 1,
    "\(channels) channels for \(first.fields.count) fields")
  let pixels = first.pixelCount
  let lanes = maps.count * channels
  var batch = [Float](repeating: 0, count: lanes * pixels)
  for (index, map) in maps.enumerated() {
    precondition(map.pixelCount == pixels, "maps of different resolution")
    precondition(map.fields.count == first.fields.count, "maps with different fields")
    let observed = map.observed
    let fields = map.fields.map(\.values)
    for channel in 0..<channels {
      for p in 0..<pixels where observed[p] {
        batch[p * lanes + index * channels + channel] =
          channel < fields.count ? Float(fields[channel][p]) : 1
      }
    }
  }
  return batch
}
