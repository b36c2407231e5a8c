import SpecialFunctions

/// A sky model of some fields as a function of the probabilities q_i of the priors below its
/// parameters: uniform priors on 0...1, whatever the model's own are.
///
/// Definition: C_l(q) = C_l(θ(q)), ∂C_l/∂q_i = ∂C_l/∂θ_i / (dq_i/dθ_i); spectra of other fields
///             than those named are zero.
/// Use:        likelihoods that are tabulated over uniform priors take models with any.
/// Checked by: QuantileModelTests.
public struct QuantileModel: SkyModel {
  /// The model in its own parameters.
  public let base: any SkyModel
  /// The fields that are kept.
  public let fields: [SkyField]
  public let parameters: [ModelParameter]

  public var lmax: Int { base.lmax }
  public var spectrumNames: [SpectrumName] { base.spectrumNames.filter(keeps) }

  /// A model in q.
  public init(_ base: any SkyModel, fields: [SkyField]) {
    self.base = base
    self.fields = fields
    parameters = base.parameters.map { ModelParameter(name: $0.name, range: 0...1) }
  }

  private func keeps(_ name: SpectrumName) -> Bool {
    fields.contains(name.fields.0) && fields.contains(name.fields.1)
  }

  private func values(_ quantiles: [Double]) -> [Double] {
    zip(base.parameters, quantiles).map { $0.prior.value(at: min(max($1, 0), 1)) }
  }

  public func spectra(at quantiles: [Double]) -> NamedSpectra {
    let own = base.spectra(at: values(quantiles))
    let zeros = [Double](repeating: 0, count: lmax + 1)
    func kept(_ name: SpectrumName) -> [Double] { keeps(name) ? own[name] : zeros }
    return NamedSpectra(
      uncheckedTT: kept(.tt), ee: kept(.ee), bb: kept(.bb), te: kept(.te), eb: kept(.eb),
      tb: kept(.tb))
  }

  public func derivatives(at quantiles: [Double]) -> [SpectrumDerivatives] {
    let values = values(quantiles)
    return base.derivatives(at: values).enumerated().map { index, slope in
      let density = base.parameters[index].prior.density(at: values[index])
      var result = SpectrumDerivatives(lmax: lmax)
      for name in SpectrumName.allCases where keeps(name) {
        result[name] = slope[name].map { $0 / density }
      }
      return result
    }
  }
}
