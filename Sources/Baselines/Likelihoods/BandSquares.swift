import Kernels
import LinearAlgebra

/// A matrix whose columns belong to bands, like those of `ObservedHarmonics` to degrees of E and B.
struct BandedColumns: Sendable {
  let storage: AlignedBuffer<Double>
  /// Element of `storage` where row 0, column 0 stands.
  let offset: Int
  let rows: Int
  let stride: Int
  /// The band of every column.
  let bands: [Int]
  let bandCount: Int

  /// The columns from `first` on.
  fileprivate func view(_ first: Int) -> MatrixView<Double> {
    MatrixView(storage.view(offset + first), rowStride: stride)
  }
}

/// S_bb' = Σ (AᵀB)_ac² over the columns a of band b of A and c of band b' of B: tr(C M_b C M'_b')
/// for quadratic forms M_b = Σ a aᵀ, B the columns of C times those of M'.
///
/// Method:     AᵀB tile by tile, of which only the sums of squares are kept. Tiles do not depend on
///             the number of threads, nor do the bits.
/// Cost:       rows · columns² multiplications; half of them if `b` is nil.
/// Checked by: PixelLikelihoodTests, FilterInformationTests.
///
/// - Parameters:
///   - a: A.
///   - b: B; nil for A itself.
///   - threads: any number gives the same bits.
///   - progress: stops the work between tiles.
/// - Returns: S, `[band of A][band of B]`.
/// - Throws: `BaselineError.interrupted`.
func bandSquares(
  _ a: BandedColumns, _ b: BandedColumns? = nil, threads: Int,
  progress: WorkProgress = WorkProgress()
) throws(BaselineError) -> Matrix {
  let (right, isSymmetric) = (b ?? a, b == nil)
  precondition(a.rows == right.rows, "\(a.rows) rows against \(right.rows)")
  func tiles(_ count: Int) -> [Range<Int>] {
    evenRanges(count, parts: (count + 191) / 192, unit: 8)
  }
  let (leftTiles, rightTiles) = (tiles(a.bands.count), tiles(right.bands.count))
  let pairs = rightTiles.indices.flatMap { column in
    (0..<(isSymmetric ? column + 1 : leftTiles.count)).map { ($0, column) }
  }
  let size = a.bandCount * right.bandCount
  let sums = AlignedBuffer<Double>(count: pairs.count * size)
  parallelFor(pairs.count, threads: threads) { k in
    if progress.isStopped() { return }
    let (rows, columns) = (leftTiles[pairs[k].0], rightTiles[pairs[k].1])
    let gram = AlignedBuffer<Double>(count: rows.count * columns.count)
    matrixProduct(
      rows: rows.count, columns: columns.count, depth: a.rows,
      a.view(rows.lowerBound).transposed, right.view(columns.lowerBound),
      into: MatrixView(gram.view(), rowStride: columns.count))
    for (i, row) in rows.enumerated() {
      let target = k * size + a.bands[row] * right.bandCount
      for (j, column) in columns.enumerated() {
        let value = gram[i * columns.count + j]
        sums[target + right.bands[column]] += value * value
      }
    }
  }
  try progress.check()
  var result = Matrix(rows: a.bandCount, columns: right.bandCount)
  for (k, pair) in pairs.enumerated() {
    for b in 0..<a.bandCount {
      for c in 0..<right.bandCount {
        let sum = sums[k * size + b * right.bandCount + c]
        result[b, c] += sum
        if isSymmetric, pair.0 != pair.1 { result[c, b] += sum }
      }
    }
  }
  return result
}
