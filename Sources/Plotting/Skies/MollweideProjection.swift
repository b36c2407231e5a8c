import Foundation
import SphereGrids

/// The whole sky as an ellipse of half axes 2 and 1, areas kept.
///
/// Definition:  with latitude b = π/2 - θ and longitude λ = φ - φ_0 in -π...π, and the auxiliary
///              angle γ of
///              2γ + sin 2γ = π sin b,
///              x = -2 (λ/π) cos γ,  y = sin γ  [Snyder1987, p. 251].
///              Inverse: γ = asin y, cos θ = (2γ + sin 2γ)/π, λ = -π x/(2 cos γ).
/// Orientation: north up and east to the left, as one sees the sky from inside.
/// Area:        dx dy = dΩ/2: the ellipse has 2π, the sphere 4π.
/// Accuracy:    the inverse is exact but for rounding. γ by bisection: to rounding, but towards a
///              pole, where 2γ + sin 2γ is flat, to the cube root of rounding, 10⁻⁵; in y that is
///              10⁻¹⁰.
/// Checked by:  MollweidePropertyTests.
package struct MollweideProjection: Sendable, Hashable {
  /// φ_0, the longitude in the middle, in radians.
  package var centre: Double

  /// The projection with a longitude in the middle.
  package init(centre: Double = 0) { self.centre = centre }

  /// Where a direction lies in the ellipse. At the seam, λ = ±π, rounding chooses the side.
  ///
  /// Domain: 0 ≤ θ ≤ π (precondition), φ finite.
  package func position(theta: Double, phi: Double) -> (x: Double, y: Double) {
    precondition(0 <= theta && theta <= .pi, "colatitude \(theta)")
    let lambda = (phi - centre).remainder(dividingBy: 2 * .pi)
    let gamma = Self.auxiliaryAngle(sine: cos(theta))
    return (-2 * lambda / .pi * cos(gamma), sin(gamma))
  }

  /// The direction of a point of the ellipse; nil outside.
  package func direction(x: Double, y: Double) -> Direction? {
    guard x * x / 4 + y * y <= 1 else { return nil }
    let gamma = asin(y)
    let z = (2 * gamma + sin(2 * gamma)) / .pi
    let width = cos(gamma)
    // At the poles the ellipse is a point, and every longitude is right.
    let lambda = width > 0 ? -.pi * x / (2 * width) : 0
    return Direction(theta: acos(min(1, max(-1, z))), phi: centre + lambda)
  }

  /// γ in -π/2...π/2 for sin b = `sine`. The left side rises with γ, so that bisection cannot fail.
  private static func auxiliaryAngle(sine: Double) -> Double {
    var (low, high) = (-Double.pi / 2, Double.pi / 2)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if 2 * middle + sin(2 * middle) < .pi * sine { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Parallels every 30 degrees and meridians every 60, each as a line of points.
  var graticule: [[(x: Double, y: Double)]] {
    let steps = 60
    let parallels = (1...5).map { k -> [(x: Double, y: Double)] in
      let (_, y) = position(theta: Double(k) * .pi / 6, phi: centre)
      let x = 2 * max(0, 1 - y * y).squareRoot()
      return [(-x, y), (x, y)]
    }
    // A meridian is half an ellipse: x = -2 (λ/π) cos γ, y = sin γ.
    let meridians = (-2...2).map { k in
      (0...steps).map { step -> (x: Double, y: Double) in
        let gamma = .pi * (Double(step) / Double(steps) - 0.5)
        return (-2 * Double(k) / 3 * cos(gamma), sin(gamma))
      }
    }
    return parallels + meridians
  }
}
