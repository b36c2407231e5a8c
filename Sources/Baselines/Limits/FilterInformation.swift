import HarmonicTransforms
import Kernels
import LinearAlgebra
import SkyModels

/// What linear combinations of the band powers behind inverse-covariance filters say of the
/// parameters.
///
/// A network of a cut sky with one block reads the map through numbers like
/// x_fb = Σ (y_aᵀ C_f⁻¹ d)² over the columns a of band b, a degree of E or of B, for every fiducial
/// f: the powers of `FilterBank`, whose factors S_f^{1/2} are the same for a whole band.
///
/// Definition: F_ij = ∂⟨x⟩/∂θ_iᵀ Cov(x)⁻¹ ∂⟨x⟩/∂θ_j, the information in the mean of x: that of
///             the linear combination of all x_fb that is best at θ. With d of covariance C(θ) and
///             V_f = C_f⁻¹ Y,
///             Cov(x_fb, x_gb') = 2 Σ (V_fᵀ C V_g)_ac² over the columns a of b and c of b', and
///             ∂⟨x_fb⟩/∂C_b' = Σ (V_fᵀ Y)_ac².
///             Where θ is a fiducial the score is itself a linear combination of the powers there,
///             and F is the Fisher information of the pixels. Elsewhere it is less.
/// Domain:     F is no bound for functions of x that are not linear: with few modes per band x is
///             far from Gaussian, and its Fisher information is larger than F. A network, on the
///             other hand, does not choose its combination at each θ, and has fewer and wider
///             bands.
/// Accuracy:   powers of neighbouring degrees and fiducials nearly repeat each other. Directions of
///             their correlation matrix with eigenvalues below 10⁻¹² of the largest are left out,
///             which lowers F: they are made of rounding. Docs/Decisions/cut-sky-filters.md says
///             what this choice changes.
/// Cost:       multiplications with n data, K columns, φ fiducials and β bands: for each fiducial
///             once 7n³/6 + n² K + n K²; for each θ φ n² K + φ² n K²/2 and the eigenvalues of a
///             matrix of order φ β.
/// Memory:     8 φ n K bytes for the V_f: 23 MB for a filter of 310 pixels, 113 MB for one of
///             1,536.
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
  ///   - progress: told what the filters take and how many are made; stops the computation.
  /// - Throws: `BaselineError.correlatedFields`, `.interrupted`; `LinearAlgebraError`; what
  ///   `progress` throws.
  public init(
    _ likelihood: PixelLikelihood, fiducials: [[Double]], threads: Int = 1,
    progress: WorkProgress = WorkProgress()
  ) throws {
    precondition(!fiducials.isEmpty, "no fiducials")
    self.likelihood = likelihood
    let storage = AlignedBuffer<Double>(count: likelihood.harmonics.values.count)
    for (i, value) in likelihood.harmonics.values.enumerated() { storage[i] = value }
    let harmonics = likelihood.banded(storage)
    try progress.announce(
      Self.workEstimate(
        pixels: likelihood.mask.observedPixels.count, lmax: likelihood.model.lmax,
        filters: fiducials.count))
    let counter = ProgressCounter(progress, total: fiducials.count)
    let stop = WorkCounter(progress.stopOnly, multiplications: 1)
    var (filters, responses): ([BandedColumns], [Matrix]) = ([], [])
    for fiducial in fiducials {
      try progress.check()
      let inverse = try positiveInverse(
        likelihood.covariance(at: fiducial, threads: threads), threads: threads, counter: stop)
      let filter = likelihood.product(inverse, harmonics, threads: threads)
      try progress.check()
      responses.append(
        try bandSquares(filter, harmonics, threads: threads, progress: progress))
      filters.append(filter)
      counter.add(1)
    }
    self.filters = filters
    self.responses = responses
  }

  /// What making the filters takes, and in memory what `information` adds to it.
  ///
  /// - Parameters:
  ///   - pixels: number of observed pixels.
  ///   - lmax: the largest degree of the model.
  ///   - filters: number of fiducials.
  /// - Returns: the estimate, with fewer filters as alternatives.
  public static func workEstimate(pixels: Int, lmax: Int, filters: Int) -> WorkEstimate {
    let columns = Double(SpinHarmonicMatrix.columnCount(spin: 2, lmax: lmax, mmax: lmax))
    let n = Double(2 * pixels)
    func bytes(_ filters: Int) -> Double {
      // The filters, three more matrices of their size (the harmonics, twice, and a filter
      // multiplied by the sky's covariance), and the inverse with its system.
      8 * (Double(filters + 3) * n * columns + 5 * n * n)
    }
    return WorkEstimate(
      stage: "\(filters) filters of \(pixels) pixels", subject: .filters, bytes: bytes(filters),
      multiplications: Double(filters)
        * (inverseCost(order: 2 * pixels) + 1.5 * n * n * columns + n * columns * columns),
      alternatives: stride(from: filters - 1, through: 1, by: -1).map {
        WorkEstimate.Alternative(change: $0 == 1 ? "1 filter" : "\($0) filters", bytes: bytes($0))
      })
  }

  /// F at some parameters.
  ///
  /// - Parameters:
  ///   - values: θ in the model's order and units.
  ///   - threads: any number gives the same bits.
  ///   - progress: stops the computation.
  /// - Returns: a row and a column per parameter, in the inverse product of their units.
  /// - Throws: `BaselineError.correlatedFields`, `.interrupted`, `LinearAlgebraError`.
  public func information(
    at values: [Double], threads: Int = 1, progress: WorkProgress = WorkProgress()
  ) throws -> Matrix {
    let bands = likelihood.bandCount
    let covariance = try likelihood.covariance(at: values, threads: threads)
    var statistics = Matrix(rows: filters.count * bands, columns: filters.count * bands)
    for (g, right) in filters.enumerated() {
      try progress.check()
      let seen = likelihood.product(covariance, right, threads: threads)
      for f in 0...g {
        let squares = try bandSquares(filters[f], seen, threads: threads, progress: progress)
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
    return try Self.information(slopes, covariance: statistics, progress)
  }

  /// sᵀ Cov⁻¹ s without the directions that rounding decides.
  private static func information(
    _ slopes: [[Double]], covariance: Matrix, _ progress: WorkProgress
  ) throws -> Matrix {
    let scales = (0..<covariance.rows).map { 1 / covariance[$0, $0].squareRoot() }
    let parts = try SymmetricEigendecomposition(
      Matrix(rows: covariance.rows, columns: covariance.rows) {
        covariance[$0, $1] * scales[$0] * scales[$1]
      }, progress: progress)
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

  /// The error of the best linear combinations averaged over the prior: 100 √(2/π)
  /// ⟨√((F⁻¹)_ii)/θ_i⟩, as `PixelLikelihood.cramerRaoPercentErrors` has it for the pixels.
  ///
  /// - Parameters:
  ///   - points: points of the rule in each parameter.
  ///   - threads: any number gives the same bits.
  ///   - progress: told after every point how many are done; stops the computation.
  /// - Returns: percent, one number per parameter.
  /// - Throws: as `information`; `BaselineError.interrupted`.
  public func linearPercentErrors(
    points: Int = 5, threads: Int = 1, progress: WorkProgress = WorkProgress()
  ) throws -> [Double] {
    try likelihood.cramerRaoPercentErrors(points: points, progress: progress) {
      try information(at: $0, threads: threads, progress: progress.stopOnly)
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

  /// A matrix of the data times columns.
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
