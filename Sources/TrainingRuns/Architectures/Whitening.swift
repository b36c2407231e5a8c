import FourierTransforms
import LinearAlgebra
import SpectralNetworks
import Tasks
import Training

/// The linear map that gives a network's band values mean 0, no correlation and variance 1.
///
/// Definition:  z the band values of a map, z_0 their mean and V Λ Vᵀ their covariance over some
///              maps; t = Λ^(−1/2) Vᵀ (z − z_0), by descending λ; with targets the z are divided by
///              their deviations first, so that variables of any unit go together, and Λ + 2⁻³⁰ λ_1
///              takes the place of Λ: on the published sky E and B determine each other, and what
///              is left of such a combination is the rounding of float32 pixels. Of the two signs
///              of each row the one is taken that makes its largest element positive. With targets
///              t is turned once more, so that its first L components span the directions along
///              which t follows the L targets, ⟨t θ_o⟩: the linear least-squares estimates of the
///              targets are functions of these L alone.
/// Method:      of the turning: one Householder reflection per target [GolubVanLoan2013, sec. 5.1],
///              of ⟨t θ_o⟩ to the o-th axis in the components from o on.
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
  ///   - targets: θ, `[map][target]`, or nothing.
  ///   - stop: asked between maps and while eigenvectors are found whether to go on.
  /// - Throws: `TaskError.tooFewMaps`, `.degenerateBands`, `.interrupted`;
  ///   `LinearAlgebraError`.
  init(
    _ values: [Double], bands: Int, targets: [Double] = [], stop: WorkProgress = WorkProgress()
  ) throws {
    let count = values.count / bands
    guard count > bands else {
      throw TaskError.tooFewMaps(
        found: count, least: bands + 1, use: "the whitening of \(bands) bands")
    }
    var mean = [Double](repeating: 0, count: bands)
    for map in 0..<count {
      for k in 0..<bands { mean[k] += values[map * bands + k] / Double(count) }
    }
    var covariance = Matrix(rows: bands, columns: bands)
    for map in 0..<count {
      if stop.isStopped() { throw TaskError.interrupted }
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
    let deviations = (0..<bands).map { targets.isEmpty ? 1 : covariance[$0, $0].squareRoot() }
    if let flat = deviations.firstIndex(where: { !($0 > 0) }) {
      throw TaskError.degenerateBands(component: flat, variance: covariance[flat, flat])
    }
    if !targets.isEmpty {
      covariance = Matrix(rows: bands, columns: bands) {
        covariance[$0, $1] / deviations[$0] / deviations[$1]
      }
    }
    let eigen = try SymmetricEigendecomposition(covariance, progress: stop)
    var rotation: [Double] = []
    for component in 0..<bands {
      let index = bands - 1 - component
      let variance = eigen.values[index]
      // Eigenvalues have an absolute error of this size: below it a variance is made of rounding.
      let floor = targets.isEmpty ? 0 : 0x1p-30 * eigen.values[bands - 1]
      guard variance + floor > Double(bands) * Double.ulpOfOne * eigen.values[bands - 1] else {
        throw TaskError.degenerateBands(component: component, variance: variance)
      }
      let vector = eigen.vectors.column(index)
      let largest = vector.max { abs($0) < abs($1) } ?? 1
      let scale = (largest < 0 ? -1 : 1) / (variance + floor).squareRoot()
      rotation += vector.indices.map { vector[$0] * scale / deviations[$0] }
    }
    if !targets.isEmpty {
      Self.turn(&rotation, mean: mean, values, bands: bands, targets: targets)
    }
    self.mean = mean
    self.rotation = rotation
  }

  /// R ← Q R with Q orthogonal, such that ⟨t θ_o⟩ has its first o + 1 components only.
  private static func turn(
    _ rotation: inout [Double], mean: [Double], _ values: [Double], bands: Int,
    targets: [Double]
  ) {
    let count = values.count / bands
    let outputs = targets.count / count
    for o in 0..<outputs {
      let targetMean = (0..<count).reduce(0.0) { $0 + targets[$1 * outputs + o] } / Double(count)
      // ⟨(z − z_0) θ⟩ first: then ⟨t θ⟩ = R ⟨(z − z_0) θ⟩.
      var product = [Double](repeating: 0, count: bands)
      for map in 0..<count {
        let target = targets[map * outputs + o] - targetMean
        for k in 0..<bands { product[k] += target * (values[map * bands + k] - mean[k]) }
      }
      var v = (0..<bands).map { row in
        row < o
          ? 0 : (0..<bands).reduce(0.0) { $0 + rotation[row * bands + $1] * product[$1] }
      }
      let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { continue }
      v[o] += v[o] < 0 ? -length : length
      let square = v.reduce(0) { $0 + $1 * $1 }
      for column in 0..<bands {
        let share =
          2 / square * (o..<bands).reduce(0.0) { $0 + v[$1] * rotation[$1 * bands + column] }
        for row in o..<bands { rotation[row * bands + column] -= share * v[row] }
      }
    }
  }
}

