import Kernels
import LinearAlgebra
import SkyModels

/// What the band powers behind a bank of inverse-covariance filters know of the parameters.
///
/// A network of a cut sky with one block reads the map through the numbers x_fb = Σ (y_aᵀ C_f⁻¹ d)² over the
/// columns a of band b, for every fiducial f: the powers of `FilterBank`, whose factors S_f^{1/2} are the same for a
/// whole band. Of the Fisher information of the pixels it can have at most what they keep.
///
/// Definition: F_ij = ∂⟨x⟩/∂θ_iᵀ Cov(x)⁻¹ ∂⟨x⟩/∂θ_j, the information of the best linear combination of the
///             powers. With d of covariance C(θ) and V_f = C_f⁻¹ Y,
///             Cov(x_fb, x_gb') = 2 Σ (V_fᵀ C V_g)_ac² over the columns a of b and c of b', and
///             ∂⟨x_fb⟩/∂C_b' = Σ (Yᵀ V_f)_ac² = 2 F_f,bb' with `bandPowerFisher` of the fiducial.
///             Where θ is a fiducial the score is itself a linear combination of the powers there, and F is
///             the Fisher information of the pixels. Elsewhere it is less.
/// Domain:     information in the mean of x. Functions that are not linear can know more where a band has
///             few modes and x is far from Gaussian, and where the posterior is wide.
/// Accuracy:   powers of neighbouring degrees and fiducials nearly repeat each other. Directions of their
///             correlation matrix with eigenvalues below 10⁻¹² of the largest are left out, as rounding
///             decides them: F is then that of the others, a lower bound.
/// Cost:       f n² K for the V_f once; f² n K²/2 and the decomposition of a matrix of order f b for every θ,
///             with f fiducials, n data, K columns and b bands: seconds for f_sky 0.1 and four fiducials on two cores.
/// Checked by: FilterInformationTests.
public final class FilterInformation: Sendable {
  /// The likelihood of the pixels.
  public let likelihood: PixelLikelihood
  /// V_f.
  private let filters: [BandedColumns]
  /// ∂⟨x_fb⟩/∂C_b'.
  private let responses: [Matrix]

  /// Makes the filters.
  ///
  /// - Parameters:
  ///   - likelihood: the model, the mask, the noise and the floor.
  ///   - fiducials: parameters whose spectra the filters assume, at least one.
  ///   - threads: any number gives the same bits.
  /// - Throws: `BaselineError.correlatedFields`, `.covarianceNotPositive`; `LinearAlgebraError`.
  public init(_ likelihood: PixelLikelihood, fiducials: [[Double]], threads: Int = 1) throws {
    precondition(!fiducials.isEmpty, "no fiducials")
    self.likelihood = likelihood
    responses = try fiducials.map {
      let fisher = try likelihood.bandPowerFisher(at: $0, threads: threads)
      return Matrix(
        rows: fisher.rows, columns: fisher.columns, storage: fisher.storage.map { 2 * $0 })
    }
    filters = try fiducials.map {
      let inverse = try positiveInverse(
        likelihood.covariance(at: $0, threads: threads), threads: threads)
      let harmonics = likelihood.harmonics
      let columns = AlignedBuffer<Double>(count: harmonics.values.count)
      for (i, value) in harmonics.values.enumerated() { columns[i] = value }
      return likelihood.product(
        inverse, likelihood.banded(columns), threads: threads)
    }
  }

  /// F at some parameters, in the model's order.
  ///
  /// - Throws: `BaselineError.correlatedFields`, `LinearAlgebraError`.
  public func information(at values: [Double], threads: Int = 1) throws -> Matrix {
    let bands = likelihood.bandCount
    let covariance = try likelihood.covariance(at: values, threads: threads)
    var statistics = Matrix(rows: filters.count * bands, columns: filters.count * bands)
    for (g, right) in filters.enumerated() {
      let seen = likelihood.product(covariance, right, threads: threads)
      for f in 0...g {
        let squares = bandSquares(filters[f], seen, threads: threads)
        for b in 0..<bands {
          for c in 0..<bands {
            statistics[f * bands + b, g * bands + c] = 2 * squares[b, c]
            statistics[g * bands + c, f * bands + b] = 2 * squares[b, c]
          }
        }
      }
    }
    let slopes = likelihood.bandSlopes(at: values).map { slope in
      responses.flatMap { $0.multiplied(by: slope) }
    }
    return try Self.information(slopes, covariance: statistics)
  }

  /// sᵀ Cov⁻¹ s without the directions that rounding decides.
  private static func information(_ slopes: [[Double]], covariance: Matrix) throws -> Matrix {
    let scales = (0..<covariance.rows).map { 1 / covariance[$0, $0].squareRoot() }
    let parts = try SymmetricEigendecomposition(
      Matrix(rows: covariance.rows, columns: covariance.rows) {
        covariance[$0, $1] * scales[$0] * scales[$1]
      })
    let vectors = parts.vectors.transposed
    let projected = slopes.map { slope in
      vectors.multiplied(by: zip(slope, scales).map { $0 * $1 })
    }
    let least = leastEigenvalue * parts.values[parts.values.count - 1]
    return Matrix(rows: slopes.count, columns: slopes.count) { i, j in
      parts.values.indices.reduce(0) { sum, k in
        parts.values[k] < least
          ? sum : sum + projected[i][k] * projected[j][k] / parts.values[k]
      }
    }
  }

  /// Eigenvalues of the correlation matrix below this part of the largest are noise of rounding.
  private static let leastEigenvalue = 1e-12

  /// The Cramér-Rao bound of the powers averaged over the prior, percent, one number per parameter, as
  /// `PixelLikelihood.cramerRaoPercentErrors`.
  ///
  /// - Throws: as `information`; `BaselineError.interrupted`.
  public func cramerRaoPercentErrors(
    points: Int = 5, threads: Int = 1, progress: LimitProgress = LimitProgress()
  ) throws -> [Double] {
    try likelihood.cramerRaoPercentErrors(points: points, progress: progress) {
      try information(at: $0, threads: threads)
    }
  }
}

extension PixelLikelihood {
  /// Columns like those of Y, in rows of its stride.
  func banded(_ storage: AlignedBuffer<Double>) -> BandedColumns {
    BandedColumns(
      storage: storage, offset: 0, rows: dataCount, stride: harmonics.stride, bands: bandOfColumn,
      bandCount: bandCount)
  }

  /// A symmetric matrix of the data times columns.
  func product(_ matrix: Matrix, _ columns: BandedColumns, threads: Int) -> BandedColumns {
    let result = AlignedBuffer<Double>(count: dataCount * columns.stride)
    let ranges = evenRanges(columns.bands.count, parts: 16, unit: 8)
    matrix.storage.withView { matrix in
      parallelFor(ranges.count, threads: threads) { part in
        matrixProduct(
          rows: dataCount, columns: ranges[part].count, depth: dataCount,
          MatrixView(matrix, rowStride: dataCount),
          MatrixView(
            columns.storage.view(columns.offset + ranges[part].lowerBound),
            rowStride: columns.stride),
          into: MatrixView(result.view(ranges[part].lowerBound), rowStride: columns.stride))
      }
    }
    return banded(result)
  }
}
