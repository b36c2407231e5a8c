import Foundation
import HarmonicTransforms
import LinearAlgebra
import RandomFields
import SkyMaps
import SkyModels
import SphereGrids
import Testing
import Verification

@testable import Baselines

@Suite("Likelihood of the observed pixels")
struct PixelLikelihoodTests {
  private static func likelihood(
    noise: Double = 0.1, lmax: Int = 6
  ) throws -> PixelLikelihood {
    try PixelLikelihood(
      smallPeaks(lmax: lmax, floor: 1e-2), mask: SkyMask.cap(nside: 2, skyFraction: 0.6),
      noise: noise, floor: PixelFloor(fraction: 0.01))
  }

  /// C by its definition, Σ_l C_l P_l plus the white variance, with P_l from unit coefficients
  /// through the direct sums; and ln L from its inverse and determinant.
  private func byDefinition(
    _ likelihood: PixelLikelihood, at values: [Double], _ d: [Double]
  ) throws -> Double {
    let lmax = likelihood.model.lmax
    let transform = DirectSpinTransform(grid: try HealpixGrid(nside: 2), lmax: lmax)
    let spectra = likelihood.model.spectra(at: values)
    let n = likelihood.dataCount
    var c = Matrix(rows: n, columns: n)
    for field in [SkyField.e, .b] {
      for l in 2...lmax {
        for m in 0...l {
          for part in 0..<(m == 0 ? 1 : 2) {
            let size = m == 0 ? 1 : 0.5.squareRoot()
            var a = SpinCoefficients<Double>(lmax: lmax)
            if field == .e {
              a.e[l, m] = part == 0 ? .init(size, 0) : .init(0, size)
            } else {
              a.b[l, m] = part == 0 ? .init(size, 0) : .init(0, size)
            }
            let y = try ObservedMaps(transform.synthesis(a), mask: likelihood.mask).values
            for i in 0..<n {
              for j in 0..<n { c[i, j] += spectra[field.spectrum][l] * y[i] * y[j] }
            }
          }
        }
      }
    }
    let white = 0.1 * 0.1 + pow(0.01 * PixelFloor.rms(of: likelihood.model), 2)
    for i in 0..<n { c[i, i] += white }
    let factor = try CholeskyFactor(c)
    let quadratic = zip(d, try factor.solve(d)).reduce(0) { $0 + $1.0 * $1.1 }
    return -0.5 * (quadratic + factor.logDeterminant)
  }

  /// Condition of C: the largest eigenvalue is below the trace, n/2 (rms² · 2), the smallest the
  /// white variance 0.01; the quadratic form loses that factor, 10⁴, of rounding.
  @Test("Against the definition")
  func definition() throws {
    let likelihood = try Self.likelihood()
    let (maps, _) = try likelihood.simulated(0..<3, seed: 351, split: .test, threads: 1)
    for values in [[2.5, 5.5], [4, 3]] {
      let found = try likelihood.logLikelihood(at: values, maps: maps)
      for map in 0..<3 {
        let d = (0..<likelihood.dataCount).map { maps.values[$0 * 3 + map] }
        let expected = try byDefinition(likelihood, at: values, d)
        let bound = 1e4 * RoundingBound.probable(operations: 100) * abs(expected)
        #expect(abs(found[map] - expected) <= bound)
        // Negative control: the two parameters exchanged.
        let wrong = try byDefinition(likelihood, at: [values[1], values[0]], d)
        #expect(abs(found[map] - wrong) > 1000 * bound)
      }
    }
  }

