import HarmonicTransforms
import Kernels
import LinearAlgebra
import SkyMaps
import SkyModels
import SphereGrids

/// The harmonics of T, or of E and B, at the observed pixels: the matrix Y that takes the real
/// degrees of freedom of the coefficients to T, or to Q and U.
///
/// Definition: d = Y x; the data d are T of the observed pixels in increasing order, or Q of them
///             and then U of them. The numbers x of a field and degree l are, in this order, E_l0,
///             √2 Re E_l1, √2 Im E_l1, √2 Re E_l2, ...: 2l + 1 numbers, each of variance C_l. All E
///             before all B, from l = 2; T from l = 0.
/// Method:     `SpinHarmonicMatrix`, with rows padded for products of matrices.
/// Cost:       0.3 s at nside 16, lmax 47; 8 bytes times data times columns of memory, for Q and U
///             2 pixels times 2 (lmax + 1)² − 8.
/// Checked by: ObservedHarmonicsTests.
final class ObservedHarmonics: Sendable {
  let mask: SkyMask
  /// The observed pixels, increasing.
  let pixels: [Int]
  let lmax: Int
  private let grid: HealpixGrid
  /// The transform of E and B on the whole grid.
  var transform: SpinTransform<Double> { SpinTransform(grid: grid, lmax: lmax) }
  /// The fields: T, or E and B.
  let fields: [SkyField]
  /// Whether Y is 1: the data are the degrees of freedom themselves (`HarmonicReduction`).
  let isIdentity: Bool
  /// Rows of Y: the fields of the map at the observed pixels.
  var dataCount: Int { isIdentity ? columnCount : fields.count * pixels.count }
  /// Columns of Y.
  var columnCount: Int { fields.reduce(0) { $0 + Self.count(of: $1, lmax) } }
  /// Distance between rows.
  let stride: Int
  /// Y, `[datum][stride]`.
  let values: [Double]

  /// Columns of one field: Σ_l (2l + 1) from its first degree on.
  private static func count(of field: SkyField, _ lmax: Int) -> Int {
    (lmax + 1) * (lmax + 1) - field.firstDegree * field.firstDegree
  }

  /// Evaluates the harmonics.
  ///
  /// - Parameters:
  ///   - mask: which pixels are observed.
  ///   - lmax: largest degree.
  ///   - fields: `[.temperature]` or `[.e, .b]` (a precondition).
  ///   - threads: any number gives the same bits.
  ///   - progress: stops.
  /// - Throws: `HealpixError.invalidNside`; `BaselineError.interrupted`.
  init(
    mask: SkyMask, lmax: Int, fields: [SkyField] = [.e, .b], threads: Int = 1,
    progress: WorkProgress = WorkProgress()
  ) throws {
    precondition(lmax >= 2, "Q and U have degrees from 2 on, lmax is \(lmax)")
    precondition(fields == [.e, .b] || fields == [.temperature], "harmonics of \(fields)")
    let grid = try HealpixGrid(nside: mask.nside)
    let pixels = mask.observedPixels
    let harmonics: SpinHarmonicMatrix
    do {
      harmonics =
        fields.count == 1
        ? try SpinHarmonicMatrix(
          ScalarTransform<Double>(grid: grid, lmax: lmax), points: pixels, threads: threads,
          progress: progress)
        : try SpinHarmonicMatrix(
          SpinTransform<Double>(grid: grid, lmax: lmax), points: pixels, threads: threads,
          progress: progress)
    } catch {
      throw BaselineError.interrupted
    }
    let columns = harmonics.columns.count
    let stride = paddedLaneStride(columns, of: Double.self)
    var values = [Double](repeating: 0, count: fields.count * pixels.count * stride)
    for row in 0..<fields.count * pixels.count {
      values.replaceSubrange(
        row * stride..<row * stride + columns,
        with: harmonics.matrix.storage[row * columns..<(row + 1) * columns])
    }
    self.mask = mask
    self.pixels = pixels
    self.lmax = lmax
    self.fields = fields
    self.grid = grid
    isIdentity = false
    self.stride = stride
    self.values = values
  }

  /// The same degrees of freedom as data of their own: Y = 1.
  init(identityOf other: ObservedHarmonics) {
    mask = other.mask
    pixels = other.pixels
    lmax = other.lmax
    fields = other.fields
    grid = other.grid
    isIdentity = true
    stride = other.stride
    var values = [Double](repeating: 0, count: other.columnCount * other.stride)
    for i in 0..<other.columnCount { values[i * other.stride + i] = 1 }
    self.values = values
  }

  /// The columns of one degree of a field.
  func columns(of field: SkyField, l: Int) -> Range<Int> {
    let first = columns(of: field).lowerBound + l * l - field.firstDegree * field.firstDegree
    return first..<first + 2 * l + 1
  }

  /// All columns of a field.
  func columns(of field: SkyField) -> Range<Int> {
    let first = field == .b ? Self.count(of: .e, lmax) : 0
    return first..<first + Self.count(of: field, lmax)
  }

  /// The part Σ_l C_l P_l of the covariance from one field, P_l = Y_l Y_lᵀ: the upper triangle,
  /// row-major.
  ///
  /// Cost:       dataCount² · columns multiplications, half of them saved by symmetry.
  func covariance(of field: SkyField, spectrum: [Double], threads: Int) -> [Double] {
    let n = dataCount
    if isIdentity {
      var diagonal = [Double](repeating: 0, count: n * n)
      for l in field.firstDegree...lmax {
        for i in columns(of: field, l: l) { diagonal[i * n + i] = spectrum[l] }
      }
      return diagonal
    }
    let range = columns(of: field)
    let width = paddedLaneStride(range.count, of: Double.self)
    var roots = [Double](repeating: 0, count: range.count)
    for l in field.firstDegree...lmax {
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
