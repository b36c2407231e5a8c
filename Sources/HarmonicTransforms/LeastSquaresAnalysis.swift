import FourierTransforms
import Kernels
import LinearAlgebra
import SphereGrids

/// Analysis by least squares on any grid of rings, as one precomputed linear operator.
///
/// Definition:  a = argmin Σ_p (f_p − Σ_lm a_lm Y_lm(p))² = (SᵀS)⁻¹ Sᵀ f over the real degrees of
///              freedom (Re a_l0; Re a_lm and Im a_lm, m > 0), S the synthesis. The exact inverse of
///              synthesis, and of all unbiased estimates from white noise the one of least variance.
/// Method:      Sᵀ by rings and orders (`synthesisGradient`). SᵀS falls into independent blocks by
///              the symmetries of the grid (NormalBlocks.swift): on HEALPix by even and odd l − m,
///              real and imaginary part, and m modulo 4. Blocks are summed, factored and inverted
///              in `Double` (Cholesky); their inverses are rounded once and applied as matrices.
/// Memory:      about (lmax + 1)⁴/10 numbers on HEALPix: 0.5 million at lmax 47; it grows beyond what is
///              sensible near lmax 150, where `ScalarTransform.leastSquares` solves iteratively.
/// Accuracy:    rounding times the condition number of SᵀS, 46 at nside 16, lmax 47.
/// Cost:        per lane, two operations per number of the blocks on top of a plain analysis: 1 MFLOP
///              at nside 16, lmax 47 and 12 of the 32 μs of a whole analysis. Set-up Σ n³ over the
///              blocks, 0.05 s there.
/// Checked by:  LeastSquaresDefinitionTests (dense LAPACK solution), LeastSquaresPropertyTests.
public final class LeastSquaresAnalysis<T: FourierScalar>: Sendable {
  /// The synthesis that is inverted.
  public let transform: ScalarTransform<T>
  /// The mean over m of the variance of a_lm from white pixel noise, relative to the 4π σ²/npix of
  /// a grid with exact quadrature: element l.
  public let noiseVariance: [Double]
  /// 1/(‖SᵀS‖₁ ‖(SᵀS)⁻¹‖₁) in the orthonormal basis: a lower estimate of λ_min/λ_max.
  public let reciprocalCondition: Double

  private let normal: NormalBlocks
  private let inverses: [BlockInverse<T>]

  /// Smallest reciprocal condition that is accepted: less would cost ten of sixteen digits.
  public static var smallestReciprocalCondition: Double { 1e-10 }

  /// Lanes that meet a block at a time: gathered, they and the product stay in the second-level cache.
  private static var chunkLanes: Int { 64 }

  /// Prepares the operator.
  ///
  /// - Parameters:
  ///   - grid: the rings.
  ///   - lmax: largest degree, inclusive.
  ///   - mmax: largest order; lmax when nil.
  /// - Throws: `HarmonicTransformError.singularAnalysis` when the points do not determine the
  ///   coefficients, or only with a reciprocal condition below `smallestReciprocalCondition`.
  public init(grid: any RingGrid, lmax: Int, mmax: Int? = nil) throws(HarmonicTransformError) {
    let transform = ScalarTransform<T>(grid: grid, lmax: lmax, mmax: mmax)
    self.transform = transform
    let normal = NormalBlocks(lmax: lmax, mmax: transform.mmax, pairs: transform.pairs)
    self.normal = normal
    let unknowns = normal.blocks.reduce(0) { $0 + NormalBlocks.order(of: $1) }
    if unknowns > grid.pointCount {
      throw .singularAnalysis(
        grid: grid.name, lmax: lmax,
        reason: "\(unknowns) unknowns from \(grid.pointCount) points")
    }
    var inverses: [BlockInverse<T>] = []
    var noise = [Double](repeating: 0, count: lmax + 1)
    var (largest, largestInverse) = (0.0, 0.0)
    for block in normal.blocks {
      let gram = normal.gramMatrix(of: block)
      let inverse = try Self.inverse(of: gram, block, grid: grid, lmax: lmax)
      largest = max(largest, gram.largestColumnSum)
      largestInverse = max(largestInverse, inverse.largestColumnSum)
      inverses.append(BlockInverse(block, inverse, lmax: lmax))
      var i = 0
      for run in block {
        for l in run.degrees {
          noise[l] += inverse[i, i]
          i += 1
        }
      }
    }
    reciprocalCondition = 1 / (largest * largestInverse)
    if !(reciprocalCondition >= Self.smallestReciprocalCondition) {
      throw .singularAnalysis(
        grid: grid.name, lmax: lmax,
        reason: "the normal equations have reciprocal condition \(reciprocalCondition)")
    }
    self.inverses = inverses
    let unit = Double(grid.pointCount) / (4 * .pi)
    noiseVariance = (0...lmax).map {
      unit * noise[$0] / Double(2 * min($0, transform.mmax) + 1)
    }
  }

