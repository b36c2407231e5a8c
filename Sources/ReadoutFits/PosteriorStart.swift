import Foundation
import LinearAlgebra
import SpectralNetworks

/// Weights from which the search for a readout of splines begins: those of features that are
/// independent and gamma-distributed about means that depend on the parameters.
///
/// Definition:  with ln x_f = Σ_k a_fk φ_k(q) + scatter of variance v_f over the maps, a gamma
///              distribution of shape κ_f, ψ'(κ_f) = v_f, has the mean
///              μ_f(q) = exp(Σ_k a_fk φ_k(q) − ψ(κ_f) + ln κ_f) and the log-likelihood
///              −κ_f [x_f/μ_f(q) + ln μ_f(q)] + constant. The start has the weights w_fk with
///              Σ_k w_fk φ_k(q) ≈ −κ_f/μ_f(q), and the constants −Σ_f κ_f a_fk.
/// Method:      both expansions by least squares, a over maps, w over a grid of q with the weight
///              μ_f(q), so that the relative error counts.
/// Why:         −ln p is convex, so the beginning does not decide the end. But from the prior,
///              Newton's steps to posteriors of 1/300 of it are hundreds of short ones: far from
///              the truth of a map the exponents have to fall by 10⁵ nats, and no map that is near
///              says how. Nothing but the maps is known here: neither spectra nor noise.
/// Checked by:  PosteriorFitTests.
struct PosteriorStart {
  /// Maps that are looked at, at most.
  static let mostMaps = 20_000
  /// Points per parameter of the grid of q, for one, two and three.
  private static let pointCounts = [257, 33, 13]
  /// What is added to the diagonal of normal equations, relative: splines of several parameters
  /// all hold the constant.
  private static let ridge = 1e-9

  /// a_fk, 0 where feature f does not enter η_k; v_f.
  private var logarithms: [[Double]] = []
  private var variances: [Double] = []
  private let uses: [[Int]]
  private let family: PosteriorFamily

  /// Measures the features' logarithms; nil if a feature is not above 0 anywhere.
  ///
  /// - Parameters:
  ///   - features: x > 0, `[map][feature]`.
  ///   - targets: φ_k of the true parameters, `[map][k]`.
  ///   - uses: the places k that every feature enters.
  ///   - family: the densities.
  init?(features: [[Double]], targets: [[Double]], uses: [[Int]], family: PosteriorFamily) {
    guard features.allSatisfy({ $0.allSatisfy { $0 > 0 } }) else { return nil }
    (self.uses, self.family) = (uses, family)
    let terms = family.termCount
    var gram = [Double](repeating: 0, count: terms * terms)
    for row in targets {
      for i in 0..<terms where row[i] != 0 {
        for j in 0...i { gram[i * terms + j] += row[i] * row[j] }
      }
    }
    for (f, own) in uses.enumerated() {
      let values = features.map { log($0[f]) }
      var moments = [Double](repeating: 0, count: own.count)
      for (row, value) in zip(targets, values) {
        for (i, k) in own.enumerated() { moments[i] += row[k] * value }
      }
      let matrix = Matrix(rows: own.count, columns: own.count) { i, j in
        gram[max(own[i], own[j]) * terms + min(own[i], own[j])]
      }
      guard let a = Self.solved(matrix, moments) else { return nil }
      var all = [Double](repeating: 0, count: terms)
      for (k, value) in zip(own, a) { all[k] = value }
      var square = 0.0
      for (row, value) in zip(targets, values) {
        let rest = own.reduce(value) { $0 - all[$1] * row[$1] }
        square += rest * rest
      }
      logarithms.append(all)
      variances.append(square / Double(max(values.count - own.count, 1)))
    }
  }

  /// (M + ridge)⁻¹ b; nil for a matrix of no information.
  private static func solved(_ matrix: Matrix, _ b: [Double]) -> [Double]? {
    guard !b.isEmpty else { return [] }
    var matrix = matrix
    for i in b.indices { matrix[i, i] = matrix[i, i] > 0 ? matrix[i, i] * (1 + ridge) : 1 }
    return try? CholeskyFactor(matrix).solve(b)
  }

  /// The constants and the weights, `[constant, feature][k]`; nil where an expansion fails.
  func weights() -> [[Double]]? {
    let terms = family.termCount
    let count = Self.pointCounts[family.priors.count - 1]
    let axis = (0..<count).map { Double($0) / Double(count - 1) }
    let points: [[Double]] = family.priors.reduce([[]]) { points, _ in
      points.flatMap { point in axis.map { point + [$0] } }
    }
    let basis = points.map { family.basis(quantiles: $0) }
    var constants = [Double](repeating: 0, count: terms)
    var rows: [[Double]] = []
    for (f, own) in uses.enumerated() {
      var row = [Double](repeating: 0, count: terms)
      defer { rows.append(row) }
      guard !own.isEmpty, variances[f] > 0 else { continue }
      let shape = Self.shape(ofLogarithmsVariance: variances[f])
      let shift = log(shape) - Self.digamma(shape)
      for k in own { constants[k] -= shape * logarithms[f][k] }
      // μ ≈ −κ/Σ w φ: the products μ φ_k have the sum −κ.
      var matrix = Matrix(rows: own.count, columns: own.count)
      var moments = [Double](repeating: 0, count: own.count)
      for phi in basis {
        let mean = exp(own.reduce(shift) { $0 + logarithms[f][$1] * phi[$1] })
        for (i, k) in own.enumerated() where phi[k] != 0 {
          moments[i] -= shape * mean * phi[k]
          for j in 0...i {
            matrix.storage[i * own.count + j] += mean * mean * phi[k] * phi[own[j]]
          }
        }
      }
      for i in own.indices {
        for j in 0..<i { matrix[j, i] = matrix[i, j] }
      }
      guard let w = Self.solved(matrix, moments) else { return nil }
      for (k, value) in zip(own, w) { row[k] = value }
    }
    guard rows.allSatisfy({ $0.allSatisfy { $0.isFinite } }) else { return nil }
    return [constants] + rows
  }

  /// ψ(x), x > 0, by ψ(x) = ψ(x + 1) − 1/x and the asymptotic series [DLMF, 5.11.2], to 10⁻¹⁰.
  static func digamma(_ x: Double) -> Double {
    var (x, sum) = (x, 0.0)
    while x < 10 {
      sum -= 1 / x
      x += 1
    }
    let r = 1 / (x * x)
    return sum + log(x) - 0.5 / x - r * (1 / 12.0 - r * (1 / 120.0 - r / 252))
  }

  /// ψ'(x), x > 0, likewise [DLMF, 5.15.8].
  static func trigamma(_ x: Double) -> Double {
    var (x, sum) = (x, 0.0)
    while x < 10 {
      sum += 1 / (x * x)
      x += 1
    }
    let r = 1 / (x * x)
    return sum + 1 / x + 0.5 * r + r / x * (1 / 6.0 - r * (1 / 30.0 - r / 42))
  }

  /// κ with ψ'(κ) = v > 0, by bisection in ln κ.
  static func shape(ofLogarithmsVariance v: Double) -> Double {
    // 1/κ < ψ'(κ) < 1/κ + 1/κ², so that κ lies between 1/v and the root of v κ² = κ + 1, which is
    // below 1/v + 1/√v.
    var (low, high) = (log(1 / v), log(1 / v + 1 / v.squareRoot()))
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if trigamma(exp(middle)) > v { low = middle } else { high = middle }
    }
    return exp(0.5 * (low + high))
  }
}
