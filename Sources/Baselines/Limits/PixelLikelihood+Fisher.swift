import HarmonicTransforms
import Kernels
import LinearAlgebra
import SkyModels

extension PixelLikelihood {
  /// The Fisher information of the observed pixels on the powers C_l^TT, or C_l^EE and C_l^BB.
  ///
  /// Definition: F_bb' = ½ tr(C⁻¹ P_b C⁻¹ P_b'), b = 0...: EE from l = 2 to lmax, then BB. With
  ///             G = Yᵀ C⁻¹ Y it is ½ Σ G_ac² over the columns a of b and c of b'.
  /// Method:     X = U⁻ᵀ Y, then XᵀX tile by tile, of which only the sums of squares are kept.
  /// Cost:       n² K + n K²/2 multiplications and 8 n (n + 2 K) bytes: at nside 16, lmax 47 and
  ///             full sky 1.1 GB.
  /// Checked by: PixelLikelihoodTests, PixelFullSkyTests.
  ///
  /// - Throws: `BaselineError.correlatedFields`, `.covarianceNotPositive`, `.interrupted`.
  func bandPowerFisher(
    at values: [Double], threads: Int, progress: WorkProgress = WorkProgress()
  ) throws(BaselineError) -> Matrix {
    let columns = harmonics.columnCount
    let system = AugmentedSystem(order: dataCount, extra: columns)
    load(try fieldCovariances(at: values, threads: threads), into: system)
    try progress.check()
    system.load(harmonics.values, stride: harmonics.stride, columns: columns, at: 0)
    _ = try factor(system, at: values, threads: threads, progress: progress)

    let whitened = BandedColumns(
      storage: system.matrix, offset: system.order, rows: dataCount, stride: system.stride,
      bands: bandOfColumn, bandCount: bandCount)
    let squares = try bandSquares(whitened, threads: threads, progress: progress)
    return Matrix(
      rows: bandCount, columns: bandCount, storage: squares.storage.map { 0.5 * $0 })
  }

  /// The Fisher information of the observed pixels on the parameters,
  /// F_ij = ½ tr(C⁻¹ ∂C/∂θ_i C⁻¹ ∂C/∂θ_j) = Σ_bb' ∂C_b/∂θ_i F_bb' ∂C_b'/∂θ_j.
  ///
  /// - Throws: `BaselineError.correlatedFields`, `.covarianceNotPositive`, `.interrupted`.
  public func fisherInformation(
    at values: [Double], threads: Int = 1, progress: WorkProgress = WorkProgress()
  ) throws(BaselineError) -> Matrix {
    let bands = try bandPowerFisher(at: values, threads: threads, progress: progress)
    let slopes = bandSlopes(at: values)
    return Matrix(rows: slopes.count, columns: slopes.count) { i, j in
      zip(slopes[i], bands.multiplied(by: slopes[j])).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// ∂C_b/∂θ_i, `[parameter][band]`.
  func bandSlopes(at values: [Double]) -> [[Double]] {
    model.derivatives(at: values).map { slope in
      fields.flatMap { slope[$0.spectrum][$0.firstDegree...] }
    }
  }

  /// The Cramér-Rao bound of every parameter averaged over the prior, as mean |error|/θ in percent:
  /// 100 √(2/π) ⟨√((F⁻¹)_ii)/θ_i⟩.
  ///
  /// It binds unbiased estimators only: a bounded prior allows less. The mean is a Gauss-Legendre
  /// rule in each parameter.
  /// Accuracy:   of the mean: 0.03 % between four and five points on the T2 task, see
  ///             Docs/Results.md.
  ///
  /// - Parameters:
  ///   - points: points of the rule in each parameter.
  ///   - threads: any number gives the same bits.
  ///   - progress: told after every point how many are done; stops the computation.
  /// - Returns: percent, one number per parameter.
  /// - Throws: `BaselineError.correlatedFields`, `.covarianceNotPositive`, `.interrupted`; an
  ///   information matrix that is singular says that the parameters cannot be told apart and is
  ///   reported as `LinearAlgebraError.notPositiveDefinite`.
  public func cramerRaoPercentErrors(
    points: Int = 5, threads: Int = 1, progress: WorkProgress = WorkProgress()
  ) throws -> [Double] {
    try cramerRaoPercentErrors(points: points, progress: progress) {
      try fisherInformation(at: $0, threads: threads, progress: progress.stopOnly)
    }
  }

  /// What `cramerRaoPercentErrors` takes, the likelihood itself included.
  ///
  /// - Parameters:
  ///   - pixels: number of observed pixels.
  ///   - lmax: the largest degree of the model.
  ///   - parameters: number of parameters.
  ///   - points: points of the rule in each parameter.
  /// - Returns: the estimate; lower resolutions are the alternatives.
  public static func workEstimate(
    pixels: Int, lmax: Int, parameters: Int, points: Int
  ) -> WorkEstimate {
    let columns = Double(SpinHarmonicMatrix.columnCount(spin: 2, lmax: lmax, mmax: lmax))
    func bytes(_ pixels: Double) -> Double {
      let n = 2 * pixels
      // Harmonics, twice while they are made; both covariances with weighted harmonics; the system.
      return 8 * (2 * n * columns + 2 * n * n + n * columns / 2 + n * (n + columns))
    }
    let n = Double(2 * pixels)
    var nodes = 1.0
    for _ in 0..<parameters { nodes *= Double(points) }
    return WorkEstimate(
      stage: "the Cramer-Rao bound of \(pixels) pixels", subject: .pixels,
      bytes: bytes(Double(pixels)),
      multiplications: nodes
        * (n * n * columns / 2 + augmentedCost(order: 2 * pixels, extra: Int(columns))
          + n * columns * columns / 2),
      alternatives: [2.0, 4, 8, 16, 32].map {
        WorkEstimate.Alternative(
          change: "1/\(Int($0)) of the nside", bytes: bytes(Double(pixels) / ($0 * $0)))
      })
  }

  /// The same mean for any information matrix.
  func cramerRaoPercentErrors(
    points: Int, progress: WorkProgress, information: ([Double]) throws -> Matrix
  ) throws -> [Double] {
    var sums = model.parameters.map { _ in 0.0 }
    let rule = PriorQuadrature(model.parameters, points: points)
    let counter = ProgressCounter(progress, total: rule.count)
    for (values, weight) in rule.nodes {
      try progress.check()
      let covariance = try CholeskyFactor(information(values)).inverse()
      for i in sums.indices {
        sums[i] += weight * covariance[i, i].squareRoot() / values[i]
      }
      counter.add(1)
    }
    return sums.map { 100 * (2 / Double.pi).squareRoot() * $0 }
  }

  /// Number of band powers: those of TT, or of EE and then of BB, each from the first degree of
  /// the field to lmax.
  var bandCount: Int { fields.reduce(0) { $0 + model.lmax + 1 - $1.firstDegree } }

  /// The number of the band power, EE before BB, that every column of Y belongs to.
  var bandOfColumn: [Int] {
    var bands: [Int] = []
    var band = 0
    for field in fields {
      for l in field.firstDegree...model.lmax {
        bands += harmonics.columns(of: field, l: l).map { _ in band }
        band += 1
      }
    }
    return bands
  }
}
