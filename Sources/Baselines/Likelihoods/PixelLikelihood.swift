import Kernels
import LinearAlgebra
import SkyMaps
import SkyModels

/// The exact Gaussian likelihood of T, or of Q and U, at the observed pixels of a mask.
///
/// Definition: −2 ln L(θ) = dᵀ C(θ)⁻¹ d + ln det C(θ), up to a constant, d the T, or the Q and then
///             the U, of the observed pixels, C(θ) = Σ_X Σ_l C_l^XX(θ) P_l^X + N, X = T, or E and
///             B, P_l^X = Y_l^X Y_l^Xᵀ with the harmonics of degree l at the pixels, and N diagonal
///             with the elements σ_p² + σ_floor².
///             σ_p is the noise of pixel p, the same everywhere or that of a noise map, σ_floor
///             that of `PixelFloor`.
/// Method:     C = Y S Yᵀ by a Gram product, then `factorAugmented` with the maps as right-hand
///             sides.
/// Units:      maps in one unit, spectra in its square, noise in the unit.
/// Domain:     models without correlation of the fields; a pixel of weight above 0 counts as
///             observed, whatever its weight.
/// Cost:       with n data and K coefficients, n² K/2 multiplications for C, n³/3 for its factor
///             and n² per map.
/// Checked by: PixelLikelihoodTests, PixelFullSkyTests, CutSkyPosteriorTests (refusals).
public final class PixelLikelihood: Sendable {
  /// The spectra.
  public let model: any SkyModel
  /// Which pixels are observed.
  public let mask: SkyMask
  /// σ, the standard deviation of white noise per pixel and field, where there is no noise map.
  public let noise: Double
  /// σ_floor in the map's unit.
  public let floor: Double

  let harmonics: ObservedHarmonics
  /// The variance of the noise of every datum: σ_p² + σ_floor² of pixels.
  let variances: [Double]
  /// The fields of the covariance: T, or E and B.
  var fields: [SkyField] { harmonics.fields }
  /// Set where the data are estimates of coefficients.
  private let reduction: HarmonicReduction?
  /// n, the number of data.
  public var dataCount: Int { harmonics.dataCount }

  /// Evaluates the harmonics at the pixels.
  ///
  /// - Parameters:
  ///   - model: a model of the fields.
  ///   - mask: which pixels are observed.
  ///   - fields: `[.e, .b]`, observed as Q and U, or `[.temperature]` (a precondition).
  ///   - noise: σ per pixel, in the map's unit.
  ///   - noiseMap: σ_p of every pixel, instead of one for all.
  ///   - floor: the floor.
  ///   - isReduced: whether the data are the coefficients that the pixels determine
  ///     (`HarmonicReduction`), in place of the pixels: for full skies with noise. Maps then go
  ///     through `data` first.
  ///   - threads: threads to use at most; the bits do not depend on it.
  ///   - progress: stops.
  /// - Throws: `BaselineError.temperatureInPixels`, `.correlatedFields`, `.noiseNotPositive`,
  ///   `.interrupted`; `NoiseMapError`; `HealpixError`; `LinearAlgebraError` of the reduction.
  public init(
    _ model: some SkyModel, mask: SkyMask, fields: [SkyField] = [.e, .b], noise: Double = 0,
    noiseMap: NoiseMap? = nil, floor: PixelFloor, isReduced: Bool = false, threads: Int = 1,
    progress: WorkProgress = WorkProgress()
  ) throws {
    let spectra = model.spectra(at: priorMean(of: model))
    try requireNoCorrelation(spectra)
    guard fields.contains(.temperature) || spectra.tt.allSatisfy({ $0 == 0 }) else {
      throw BaselineError.temperatureInPixels
    }
    guard noise >= 0 && noise.isFinite else {
      throw BaselineError.noiseNotPositive(found: noise)
    }
    try noiseMap?.validate(nside: mask.nside, mask: mask)
    self.model = model
    self.mask = mask
    self.noise = noise
    let standard = floor.standardDeviation(of: model, fields: fields)
    self.floor = standard
    let harmonics = try ObservedHarmonics(
      mask: mask, lmax: model.lmax, fields: fields, threads: threads, progress: progress)
    let ofPixels = mask.observedPixels.map { pixel in
      let own = noiseMap.map { Double($0.deviations[pixel]) } ?? noise
      return own * own + standard * standard
    }
    let variances = fields.flatMap { _ in ofPixels }
    guard isReduced else {
      self.harmonics = harmonics
      self.variances = variances
      reduction = nil
      return
    }
    guard ofPixels.allSatisfy({ $0 > 0 }) else { throw BaselineError.noiseNotPositive(found: 0) }
    let reduced = try HarmonicReduction(harmonics, variances: variances, threads: threads)
    self.harmonics = ObservedHarmonics(identityOf: harmonics)
    self.variances = (0..<reduced.noise.rows).map { reduced.noise[$0, $0] }
    reduction = reduced
  }

