import Kernels
import LinearAlgebra

/// Maps with noise in every pixel as estimates of their coefficients: fewer data with the same
/// likelihood.
///
/// Definition: x̂ = M⁻¹ Yᵀ N⁻¹ d with M = Yᵀ N⁻¹ Y, the least-squares estimate with the noise's
///             weights. x̂ is sufficient for a sky of degrees up to lmax: with d = Y x + n the
///             likelihood of d is that of x̂, whose covariance is S(θ) + M⁻¹, times a factor without
///             θ.
/// Domain:     M invertible: the full sky, or nearly so.
/// Cost:       with n data and K coefficients n K² + 7K³/6 multiplications, and n K per map.
/// Memory:     8 n K and 16 K² bytes.
/// Slow twin:  `PixelLikelihood` of the pixels themselves.
/// Checked by: HarmonicReductionTests.
struct HarmonicReduction: Sendable {
  /// M⁻¹, the covariance of the noise of x̂.
  let noise: Matrix
  /// Yᵀ N⁻¹, `[column][datum]`.
  private let projection: AlignedBuffer<Double>
  private let dataCount: Int

  /// Prepares the estimates.
  ///
  /// - Parameters:
  ///   - harmonics: Y.
  ///   - variances: N, one number above 0 per datum (a precondition).
  ///   - threads: any number gives the same bits.
  /// - Throws: `LinearAlgebraError.notPositiveDefinite` where the pixels do not determine the
  ///   coefficients.
  init(
    _ harmonics: ObservedHarmonics, variances: [Double], threads: Int
  ) throws(LinearAlgebraError) {
    precondition(variances.allSatisfy { $0 > 0 }, "pixels without noise")
    let (n, columns) = (harmonics.dataCount, harmonics.columnCount)
    let width = paddedLaneStride(n, of: Double.self)
    var weighted = [Double](repeating: 0, count: columns * width)
    let projection = AlignedBuffer<Double>(count: columns * n)
    for row in 0..<n {
      let root = (1 / variances[row]).squareRoot()
      for column in 0..<columns {
        let value = harmonics.values[row * harmonics.stride + column]
        weighted[column * width + row] = root * value
        projection[column * n + row] = value / variances[row]
      }
    }
    var gram = [Double](repeating: 0, count: columns * columns)
    addGram(
      to: &gram, of: weighted, variables: columns, observations: n, stride: width,
      threads: threads)
    noise = try positiveInverse(
      Matrix(rows: columns, columns: columns, storage: gram), threads: threads)
    self.projection = projection
    dataCount = n
  }

  /// x̂ of some maps.
  func callAsFunction(_ maps: ObservedMaps, threads: Int) -> ObservedMaps {
    let (columns, count) = (noise.rows, maps.count)
    precondition(
      maps.values.count == dataCount * count, "\(maps.values.count) values of \(count) maps")
    func product(_ matrix: BufferView<Double>, depth: Int, _ data: [Double]) -> [Double] {
      let result = AlignedBuffer<Double>(count: columns * count)
      let ranges = evenRanges(columns, parts: 32)
      data.withView { data in
        result.withView { result in
          parallelFor(ranges.count, threads: threads) { part in
            let range = ranges[part]
            matrixProduct(
              rows: range.count, columns: count, depth: depth,
              MatrixView(matrix.at(range.lowerBound * depth), rowStride: depth),
              MatrixView(data, rowStride: count),
              into: MatrixView(result.at(range.lowerBound * count), rowStride: count))
          }
        }
      }
      return result.array()
    }
    let projected = projection.withView { product($0, depth: dataCount, maps.values) }
    let values = noise.storage.withView { product($0, depth: columns, projected) }
    return ObservedMaps(count: count, values: values)
  }
}
