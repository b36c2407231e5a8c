import Foundation

/// Many spectra as linear combinations of a few of them, so that few covariances have to be made.
///
/// Definition: C_l^(i) = Σ_k c_ik C_l^(p_k) for every spectrum i, with the p_k chosen among the
///             spectra themselves, whose covariances are positive.
/// Method:     Gram-Schmidt with pivots on C_l over its mean: the spectrum with the largest rest is
///             taken next, until all rests are below `tolerance`; every step is done twice against
///             rounding. Then R c = Qᵀ C by substitution; no pivot is smaller than a later one, so
///             that the c_ik stay of order one.
/// Accuracy:   |δC_l| ≤ `tolerance` √degrees · mean C_l, what rounding makes of a covariance.
/// Checked by: SpectrumCombinationTests.
struct SpectrumCombinations: Sendable {
  /// p_k: which spectra the others are made of.
  let chosen: [Int]
  /// c_ik, `[spectrum][k]`.
  let coefficients: [[Double]]

  /// Rests that count as rounding, relative to the norm of a constant.
  static let tolerance = 1e-13

  /// Finds the combinations.
  ///
  /// - Parameter spectra: `[spectrum][l]`, variances.
  init(_ spectra: [[Double]]) {
    let count = Double(spectra.count)
    let degrees = spectra[0].indices
    let means = degrees.map { l in spectra.reduce(0) { $0 + $1[l] } / count }
    let used = degrees.filter { means[$0] > 0 }
    let scaled = spectra.map { spectrum in used.map { spectrum[$0] / means[$0] } }
    var rests = scaled
    var basis: [[Double]] = []
    var chosen: [Int] = []
    func product(_ x: [Double], _ y: [Double]) -> Double {
      var sum = 0.0
      for i in x.indices { sum += x[i] * y[i] }
      return sum
    }
    let limit = Self.tolerance * Double(max(1, used.count)).squareRoot()
    while basis.count < min(spectra.count, used.count) {
      let norms = rests.map { product($0, $0).squareRoot() }
      guard let next = norms.indices.max(by: { norms[$0] < norms[$1] }), norms[next] > limit
      else { break }
      var direction = rests[next]
      for _ in 0..<2 {
        for other in basis {
          let share = product(direction, other)
          for i in direction.indices { direction[i] -= share * other[i] }
        }
      }
      let norm = product(direction, direction).squareRoot()
      guard norm > limit else { break }
      direction = direction.map { $0 / norm }
      basis.append(direction)
      chosen.append(next)
      for k in rests.indices {
        let share = product(rests[k], direction)
        for i in direction.indices { rests[k][i] -= share * direction[i] }
      }
    }
    // R: the chosen spectra in the basis, upper triangular.
    let triangle = chosen.map { index in basis.map { product(scaled[index], $0) } }
    coefficients = scaled.enumerated().map { index, spectrum in
      if let place = chosen.firstIndex(of: index) {
        return chosen.indices.map { $0 == place ? 1 : 0 }
      }
      var values = basis.map { product(spectrum, $0) }
      for k in values.indices.reversed() {
        values[k] /= triangle[k][k]
        for j in 0..<k { values[j] -= triangle[k][j] * values[k] }
      }
      return values
    }
    self.chosen = chosen
  }
}