  /// The data of some maps, the maps themselves unless the likelihood is reduced.
  ///
  /// - Parameters:
  ///   - maps: the observed pixels.
  ///   - threads: any number gives the same bits.
  /// - Returns: what the likelihood's functions take as maps.
  public func data(_ maps: ObservedMaps, threads: Int = 1) -> ObservedMaps {
    reduction?(maps, threads: threads) ?? maps
  }

  /// Element (i, j) of the covariance of the noise.
  private func noiseCovariance(_ i: Int, _ j: Int) -> Double {
    reduction?.noise[i, j] ?? (i == j ? variances[i] : 0)
  }

  /// C(θ) in full.
  ///
  /// - Throws: `BaselineError.correlatedFields`.
  public func covariance(at values: [Double], threads: Int = 1) throws(BaselineError) -> Matrix {
    let parts = try fieldCovariances(at: values, threads: threads)
    let n = dataCount
    return Matrix(rows: n, columns: n) { i, j in
      let place = min(i, j) * n + max(i, j)
      return parts.reduce(noiseCovariance(min(i, j), max(i, j))) { $0 + $1[place] }
    }
  }

  /// ln L(θ) of several maps, without the constant −(n/2) ln 2π.
  ///
  /// - Throws: `BaselineError.correlatedFields`, `.covarianceNotPositive`.
  public func logLikelihood(
    at values: [Double], maps: ObservedMaps, threads: Int = 1
  ) throws(BaselineError) -> [Double] {
    let parts = try fieldCovariances(at: values, threads: threads)
    let system = AugmentedSystem(order: dataCount, extra: maps.count)
    return try logLikelihood(parts, at: values, maps: maps, in: system, threads: threads)
  }

  /// ∂ ln L/∂θ_i of several maps, `[parameter][map]`:
  /// ½ Σ_l ∂C_l/∂θ_i [|Y_lᵀ C⁻¹ d|² − tr(Y_lᵀ C⁻¹ Y_l)], summed over E and B.
  ///
  /// - Throws: as `logLikelihood`.
  public func gradient(
    at values: [Double], maps: ObservedMaps, threads: Int = 1
  ) throws(BaselineError) -> [[Double]] {
    let (n, columns) = (dataCount, harmonics.columnCount)
    let parts = try fieldCovariances(at: values, threads: threads)
    let system = AugmentedSystem(order: n, extra: columns + maps.count)
    load(parts, into: system)
    system.load(harmonics.values, stride: harmonics.stride, columns: columns, at: 0)
    system.load(maps.values, stride: maps.count, columns: maps.count, at: columns)
    _ = try factor(system, at: values, threads: threads)
    // With X = U⁻ᵀ Y and x = U⁻ᵀ d: Yᵀ C⁻¹ d = Xᵀ x and (Yᵀ C⁻¹ Y)_aa = Σ X_ia².
    let derivatives = model.derivatives(at: values)
    var gradient = derivatives.map { _ in [Double](repeating: 0, count: maps.count) }
    for field in fields {
      for l in field.firstDegree...model.lmax {
        var bracket = [Double](repeating: 0, count: maps.count)
        for column in harmonics.columns(of: field, l: l) {
          let (trace, projections) = system.projections(
            of: column, onto: columns..<columns + maps.count)
          for map in bracket.indices {
            bracket[map] += projections[map] * projections[map] - trace
          }
        }
        for (i, slope) in derivatives.enumerated() where slope[field.spectrum][l] != 0 {
          for map in bracket.indices {
            gradient[i][map] += 0.5 * slope[field.spectrum][l] * bracket[map]
          }
        }
      }
    }
    return gradient
  }

