import Foundation

extension HealpixGrid {
  /// The four pixels and weights of bilinear interpolation at a direction.
  ///
  /// Definition:  linear in φ between the two centres beside the direction on each of the two rings
  ///              around it, then linear in θ between the rings. Within the first (last) ring, the
  ///              mean of its four pixels stands for the value at the pole: each gets
  ///              (1 − θ/θ_1)/4 on top, and the two pixels opposite complete the four.
  /// Checked by:  HealpixOracleTests (healpy `get_interp_weights`).
  ///
  /// - Parameters:
  ///   - theta: colatitude, 0...π.
  ///   - phi: longitude, finite.
  ///   - ordering: how the pixels are numbered.
  /// - Returns: two pixels on the ring to the north, two on the ring to the south, and weights.
  /// - Throws: `HealpixError` for angles outside these domains, and for NESTED where nside is no
  ///   power of two.
  public func interpolationWeights(
    theta: Double, phi: Double, ordering: PixelOrdering = .ring
  ) throws -> InterpolationWeights {
    try HealpixGrid.validate(theta: theta, phi: phi)
    var result = ringInterpolationWeights(theta: theta, phi: phi)
    if ordering == .nested {
      result.pixels = try result.pixels.map { try nestedPixel(ring: $0) }
    }
    return result
  }

  /// The same for a direction of a grid, whose angles are known to be in range; RING numbers.
  package func interpolationWeights(at direction: Direction) -> InterpolationWeights {
    precondition(0 <= direction.theta && direction.theta <= .pi && direction.phi.isFinite)
    return ringInterpolationWeights(theta: direction.theta, phi: direction.phi)
  }

  private func ringInterpolationWeights(theta: Double, phi: Double) -> InterpolationWeights {
    let longitude = reducedLongitude(phi)
    let above = ringNumberAbove(z: cos(theta))  // 0: none, the direction is north of every centre
    if above == 0 {
      let south = linearWeights(ring: rings[0], phi: longitude)
      let fraction = theta / rings[0].theta
      let polar = (1 - fraction) / 4
      return InterpolationWeights(
        pixels: [
          (south.pixels.0 + 2) & 3, (south.pixels.1 + 2) & 3, south.pixels.0, south.pixels.1,
        ],
        weights: [
          polar, polar, south.weights.0 * fraction + polar, south.weights.1 * fraction + polar,
        ])
    }
    let northRing = rings[above - 1]
    let north = linearWeights(ring: northRing, phi: longitude)
    if above == rings.count {
      let fraction = (theta - northRing.theta) / (.pi - northRing.theta)
      let polar = fraction / 4
      let start = northRing.start
      let opposite = (
        start + (north.pixels.0 - start + 2) & 3, start + (north.pixels.1 - start + 2) & 3
      )
      let (west, east) = (north.weights.0 * (1 - fraction), north.weights.1 * (1 - fraction))
      return InterpolationWeights(
        pixels: [north.pixels.0, north.pixels.1, opposite.0, opposite.1],
        weights: [west + polar, east + polar, polar, polar])
    }
    let southRing = rings[above]
    let south = linearWeights(ring: southRing, phi: longitude)
    let fraction = (theta - northRing.theta) / (southRing.theta - northRing.theta)
    return InterpolationWeights(
      pixels: [north.pixels.0, north.pixels.1, south.pixels.0, south.pixels.1],
      weights: [
        north.weights.0 * (1 - fraction), north.weights.1 * (1 - fraction),
        south.weights.0 * fraction, south.weights.1 * fraction,
      ])
  }

  /// Number (from 1) of the last ring whose centres are north of `z` or on it; 0 if there is none.
  func ringNumberAbove(z: Double) -> Int {
    if abs(z) <= 2.0 / 3.0 { return Int(Double(nside) * (2 - 1.5 * z)) }
    let capNumber = Int(Double(nside) * (3 * (1 - abs(z))).squareRoot())
    return z > 0 ? capNumber : 4 * nside - capNumber - 1
  }
}

/// The two points of a ring beside a longitude in 0...2π, with the weights of linear interpolation.
func linearWeights(
  ring: Ring, phi: Double
) -> (pixels: (Int, Int), weights: (Double, Double)) {
  let spacing = 2 * Double.pi / Double(ring.count)
  let position = phi / spacing - ring.phi0 / spacing
  let west = position.rounded(.down)
  let index = Int(west)
  let first = (index + ring.count) % ring.count
  let fraction = position - west
  return ((ring.start + first, ring.start + (first + 1) % ring.count), (1 - fraction, fraction))
}
