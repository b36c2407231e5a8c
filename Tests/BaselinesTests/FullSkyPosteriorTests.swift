import Foundation
import RandomFields
import SkyModels
import SpecialFunctions
import Testing

@testable import Baselines

/// The joint posterior of a full sky against likelihoods of one parameter and against the formula.
struct FullSkyPosteriorTests {
  /// With one field and one parameter it is the tabulated likelihood.
  @Test func oneParameterIsTheLikelihoodGrid() throws {
    let model = UncorrelatedModel.temperaturePeak(lmax: 31)
    let noise = [Double](repeating: 0.02, count: 32)
    let joint = try FullSkyPosterior(model, fields: [.temperature], noise: [.temperature: noise])
    let likelihood = try FullSkyLikelihood(family: PeakedModel(lmax: 31), noise: noise)
    let grid = try LikelihoodGrid(likelihood)
    for map in 0..<5 {
      let key = MapKey(seed: 2, split: .test, index: UInt64(map))
      let realised = BayesLimit.drawRealisedSpectrum(
        likelihood, at: 6 + 3 * Double(map), key: key)
      let expected = try grid.posterior(realised: realised)
      let found = try joint.posteriors([[.tt: realised]])[0]
      #expect(abs(found.mean[0] - expected.mean) < 1e-5)
      #expect(abs(found.standardDeviations[0] / expected.standardDeviation - 1) < 1e-3)
      #expect(abs(found.quantile(0, 0.5) - expected.median) < 1e-4)
    }
  }

  /// Where the likelihood factorises, so does the joint posterior.
  @Test func factorsAreIndependent() throws {
    let model = UncorrelatedModel.polarisationPeaks(lmax: 31)
    let joint = try FullSkyPosterior(model, fields: [.e, .b])
    let factors = try FactorisedLikelihood(model)
    let grids = try factors.grids()
    let key = MapKey(seed: 5, split: .test, index: 1)
    let truth = [9.0, 14.0]
    let realised = factors.factors.enumerated().map { index, factor in
      BayesLimit.drawRealisedSpectrum(factor, at: truth[index], key: key)
    }
    let found = try joint.posteriors([[.ee: realised[0], .bb: realised[1]]])[0]
    let (mean, covariance) = found.moments
    for index in 0...1 {
      let expected = try grids[index].posterior(realised: realised[index])
      #expect(abs(mean[index] - expected.mean) < 2e-4)
      #expect(
        abs(covariance[index][index].squareRoot() / expected.standardDeviation - 1) < 5e-3)
    }
    let correlation =
      covariance[0][1] / (covariance[0][0] * covariance[1][1]).squareRoot()
    #expect(abs(correlation) < 1e-6)
  }

  /// T and E correlated by a parameter: ln L between the nodes is the formula with the matrix of
  /// every degree, and leaving the correlation out is noticed.
  @Test func correlatedFieldsFollowTheFormula() throws {
    let model = CorrelatedToy()
    let noise: [SkyField: [Double]] = [
      .temperature: [Double](repeating: 0.1, count: 17), .e: [Double](repeating: 0.3, count: 17),
    ]
    let joint = try FullSkyPosterior(model, fields: [.temperature, .e], noise: noise)
    #expect(joint.spectrumNames == [.tt, .ee, .te])
    let (t, e, _) = correlatedCoefficients(
      spectra: model.spectra(at: [1.4]), lmax: 16, key: MapKey(seed: 1, split: .test, index: 0))
    let realised: [SpectrumName: [Double]] = [
      .tt: realisedSpectrum(t, lmax: 16), .ee: realisedSpectrum(e, lmax: 16),
      .te: realisedCrossSpectrum(t, e, lmax: 16),
    ]
    let table = joint.logLikelihoods([realised], threads: 1)[0]
    func formula(_ value: Double) -> Double {
      let spectra = model.spectra(at: [value])
      var sum = 0.0
      for l in 0...16 {
        let nu = Double(2 * l + 1)
        let a = spectra.tt[l] + 0.1
        let b = spectra.ee[l] + 0.3
        let c = spectra.te[l]
        guard l >= 2 else {
          sum -= 0.5 * nu * ((realised[.tt] ?? [])[l] / a + log(a))
          // E has noise, but no power to analyse, below l = 2.
          continue
        }
        let determinant = a * b - c * c
        let (tt, ee, te) = (realised[.tt]?[l] ?? 0, realised[.ee]?[l] ?? 0, realised[.te]?[l] ?? 0)
        sum -= 0.5 * nu * ((b * tt + a * ee - 2 * c * te) / determinant + log(determinant))
      }
      return sum
    }
    for q in [0.0, 0.137, 0.5, 0.861, 1] {
      let value = model.parameters[0].prior.value(at: q)
      let found = joint.interpolated(table, at: [[q]])[0]
      #expect(abs(found - formula(value)) < 1e-6)
    }
    let posterior = try joint.posteriors([realised])[0]
    let blind = try FullSkyPosterior(
      WithoutCorrelation(base: model), fields: [.temperature, .e], noise: noise
    ).posteriors([realised])[0]
    #expect(abs(blind.mean[0] - posterior.mean[0]) > 0.01)
  }

  @Test func unusableInputIsRefused() throws {
    let model = UncorrelatedModel.temperaturePeak(lmax: 15)
    #expect(throws: BaselineError.noiseLength(found: 3, expected: 16)) {
      try FullSkyPosterior(model, fields: [.temperature], noise: [.temperature: [1, 1, 1]])
    }
    var noise = [Double](repeating: 1, count: 16)
    noise[4] = -1
    #expect(throws: BaselineError.noiseNotAVariance(l: 4, value: -1)) {
      try FullSkyPosterior(model, fields: [.temperature], noise: [.temperature: noise])
    }
    let joint = try FullSkyPosterior(model, fields: [.temperature])
    var realised = [Double](repeating: 1, count: 16)
    realised[3] = .nan
    #expect {
      try joint.posteriors([[.tt: realised]])
    } throws: { error in
      guard case BaselineError.realisedNotPositive(l: 3, _) = error else { return false }
      return true
    }
    #expect(throws: BaselineError.correlatedFields(spectrum: .eb, l: 2)) {
      try FullSkyPosterior(
        PublishedSky(UncorrelatedModel.polarisationPeaks(lmax: 15)), fields: [.e, .b])
    }
  }
}

