import Foundation
import LinearAlgebra
import RandomFields
import SkyModels
import Testing
import Verification

@testable import Baselines

@Suite("Full-sky likelihood of several parameters")
struct FactorisedLikelihoodTests {

  /// −2 ln L of the two-parameter sky by its definition, a sum over both fields at once.
  private func joint(
    _ model: some SkyModel, at values: [Double], realised: [SkyField: [Double]]
  ) -> Double {
    let spectra = model.spectra(at: values)
    var sum = 0.0
    for field in [SkyField.e, .b] {
      guard let found = realised[field] else { continue }
      for l in 2...model.lmax {
        let ratio = found[l] / spectra[field.spectrum][l]
        sum += Double(2 * l + 1) * (ratio - log(ratio) - 1)
      }
    }
    return sum
  }

  /// The factors add up to the definition over both fields: 46 terms each, at most 8 roundings of
  /// terms of size S. Blind to: an error in the spectra themselves.
  @Test("T2: the factors add up")
  func factors() throws {
    let model = UncorrelatedModel.polarisationPeaks()
    let likelihood = try FactorisedLikelihood(model)
    #expect(likelihood.factors.count == 2)
    #expect(likelihood.factors[0].components.map(\.field) == [.e])
    #expect(likelihood.factors[1].components.map(\.field) == [.b])
    #expect(likelihood.factors[0].components[0].degrees == 2...47)
    let realised: [SkyField: [Double]] = [
      .e: likelihood.factors[0].totalSpectrum(at: 8),
      .b: likelihood.factors[1].totalSpectrum(at: 17),
    ]
    for values in [[7.0, 18.0], [12, 5]] {
      let whole = joint(model, at: values, realised: realised)
      let first = try likelihood.factors[0].minusTwoLogLikelihood(
        at: values[0], realised: realised[.e] ?? [])
      let second = try likelihood.factors[1].minusTwoLogLikelihood(
        at: values[1], realised: realised[.b] ?? [])
      let bound = 8 * 92.0.squareRoot() * Double.ulpOfOne * whole
      #expect(abs(first + second - whole) <= bound)
      // Negative control: B judged by the spectrum of E.
      let wrong = try likelihood.factors[0].minusTwoLogLikelihood(
        at: values[1], realised: realised[.e] ?? [])
      #expect(abs(first + wrong - whole) > 1000 * bound)
    }
  }

  /// A parameter shared by E and B: the factor has both fields, its value, slope and Fisher
  /// information are the sums over them, and its table agrees with the definition.
  @Test("T3-like: one parameter, two fields")
  func shared() throws {
    let model = sharedModel()
    let likelihood = try FactorisedLikelihood(model)
    #expect(likelihood.factors.count == 1)
    let factor = likelihood.factors[0]
    #expect(factor.components.map(\.field) == [.e, .b])
    let key = MapKey(seed: 301, split: .test, index: 0)
    let realised = BayesLimit.drawRealisedSpectra(factor, at: 0.05, key: key)
    let fields: [SkyField: [Double]] = [.e: realised[0], .b: realised[1]]
    let scale = 2.0 * Double(model.lmax + 1) * Double(model.lmax + 1) * 20
    let bound = 8 * 38.0.squareRoot() * Double.ulpOfOne * scale
    let grid = try LikelihoodGrid(factor, count: 41)
    let values = try grid.logLikelihood(realised: realised)
    for j in [3, 20, 39] {
      let parameter = grid.parameters[j]
      let whole = joint(model, at: [parameter], realised: fields)
      let found = try factor.minusTwoLogLikelihood(at: parameter, realised: realised)
      #expect(abs(found - whole) <= bound)
      let reference = joint(model, at: [grid.parameters[0]], realised: fields)
      #expect(abs(-2 * (values[j] - values[0]) - (whole - reference)) <= 4 * bound)
    }
    let check = GradientCheck(
      [factor.slope(at: 0.05, realised: realised)], at: [0.05], lengthScale: 0.02,
      evaluationError: RoundingBound.probable(operations: 16 * 38)
    ) { joint(model, at: $0, realised: fields) }
    #expect(check.relativeL2 <= 1e-7, "\(check)")
    let alone = try [SkyField.e, .b].map { field in
      try FullSkyLikelihood([
        .init(field, family: ParameterSlice(model, field: field, parameter: 0))
      ]).fisherInformation(at: 0.05)
    }
    let together = factor.fisherInformation(at: 0.05)
    #expect(abs(together - alone[0] - alone[1]) <= 64 * Double.ulpOfOne * together)
    // Negative control: a likelihood of E alone.
    #expect(abs(together - alone[0]) > 1e-3 * together)
  }

  /// Every point at which a likelihood asks for spectra lies in the prior range, to the last bit:
  /// 0.03 + 300 · 0.05/300 is not. The family stops the program otherwise.
  @Test("Grids stay within the prior")
  func range() throws {
    let bounds = try SkyLimits.fullSkyCramerRao(sharedModel())
    #expect(bounds.count == 1 && bounds[0] > 0)
    for count in [3, 11, 301, 601, 1501] {
      let grid = try FactorisedLikelihood(sharedModel()).grids(count: count)[0]
      #expect(grid.parameters.allSatisfy { (0.03...0.08).contains($0) })
    }
  }