  // MARK: - Parts

  /// The covariances of T, or of E and of B.
  func fieldCovariances(
    at values: [Double], threads: Int
  ) throws(BaselineError) -> [[Double]] {
    let spectra = try self.spectra(at: values)
    return fields.map {
      harmonics.covariance(of: $0, spectrum: spectra[$0.spectrum], threads: threads)
    }
  }

  /// The spectra at some parameters.
  ///
  /// - Throws: `BaselineError.correlatedFields`.
  func spectra(at values: [Double]) throws(BaselineError) -> NamedSpectra {
    let spectra = model.spectra(at: values)
    try requireNoCorrelation(spectra)
    return spectra
  }

  /// Writes the sum of covariances and of the noise into a system.
  func load(_ parts: [[Double]], into system: AugmentedSystem) {
    let n = dataCount
    for row in 0..<n {
      let target = row * system.stride
      for column in row..<n {
        system.matrix[target + column] = reduction?.noise.storage[row * n + column] ?? 0
      }
      for part in parts {
        for column in row..<n { system.matrix[target + column] += part[row * n + column] }
      }
      if reduction == nil { system.matrix[target + row] += variances[row] }
    }
  }

  /// ln det C; the system holds U and whitened columns afterwards.
  func factor(
    _ system: AugmentedSystem, at values: [Double], threads: Int,
    progress: WorkProgress = WorkProgress()
  ) throws(BaselineError) -> Double {
    do {
      return try factorAugmented(
        system.matrix, order: system.order, extra: system.extra, stride: system.stride,
        threads: threads, counter: WorkCounter(progress.stopOnly, multiplications: 1))
    } catch .interrupted {
      throw .interrupted
    } catch .notPositiveDefinite(let pivot, _) {
      throw .covarianceNotPositive(parameters: values, row: pivot)
    } catch {
      throw .covarianceNotPositive(parameters: values, row: 0)
    }
  }

  /// ln L of the maps for the sum of some covariances.
  func logLikelihood(
    _ parts: [[Double]], at values: [Double], maps: ObservedMaps, in system: AugmentedSystem,
    threads: Int, progress: WorkProgress = WorkProgress()
  ) throws(BaselineError) -> [Double] {
    load(parts, into: system)
    system.load(maps.values, stride: maps.count, columns: maps.count, at: 0)
    let logDeterminant = try factor(system, at: values, threads: threads, progress: progress)
    return system.squaredNorms().map { -0.5 * ($0 + logDeterminant) }
  }
}

/// Memory for [C | right-hand sides].
final class AugmentedSystem: Sendable {
  let order: Int
  let extra: Int
  let stride: Int
  let matrix: AlignedBuffer<Double>

  init(order: Int, extra: Int) {
    self.order = order
    self.extra = extra
    stride = paddedLaneStride(order + extra, of: Double.self)
    matrix = AlignedBuffer(count: order * stride)
  }

  /// Writes right-hand sides, `[row][stride]`, from the right-hand side `first` on.
  func load(_ values: [Double], stride source: Int, columns: Int, at first: Int) {
    for row in 0..<order {
      let target = row * stride + order + first
      for column in 0..<columns {
        matrix[target + column] = values[row * source + column]
      }
    }
  }

  /// Σ_i x_i² of every whitened right-hand side.
  func squaredNorms() -> [Double] {
    var sums = [Double](repeating: 0, count: extra)
    for row in 0..<order {
      let source = row * stride + order
      for column in 0..<extra {
        let value = matrix[source + column]
        sums[column] += value * value
      }
    }
    return sums
  }

  /// The squared norm of one whitened column and its products with others.
  func projections(of column: Int, onto others: Range<Int>) -> (Double, [Double]) {
    var norm = 0.0
    var sums = [Double](repeating: 0, count: others.count)
    for row in 0..<order {
      let start = row * stride + order
      let value = matrix[start + column]
      norm += value * value
      for (k, other) in others.enumerated() { sums[k] += value * matrix[start + other] }
    }
    return (norm, sums)
  }
}
