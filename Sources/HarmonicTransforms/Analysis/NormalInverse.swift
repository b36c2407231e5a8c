import FourierTransforms
import Kernels
import LinearAlgebra
import SphereGrids

/// (SᵀS)⁻¹ of a synthesis S on a grid, block by block, for panels of coefficients in lane layout.
///
/// Panels:      `[kind][(l, m)][re, im][lane]`: one kind for scalar fields, E and B for spin
///              fields.
/// Checked by:  LeastSquaresDefinitionTests, SpinLeastSquaresTests.
struct NormalInverse<T: FourierScalar>: Sendable {
  /// 1/(‖SᵀS‖₁ ‖(SᵀS)⁻¹‖₁) in the orthonormal basis: a lower estimate of λ_min/λ_max.
  let reciprocalCondition: Double
  /// Per kind and l, the mean over m of the variance of a_lm from white noise in every point (and
  /// component), relative to 4π σ²/points; zero for degrees that do not exist.
  let noiseVariance: [[Double]]

  private let normal: NormalBlocks
  private let inverses: [BlockInverse<T>]
  private let lmax: Int
  private let kinds: Int
  /// Rows of one kind in a panel.
  private let kindRows: Int

  /// Lanes that are multiplied by a block at a time: gathered, they and the product stay in the
  /// second-level cache.
  private static var chunkLanes: Int { 64 }

  /// Sums, factors and inverts the blocks.
  ///
  /// - Throws: `HarmonicTransformError.singularAnalysis`.
  init(
    grid: any RingGrid, _ basis: NormalBasis, lmax: Int, _ transform: ScalarTransform<T>
  ) throws(HarmonicTransformError) {
    self.lmax = lmax
    kinds = basis.kinds
    kindRows = 2 * coefficientCount(lmax: lmax, mmax: transform.mmax)
    normal = NormalBlocks(
      lmax: lmax, mmax: transform.mmax, basis: basis, pairs: transform.pairs)
    let unknowns = normal.blocks.reduce(0) { $0 + NormalBlocks.order(of: $1) }
    let values = basis.kinds * grid.pointCount
    if unknowns > values {
      throw .singularAnalysis(
        grid: grid.name, lmax: lmax,
        reason: "\(unknowns) unknowns from \(values) values")
    }
    var inverses: [BlockInverse<T>] = []
    var noise = [[Double]](
      repeating: [Double](repeating: 0, count: lmax + 1), count: basis.kinds)
    var (largest, largestInverse) = (0.0, 0.0)
    for block in normal.blocks {
      let gram = normal.gramMatrix(of: block)
      let inverse = try Self.inverse(of: gram, block, grid: grid, lmax: lmax)
      largest = max(largest, gram.largestColumnSum)
      largestInverse = max(largestInverse, inverse.largestColumnSum)
      inverses.append(BlockInverse(block, inverse, lmax: lmax, kindRows: kindRows))
      var i = 0
      for run in block {
        for l in run.degrees {
          noise[run.kind][l] += inverse[i, i]
          i += 1
        }
      }
    }
    reciprocalCondition = 1 / (largest * largestInverse)
    let smallest = LeastSquaresAnalysis<T>.smallestReciprocalCondition
    if !(reciprocalCondition >= smallest) {
      throw .singularAnalysis(
        grid: grid.name, lmax: lmax,
        reason: "the normal equations have reciprocal condition \(reciprocalCondition)")
    }
    self.inverses = inverses
    let unit = Double(grid.pointCount) / (4 * .pi)
    noiseVariance = noise.map { ofKind in
      (0...lmax).map { unit * ofKind[$0] / Double(2 * min($0, transform.mmax) + 1) }
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

  /// √(λ_max/λ_min) of SᵀS, from its eigenvalues.
  ///
  /// - Throws: `LinearAlgebraError.noConvergence`.
  func conditionNumber() throws(LinearAlgebraError) -> Double {
    var (smallest, largest) = (Double.infinity, 0.0)
    for block in normal.blocks {
      let values = try SymmetricEigendecomposition(normal.gramMatrix(of: block)).values
      smallest = min(smallest, values.first ?? .infinity)
      largest = max(largest, values.last ?? 0)
    }
    return (largest / smallest).squareRoot()
  }

  /// a ← (SᵀS)⁻¹ a in place, block by block and chunk of lanes by chunk of lanes.
  func multiply(_ panel: BufferView<T>, laneStride: Int, threads: Int) {
    let chunk = Self.chunkLanes
    let chunks = (laneStride + chunk - 1) / chunk
    parallelFor(inverses.count * chunks, threads: threads) { task in
      let lane = task % chunks * chunk
      inverses[task / chunks].multiply(
        panel.at(lane), lanes: min(chunk, laneStride - lane), laneStride: laneStride)
    }
    // Im a_l0 is no degree of freedom and in no block; nor are degrees below the spin.
    for kind in 0..<kinds {
      for l in 0...lmax {
        clear(panel.at((kind * kindRows + 2 * l + 1) * laneStride), count: laneStride)
      }
    }
  }
}

/// The inverse of one block for the stored coefficients, with the places of its rows in a panel.
private struct BlockInverse<T: LaneScalar>: Sendable {
  private let rows: [Int]
  private let inverse: AlignedBuffer<T>

  /// From the inverse in the orthonormal basis. A stored a_lm, m > 0, is the orthonormal
  /// coefficient over √2, so its rows and columns are divided by √2.
  init(_ block: [OrderRun], _ orthonormal: Matrix, lmax: Int, kindRows: Int) {
    var rows: [Int] = []
    var isZonal: [Bool] = []
    for run in block {
      for l in run.degrees {
        rows.append(
          run.kind * kindRows + 2 * coefficientIndex(l: l, m: run.m, lmax: lmax) + run.part)
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
