import Resampling
import SphereGrids

extension PublishedSampling {
  /// The values of RING maps at θ_j = jπ/latitudes, φ_k = 2πk/longitudes, point by point: the slow
  /// twin of `FieldSampler.apply`.
  ///
  /// Domain: not `harmonic`, which is a least-squares analysis followed by a synthesis.
  ///
  /// - Parameters:
  ///   - x: `[map][channel][pixel]`.
  ///   - grid: the pixels.
  ///   - latitudes: number of rows, from the north pole down.
  ///   - longitudes: number of points of a row.
  /// - Returns: `[map][channel][j][k]`.
  /// - Throws: `HealpixError`, which no point of such a grid causes.
  package func forwardByDefinition(
    _ x: [Double], _ grid: HealpixGrid, latitudes: Int, longitudes: Int
  ) throws -> [Double] {
    try method.appliedByDefinition(
      x, from: grid, to: points(latitudes: latitudes, longitudes: longitudes))
  }

  /// The gradient of the maps from that of the values, in the layouts of `forwardByDefinition`: the
  /// slow twin of `FieldSampler.transpose`.
  ///
  /// - Throws: `HealpixError`, which no point of such a grid causes.
  package func backwardByDefinition(
    _ dy: [Double], _ grid: HealpixGrid, latitudes: Int, longitudes: Int
  ) throws -> [Double] {
    try method.transposedByDefinition(
      dy, from: grid, to: points(latitudes: latitudes, longitudes: longitudes))
  }

  private var method: ResamplingMethod {
    switch self {
    case .containingPixel: return .containingPixel
    case .bilinear: return .bilinear
    case .harmonic: preconditionFailure("harmonic sampling is no resampling point by point")
    }
  }

  private func points(latitudes: Int, longitudes: Int) -> [Direction] {
    (0..<latitudes * longitudes).map {
      Direction(
        theta: Double($0 / longitudes) * .pi / Double(latitudes),
        phi: 2 * .pi * Double($0 % longitudes) / Double(longitudes))
    }
  }
}