/// TT ∝ θ, EE fixed, TE with the correlation θ/4.
private struct CorrelatedToy: SkyModel {
  let parameters = [ModelParameter(name: "a", range: 0.5...2.5)]
  let lmax = 16
  let spectrumNames: [SpectrumName] = [.tt, .ee, .te]

  func spectra(at values: [Double]) -> NamedSpectra {
    let a = values[0]
    let tt = (0...lmax).map { a * 2 / Double($0 + 1) }
    let ee = (0...lmax).map { $0 < 2 ? 0 : 3 / Double($0 + 1) }
    let te = (0...lmax).map { a / 4 * (tt[$0] * ee[$0]).squareRoot() }
    guard let spectra = try? NamedSpectra(tt: tt, ee: ee, te: te) else {
      preconditionFailure("no covariance")
    }
    return spectra
  }

  func derivatives(at values: [Double]) -> [SpectrumDerivatives] {
    [SpectrumDerivatives(lmax: lmax)]
  }
}

/// A model whose fields are taken for independent.
private struct WithoutCorrelation: SkyModel {
  let base: CorrelatedToy
  var parameters: [ModelParameter] { base.parameters }
  var lmax: Int { base.lmax }
  var spectrumNames: [SpectrumName] { [.tt, .ee] }

  func spectra(at values: [Double]) -> NamedSpectra {
    let own = base.spectra(at: values)
    guard let spectra = try? NamedSpectra(tt: own.tt, ee: own.ee) else {
      preconditionFailure("no covariance")
    }
    return spectra
  }

  func derivatives(at values: [Double]) -> [SpectrumDerivatives] {
    base.derivatives(at: values)
  }
}