  private static func inverse(
    of gram: Matrix, _ block: [OrderRun], grid: any RingGrid, lmax: Int
  ) throws(HarmonicTransformError) -> Matrix {
    do {
      return try CholeskyFactor(gram).inverse()
    } catch {
      let orders = block.map(\.m)
      throw .singularAnalysis(
        grid: grid.name, lmax: lmax, reason: "orders \(Array(Set(orders)).sorted()): \(error)")
    }
  }

  /// The condition number of S in the orthonormal basis, √(λ_max/λ_min) of SᵀS, from its eigenvalues.
  ///
  /// - Throws: `LinearAlgebraError.noConvergence`.
  public func conditionNumber() throws(LinearAlgebraError) -> Double {
    var (smallest, largest) = (Double.infinity, 0.0)
    for block in normal.blocks {
      let values = try SymmetricEigendecomposition(normal.gramMatrix(of: block)).values
      smallest = min(smallest, values.first ?? .infinity)
      largest = max(largest, values.last ?? 0)
    }
    return (largest / smallest).squareRoot()
  }

  // MARK: - Stacks

  /// The coefficients that fit the fields best.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid` or `.notFinite`.
  public func analysis(
    _ f: FieldStack<T>, threads: Int = 1
  ) throws(HarmonicTransformError) -> CoefficientStack<T> {
    try transform.requireUsable(f)
    let workspace = TransformWorkspace(transform, lanes: f.lanes)
    let panel = AlignedBuffer<T>(count: transform.panelCount(workspace))
    let field = transform.padded(f, workspace)
    withExtendedLifetime(field) {
      analyse(field.view(), workspace, to: panel.view(), threads: threads)
    }
    return transform.stack(panel: panel, workspace)
  }

  /// The gradient with respect to the field, given that with respect to the stored coefficients.
  public func analysisGradient(_ da: CoefficientStack<T>, threads: Int = 1) -> FieldStack<T> {
    precondition(
      da.lmax == transform.lmax && da.mmax == transform.mmax,
      "lmax \(da.lmax), mmax \(da.mmax) differ")
    let workspace = TransformWorkspace(transform, lanes: da.lanes)
    let field = AlignedBuffer<T>(count: transform.grid.pointCount * workspace.laneStride)
    let panel = transform.padded(da, workspace)
    withExtendedLifetime(panel) {
      analysisGradient(
        overwriting: panel.view(), workspace, to: field.view(), threads: threads)
    }
    return transform.stack(field: field, workspace)
  }

  // MARK: - Panels

  /// a = (SᵀS)⁻¹ Sᵀ f for a field in lane layout.
  ///
  /// - Parameters:
  ///   - field: `[point][laneStride]`.
  ///   - workspace: made for `transform`; used by one call at a time.
  ///   - coefficients: receives `[(l, m)][re, im][laneStride]`.
  ///   - threads: any number gives the same bits.
  package func analyse(
    _ field: BufferView<T>, _ workspace: TransformWorkspace<T>, to coefficients: BufferView<T>,
    threads: Int
  ) {
    transform.analysePanel(
      field, workspace, transform.synthesisGradientFactors, to: coefficients, threads: threads)
    multiplyByInverse(coefficients, laneStride: workspace.laneStride, threads: threads)
  }

