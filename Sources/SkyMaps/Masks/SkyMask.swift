import FileFormats
import Foundation
import SphereGrids

/// Which pixels of a HEALPix map are observed, and with what weight.
///
/// Definition:  weight w_p in [0, 1]; pixel p is observed where w_p > 0.
/// Layout:      RING order, one weight per pixel.
/// Domain:      every weight in [0, 1] and at least one above 0; anything else is refused.
/// Checked by:  SkyMaskPropertyTests, SkyMaskErrorTests.
public struct SkyMask: Sendable, Hashable {
  /// Resolution: 12 nside² pixels.
  public let nside: Int
  /// w_p in RING order.
  public let weights: [Double]

  /// The centre of the published mask's cap: colatitude and longitude in radians.
  public static let publishedCentre = Direction(theta: 2.001074, phi: 1.695120)

  /// A mask from its weights in RING order.
  ///
  /// - Throws: `SkyMaskError.pixelCount`, `.weightOutside`, `.allMasked`.
  public init(nside: Int, weights: [Double]) throws(SkyMaskError) {
    guard 1...HealpixGrid.largestNside ~= nside, weights.count == 12 * nside * nside else {
      throw .pixelCount(found: weights.count, nside: nside)
    }
    for (pixel, weight) in weights.enumerated() where !(0...1).contains(weight) {
      throw .weightOutside(pixel: pixel, found: weight)
    }
    guard weights.contains(where: { $0 > 0 }) else { throw .allMasked }
    self.nside = nside
    self.weights = weights
  }

  /// The mask that observes everything.
  ///
  /// - Throws: `HealpixError.invalidNside`.
  public static func fullSky(nside: Int) throws -> SkyMask {
    let grid = try HealpixGrid(nside: nside)
    return try SkyMask(nside: nside, weights: [Double](repeating: 1, count: grid.pointCount))
  }

  /// A circular cap of a given fraction of the sky.
  ///
  /// Definition: w_p = 1 where the distance from the pixel's centre to `centre` is at most
  ///             arccos(1 − 2 f_sky), a cap of area 4π f_sky; 0 elsewhere.
  ///
  /// - Parameters:
  ///   - nside: resolution.
  ///   - skyFraction: f_sky, above 0 and at most 1; 1 is the whole sky.
  ///   - centre: where the cap is; the published mask's centre unless given.
  /// - Returns: the mask; `skyFraction` of it is the share of pixels, near f_sky.
  /// - Throws: `SkyMaskError.skyFraction`, `.allMasked` for a cap between pixel centres;
  ///   `HealpixError`.
  public static func cap(
    nside: Int, skyFraction: Double, centre: Direction = publishedCentre
  ) throws -> SkyMask {
    guard skyFraction > 0 && skyFraction <= 1 else {
      throw SkyMaskError.skyFraction(found: skyFraction)
    }
    let grid = try HealpixGrid(nside: nside)
    var weights = [Double](repeating: 0, count: grid.pointCount)
    for pixel in try grid.disc(centre: centre, radius: acos(1 - 2 * skyFraction)) {
      weights[pixel] = 1
    }
    return try SkyMask(nside: nside, weights: weights)
  }

  /// Whether each pixel is observed, w_p > 0.
  public var observed: [Bool] { weights.map { $0 > 0 } }

  /// The pixels that are observed, in increasing order.
  public var observedPixels: [Int] { weights.indices.filter { weights[$0] > 0 } }

  /// The share of pixels that are observed.
  public var skyFraction: Double { Double(observedPixels.count) / Double(weights.count) }

  /// Whether every pixel is observed.
  public var isFullSky: Bool { weights.allSatisfy { $0 > 0 } }

  /// What two masks have in common: pixels that both observe over pixels that at least one
  /// observes; 1 for the same pixels, 0 for disjoint ones. Weights above 0 count alike.
  ///
  /// - Throws: `SkyMaskError.nsideMismatch`.
  public func overlap(with other: SkyMask) throws(SkyMaskError) -> Double {
    try requireSameResolution(other.nside)
    var (both, either) = (0, 0)
    for (a, b) in zip(weights, other.weights) {
      both += a > 0 && b > 0 ? 1 : 0
      either += a > 0 || b > 0 ? 1 : 0
    }
    return Double(both) / Double(either)
  }

  /// The pixels that both masks observe, with the product of their weights.
  ///
  /// - Throws: `SkyMaskError.nsideMismatch`, `.allMasked`.
  public func intersection(with other: SkyMask) throws(SkyMaskError) -> SkyMask {
    try requireSameResolution(other.nside)
    return try SkyMask(nside: nside, weights: zip(weights, other.weights).map { $0 * $1 })
  }

  /// The mask without the pixels at which a map has no data, NaN or UNSEEN.
  ///
  /// - Parameter map: one value per pixel, RING order.
  /// - Returns: the weights, with 0 where the map has no data.
  /// - Throws: `SkyMaskError.pixelCount`, `.allMasked`.
  public func intersection(withDataOf map: [Double]) throws(SkyMaskError) -> SkyMask {
    guard map.count == weights.count else {
      throw .pixelCount(found: map.count, nside: nside)
    }
    return try SkyMask(
      nside: nside,
      weights: zip(weights, map).map { HealpixMapFile.isUnseen($1) ? 0 : $0 })
  }

  /// Refuses another resolution.
  ///
  /// - Throws: `SkyMaskError.nsideMismatch`.
  public func requireSameResolution(_ nside: Int) throws(SkyMaskError) {
    guard nside == self.nside else { throw .nsideMismatch(found: self.nside, expected: nside) }
  }
}

extension SkyMask {
  /// Reads a mask from a HEALPix file, see `SkyMaskFile`, whose warnings are lost here.
  ///
  /// - Throws: as `SkyMaskFile`.
  public init(
    contentsOf url: URL, _ selection: MapSelection = MapSelection(), nside: Int? = nil
  ) throws {
    self = try SkyMaskFile(contentsOf: url, selection, nside: nside).mask
  }

  /// The mask as a HEALPix file of one column named MASK, RING order.
  public var mapFile: HealpixMapFile {
    HealpixMapFile(
      nside: nside,
      columns: [
        HealpixMapFile.Column(name: "MASK", values: weights, unit: nil, storedType: .float32)
      ])
  }
}