  /// The temperature model of T1 through the general form has the bits of the direct one.
  @Test("T1 keeps its bits")
  func temperature() throws {
    let direct = try peakedLikelihood(noise: 5)
    let general = try FactorisedLikelihood(
      UncorrelatedModel.temperaturePeak(), whiteNoise: 5, pixelCount: 3072)
    let first = try BayesLimit.simulate(
      LikelihoodGrid(direct, count: 301), skies: 200, seed: 4, threads: 2)
    let second = try SkyLimits.fullSky(
      UncorrelatedModel.temperaturePeak(), noise: 5, skies: 200, seed: 4, gridCount: 301)
    #expect(general.factors[0].totalSpectrum(at: 9) == direct.totalSpectrum(at: 9))
    #expect(second.map(\.name) == ["ell_peak"])
    #expect(second[0].limit.optimal == first.optimal)
    #expect(second[0].limit.maximumLikelihood == first.maximumLikelihood)
    let cramerRao = try SkyLimits.fullSkyCramerRao(
      UncorrelatedModel.temperaturePeak(), noise: 5)
    #expect(cramerRao == [direct.cramerRaoPercentError])
  }

  /// T2's limits against the independent reference, 0.538 ± 0.002, within four combined standard
  /// errors; E and B are different skies. Blind to: errors below two percent.
  @Test("T2 limit")
  func limit() throws {
    let limits = try SkyLimits.fullSky(
      UncorrelatedModel.polarisationPeaks(), skies: 6000, seed: 7, threads: 2)
    #expect(limits.map(\.name) == ["ell_e", "ell_b"])
    for limit in limits.map(\.limit) {
      let squares = pow(limit.optimal.standardError, 2) + pow(0.002, 2)
      #expect(abs(limit.optimal.percent - 0.538) < 4 * squares.squareRoot() + 0.0005)
      #expect(limit.optimal.percent < limit.maximumLikelihood.percent)
    }
    #expect(limits[0].limit.optimal != limits[1].limit.optimal)
  }

  @Test("Estimates of one map")
  func estimates() throws {
    let likelihood = try FactorisedLikelihood(UncorrelatedModel.polarisationPeaks())
    let grids = try likelihood.grids(count: 601)
    let realised = zip(likelihood.factors, [7.5, 16]).map { [$0.totalSpectrum(at: $1)] }
    let estimates = try FactorisedLikelihood.estimates(realised: realised, grids: grids)
    for (found, truth) in zip(estimates.maximumLikelihood, [7.5, 16]) {
      #expect(abs(found - truth) <= 1e-10 * 15)
    }
    #expect(estimates.isAtBoundary == [false, false])
    for i in 0..<2 {
      let distance = abs(estimates.optimal[i] - estimates.maximumLikelihood[i])
      #expect(distance < estimates.standardDeviation[i])
    }
    #expect(throws: BaselineError.parametersDiffer(found: 1, expected: 2)) {
      try FactorisedLikelihood.estimates(realised: [realised[0]], grids: grids)
    }
  }

  @Test("What does not factorise, and what says nothing")
  func refusals() throws {
    #expect(throws: BaselineError.correlatedFields(spectrum: .te, l: 2)) {
      try FactorisedLikelihood(PublishedSky(UncorrelatedModel.polarisationPeaks()))
    }
    #expect(throws: BaselineError.entangledParameters(spectrum: .ee, parameters: ["a", "b"])) {
      try FactorisedLikelihood(EntangledModel(usesSecond: true))
    }
    #expect(throws: BaselineError.parameterWithoutPower(name: "b")) {
      try FactorisedLikelihood(EntangledModel(usesSecond: false))
    }
    #expect(throws: BaselineError.noiseNotPositive(found: -1)) {
      try FactorisedLikelihood(sharedModel(), whiteNoise: -1, pixelCount: 3072)
    }
    let text = BaselineError.correlatedFields(spectrum: .te, l: 2).description
    #expect(text.contains("singular") && text.contains("ratio"))
  }

  @Test("Stopping")
  func stopping() {
    #expect(throws: BaselineError.interrupted) {
      try SkyLimits.fullSky(
        sharedModel(), skies: 100, seed: 1, progress: WorkProgress(isStopped: { true }))
    }
  }
}

/// EE = a (+ b): a spectrum with two parameters, or with one that nothing depends on.
private struct EntangledModel: SkyModel {
  let usesSecond: Bool
  let parameters = [
    ModelParameter(name: "a", range: 1...2), ModelParameter(name: "b", range: 1...2),
  ]
  let lmax = 3
  let spectrumNames = [SpectrumName.ee]

  func spectra(at values: [Double]) -> NamedSpectra {
    let power = values[0] + (usesSecond ? values[1] : 0)
    guard let spectra = try? NamedSpectra(ee: [0, 0, power, power]) else {
      preconditionFailure("positive power in E alone is a covariance")
    }
    return spectra
  }

  func derivatives(at values: [Double]) -> [SpectrumDerivatives] {
    [1.0, usesSecond ? 1 : 0].map { slope in
      var derivatives = SpectrumDerivatives(lmax: lmax)
      derivatives[.ee] = [0, 0, slope, slope]
      return derivatives
    }
  }
}
