import SphereGrids

/// The points of another grid with other weights, one per ring: weights that are the same for all
/// orders need no table of functions and weights, whose memory grows like lmax² nside.
struct ReweightedGrid: RingGrid {
  let rings: [Ring]
  let pointCount: Int
  let name: String
  var exactDegree: Int { 0 }
  var exactAnalysisDegree: Int { 0 }

  /// - Parameters:
  ///   - grid: the points.
  ///   - weights: of every ring pair from the north pole to the equator, as in
  ///     `QuadratureWeights.values`.
  init(_ grid: any RingGrid, weights: [Double]) {
    let last = grid.rings.count - 1
    precondition(weights.count == (last + 2) / 2, "\(weights.count) weights for \(last + 1) rings")
    pointCount = grid.pointCount
    name = "\(grid.name) with other weights"
    rings = grid.rings.enumerated().map { k, ring in
      var ring = ring
      ring.weight = weights[min(k, last - k)]
      return ring
    }
  }
}
