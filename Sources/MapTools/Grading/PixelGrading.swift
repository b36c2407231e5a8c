import Foundation
import SkyMaps
import SphereGrids

/// A map at another nside by the tree of pixels: means over children, or copies of the parent.
///
/// Definition:  with r = (new nside / old nside)^power:
///              coarser: f'_P = r Σ f_p / n over the n observed children p of P; unobserved where
///              n = 0, and if `isPessimistic` where a child is unobserved;
///              finer: f'_p = r f_P, P the pixel of the map that p lies in.
///              power = −2 keeps the sum over pixels (hits), power = 2 is for variances.
/// Fields:      T, Q and U each on its own, as they stand. Q and U refer to the meridian of each
///              pixel, and near the poles those of a pixel's children differ by much:
///              `HarmonicFilter` is right for them.
/// Domain:      both nsides powers of two (NESTED numbers).
/// Accuracy:    as many roundings as a pixel has children.
/// Equals:      healpy.ud_grade(map, nside, pess, power=power).
/// Checked by:  MapFilterOracleTests (healpy).
public struct PixelGrading: Sendable, Hashable {
  /// The new resolution.
  public var nside: Int
  /// Whether a pixel with an unobserved child is unobserved.
  public var isPessimistic: Bool
  /// The exponent of r.
  public var power: Double

  /// Settings of a grading.
  public init(nside: Int, isPessimistic: Bool = false, power: Double = 0) {
    precondition(power.isFinite, "power \(power)")
    self.nside = nside
    self.isPessimistic = isPessimistic
    self.power = power
  }

  /// The map at the new resolution.
  ///
  /// - Throws: `MapToolError.wrongResolution` if a resolution is no power of two.
  public func apply(_ map: SkyMap) throws -> SkyMap {
    guard nside > 0, (nside & (nside - 1)) == 0, (map.nside & (map.nside - 1)) == 0 else {
      throw MapToolError.wrongResolution(
        file: map.file, nside: map.nside, asked: nside,
        expected: "powers of two for both, since pixels are joined and divided by fours")
    }
    let (old, new) = (try HealpixGrid(nside: map.nside), try HealpixGrid(nside: nside))
    let (coarse, fine) = nside < map.nside ? (new, old) : (old, new)
    let children = fine.pointCount / coarse.pointCount
    let ratio = pow(Double(nside) / Double(map.nside), power)
    // Fine pixels in NESTED order: those of one parent are neighbours.
    let places = try (0..<fine.pointCount).map { try fine.ringPixel(nested: $0) }
    let parents = try (0..<coarse.pointCount).map { try coarse.ringPixel(nested: $0) }
    func graded(_ values: [Double]) -> [Double] {
      var result = [Double](repeating: .nan, count: new.pointCount)
      for (parent, pixel) in parents.enumerated() {
        let family = places[parent * children..<(parent + 1) * children]
        if nside > map.nside {
          for child in family { result[child] = ratio * values[pixel] }
          continue
        }
        let observed = family.lazy.map { values[$0] }.filter { !$0.isNaN }
        let count = observed.count
        guard isPessimistic ? count == children : count > 0 else { continue }
        result[pixel] = observed.reduce(0, +) / (Double(count) / ratio)
      }
      return result
    }
    return SkyMap(
      nside: nside, temperature: map.temperature.map(graded),
      polarisation: map.polarisation.map {
        SkyMap.Polarisation(q: graded($0.q), u: graded($0.u))
      }, unit: map.unit, coordinateSystem: map.coordinateSystem)
  }
}
