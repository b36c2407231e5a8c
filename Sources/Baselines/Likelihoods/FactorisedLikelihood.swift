import SkyModels

/// The exact full-sky likelihood of a sky model of fields without correlation: one factor per
/// parameter.
///
/// Definition: −2 ln L(θ_1, θ_2, ...) = Σ_X Σ_l (2l + 1) [Ĉ_l/T_l + ln T_l − ln Ĉ_l − 1] over the
///             fields X. When each spectrum depends on one parameter, the sum splits into one
///             `FullSkyLikelihood` for each: with uniform priors the parameters are independent
///             given the map, and the joint posterior is the product of posteriors on one-parameter
///             grids. T2 has the factors (EE; ell_e) and (BB; ell_b); T3 the single factor
///             (EE and BB; tau).
/// Method:     which parameter a spectrum depends on is read off its derivatives at the centre of
///             the prior and at the ends of each range. A field whose spectrum depends on none is
///             left out: it adds a constant.
/// Checked by: FactorisedLikelihoodTests.
public struct FactorisedLikelihood: Sendable {
  /// The model's parameters, in its order.
  public let parameters: [ModelParameter]
  /// Factor i has the parameter i.
  public let factors: [FullSkyLikelihood]

  /// Splits the likelihood of a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - noise: N_l of each field, l = 0...lmax; a field that is not named has none.
  ///   - degrees: the degrees that count, field by field; all that the field has unless named.
  /// - Throws: `BaselineError.correlatedFields` when a cross spectrum is not zero, as on the
  ///   published sky; `.entangledParameters` when a spectrum depends on several parameters;
  ///   `.parameterWithoutPower`; `.noiseLength`, `.noiseNotAVariance`, `.degreesOutside`.
  public init(
    _ model: some SkyModel, noise: [SkyField: [Double]] = [:],
    degrees: [SkyField: ClosedRange<Int>] = [:]
  ) throws(BaselineError) {
    let samples = Self.samples(of: model)
    for values in samples { try requireNoCorrelation(model.spectra(at: values)) }
    var components = model.parameters.map { _ in [FullSkyLikelihood.Component]() }
    for field in SkyField.allCases {
      let active = model.parameters.indices.filter { index in
        samples.contains { values in
          model.derivatives(at: values)[index][field.spectrum].contains { $0 != 0 }
        }
      }
      guard let index = active.first else { continue }
      guard active.count == 1 else {
        throw .entangledParameters(
          spectrum: field.spectrum, parameters: active.map { model.parameters[$0].name })
      }
      components[index].append(
        try FullSkyLikelihood.Component(
          field, family: ParameterSlice(model, field: field, parameter: index),
          noise: noise[field], degrees: degrees[field]))
    }
    for (parameter, components) in zip(model.parameters, components) where components.isEmpty {
      throw .parameterWithoutPower(name: parameter.name)
    }
    parameters = model.parameters
    factors = components.map(FullSkyLikelihood.init)
  }

  /// Splits the likelihood of a model with white noise σ per pixel in every map.
  ///
  /// - Throws: `BaselineError.noiseNotPositive`; as above.
  public init(
    _ model: some SkyModel, whiteNoise: Double, pixelCount: Int
  ) throws(BaselineError) {
    guard whiteNoise >= 0 && whiteNoise.isFinite else {
      throw .noiseNotPositive(found: whiteNoise)
    }
    let spectrum = FullSkyLikelihood.whiteNoise(
      standardDeviation: whiteNoise, pixelCount: pixelCount, lmax: model.lmax)
    try self.init(
      model,
      noise: Dictionary(uniqueKeysWithValues: SkyField.allCases.map { ($0, spectrum) }))
  }

  /// Tabulates every factor.
  ///
  /// - Throws: `BaselineError.noPower` where the likelihood is not defined.
  public func grids(count: Int = 1501) throws(BaselineError) -> [LikelihoodGrid] {
    var grids: [LikelihoodGrid] = []
    for factor in factors { grids.append(try LikelihoodGrid(factor, count: count)) }
    return grids
  }

  /// Centre and corners of the prior along each axis.
  private static func samples(of model: some SkyModel) -> [[Double]] {
    let centre = priorMean(of: model)
    return [centre]
      + model.parameters.indices.flatMap { index in
        [model.parameters[index].range.lowerBound, model.parameters[index].range.upperBound].map {
          var values = centre
          values[index] = $0
          return values
        }
      }
  }
}

/// The centre of the uniform prior, parameter by parameter.
func priorMean(of model: some SkyModel) -> [Double] {
  model.parameters.map { 0.5 * ($0.range.lowerBound + $0.range.upperBound) }
}

/// Refuses spectra with a correlation between fields.
///
/// - Throws: `BaselineError.correlatedFields`.
func requireNoCorrelation(_ spectra: NamedSpectra) throws(BaselineError) {
  for name in SpectrumName.allCases where !name.isAuto {
    if let l = spectra[name].firstIndex(where: { $0 != 0 }) {
      throw .correlatedFields(spectrum: name, l: l)
    }
  }
}

/// One spectrum of a sky model as a family of the one parameter it depends on; the other parameters
/// stay at the centre of their prior.
struct ParameterSlice<Model: SkyModel>: SpectrumFamily {
  let model: Model
  let field: SkyField
  let parameter: Int
  private let centre: [Double]

  init(_ model: Model, field: SkyField, parameter: Int) {
    self.model = model
    self.field = field
    self.parameter = parameter
    centre = priorMean(of: model)
  }

  var parameterName: String { model.parameters[parameter].name }
  var parameterRange: ClosedRange<Double> { model.parameters[parameter].range }
  var lmax: Int { model.lmax }

  func spectrum(at value: Double) -> PowerSpectrum {
    model.spectra(at: values(value)).spectrum(of: field)
  }

  func derivative(at value: Double) -> [Double] {
    model.derivatives(at: values(value))[parameter][field.spectrum]
  }

  private func values(_ value: Double) -> [Double] {
    var values = centre
    values[parameter] = value
    return values
  }
}