  /// f̄ = S (SᵀS)⁻¹ ā, the transpose of `analyse`; ā is overwritten with (SᵀS)⁻¹ ā.
  package func analysisGradient(
    overwriting coefficients: BufferView<T>, _ workspace: TransformWorkspace<T>,
    to field: BufferView<T>, threads: Int
  ) {
    multiplyByInverse(coefficients, laneStride: workspace.laneStride, threads: threads)
    transform.synthesisePanel(
      coefficients, workspace, transform.synthesisFactors, to: field, threads: threads)
  }

  /// a ← (SᵀS)⁻¹ a in place, block by block and chunk of lanes by chunk of lanes.
  package func multiplyByInverse(_ panel: BufferView<T>, laneStride: Int, threads: Int) {
    let chunk = Self.chunkLanes
    let chunks = (laneStride + chunk - 1) / chunk
    parallelFor(inverses.count * chunks, threads: threads) { task in
      let lane = task % chunks * chunk
      inverses[task / chunks].multiply(
        panel.at(lane), lanes: min(chunk, laneStride - lane), laneStride: laneStride)
    }
    // Im a_l0 is no degree of freedom and in no block.
    for l in 0...transform.lmax {
      clear(panel.at((2 * l + 1) * laneStride), count: laneStride)
    }
  }
}

/// The inverse of one block for the stored coefficients, with the places of its rows in a panel.
private struct BlockInverse<T: LaneScalar>: Sendable {
  private let rows: [Int]
  private let inverse: AlignedBuffer<T>

  /// From the inverse in the orthonormal basis. A stored a_lm, m > 0, is the orthonormal
  /// coefficient over √2, so its rows and columns are divided by √2.
  init(_ block: [OrderRun], _ orthonormal: Matrix, lmax: Int) {
    var rows: [Int] = []
    var isZonal: [Bool] = []
    for run in block {
      for l in run.degrees {
        rows.append(2 * coefficientIndex(l: l, m: run.m, lmax: lmax) + run.part)
        isZonal.append(run.m == 0)
      }
    }
    self.rows = rows
    inverse = AlignedBuffer(count: rows.count * rows.count)
    for i in rows.indices {
      for j in rows.indices {
        let scale =
          isZonal[i] ? (isZonal[j] ? 1 : 0.5.squareRoot()) : (isZonal[j] ? 0.5.squareRoot() : 0.5)
        inverse[i * rows.count + j] = T(scale * orthonormal[i, j])
      }
    }
  }

  func multiply(_ panel: BufferView<T>, lanes: Int, laneStride: Int) {
    let order = rows.count
    withScratch(T.self, count: 2 * order * lanes) { scratch in
      let product = scratch.at(order * lanes)
      for (i, row) in rows.enumerated() {
        copyRows(
          rows: 1, columns: lanes, from: panel.at(row * laneStride), stride: laneStride,
          to: scratch.at(i * lanes), stride: lanes)
      }
      matrixProduct(
        rows: order, columns: lanes, depth: order,
        MatrixView(inverse.view(), rowStride: order), MatrixView(scratch, rowStride: lanes),
        into: MatrixView(product, rowStride: lanes))
      for (i, row) in rows.enumerated() {
        copyRows(
          rows: 1, columns: lanes, from: product.at(i * lanes), stride: lanes,
          to: panel.at(row * laneStride), stride: laneStride)
      }
    }
  }
}

extension Matrix {
  /// ‖A‖₁ of a symmetric matrix, the largest sum of absolute values in a row.
  fileprivate var largestColumnSum: Double {
    (0..<rows).map { i in (0..<columns).reduce(0.0) { $0 + abs(self[i, $1]) } }.max() ?? 0
  }
}
