import FourierTransforms
import HarmonicTransforms
import LinearAlgebra
import SphereGrids

extension FilterBank where T == Double {
  /// S_f^{1/2} Yᵀ (Y S_f Yᵀ + N)⁻¹ d by LAPACK's solution for every map, as stored coefficients
  /// (the orthonormal ones of m > 0 over √2): the slow twin of `apply`. With the harmonics of
  /// `SpinHarmonicMatrix` in common, whose twin is `DirectSpinTransform`.
  ///
  /// - Parameters:
  ///   - maps: `[pixel][map * fields + field]`, Q and U or T.
  ///   - count: number of maps.
  ///   - configuration: what the bank is made from.
  ///   - nside: resolution of the maps.
  ///   - lmax: largest degree.
  /// - Returns: `[(l, m)][re, im][map * channels + channel]`, and the largest trace over
  ///   least variance of a covariance, which bounds its condition number.
  /// - Throws: `HealpixError`, `HarmonicTransformError`, `LinearAlgebraError`.
  package static func coefficientsByDefinition(
    _ maps: [Double], count: Int, _ configuration: FilterBankConfiguration, nside: Int, lmax: Int
  ) throws -> (coefficients: [Double], condition: Double) {
    let grid = try HealpixGrid(nside: nside)
    // Pixel 4 k + i is the bit 3 − i of the digit k.
    let digits = configuration.observed.map { $0.hexDigitValue ?? 0 }
    func isObserved(_ pixel: Int) -> Bool {
      let digit = digits[pixel / 4] >> (3 - pixel % 4)
      return digit % 2 == 1
    }
    let pixels: [Int] = (0..<grid.pointCount).filter(isObserved)
    let fields = configuration.fieldCount
    let channels = fields * configuration.fiducials.count
    let variances = try configuration.variances(pixels: pixels.count)
    let y =
      fields == 1
      ? try SpinHarmonicMatrix(ScalarTransform(grid: grid, lmax: lmax), points: pixels)
      : try SpinHarmonicMatrix(SpinTransform(grid: grid, spin: 2, lmax: lmax), points: pixels)
    let rows = 2 * coefficientCount(lmax: lmax, mmax: lmax)
    var result = [Double](repeating: 0, count: rows * count * channels)
    var condition = 0.0
    for (index, fiducial) in configuration.fiducials.enumerated() {
      let a = Matrix(rows: y.matrix.rows, columns: y.matrix.columns) { i, j in
        let column = y.columns[j]
        return y.matrix[i, j] * fiducial.spectra[column.kind][column.l].squareRoot()
      }
      var covariance = a.multiplied(by: a.transposed)
      for i in 0..<covariance.rows {
        covariance[i, i] += variances[i % pixels.count]
      }
      let trace = (0..<covariance.rows).reduce(0) { $0 + covariance[$1, $1] }
      condition = max(condition, trace / (variances.min() ?? 0))
      let factor = try CholeskyFactor(covariance)
      for map in 0..<count {
        let d: [Double] = (0..<fields).flatMap { component in
          pixels.map { pixel in maps[(pixel * count + map) * fields + component] }
        }
        let coefficients = a.transposed.multiplied(by: try factor.solve(d))
        for (column, value) in zip(y.columns, coefficients) {
          let row = 2 * coefficientIndex(l: column.l, m: column.m, lmax: lmax) + column.part
          let lane = map * channels + fields * index + column.kind
          result[row * count * channels + lane] = (column.m == 0 ? 1 : 0.5.squareRoot()) * value
        }
      }
    }
    return (result, condition)
  }
}
