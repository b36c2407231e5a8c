import Foundation

// Cells and bilinear interpolation of an arbitrary grid of rings. Regular grids meet each other at
// edges of cells and at points all the time; there a rounding error must not decide, so that
// positions within 2⁻⁴⁰ of a spacing from an edge or a point are taken to be on it.

extension RingGrid {
  /// The point in whose cell a direction lies.
  ///
  /// Definition:  the cell of point k of ring j is
  ///              (θ_{j−1} + θ_j)/2 ≤ θ < (θ_j + θ_{j+1})/2,  −½ ≤ (φ − φ_k)/Δφ < ½,
  ///              so that an edge belongs to the cell to its south or east; the cells of the first
  ///              and the last ring reach the poles. For pixels of HEALPix see `HealpixGrid.pixel`.
  package func cell(containing direction: Direction) -> Int {
    let index = rings.indices.dropLast().partitioningIndex { j in
      let edge = (rings[j].theta + rings[j + 1].theta) / 2
      let gap = rings[j + 1].theta - rings[j].theta
      return direction.theta < edge - gap * 0x1p-40
    }
    let ring = rings[index]
    let position = snapped(ringPosition(direction.phi, on: ring) + 0.5)
    let offset = Int(position.rounded(.down)) % ring.count
    return ring.start + (offset < 0 ? offset + ring.count : offset)
  }

  /// The points and weights of bilinear interpolation at a direction; weights that are zero are
  /// left out, each point occurs once, the weights sum to 1.
  ///
  /// Definition:  linear in φ between the two points beside the direction on each of the two rings
  ///              around it, then linear in θ between the rings. The mean of the first (last) ring
  ///              stands for the value at the north (south) pole, also if the ring is at the pole
  ///              itself: its points coincide, and none of them is preferred.
  /// Order:       increasing point number.
  package func bilinearWeights(at direction: Direction) -> [(point: Int, weight: Double)] {
    let south = rings.partitioningIndex { $0.theta > direction.theta }
    let north = south - 1
    let northTheta = north >= 0 ? rings[north].theta : 0
    let southTheta = south < rings.count ? rings[south].theta : .pi
    let gap = southTheta - northTheta
    // Below the last ring of a grid that has the south pole there is no gap to divide.
    let fraction = gap > 0 ? snapped((direction.theta - northTheta) / gap) : 0
    var weights: [Int: Double] = [:]
    add(ring: north, fallback: 0, phi: direction.phi, share: 1 - fraction, to: &weights)
    add(ring: south, fallback: rings.count - 1, phi: direction.phi, share: fraction, to: &weights)
    return weights.filter { $0.value != 0 }.sorted { $0.key < $1.key }
      .map { (point: $0.key, weight: $0.value) }
  }

  /// Adds the share of one ring; a ring that does not exist is the pole beyond `fallback`.
  private func add(
    ring index: Int, fallback: Int, phi: Double, share: Double, to weights: inout [Int: Double]
  ) {
    if share == 0 { return }
    let exists = rings.indices.contains(index)
    let ring = rings[exists ? index : fallback]
    let isPole = !exists || ring.sinTheta < 1e-12
    if isPole {
      for k in 0..<ring.count { weights[ring.start + k, default: 0] += share / Double(ring.count) }
      return
    }
    let position = snapped(ringPosition(phi, on: ring))
    let west = position.rounded(.down)
    let offset = Int(west) % ring.count
    let first = offset < 0 ? offset + ring.count : offset
    weights[ring.start + first, default: 0] += share * (1 - (position - west))
    weights[ring.start + (first + 1) % ring.count, default: 0] += share * (position - west)
  }
}

/// Where a longitude lies on a ring, in spacings from the ring's first point.
private func ringPosition(_ phi: Double, on ring: Ring) -> Double {
  let spacing = 2 * Double.pi / Double(ring.count)
  return reducedLongitude(phi) / spacing - ring.phi0 / spacing
}

/// The nearest integer if it is within 2⁻⁴⁰ (relative to numbers above 1), else the number itself.
private func snapped(_ position: Double) -> Double {
  let integer = position.rounded()
  return abs(position - integer) <= 0x1p-40 * max(1, abs(position)) ? integer : position
}
