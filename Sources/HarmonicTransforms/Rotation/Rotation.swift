import Foundation
import SphereGrids

/// A rotation of space by Euler angles about fixed axes: first γ about z, then β about y, then α
/// about z.
///
/// Definition:  R = R_z(α) R_y(β) R_z(γ), each counter-clockwise seen from the tip of its axis, so
///              that R_z(α) adds α to the longitude of every direction. It moves the north pole to
///              colatitude β, longitude α. healpy's `rotate_alm(alm, psi, theta, phi)` and ducc0's
///              `rotate_alm` are γ = psi, β = theta, α = phi.
/// Domain:      any finite angles, radians; none is reduced, so that two different values may be
///              the same rotation.
/// Checked by:  RotationPropertyTests, WignerRotationFixtureTests (healpy).
public struct Rotation: Sendable, Hashable, CustomStringConvertible {
  /// The last angle, about z.
  public let alpha: Double
  /// The middle angle, about y.
  public let beta: Double
  /// The first angle, about z.
  public let gamma: Double

  /// R_z(α) R_y(β) R_z(γ).
  public init(alpha: Double, beta: Double, gamma: Double) {
    precondition(
      alpha.isFinite && beta.isFinite && gamma.isFinite,
      "Euler angles (\(alpha), \(beta), \(gamma)) are not finite")
    self.alpha = alpha
    self.beta = beta
    self.gamma = gamma
  }

  /// The rotation that moves nothing.
  public static let identity = Rotation(alpha: 0, beta: 0, gamma: 0)

  public var description: String { "(α \(alpha), β \(beta), γ \(gamma))" }

  /// R⁻¹ = R_z(−γ) R_y(−β) R_z(−α): the same three numbers, so no angle is rounded.
  public var inverse: Rotation { Rotation(alpha: -gamma, beta: -beta, gamma: -alpha) }

  /// This rotation after another one: the matrix is the product `matrix` · `first.matrix`.
  ///
  /// Method:   product of quaternions. With a matrix, α and γ would each come from elements of the
  ///           size of sin β; from a quaternion (α + γ)/2 and (α − γ)/2 come each from a pair of
  ///           numbers of which one is large whenever the angle matters.
  /// Accuracy: 8 rounding errors of 1 in each angle of the result; near β = 0 in α + γ, near β = π
  ///           in α − γ, the other combination having no meaning there.
  public func after(_ first: Rotation) -> Rotation {
    let (p, q) = (quaternion, first.quaternion)
    let w = p.w * q.w - p.x * q.x - p.y * q.y - p.z * q.z
    let x = p.w * q.x + p.x * q.w + p.y * q.z - p.z * q.y
    let y = p.w * q.y - p.x * q.z + p.y * q.w + p.z * q.x
    let z = p.w * q.z + p.x * q.y - p.y * q.x + p.z * q.w
    let halfSum = atan2(z, w)
    let halfDifference = atan2(-x, y)
    return Rotation(
      alpha: halfSum + halfDifference, beta: 2 * atan2(hypot(x, y), hypot(w, z)),
      gamma: halfSum - halfDifference)
  }

  /// w + x i + y j + z k of unit norm; its negative is the same rotation.
  private var quaternion: (w: Double, x: Double, y: Double, z: Double) {
    let (halfSum, halfDifference) = ((alpha + gamma) / 2, (alpha - gamma) / 2)
    let (c, s) = (cos(beta / 2), sin(beta / 2))
    return (
      c * cos(halfSum), -s * sin(halfDifference), s * cos(halfDifference), c * sin(halfSum)
    )
  }

  /// R as rows: (R v)_i = Σ_j matrix[i][j] v_j, with x, y, z in this order.
  public var matrix: [[Double]] {
    let (ca, sa) = (cos(alpha), sin(alpha))
    let (cb, sb) = (cos(beta), sin(beta))
    let (cg, sg) = (cos(gamma), sin(gamma))
    return [
      [ca * cb * cg - sa * sg, -ca * cb * sg - sa * cg, ca * sb],
      [sa * cb * cg + ca * sg, -sa * cb * sg + ca * cg, sa * sb],
      [-sb * cg, sb * sg, cb],
    ]
  }

  /// R v.
  public func applied(to v: SIMD3<Double>) -> SIMD3<Double> {
    let rows = matrix.map { $0[0] * v.x + $0[1] * v.y + $0[2] * v.z }
    return SIMD3(rows[0], rows[1], rows[2])
  }

  /// The direction to which R moves another one; its longitude is in −π...π.
  public func applied(to direction: Direction) -> Direction {
    let sine = sin(direction.theta)
    let v = applied(
      to: SIMD3(sine * cos(direction.phi), sine * sin(direction.phi), cos(direction.theta)))
    return Direction(theta: atan2(hypot(v.x, v.y), v.z), phi: atan2(v.y, v.x))
  }
}
