import HarmonicTransforms
import SkyMaps
import SphereGrids

/// A map of T after a rotation, by interpolation between its pixels.
///
/// Definition:  T'(n) = T(R⁻¹ n) at the centre n of every pixel, T between pixels by
///              `HealpixGrid.interpolationWeights`. A pixel that needs an unobserved one is
///              unobserved. Interpolation smooths: a rotation of the coefficients does not
///              (`SkyCoefficients.rotated`), but needs every pixel.
/// Domain:      T alone: Q and U refer to the meridian of each pixel.
/// Equals:      healpy.Rotator.rotate_map_pixel of maps without UNSEEN.
/// Checked by:  SkyFrameOracleTests (healpy).
public struct PixelRotation: Sendable, Hashable {
  /// R.
  public let rotation: Rotation

  public init(_ rotation: Rotation) { self.rotation = rotation }

  /// The rotated map; it has no coordinate system.
  ///
  /// - Throws: `MapToolError.componentsOfPolarisation`; `HealpixError`.
  public func apply(_ map: SkyMap) throws -> SkyMap {
    guard map.polarisation == nil, let temperature = map.temperature else {
      throw MapToolError.componentsOfPolarisation(file: map.file, method: "pixel")
    }
    let grid = try HealpixGrid(nside: map.nside)
    let back = rotation.inverse
    let values = try (0..<grid.pointCount).map { pixel in
      let source = back.applied(to: try grid.centre(of: pixel))
      let weights = grid.interpolationWeights(at: source)
      var value = 0.0
      for (p, w) in zip(weights.pixels, weights.weights) where w != 0 {
        value += w * temperature[p]
      }
      return value
    }
    return SkyMap(nside: map.nside, temperature: values, unit: map.unit)
  }
}
