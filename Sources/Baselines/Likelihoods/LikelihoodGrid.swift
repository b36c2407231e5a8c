import Foundation
import SpecialFunctions

/// A likelihood tabulated on equally spaced parameters over the prior range, for many maps.
///
/// With 1/T_l(θ_j) and Σ_l (2l + 1) ln T_l(θ_j) stored, one map costs a matrix-vector product.
/// The part of −2 ln L that depends on the map alone is left out.
/// Twin:       `FullSkyLikelihood.minusTwoLogLikelihood`.
/// Checked by: FullSkyLikelihoodTests.
public struct LikelihoodGrid: Sendable {
  public let likelihood: FullSkyLikelihood
  /// θ_j, ascending, both ends of the prior range included.
  public let parameters: [Double]
  /// θ_{j+1} − θ_j.
  public let spacing: Double
  /// 1/T_l(θ_j) at [field][l][j], eight j to a vector; the last vector is padded with zeros.
  private let inversePower: [SIMD8<Double>]
  /// Σ_X Σ_l (2l + 1) ln T_l(θ_j).
  private let logDeterminant: [Double]

  /// Tabulates a likelihood.
  ///
  /// - Parameters:
  ///   - likelihood: the likelihood; its family's range is that of the grid.
  ///   - count: number of parameters; 1501 are six to a standard deviation of the sharpest T1
  ///     posterior (0.061 at l_p = 20 without noise).
  /// - Throws: `BaselineError.noPower` where the likelihood is not defined.
  public init(_ likelihood: FullSkyLikelihood, count: Int = 1501) throws(BaselineError) {
    precondition(count >= 3, "a grid of \(count) parameters")
    let range = likelihood.family.parameterRange
    let width = range.upperBound - range.lowerBound
    precondition(width > 0, "the prior range \(range) is empty")
    let vectors = (count + 7) / 8
    let rows = likelihood.components.reduce(0) { $0 + $1.family.lmax + 1 }
    var inversePower = [SIMD8<Double>](repeating: .zero, count: rows * vectors)
    var logDeterminant = [Double](repeating: 0, count: count)
    var parameters = [Double](repeating: 0, count: count)
    for j in 0..<count {
      // The last one must not leave the range by a rounding: models may refuse it.
      parameters[j] = min(
        range.lowerBound + width * Double(j) / Double(count - 1), range.upperBound)
      var row = 0
      for component in likelihood.components {
        let total = component.totalSpectrum(at: parameters[j])
        for l in component.degrees {
          guard total[l] > 0 else { throw .noPower(l: l, parameter: parameters[j]) }
          inversePower[(row + l) * vectors + j / 8][j % 8] = 1 / total[l]
          logDeterminant[j] += Double(2 * l + 1) * log(total[l])
        }
        row += component.family.lmax + 1
      }
    }
    self.likelihood = likelihood
    self.parameters = parameters
    self.inversePower = inversePower
    self.logDeterminant = logDeterminant
    spacing = width / Double(count - 1)
  }

  /// Σ_X Σ_l (2l + 1) Ĉ_l/T_l(θ_j), the quadratic part of −2 ln L.
  func quadraticForm(realised: [[Double]]) -> [Double] {
    let vectors = (parameters.count + 7) / 8
    var sums = [SIMD8<Double>](repeating: .zero, count: vectors)
    var row = 0
    for (component, realised) in zip(likelihood.components, realised) {
      for l in component.degrees {
        let weight = SIMD8<Double>(repeating: Double(2 * l + 1) * realised[l])
        for k in 0..<vectors {
          sums[k] += weight * inversePower[(row + l) * vectors + k]
        }
      }
      row += component.family.lmax + 1
    }
    return parameters.indices.map { sums[$0 / 8][$0 % 8] }
  }

  func quadraticForm(realised: [Double]) -> [Double] { quadraticForm(realised: [realised]) }

  /// ln L(θ_j) of a map, up to a constant.
  ///
  /// - Parameter realised: Ĉ_l of every field of the likelihood, `[field][l]`.
  /// - Returns: one value per parameter of the grid.
  /// - Throws: `BaselineError.realisedFields`, `.realisedLength` or `.realisedNotPositive`.
  public func logLikelihood(realised: [[Double]]) throws(BaselineError) -> [Double] {
    try likelihood.require(realised)
    return zip(quadraticForm(realised: realised), logDeterminant).map { -0.5 * ($0 + $1) }
  }

  /// The same for one field.
  ///
  /// - Throws: as above.
  public func logLikelihood(realised: [Double]) throws(BaselineError) -> [Double] {
    try logLikelihood(realised: [realised])
  }

  /// The posterior of a map under the uniform prior.
  ///
  /// - Parameter realised: Ĉ_l of every field of the likelihood, `[field][l]`.
  /// - Returns: the density on the grid.
  /// - Throws: as `logLikelihood`; `.gridTooCoarse` if the posterior is narrower than the spacing.
  public func posterior(realised: [[Double]]) throws(BaselineError) -> Posterior {
    try posterior(logLikelihood: logLikelihood(realised: realised))
  }

  /// The same for one field.
  ///
  /// - Throws: as above.
  public func posterior(realised: [Double]) throws(BaselineError) -> Posterior {
    try posterior(realised: [realised])
  }

  func posterior(logLikelihood: [Double]) throws(BaselineError) -> Posterior {
    let posterior = Posterior(parameters: parameters, logDensity: logLikelihood)
    guard posterior.standardDeviation > spacing else {
      throw .gridTooCoarse(standardDeviation: posterior.standardDeviation, spacing: spacing)
    }
    return posterior
  }
}
