import HarmonicTransforms
import Kernels
import LinearAlgebra
import SkyMaps
import SkyModels
import SphereGrids

/// The harmonics of E and B at the observed pixels: the matrix Y that takes the real degrees of
/// freedom of the coefficients to Q and U.
///
/// Definition: d = Y x; the data d are Q of the observed pixels in increasing order, then U of
///             them. The numbers x of a field and degree l are, in this order, E_l0, √2 Re E_l1, √2
///             Im E_l1, √2 Re E_l2, ...: 2l + 1 numbers, each of variance C_l. All E before all B,
///             from l = 2.
/// Method:     `SpinHarmonicMatrix`, with rows padded for products of matrices.
/// Cost:       0.3 s at nside 16, lmax 47; 8 bytes times 2 pixels times 2 (lmax + 1)² − 8 of
///             memory.
/// Checked by: ObservedHarmonicsTests.
final class ObservedHarmonics: Sendable {
  let mask: SkyMask
  /// The observed pixels, increasing.
  let pixels: [Int]
  let lmax: Int
  let transform: SpinTransform<Double>
  /// Rows of Y: Q and U of the observed pixels.
  var dataCount: Int { 2 * pixels.count }
  /// Columns of Y.
  var columnCount: Int { 2 * Self.half(lmax) }
  /// Distance between rows.
  let stride: Int
  /// Y, `[datum][stride]`.
  let values: [Double]

  /// Columns of one field: Σ_{l = 2...lmax} (2l + 1).
  private static func half(_ lmax: Int) -> Int { (lmax + 1) * (lmax + 1) - 4 }

  /// Evaluates the harmonics.
  ///
  /// - Throws: `HealpixError.invalidNside`; `BaselineError.interrupted`.
  init(
    mask: SkyMask, lmax: Int, threads: Int = 1, progress: WorkProgress = WorkProgress()
  ) throws {
    precondition(lmax >= 2, "Q and U have degrees from 2 on, lmax is \(lmax)")
    let transform = SpinTransform<Double>(grid: try HealpixGrid(nside: mask.nside), lmax: lmax)
    let pixels = mask.observedPixels
    let columns = 2 * Self.half(lmax)
    let stride = paddedLaneStride(columns, of: Double.self)
    let harmonics: SpinHarmonicMatrix
    do {
      harmonics = try SpinHarmonicMatrix(
        transform, points: pixels, threads: threads, progress: progress)
    } catch {
      throw BaselineError.interrupted
    }
    precondition(harmonics.columns.count == columns, "\(harmonics.columns.count) columns")
    var values = [Double](repeating: 0, count: 2 * pixels.count * stride)
    for row in 0..<2 * pixels.count {
      values.replaceSubrange(
        row * stride..<row * stride + columns,
        with: harmonics.matrix.storage[row * columns..<(row + 1) * columns])
    }
    self.mask = mask
    self.pixels = pixels
    self.lmax = lmax
    self.transform = transform
    self.stride = stride
    self.values = values
  }

  /// The columns of one degree of E or B.
  func columns(of field: SkyField, l: Int) -> Range<Int> {
    let first = (field == .e ? 0 : Self.half(lmax)) + l * l - 4
    return first..<first + 2 * l + 1
  }

  /// All columns of E or of B.
  func columns(of field: SkyField) -> Range<Int> {
    let half = Self.half(lmax)
    return field == .e ? 0..<half : half..<2 * half
  }

  /// The part Σ_l C_l P_l of the covariance from one field, P_l = Y_l Y_lᵀ: the upper triangle,
  /// row-major.
  ///
  /// Cost:       dataCount² · columns multiplications, half of them saved by symmetry.
  func covariance(of field: SkyField, spectrum: [Double], threads: Int) -> [Double] {
    let n = dataCount
    let range = columns(of: field)
    let width = paddedLaneStride(range.count, of: Double.self)
    var roots = [Double](repeating: 0, count: range.count)
    for l in 2...lmax {
      for column in columns(of: field, l: l) {
        roots[column - range.lowerBound] = spectrum[l].squareRoot()
      }
    }
    var scaled = [Double](repeating: 0, count: n * width)
    for row in 0..<n {
      let source = row * stride + range.lowerBound
      for column in roots.indices {
        scaled[row * width + column] = values[source + column] * roots[column]
      }
    }
    var gram = [Double](repeating: 0, count: n * n)
    addGram(
      to: &gram, of: scaled, variables: n, observations: range.count, stride: width,
      threads: threads)
    return gram
  }
}
