import Foundation

extension RingGrid {
  /// The direction of a point of the grid.
  ///
  /// - Parameters:
  ///   - ringIndex: index in `rings`.
  ///   - offset: number of the point on its ring, from 0.
  /// - Returns: θ and φ of the point.
  package func direction(ring ringIndex: Int, offset: Int) -> Direction {
    let ring = rings[ringIndex]
    return Direction(
      theta: ring.theta, phi: ring.phi0 + 2 * .pi * Double(offset) / Double(ring.count))
  }

  /// The directions of all points, in the order of a map.
  package var directions: [Direction] {
    rings.indices.flatMap { index in
      (0..<rings[index].count).map { direction(ring: index, offset: $0) }
    }
  }

  /// The point nearest to a direction by angular distance.
  ///
  /// Ties:        points whose distances agree to 2⁻⁴⁹ rad are equally near, and the one with the
  ///              lowest index is taken: on symmetric grids rounding must not decide.
  /// Method:      from the ring nearest in colatitude outwards, until a ring is farther away in
  ///              colatitude alone than the best point found; on each ring the two points beside φ.
  /// Checked by:  ResamplerDefinitionTests.
  package func nearestPoint(to direction: Direction) -> Int {
    var candidates: [(index: Int, haversine: Double)] = []
    var best = Double.infinity
    let sine = sin(direction.theta)
    // The first ring at or south of the direction.
    var south = rings.partitioningIndex { $0.theta >= direction.theta }
    var north = south - 1
    while north >= 0 || south < rings.count {
      let northGap = north >= 0 ? direction.theta - rings[north].theta : .infinity
      let southGap = south < rings.count ? rings[south].theta - direction.theta : .infinity
      let gap = min(northGap, southGap)
      let reach = sin(gap / 2)
      if reach * reach > best + tieWidth(best) { break }
      let ring = rings[northGap <= southGap ? north : south]
      if northGap <= southGap { north -= 1 } else { south += 1 }
      for point in pointsBeside(direction.phi, on: ring) {
        let haversine = haversineOfDistance(
          colatitudeDifference: gap, sineProduct: sine * ring.sinTheta,
          longitudeDifference: point.longitudeDifference)
        candidates.append((point.index, haversine))
        best = min(best, haversine)
      }
    }
    let limit = best + tieWidth(best)
    return candidates.reduce(Int.max) { $1.haversine <= limit ? Swift.min($0, $1.index) : $0 }
  }

  /// The two points of a ring beside a longitude, with φ_point − φ, and the ring's first point:
  /// seen from a pole all points of a ring are equally near, and the first has the lowest index.
  private func pointsBeside(
    _ phi: Double, on ring: Ring
  ) -> [(index: Int, longitudeDifference: Double)] {
    let spacing = 2 * Double.pi / Double(ring.count)
    let position = (phi - ring.phi0) / spacing
    let west = position.rounded(.down)
    let remainder = west.truncatingRemainder(dividingBy: Double(ring.count))
    let first = Int(remainder < 0 ? remainder + Double(ring.count) : remainder)
    return [
      (ring.start, ring.phi0 - phi),
      (ring.start + first, (west - position) * spacing),
      (ring.start + (first + 1) % ring.count, (west + 1 - position) * spacing),
    ]
  }
}

/// The change of hav d = sin²(d/2) that a change of d by 2⁻⁴⁹ makes.
private func tieWidth(_ haversine: Double) -> Double {
  haversine.squareRoot() * 0x1p-49 + 0x1p-98
}

extension RandomAccessCollection where Index == Int {
  /// The first index whose element satisfies a predicate that is false before it and true after it.
  func partitioningIndex(where isSecond: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if isSecond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
