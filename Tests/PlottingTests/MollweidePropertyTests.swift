import Foundation
import SphereGrids
import Testing
import Verification

@testable import Plotting

/// The projection by itself. Blind to: what the drawing makes of it (`SkyPictureTests`).
@Suite("Mollweide projection")
struct MollweidePropertyTests {
  private let projection = MollweideProjection()

  /// Centre, poles and limbs, and two latitudes from 25 digits of mpmath at longitude 60 degrees.
  /// Bound: γ is found to rounding there; 8 u for the few operations on it. Control: the longitude
  /// with the wrong sign.
  @Test("Known points")
  func knownPoints() {
    let bound = 8 * RoundingBound.unitRoundoff()
    for (latitude, y, x) in [
      (0.0, 0.0, -2.0 / 3), (30, 0.40397275329951721, -0.60984734504869055),
      (45, 0.59204174983226027, -0.53727152930568454),
    ] {
      let theta = (90 - latitude) * .pi / 180
      let found = projection.position(theta: theta, phi: .pi / 3)
      #expect(abs(found.x - x) <= bound && abs(found.y - y) <= bound, "\(latitude): \(found)")
      let other = projection.position(theta: theta, phi: -.pi / 3)
      #expect(abs(other.x - x) > 1000 * bound)
    }
    // At the poles γ is known to the cube root of rounding, and y to its square.
    let root = cbrt(8 * bound)
    for (theta, y) in [(0.0, 1.0), (.pi, -1)] {
      let pole = projection.position(theta: theta, phi: 1)
      #expect(abs(pole.y - y) <= root * root && abs(pole.x) <= 2 * root, "\(pole)")
    }
    #expect(abs(projection.position(theta: .pi / 2, phi: 3).x + 6 / .pi) <= bound)
  }

  /// Directions come back. Bound: latitude is asin-conditioned in y: 32 u / cos b; longitude 32 u /
  /// cos γ, both within 80 degrees of the equator. Control: another centre.
  @Test("There and back")
  func roundTrip() throws {
    var numbers = TestNumbers(seed: 1)
    for _ in 0..<500 {
      let theta = numbers.uniform(0.18, .pi - 0.18)
      let phi = numbers.uniform(-3.1, 3.1)
      let p = projection.position(theta: theta, phi: phi)
      let back = try #require(projection.direction(x: p.x, y: p.y))
      let bound = 32 * RoundingBound.unitRoundoff() / sin(theta)
      #expect(abs(back.theta - theta) <= bound && abs(back.phi - phi) <= 4 * bound, "\(back)")
      let turned = try #require(MollweideProjection(centre: 0.1).direction(x: p.x, y: p.y))
      #expect(abs(turned.phi - phi) > 1000 * bound)
    }
  }

  /// Equal areas: the determinant of (cos θ, φ) in (x, y) is 2 everywhere. Differences over h =
  /// 10⁻⁵ err by h² times third derivatives, below 30 within x² + y² < 0.8, and by rounding, 8 u/h:
  /// together 4·10⁻⁹. Control: the plate carrée picture of the same ellipse, θ = π/2 (1 - y), φ =
  /// -πx/2, whose determinant is π²/4 sin θ.
  @Test("Areas are kept")
  func area() throws {
    var numbers = TestNumbers(seed: 2)
    let h = 1e-5
    let bound = 30 * h * h + 8 * RoundingBound.unitRoundoff() / h
    func determinant(
      _ x: Double, _ y: Double, _ map: (Double, Double) -> (z: Double, phi: Double)
    ) -> Double {
      let (e, w, n, s) = (map(x + h, y), map(x - h, y), map(x, y + h), map(x, y - h))
      return abs((e.z - w.z) * (n.phi - s.phi) - (n.z - s.z) * (e.phi - w.phi)) / (4 * h * h)
    }
    for _ in 0..<200 {
      let (x, y) = (numbers.uniform(-0.8, 0.8), numbers.uniform(-0.8, 0.8))
      guard x * x + y * y < 0.8 else { continue }
      let found = determinant(x, y) { x, y in
        let direction = projection.direction(x: x, y: y)
        return (cos(direction?.theta ?? .nan), direction?.phi ?? .nan)
      }
      #expect(abs(found - 2) <= 2 * bound, "(\(x), \(y)): \(found - 2)")
      let flat = determinant(x, y) { (cos(.pi / 2 * (1 - $1)), -.pi / 2 * $0) }
      #expect(abs(flat - 2) > 1000 * bound, "(\(x), \(y))")
    }
  }

  @Test("Nothing outside the ellipse")
  func outside() {
    #expect(projection.direction(x: 0, y: 1.0001) == nil)
    #expect(projection.direction(x: 2.0001, y: 0) == nil)
    #expect(projection.direction(x: 1.5, y: 0.7) == nil)
    #expect(projection.direction(x: 0, y: 1)?.theta == 0)
    #expect(projection.direction(x: 0, y: -1)?.theta == .pi)
  }
}
