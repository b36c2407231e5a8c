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

  /// The neighbours of a RING pixel by the corners of all pixels: the slow twin of
  /// `neighbours(of:ordering:)`.
  ///
  /// Definition:  with the corners W, N, E, S of the pixel as points on the sphere, the neighbour
  ///              at an edge is the other pixel that has both of its ends among its corners
  ///              (south-west: S and W), and the one at a corner has that corner but is no
  ///              neighbour at an edge.
  /// Accuracy:    corners are equal if they are closer than a thousandth of a pixel.
  /// Cost:        O(npix).
  package func neighboursByDefinition(of pixel: Int) -> [Int?] {
    let all = rings.indices.flatMap { index in
      (0..<rings[index].count).map { corners(ring: index, offset: $0) }
    }
    let own = all[pixel]
    let tolerance = 1e-3 / Double(nside)
    // For every corner of the pixel, the other pixels that have it.
    let sharing = own.map { corner in
      all.indices.filter { other in
        other != pixel && all[other].contains { $0.angularDistance(to: corner) < tolerance }
      }
    }
    func edge(_ a: Int, _ b: Int) -> Int? { sharing[a].first { sharing[b].contains($0) } }
    let (west, north, east, south) = (0, 1, 2, 3)
    let edges = [edge(south, west), edge(west, north), edge(north, east), edge(east, south)]
    func corner(_ a: Int) -> Int? { sharing[a].first { !edges.contains($0) } }
    return [
      edges[0], corner(west), edges[1], corner(north), edges[2], corner(east), edges[3],
      corner(south),
    ]
  }

  /// The corners W, N, E, S of a pixel: π/(4 nside) from its centre in the plane of the projection.
  private func corners(ring index: Int, offset: Int) -> [Direction] {
    let phi = centre(ring: index, offset: offset).phi
    let middle = projection(cosTheta: rings[index].cosTheta, phi: phi)
    let quadrantCentre = ((phi / (.pi / 2)).rounded(.down) + 0.5) * .pi / 2
    let half = Double.pi / 4 / Double(nside)
    return [(-half, 0), (0, half), (half, 0), (0, -half)].map { (dx: Double, dy: Double) in
      direction(x: middle.x + dx, y: middle.y + dy, quadrantCentre: quadrantCentre)
    }
  }

  /// The inverse of `projection`, in the caps that of the given quadrant.
  private func direction(x: Double, y: Double, quadrantCentre: Double) -> Direction {
    if abs(y) <= .pi / 4 { return Direction(theta: acos(8 * y / (3 * .pi)), phi: x) }
    let sigma = max(2 - 4 * abs(y) / .pi, 0)
    let z = 1 - sigma * sigma / 3
    let phi = sigma > 1e-9 ? quadrantCentre + (x - quadrantCentre) / sigma : 0
    return Direction(theta: acos(y > 0 ? z : -z), phi: phi)
  }

  private func projection(cosTheta z: Double, phi: Double) -> (x: Double, y: Double) {
    if abs(z) <= 2.0 / 3.0 { return (phi, 3 * .pi / 8 * z) }
    let sigma = (3 * (1 - abs(z))).squareRoot()
    let quadrantCentre = ((phi / (.pi / 2)).rounded(.down) + 0.5) * .pi / 2
    let y = Double.pi / 4 * (2 - sigma)
    return (quadrantCentre + (phi - quadrantCentre) * sigma, z > 0 ? y : -y)
  }
}
