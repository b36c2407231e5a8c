import FourierTransforms
import LinearAlgebra
import SpectralNetworks
import Training

/// The linear map that gives a network's band values mean 0, no correlation and variance 1.
///
/// Definition:  z the band values of a map, z_0 their mean and V Λ Vᵀ their covariance over some maps;
///              t = Λ^(−1/2) Vᵀ (z − z_0), by descending λ. Of the two signs of each row the one whose
///              largest element is positive.
/// Checked by:  WhiteningTests.
struct Whitening: Sendable, Equatable {
  /// z_0.
  let mean: [Double]
  /// Λ^(−1/2) Vᵀ, `[component][band]`.
  let rotation: [Double]

  /// The whitening of some maps.
  ///
  /// - Parameters:
  ///   - values: z, `[map][band]`; more maps than bands.
  ///   - bands: number of bands.
  /// - Throws: `BenchmarkError.tooFewMaps`, `.degenerateBands`; `LinearAlgebraError`.
  init(_ values: [Double], bands: Int) throws {
    let count = values.count / bands
    guard count > bands else {
      throw BenchmarkError.tooFewMaps(
        found: count, least: bands + 1, use: "the whitening of \(bands) bands")
    }
    var mean = [Double](repeating: 0, count: bands)
    for map in 0..<count {
      for k in 0..<bands { mean[k] += values[map * bands + k] / Double(count) }
    }
    var covariance = Matrix(rows: bands, columns: bands)
    for map in 0..<count {
      for j in 0..<bands {
        let deviation = values[map * bands + j] - mean[j]
        for k in 0...j {
          covariance.storage[j * bands + k] += deviation * (values[map * bands + k] - mean[k])
        }
      }
    }
    for j in 0..<bands {
      for k in 0...j {
        covariance[j, k] /= Double(count - 1)
        covariance[k, j] = covariance[j, k]
      }
    }
    let eigen = try SymmetricEigendecomposition(covariance)
    var rotation: [Double] = []
    for component in 0..<bands {
      let index = bands - 1 - component
      let variance = eigen.values[index]
      // Eigenvalues have an absolute error of this size: below it a variance is made of rounding.
      guard variance > Double(bands) * Double.ulpOfOne * eigen.values[bands - 1] else {
        throw BenchmarkError.degenerateBands(component: component, variance: variance)
      }
      let vector = eigen.vectors.column(index)
      let largest = vector.max { abs($0) < abs($1) } ?? 1
      let scale = (largest < 0 ? -1 : 1) / variance.squareRoot()
      rotation += vector.map { $0 * scale }
    }
    self.mean = mean
    self.rotation = rotation
  }
}

extension IsotropicNetwork where T == Float {
  /// Installs the whitening of the first `maps` maps of a source.
  ///
  /// - Throws: as `Whitening.init`, or what the source throws; the network is then unchanged.
  mutating func whiten(
    source: some MapSource<Float>, purpose: MapPurpose, maps: Int, threads: Int
  ) throws {
    var values: [Double] = []
    for first in stride(from: 0, to: maps, by: 64) {
      let range = first..<min(first + 64, maps)
      let batch = try source.batch(maps: range, purpose: purpose, threads: threads)
      values += bandValues(batch.maps, count: range.count, threads: threads)
    }
    let whitening = try Whitening(values, bands: values.count / maps)
    installWhitening(mean: whitening.mean, rotation: whitening.rotation)
  }
}