extension IsotropicNetwork where T == Float {
  /// Installs the components of a likelihood, whitened over the first `maps` maps of the fit; of
  /// none the powers themselves, divided by their root mean squares. Their means stay: where a
  /// power is 10⁻⁵ of its mean, it would be lost in the rounding of weights in float32.
  ///
  /// - Throws: as `Whitening.init`, or what the source throws; the network is then unchanged.
  mutating func whiten(
    _ components: LikelihoodComponents?, source: some MapSource<Float>, maps: Int, threads: Int,
    stop: WorkProgress
  ) throws {
    var values: [Double] = []
    let bands = configuration.channels[configuration.channels.count - 1]
    var (sums, squares) = (
      [Double](repeating: 0, count: bands), [Double](repeating: 0, count: bands)
    )
    for first in stride(from: 0, to: maps, by: 64) {
      let range = first..<min(first + 64, maps)
      let batch = try source.batch(maps: range, purpose: .refit, threads: threads)
      let powers = bandValues(batch.maps, count: range.count, threads: threads)
      for i in powers.indices {
        sums[i % bands] += powers[i] / Double(maps)
        squares[i % bands] += powers[i] * powers[i] / Double(maps)
      }
      if let components { values += components.values(powers) }
    }
    guard let components else {
      var rotation = [Double](repeating: 0, count: bands * bands)
      for b in 0..<bands where squares[b] > 0 {
        rotation[b * bands + b] = 1 / squares[b].squareRoot()
      }
      installWhitening(mean: [Double](repeating: 0, count: bands), rotation: rotation)
      return
    }
    let whitening = try Whitening(values, bands: components.rows.count, targets: [], stop: stop)
    let (mean, rotation) = components.whitening(whitening, bandMeans: sums)
    installWhitening(mean: mean, rotation: rotation)
  }

  /// Installs the whitening of the first `maps` maps of a source.
  ///
  /// - Throws: as `Whitening.init`, or what the source throws; the network is then unchanged.
  mutating func whiten(
    source: some MapSource<Float>, purpose: MapPurpose, maps: Int, threads: Int,
    stop: WorkProgress = WorkProgress()
  ) throws {
    var (values, targets): ([Double], [Double]) = ([], [])
    for first in stride(from: 0, to: maps, by: 64) {
      let range = first..<min(first + 64, maps)
      let batch = try source.batch(maps: range, purpose: purpose, threads: threads)
      values += bandValues(batch.maps, count: range.count, threads: threads)
      if configuration.readoutLeaders != nil { targets += batch.targets.map(Double.init) }
    }
    let whitening = try Whitening(
      values, bands: values.count / maps, targets: targets, stop: stop)
    installWhitening(mean: whitening.mean, rotation: whitening.rotation)
  }
}
