import Foundation
import LinearAlgebra
import SkyMaps
import SphereGrids

/// The monopole and the dipole of a map of T.
///
/// Definition:  the m and d that minimise Σ_p w_p (T_p − m − d · n_p)², n_p the unit vector to the
///              centre of pixel p; d = 0 for the monopole alone. w_p is the weight of the mask, and
///              0 where T is unobserved and where |z_p| < sin(latitude cut).
/// Method:      the normal equations, of order 4 or 1, summed ring by ring.
/// Units:       the map's. Directions are those of the map's coordinates.
/// Accuracy:    rounding times the condition number of the normal matrix: 3 for a full sky, some
///              200 / θ⁴ for a cap of the radius θ (radians).
/// Equals:      healpy.fit_dipole and fit_monopole for weights of 0 and 1.
/// Checked by:  DipoleFitOracleTests (healpy).
public struct DipoleFit: Sendable, Hashable {
  /// m.
  public let monopole: Double
  /// d; nil if it was not fitted.
  public let dipole: SIMD3<Double>?
  /// How many pixels have a weight above 0.
  public let pixelCount: Int

  /// |d|; 0 without a dipole.
  public var amplitude: Double { dipole.map { ($0 * $0).sum().squareRoot() } ?? 0 }

  /// Where d points to.
  public var direction: Direction? {
    dipole.map { Direction(theta: atan2(hypot($0.x, $0.y), $0.z), phi: atan2($0.y, $0.x)) }
  }

  /// Fits a map.
  ///
  /// - Parameters:
  ///   - map: has T.
  ///   - mask: of the map's nside (a precondition); nil: weights 1.
  ///   - latitudeCut: radians, 0..<π/2: pixels nearer to the equator do not count.
  ///   - withDipole: whether d is fitted.
  /// - Throws: `FitsError` without T; `MapToolError.dipoleUndetermined` if the pixels do not
  ///   determine it.
  public init(
    of map: SkyMap, mask: SkyMask? = nil, latitudeCut: Double = 0, withDipole: Bool = true
  ) throws {
    precondition(mask == nil || mask?.nside == map.nside, "mask of nside \(mask?.nside ?? 0)")
    precondition(0..<Double.pi / 2 ~= latitudeCut, "latitude cut \(latitudeCut)")
    let temperature = try map.requireTemperature()
    let grid = try HealpixGrid(nside: map.nside)
    let order = withDipole ? 4 : 1
    let least = sin(latitudeCut)
    var normal = Matrix(rows: order, columns: order)
    var right = [Double](repeating: 0, count: order)
    var count = 0
    for ring in grid.rings where ring.cosTheta.magnitude >= least {
      var ringNormal = Matrix(rows: order, columns: order)
      var ringRight = [Double](repeating: 0, count: order)
      for k in 0..<ring.count {
        let pixel = ring.start + k
        let weight = mask?.weights[pixel] ?? 1
        guard weight > 0, !temperature[pixel].isNaN else { continue }
        count += 1
        let basis = Self.basis(ring, k)
        for i in 0..<order {
          ringRight[i] += weight * basis[i] * temperature[pixel]
          for j in 0...i { ringNormal[i, j] += weight * basis[i] * basis[j] }
        }
      }
      for i in 0..<order {
        right[i] += ringRight[i]
        for j in 0...i { normal[i, j] += ringNormal[i, j] }
      }
    }
    for i in 0..<order {
      for j in 0..<i { normal[j, i] = normal[i, j] }
    }
    let undetermined = MapToolError.dipoleUndetermined(
      file: map.file, what: withDipole ? "a monopole and a dipole" : "a monopole", pixels: count)
    guard count >= order else { throw undetermined }
    let solution: [Double]
    do throws(LinearAlgebraError) {
      solution = try CholeskyFactor(normal).solve(right)
    } catch {
      throw undetermined
    }
    monopole = solution[0]
    dipole = withDipole ? SIMD3(solution[1], solution[2], solution[3]) : nil
    pixelCount = count
  }

  /// 1, x, y, z of the centre of a pixel.
  private static func basis(_ ring: Ring, _ k: Int) -> SIMD4<Double> {
    let phi = ring.phi0 + 2 * .pi * Double(k) / Double(ring.count)
    return SIMD4(1, ring.sinTheta * cos(phi), ring.sinTheta * sin(phi), ring.cosTheta)
  }

  /// The map with T − m − d · n in every observed pixel, inside and outside the mask; Q and U stay.
  public func removed(from map: SkyMap) throws -> SkyMap {
    var result = map
    guard var temperature = map.temperature else { return map }
    let d = SIMD4(monopole, dipole?.x ?? 0, dipole?.y ?? 0, dipole?.z ?? 0)
    for ring in try HealpixGrid(nside: map.nside).rings {
      for k in 0..<ring.count {
        temperature[ring.start + k] -= (d * Self.basis(ring, k)).sum()
      }
    }
    result.temperature = temperature
    return result
  }
}