  @Test("The covariance is that of simulated maps; threads do not matter")
  func covariance() throws {
    let likelihood = try Self.likelihood()
    let values = [3.0, 5]
    let one = try likelihood.covariance(at: values)
    #expect(one == (try likelihood.covariance(at: values, threads: 3)))
    let (maps, truths) = try likelihood.simulated(0..<200, seed: 352, split: .limit, threads: 1)
    let (same, _) = try likelihood.simulated(0..<200, seed: 352, split: .limit, threads: 2)
    #expect(maps.values == same.values)
    // dᵀ C⁻¹ d is χ² with n degrees of freedom at each map's own parameters, 200 times.
    let n = likelihood.dataCount
    var sum = 0.0
    for map in 0..<200 {
      let d = (0..<n).map { maps.values[$0 * 200 + map] }
      let factor = try CholeskyFactor(likelihood.covariance(at: truths[map]))
      sum += zip(d, try factor.solve(d)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let score = (sum - Double(200 * n)) / (2 * Double(200 * n)).squareRoot()
    #expect(abs(score) < 5)
  }

  /// The analytic gradient against differences of ln L, each map by itself. Condition as above.
  @Test("Gradient")
  func gradient() throws {
    let likelihood = try Self.likelihood()
    let (maps, _) = try likelihood.simulated(0..<2, seed: 353, split: .test, threads: 1)
    let point = [3.3, 4.6]
    let gradient = try likelihood.gradient(at: point, maps: maps)
    for map in 0..<2 {
      let check = try GradientCheck(
        gradient.map { $0[map] }, at: point, lengthScale: 1,
        evaluationError: 1e4 * RoundingBound.probable(operations: 100)
      ) { try likelihood.logLikelihood(at: $0, maps: maps)[map] }
      #expect(check.relativeL2 <= 1e-6 + check.differencingBound, "\(check)")
      // Negative control: the other map's gradient.
      let wrong = try GradientCheck(gradient.map { $0[1 - map] }, at: point) {
        try likelihood.logLikelihood(at: $0, maps: maps)[map]
      }
      #expect(wrong.relativeL2 > 1e-3)
    }
  }

  /// F is the covariance of the gradient over skies at the true parameters, and its mean is 0. Over
  /// N skies an element errs by √((F_ii F_jj + F_ij²)/N) for normal gradients, here times 1.5 for
  /// χ² sums.
  @Test("Fisher information is the covariance of the score")
  func fisher() throws {
    struct Fixed: SkyModel {
      let base = smallPeaks(lmax: 6, floor: 1e-2)
      // The same sky with a prior of no width to speak of: every simulated map is at its centre.
      var parameters: [ModelParameter] {
        [3.0, 5].enumerated().map { i, value in
          ModelParameter(name: base.parameters[i].name, range: value - 1e-9...value + 1e-9)
        }
      }
      var lmax: Int { base.lmax }
      var spectrumNames: [SpectrumName] { base.spectrumNames }
      func spectra(at values: [Double]) -> NamedSpectra { base.spectra(at: values) }
      func derivatives(at values: [Double]) -> [SpectrumDerivatives] {
        base.derivatives(at: values)
      }
    }
    let likelihood = try PixelLikelihood(
      Fixed(), mask: SkyMask.cap(nside: 2, skyFraction: 0.6), noise: 0.1,
      floor: PixelFloor(fraction: 0.01))
    let count = 3000
    let (maps, _) = try likelihood.simulated(0..<count, seed: 354, split: .test, threads: 2)
    let scores = try likelihood.gradient(at: [3, 5], maps: maps, threads: 2)
    let fisher = try likelihood.fisherInformation(at: [3, 5], threads: 2)
    for i in 0..<2 {
      #expect(StandardScore(of: scores[i], expected: 0).magnitude < 5)
      for j in 0...i {
        let mean = zip(scores[i], scores[j]).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
        let variance = fisher[i, i] * fisher[j, j] + fisher[i, j] * fisher[i, j]
        let error = 1.5 * (variance / Double(count)).squareRoot()
        #expect(abs(mean - fisher[i, j]) < 5 * error)
        // Negative control: F without the factor ½.
        if i == j { #expect(abs(mean - 2 * fisher[i, j]) > 10 * error) }
      }
    }
  }

  /// Against ½ tr(C⁻¹ P_b C⁻¹ P_b') with plain matrices. Condition as above.
  @Test("Fisher information of band powers against the definition")
  func bandPowers() throws {
    let likelihood = try Self.likelihood(lmax: 4)
    let values = [3.0, 5]
    let found = try likelihood.bandPowerFisher(at: values, threads: 2)
    let inverse = try CholeskyFactor(likelihood.covariance(at: values)).inverse()
    let n = likelihood.dataCount
    var weighted: [Matrix] = []
    for field in [SkyField.e, .b] {
      for l in 2...4 {
        var spectrum = [Double](repeating: 0, count: 5)
        spectrum[l] = 1
        let part = likelihood.harmonics.covariance(of: field, spectrum: spectrum, threads: 1)
        let p = Matrix(rows: n, columns: n) { i, j in part[min(i, j) * n + max(i, j)] }
        weighted.append(inverse.multiplied(by: p))
      }
    }
    let expected = Matrix(rows: 6, columns: 6) { b, c in
      let product = weighted[b].multiplied(by: weighted[c])
      return 0.5 * (0..<n).reduce(0) { $0 + product[$1, $1] }
    }
    let bound = 1e4 * RoundingBound.probable(operations: 100)
    #expect(relativeError(found.storage, expected.storage) <= bound)
    // Negative control: E and B exchanged.
    let wrong = Matrix(rows: 6, columns: 6) { found[($0 + 3) % 6, ($1 + 3) % 6] }
    #expect(relativeError(wrong.storage, expected.storage) > 1000 * bound)
  }
}
