import Baselines
import Foundation
import LinearAlgebra
import SkyModels
import SpecialFunctions
import Testing

/// Simulated limits and information matrices of models whose parameters may share spectra.
struct JointLimitTests {
  /// With one parameter the Fisher information is that of the likelihood of one parameter, and with
  /// two factors it has no off-diagonal element.
  @Test func informationIsThatOfTheLikelihoods() throws {
    let noise = [Double](repeating: 0.05, count: 32)
    let single = try FullSkyPosterior(
      UncorrelatedModel.temperaturePeak(lmax: 31), fields: [.temperature])
    let likelihood = try FullSkyLikelihood(family: PeakedModel(lmax: 31), noise: noise)
    let found = single.fisherInformation(at: [9], noise: [.temperature: noise])
    #expect(abs(found[0, 0] / likelihood.fisherInformation(at: 9) - 1) < 1e-12)

    let model = UncorrelatedModel.polarisationPeaks(lmax: 31)
    let joint = try FullSkyPosterior(model, fields: [.e, .b])
    let matrix = joint.fisherInformation(at: [9, 14])
    let factors = try FactorisedLikelihood(model).factors
    #expect(abs(matrix[0, 0] / factors[0].fisherInformation(at: 9) - 1) < 1e-12)
    #expect(abs(matrix[1, 1] / factors[1].fisherInformation(at: 14) - 1) < 1e-12)
    #expect(matrix[0, 1] == 0 && matrix[1, 0] == 0)
  }

  /// The error of the posterior mean at a point, where the prior is wide, is that of Cramér and Rao
  /// within the scatter of the skies; threads change no bit.
  @Test func errorsAreThoseOfTheInformation() throws {
    let model = UncorrelatedModel.temperaturePeak(lmax: 31)
    let posterior = try FullSkyPosterior(model, fields: [.temperature])
    let bound = 1 / posterior.fisherInformation(at: [12])[0, 0].squareRoot()
    let limit = try JointLimit(
      posterior, noise: [:], skies: 300, seed: 1, fixed: [12], threads: 2)
    // 1/√(2 · 300) = 4 %.
    #expect(abs(limit.rmse[0] / bound - 1) < 0.16)
    #expect(abs(limit.bias[0]) < 4 * bound / 300.0.squareRoot())
    let again = try JointLimit(
      posterior, noise: [:], skies: 300, seed: 1, fixed: [12], threads: 1)
    #expect(again.rmse == limit.rmse && again.gain == limit.gain)
    #expect(throws: BaselineError.tooFewMaps(found: 1)) {
      try JointLimit(posterior, noise: [:], skies: 1, seed: 1)
    }
  }
}
