import Foundation

// The definitions of the pixel functions, as plain searches over all pixels: slow twins.

extension HealpixGrid {
  /// The pixel that contains a direction, by the HEALPix projection: the slow twin of
  /// `pixel(theta:phi:ordering:)`.
  ///
  /// Definition:  [Calabretta2007, eqs. 1–6] maps the sphere to the plane,
  ///              |z| ≤ 2/3:  x = φ,                    y = 3π/8 z,
  ///              else:       x = φ_c + (φ − φ_c) σ,    y = ± π/4 (2 − σ),  σ = √(3(1−|z|)),
  ///              φ_c the middle of the quadrant. There every pixel is the square
  ///              |x − x_c| + |y − y_c| ≤ π/(4 nside) around its centre, so that the containing one
  ///              has the smallest left-hand side.
  /// Domain:      0 ≤ θ ≤ π. On an edge the answer is one of the neighbours.
  /// Cost:        O(npix).
  package func pixelByDefinition(theta: Double, phi: Double) -> Int {
    let point = projection(cosTheta: cos(theta), phi: phi)
    let distances = rings.indices.flatMap { index in
      (0..<rings[index].count).map { offset in
        let centre = projection(
          cosTheta: rings[index].cosTheta, phi: self.centre(ring: index, offset: offset).phi)
        let turns = (point.x - centre.x) / (2 * .pi)
        let distance = abs(turns - turns.rounded()) * 2 * .pi + abs(point.y - centre.y)
        return distance
      }
    }
    return distances.indices.min { distances[$0] < distances[$1] } ?? 0
  }

  /// The pixels whose centre is at most `radius` from `centre`, one distance after the other: the
  /// slow twin of `disc(centre:radius:inclusive:ordering:)`.
  package func discByDefinition(centre: Direction, radius: Double) -> [Int] {
    centres.enumerated().filter { $1.angularDistance(to: centre) <= radius }.map(\.offset)
  }

  private func projection(cosTheta z: Double, phi: Double) -> (x: Double, y: Double) {
    if abs(z) <= 2.0 / 3.0 { return (phi, 3 * .pi / 8 * z) }
    let sigma = (3 * (1 - abs(z))).squareRoot()
    let quadrantCentre = ((phi / (.pi / 2)).rounded(.down) + 0.5) * .pi / 2
    let y = Double.pi / 4 * (2 - sigma)
    return (quadrantCentre + (phi - quadrantCentre) * sigma, z > 0 ? y : -y)
  }
}
