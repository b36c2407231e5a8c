import FourierTransforms
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SphereGrids

/// One hexadecimal digit for four pixels, the first pixel of the four in the highest bit.
public func hexadecimal(_ observed: [Bool]) -> String {
  let digits = stride(from: 0, to: observed.count, by: 4).map { first in
    (0..<4).reduce(0) { sum, bit in
      let isObserved = first + bit < observed.count && observed[first + bit]
      return 2 * sum + (isObserved ? 1 : 0)
    }
  }
  return digits.map { String($0, radix: 16) }.joined()
}

/// A bank of fixed linear filters from the observed pixels of Q and U to E and B coefficients, or
/// from those of T to its coefficients.
///
/// Definition:  a_f = S_f^{1/2} Yᵀ (Y S_f Yᵀ + N)⁻¹ d for every fiducial f, with d the Q and U
///              of the observed pixels, Y the harmonics there (`SpinHarmonicMatrix`), S_f the
///              spectra C_l^EE and C_l^BB of f and N diagonal: `variance` and the squares of
///              `deviations`. This is the whitened Wiener filter. On
///              the full sky without noise it is a_lm/√C_l; on a cut sky no power leaks into one
///              degree from another that is strong in the fiducial, as it does with zero-filling.
///              With d = Y a, ⟨a aᵀ⟩ = S_f the result has the covariance
///              S^{1/2} Yᵀ C⁻¹ Y S^{1/2} ≤ 1, so that its elements are of order one.
/// Layout:      maps `[pixel][map * 2 + (Q, U)]`, or `[pixel][map]` of T; the result
///              `[(l, m)][re, im][map * channels + channel]`, channel 2 f is E and 2 f + 1 is B of
///              filter f, or channel f is T. Stored coefficients, m ≥ 0 (Conventions 3), Im a_l0
///              zero, degrees of E and B below 2 zero.
/// Method:      one dense matrix, made in `Double` by Cholesky (`positiveInverse`) and rounded
///              once. Products with C⁻¹ alone in single precision would lose what C⁻¹ amplifies;
///              the matrix as a whole is of order 1/σ at most.
/// Memory:      filters · fields² (lmax + 1)(lmax + 2) · pixels numbers: 105 MB for 9 filters of Q
///              and U at 310 pixels.
/// Cost:        as many multiplications per map; set-up 7 n³/6 + 4 n² (lmax + 1)² per filter, n = 2
///              pixels. It is announced (`workEstimate`), reported in hundredths, and ends within a
///              fraction of a second of a stop.
/// Transpose:   `transpose`, exact.
/// Slow twin:   `coefficientsByDefinition`.
/// Checked by:  FilterBankTests.
package final class FilterBank<T: FourierScalar>: Sendable {
  /// Pixels that are read.
  package let pixels: [Int]
  /// E and B, or T, of every filter.
  package var channels: Int { fields * filterCount }
  private let filterCount: Int
  /// Fields of a map, and of coefficients: one or two.
  private let fields: Int
  private let pixelCount: Int
  private let lmax: Int
  /// Rows of one field of one filter: stored real numbers.
  private let kindRows: Int
  /// `[filter][field][(l, m)][re, im][component, pixel]`.
  private let matrix: AlignedBuffer<T>

  /// Builds the filters.
  ///
  /// - Throws: `NetworkConfigurationError`, also when the variance is too small for the fiducial
  ///   spectra; `HealpixError`; `LinearAlgebraError.interrupted`, or what `progress` throws when
  ///   the work is announced.
  package init(
    _ configuration: FilterBankConfiguration, nside: Int, lmax: Int, threads: Int,
    progress: WorkProgress = WorkProgress()
  ) throws {
    let grid = try HealpixGrid(nside: nside)
    let pixels = try configuration.usablePixels(nside: nside, lmax: lmax)
    let fields = configuration.fieldCount
    let variances = try configuration.variances(pixels: pixels.count)
    let work = configuration.work(
      pixels: pixels.count, nside: nside, lmax: lmax, bytesPerNumber: MemoryLayout<T>.stride)
    try progress.announce(work)
    let counter = WorkCounter(progress, multiplications: work.multiplications)
    self.pixels = pixels
    self.lmax = lmax
    filterCount = configuration.fiducials.count
    self.fields = fields
    pixelCount = grid.pointCount
    kindRows = 2 * coefficientCount(lmax: lmax, mmax: lmax)
    let values = fields * pixels.count
    matrix = AlignedBuffer(count: fields * filterCount * kindRows * values)
    let harmonics =
      fields == 1
      ? try SpinHarmonicMatrix(
        ScalarTransform(grid: grid, lmax: lmax), points: pixels, threads: threads,
        progress: progress)
      : try SpinHarmonicMatrix(
        SpinTransform(grid: grid, spin: 2, lmax: lmax), points: pixels, threads: threads,
        progress: progress)
    for (filter, fiducial) in configuration.fiducials.enumerated() {
      let rows = try Self.filter(
        fiducial, harmonics, variances: variances, threads: threads, counter)
      for (index, column) in harmonics.columns.enumerated() {
        let scale = column.m == 0 ? 1 : 0.5.squareRoot()
        let row =
          (fields * filter + column.kind) * kindRows
          + 2 * coefficientIndex(l: column.l, m: column.m, lmax: lmax) + column.part
        for k in 0..<values { matrix[row * values + k] = T(scale * rows[index * values + k]) }
      }
    }
    counter.finish()
  }

  /// Aᵀ (A Aᵀ + N)⁻¹ with A = Y S^{1/2}: (columns, data).
  private static func filter(
    _ fiducial: FilterBankConfiguration.Fiducial, _ harmonics: SpinHarmonicMatrix,
    variances: [Double], threads: Int, _ counter: WorkCounter
  ) throws -> AlignedBuffer<Double> {
    let (n, columns) = (harmonics.matrix.rows, harmonics.matrix.columns)
    let amplitudes = harmonics.columns.map {
      fiducial.spectra[$0.kind][$0.l].squareRoot()
    }
    let a = AlignedBuffer<Double>(count: n * columns)
    for i in 0..<n {
      for j in 0..<columns {
        a[i * columns + j] = harmonics.matrix.storage[i * columns + j] * amplitudes[j]
      }
    }
    let covariance = AlignedBuffer<Double>(count: n * n)
    let rowRanges = Self.parts(of: n, order: n)
    withViews(a, covariance) { a, covariance in
      counter.parallel(
        rowRanges.count, threads: threads, cost: { Double(rowRanges[$0].count * n * columns) }
      ) { part in
        let range = rowRanges[part]
        matrixProduct(
          rows: range.count, columns: n, depth: columns,
          MatrixView(a.at(range.lowerBound * columns), rowStride: columns),
          MatrixView(a, rowStride: columns).transposed,
          into: MatrixView(covariance.at(range.lowerBound * n), rowStride: n))
      }
    }
    try counter.requireGoingOn()
    var symmetric = Matrix(rows: n, columns: n, storage: covariance.array())
    for i in 0..<n { symmetric[i, i] += variances[i % variances.count] }
    let inverse: Matrix
    do {
      inverse = try positiveInverse(symmetric, threads: threads, counter: counter)
    } catch .interrupted {
      throw LinearAlgebraError.interrupted
    } catch {
      throw NetworkConfigurationError.invalid(
        key: "variance of the filter bank", found: "\(variances.min() ?? 0) (\(error))",
        expected: "enough to make the covariance of the fiducial spectra positive definite")
    }
    let result = AlignedBuffer<Double>(count: columns * n)
    let columnRanges = Self.parts(of: columns, order: n)
    inverse.storage.withView { inverse in
      withViews(a, result) { a, result in
        counter.parallel(
          columnRanges.count, threads: threads,
          cost: { Double(columnRanges[$0].count * n) * Double(n) }
        ) { part in
          let range = columnRanges[part]
          matrixProduct(
            rows: range.count, columns: n, depth: n,
            MatrixView(a.at(range.lowerBound), rowStride: columns).transposed,
            MatrixView(inverse, rowStride: n),
            into: MatrixView(result.at(range.lowerBound * n), rowStride: n))
        }
      }
    }
    try counter.requireGoingOn()
    return result
  }

  /// Sixteen parts, or more where each would take many seconds: a stop waits for those that have
  /// begun.
  private static func parts(of count: Int, order: Int) -> [Range<Int>] {
    evenRanges(count, parts: order <= 4096 ? 16 : (count + 63) / 64)
  }

  /// The coefficients of `count` maps.
  ///
  /// - Parameters:
  ///   - maps: `[pixel][map * fields + field]`, Q and U or T.
  ///   - count: number of maps.
  ///   - target: receives `[(l, m)][re, im][map * channels + channel]`.
  ///   - stride: distance of its rows.
  ///   - threads: any number gives the same bits.
  package func apply(
    _ maps: [T], count: Int, to target: BufferView<T>, stride: Int, threads: Int
  ) {
    precondition(
      maps.count == pixelCount * fields * count,
      "\(maps.count) values for \(count) maps of \(fields) fields")
    let values = fields * pixels.count
    let data = AlignedBuffer<T>(count: values * count)
    maps.withView { maps in
      for component in 0..<fields {
        for (k, pixel) in pixels.enumerated() {
          gather(
            maps.at(pixel * count * fields + component), rows: 1, columns: count, rowStride: 0,
            columnStride: fields, to: data.view((component * pixels.count + k) * count),
            targetStride: count)
        }
      }
    }
    let ranges = evenRanges(kindRows, parts: 32)
    let channels = channels
    withViews(data, matrix) { data, matrix in
      parallelFor(ranges.count * channels, threads: threads) { task in
        let (range, channel) = (ranges[task / channels], task % channels)
        withScratch(T.self, count: range.count * count) { product in
          matrixProduct(
            rows: range.count, columns: count, depth: values,
            MatrixView(
              matrix.at((channel * kindRows + range.lowerBound) * values), rowStride: values),
            MatrixView(data, rowStride: count), into: MatrixView(product, rowStride: count))
          scatter(
            product, rows: range.count, columns: count, sourceStride: count,
            to: target.at(range.lowerBound * stride + channel), rowStride: stride,
            columnStride: channels)
        }
      }
    }
  }

  /// The transpose: from the gradient of the coefficients to that of the maps.
  ///
  /// - Parameters:
  ///   - gradient: `[(l, m)][re, im][map * channels + channel]`, rows without gaps.
  ///   - count: number of maps.
  ///   - threads: any number gives the same bits.
  /// - Returns: `[pixel][map * fields + field]`, zero at pixels that are not observed.
  package func transpose(_ gradient: [T], count: Int, threads: Int) -> [T] {
    let values = fields * pixels.count
    let lanes = count * channels
    precondition(gradient.count == kindRows * lanes, "\(gradient.count) values")
    let columns = AlignedBuffer<T>(count: channels * kindRows * count)
    gradient.withView { gradient in
      for channel in 0..<channels {
        gather(
          gradient.at(channel), rows: kindRows, columns: count, rowStride: lanes,
          columnStride: channels, to: columns.view(channel * kindRows * count),
          targetStride: count)
      }
    }
    let sums = AlignedBuffer<T>(count: values * count)
    let ranges = evenRanges(values, parts: 32)
    let depth = channels * kindRows
    withViews(matrix, columns, sums) { matrix, columns, sums in
      parallelFor(ranges.count, threads: threads) { part in
        let range = ranges[part]
        matrixProduct(
          rows: range.count, columns: count, depth: depth,
          MatrixView(matrix.at(range.lowerBound), rowStride: values).transposed,
          MatrixView(columns, rowStride: count),
          into: MatrixView(sums.at(range.lowerBound * count), rowStride: count))
      }
    }
    var result = [T](repeating: 0, count: pixelCount * fields * count)
    result.withMutableView { result in
      sums.withView { sums in
        for component in 0..<fields {
          for (k, pixel) in pixels.enumerated() {
            scatter(
              sums.at((component * pixels.count + k) * count), rows: 1, columns: count,
              sourceStride: count, to: result.at(fields * pixel * count + component),
              rowStride: 0, columnStride: fields)
          }
        }
      }
    }
    return result
  }
}
