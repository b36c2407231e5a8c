import FileFormats
import Foundation
import SphereGrids

/// The noise of every pixel of a map: uncorrelated, with a standard deviation of its own.
///
/// Definition:  pixel p of every field has noise of variance σ_p².
/// Layout:      RING order; float32, as map files hold it.
/// Units:       those of the map.
/// Files:       in JSON `PackedNumbers`.
/// Domain:      σ_p finite and ≥ 0, and above 0 at every pixel that is observed (`validate`): a
///              pixel without noise would have infinite weight.
/// Checked by:  NoiseMapTests.
public struct NoiseMap: Sendable, Hashable, Codable {
  /// Resolution: 12 nside² pixels.
  public let nside: Int
  /// σ_p in RING order.
  public let deviations: [Float]

  /// A noise map from its standard deviations in RING order.
  ///
  /// - Throws: `NoiseMapError.pixelCount`, `.notADeviation`.
  public init(nside: Int, deviations: [Float]) throws(NoiseMapError) {
    guard 1...HealpixGrid.largestNside ~= nside, deviations.count == 12 * nside * nside else {
      throw .pixelCount(found: deviations.count, nside: nside)
    }
    for (pixel, value) in deviations.enumerated() where !(value >= 0 && value.isFinite) {
      throw .notADeviation(pixel: pixel, found: Double(value))
    }
    self.nside = nside
    self.deviations = deviations
  }

  /// Refuses a map of another resolution, and one that has no noise where a pixel is observed.
  ///
  /// - Parameters:
  ///   - nside: resolution of the maps.
  ///   - mask: the observed pixels; nil: all.
  /// - Throws: `NoiseMapError.nsideMismatch`, `.noNoise`.
  public func validate(nside: Int, mask: SkyMask?) throws(NoiseMapError) {
    guard nside == self.nside else { throw .nsideMismatch(found: self.nside, expected: nside) }
    var (first, count): (Int?, Int) = (nil, 0)
    for (pixel, value) in deviations.enumerated() where value == 0 {
      guard mask.map({ $0.weights[pixel] > 0 }) ?? true else { continue }
      first = first ?? pixel
      count += 1
    }
    if let first { throw .noNoise(pixel: first, count: count) }
  }

  /// √⟨σ_p²⟩ over the observed pixels.
  public func rms(mask: SkyMask?) -> Double {
    var (sum, count) = (0.0, 0)
    for (pixel, value) in deviations.enumerated()
    where mask.map({ $0.weights[pixel] > 0 }) ?? true {
      sum += Double(value) * Double(value)
      count += 1
    }
    return count == 0 ? 0 : (sum / Double(count)).squareRoot()
  }

  private enum CodingKeys: String, CodingKey {
    case nside, deviations
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      nside: try values.decode(Int.self, forKey: .nside),
      deviations: try values.decode(PackedNumbers.self, forKey: .deviations).values)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(nside, forKey: .nside)
    try values.encode(PackedNumbers(deviations), forKey: .deviations)
  }
}
