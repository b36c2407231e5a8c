import SphereGrids

extension ResamplingMethod {
  /// One row of W for a HEALPix source: the pixels that the value at a direction is made of, and
  /// their weights.
  ///
  /// It uses the functions of pixels alone. The nearest centre is searched for among all centres;
  /// of those whose distances agree to 2⁻⁴⁹ rad the first is taken.
  private func row(
    of grid: HealpixGrid, _ direction: Direction
  ) throws -> [(pixel: Int, weight: Double)] {
    switch self {
    case .containingPixel:
      return [(try grid.pixel(theta: direction.theta, phi: direction.phi), 1)]
    case .nearest:
      let distances = grid.centres.map { $0.angularDistance(to: direction) }
      let least = distances.min() ?? 0
      return [(distances.firstIndex { $0 <= least + 0x1p-49 } ?? 0, 1)]
    case .bilinear:
      let four = try grid.interpolationWeights(theta: direction.theta, phi: direction.phi)
      return zip(four.pixels, four.weights).map { ($0, $1) }
    }
  }

  /// y_t = Σ_s W_ts x_s, entry by entry: the slow twin of `Resampler.apply`.
  ///
  /// - Parameters:
  ///   - x: `[lane][pixel]`.
  ///   - grid: the pixels, in RING order.
  ///   - points: the directions that are asked for.
  /// - Returns: y, `[lane][point]`.
  /// - Throws: `HealpixError` for angles that are not a direction.
  package func appliedByDefinition(
    _ x: [Double], from grid: HealpixGrid, to points: [Direction]
  ) throws -> [Double] {
    let rows = try points.map { try row(of: grid, $0) }
    return stride(from: 0, to: x.count, by: grid.pointCount).flatMap { first in
      rows.map { $0.reduce(0) { $0 + $1.weight * x[first + $1.pixel] } }
    }
  }

  /// x_s = Σ_t W_ts y_t: the slow twin of `Resampler.transpose`.
  ///
  /// - Parameters:
  ///   - y: `[lane][point]`.
  ///   - grid: the pixels, in RING order.
  ///   - points: the directions.
  /// - Returns: x, `[lane][pixel]`.
  /// - Throws: `HealpixError` for angles that are not a direction.
  package func transposedByDefinition(
    _ y: [Double], from grid: HealpixGrid, to points: [Direction]
  ) throws -> [Double] {
    let rows = try points.map { try row(of: grid, $0) }
    var x = [Double](repeating: 0, count: y.count / points.count * grid.pointCount)
    for (i, value) in y.enumerated() {
      for (pixel, weight) in rows[i % points.count] {
        x[i / points.count * grid.pointCount + pixel] += weight * value
      }
    }
    return x
  }
}
