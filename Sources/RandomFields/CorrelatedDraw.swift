import Kernels
import SkyModels

/// The factors of one set of spectra, ready to draw coefficients.
package struct CorrelatedDraw: Sendable {
  /// L of C_l, for m = 0.
  private let zonal: CovarianceFactors
  /// L of C_l/2, for the real and the imaginary parts of m > 0.
  private let half: CovarianceFactors
  private let lmax: Int

  /// Factors the covariances of the degrees 0...lmax.
  package init(spectra: NamedSpectra, lmax: Int) {
    precondition(
      0 <= lmax && lmax <= spectra.lmax,
      "lmax \(lmax) asks for degrees that the spectra, 0...\(spectra.lmax), do not have")
    zonal = CovarianceFactors(spectra)
    half = CovarianceFactors(spectra, scale: 0.5)
    self.lmax = lmax
  }

  /// Draws some fields of one map, each into a lane of its own memory, lanes `laneStride` apart.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func write<T: LaneScalar>(
    _ fields: [SkyField], key: MapKey, to stacks: [BufferView<T>], lane: Int, laneStride: Int
  ) {
    precondition(fields.count == stacks.count, "\(fields.count) fields, \(stacks.count) stacks")
    var drawn = [[Double]?](repeating: nil, count: SkyField.allCases.count)
    for (field, stack) in zip(fields, stacks) {
      var sum = [Double](repeating: 0, count: (lmax + 1) * (lmax + 2))
      for source in SkyField.allCases where zonal.depends(field, on: source) {
        let normals = drawn[source.rawValue] ?? self.normals(of: source, key: key)
        drawn[source.rawValue] = normals
        add(normals, of: source, to: &sum, of: field)
      }
      for i in sum.indices { stack[i * laneStride + lane] = T(sum[i]) }
    }
  }

  private func normals(of source: SkyField, key: MapKey) -> [Double] {
    RandomStream(key, purpose: .sky, field: source.rawValue)
      .normalPairs(firstBlock: 0, count: (lmax + 1) * (lmax + 2) / 2)
  }

  /// Adds L_XY g^Y to the coefficients of X, m-major.
  private func add(
    _ normals: [Double], of source: SkyField, to sum: inout [Double], of field: SkyField
  ) {
    for l in field.firstDegree..<max(lmax + 1, field.firstDegree) {
      let block = l * (l + 1) / 2
      sum[2 * l] += zonal[field, source, l: l] * normals[2 * block]
      let amplitude = half[field, source, l: l]
      for m in 1..<(l + 1) {
        let lm = m * (2 * lmax + 1 - m) / 2 + l
        sum[2 * lm] += amplitude * normals[2 * (block + m)]
        sum[2 * lm + 1] += amplitude * normals[2 * (block + m) + 1]
      }
    }
  }
}
