import Kernels
import LinearAlgebra
import SpectralNetworks

/// u = R (x − x̄), R = (Λ + ε)^(−1/2) Vᵀ, over the maps of a source.
struct Decorrelation {
  let mean: [Double]
  private let vectors: Matrix
  /// (Λ + ε)^(1/2).
  private let scales: [Double]

  init(_ source: some FeatureSource, stop: WorkProgress) throws {
    let width = source.featureCount
    let scaling = try FeatureScaling(source, maps: source.mapCount)
    mean = scaling.mean
    var covariance = [Double](repeating: 0, count: width * width)
    try source.forEachBlock {
      if stop.isStopped() { throw ClosedFormError.interrupted }
      Self.addProducts(
        $0.features, about: scaling.mean, share: 1 / Double(source.mapCount), to: &covariance)
    }
    let eigen = try SymmetricEigendecomposition(
      Matrix(rows: width, columns: width, storage: covariance), progress: stop.stopOnly)
    vectors = eigen.vectors
    guard let largest = eigen.values.last, largest > 0 else {
      throw ClosedFormError.noVariation(maps: source.mapCount)
    }
    let floor = 0x1p-40 * largest
    scales = eigen.values.map { (max($0, 0) + floor).squareRoot() }
  }

  /// sums += share Σ (x − mean)(x − mean)ᵀ over some maps.
  private static func addProducts(
    _ features: [Double], about mean: [Double], share: Double, to sums: inout [Double]
  ) {
    let width = mean.count
    for start in stride(from: 0, to: features.count, by: width) {
      let x = (0..<width).map { features[start + $0] - mean[$0] }
      for j in 0..<width {
        for k in 0..<width { sums[j * width + k] += share * (x[j] * x[k]) }
      }
    }
  }

  private var width: Int { mean.count }

  /// u of one map.
  func forward(_ x: [Double]) -> [Double] {
    (0..<width).map { k in
      var sum = 0.0
      for i in 0..<width { sum += vectors[i, k] * (x[i] - mean[i]) }
      return sum / scales[k]
    }
  }

  /// w R⁻¹ = w V (Λ + ε)^(1/2), of a row w.
  func timesInverse(_ w: [Double]) -> [Double] {
    (0..<width).map { k in
      scales[k] * (0..<width).reduce(0) { $0 + w[$1] * vectors[$1, k] }
    }
  }

  /// w R, of a row w.
  func timesRotation(_ w: [Double]) -> [Double] {
    (0..<width).map { i in
      (0..<width).reduce(0) { $0 + w[$1] / scales[$1] * vectors[i, $1] }
    }
  }
}
