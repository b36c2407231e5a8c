/// Fields without correlation, each with a spectrum of its own that has one parameter.
///
/// Definition: C_l^XX = the family of X at its parameter, C_l^XY = 0 for X ≠ Y. Families with the
///             same parameter name share the parameter.
/// Checked by: SkyModelTaskGradientTests.
public struct UncorrelatedModel: SkyModel {
  /// One field with the family of its spectra.
  public struct Component: Sendable {
    public var field: SkyField
    public var family: any SpectrumFamily

    public init(_ field: SkyField, _ family: some SpectrumFamily) {
      self.field = field
      self.family = family
    }
  }

  /// The fields that have power, T before E before B.
  public let components: [Component]
  public let parameters: [ModelParameter]
  public let lmax: Int

  public var spectrumNames: [SpectrumName] { components.map(\.field.spectrum) }

  /// A model of some fields.
  ///
  /// Domain: different fields, the same lmax for all, and the same prior range for families that
  ///         share a parameter (preconditions).
  public init(_ components: [Component]) {
    let sorted = components.sorted { $0.field.rawValue < $1.field.rawValue }
    precondition(
      Set(sorted.map(\.field)).count == sorted.count && !sorted.isEmpty,
      "a model needs fields, each once")
    lmax = sorted[0].family.lmax
    var parameters: [ModelParameter] = []
    for family in sorted.map(\.family) {
      precondition(family.lmax == lmax, "families of lmax \(family.lmax) and \(lmax)")
      let parameter = ModelParameter(name: family.parameterName, range: family.parameterRange)
      if let known = parameters.first(where: { $0.name == parameter.name }) {
        precondition(known == parameter, "two prior ranges for \(parameter.name)")
      } else {
        parameters.append(parameter)
      }
    }
    self.components = sorted
    self.parameters = parameters
  }

  /// The place in `parameters` of a component's parameter.
  public func parameterIndex(of component: Component) -> Int {
    guard let index = parameters.firstIndex(where: { $0.name == component.family.parameterName })
    else { preconditionFailure("\(component.field) is no component of this model") }
    return index
  }

  public func spectra(at values: [Double]) -> NamedSpectra {
    precondition(
      values.count == parameters.count, "\(values.count) values for \(parameters.count) parameters")
    let zeros = [Double](repeating: 0, count: lmax + 1)
    var auto = [zeros, zeros, zeros]
    for component in components {
      let spectrum = component.family.spectrum(at: values[parameterIndex(of: component)])
      auto[component.field.rawValue] = spectrum.values
    }
    return NamedSpectra(
      uncheckedTT: auto[0], ee: auto[1], bb: auto[2], te: zeros, eb: zeros, tb: zeros)
  }

  public func derivatives(at values: [Double]) -> [SpectrumDerivatives] {
    precondition(
      values.count == parameters.count, "\(values.count) values for \(parameters.count) parameters")
    var derivatives = parameters.map { _ in SpectrumDerivatives(lmax: lmax) }
    for component in components {
      let index = parameterIndex(of: component)
      derivatives[index][component.field.spectrum] =
        component.family.derivative(at: values[index])
    }
    return derivatives
  }
}

extension UncorrelatedModel {
  /// The sky of task t1: TT with one peak, parameter `ell_peak`, l = 0...lmax.
  public static func temperaturePeak(lmax: Int = 47) -> UncorrelatedModel {
    UncorrelatedModel([Component(.temperature, PeakedModel(lmax: lmax))])
  }

  /// The sky of task t2: EE and BB with one peak each, parameters `ell_e` and `ell_b`, l =
  /// 2...lmax.
  public static func polarisationPeaks(lmax: Int = 47) -> UncorrelatedModel {
    UncorrelatedModel([
      Component(.e, PeakedModel(lmax: lmax, firstDegree: 2, parameterName: "ell_e")),
      Component(.b, PeakedModel(lmax: lmax, firstDegree: 2, parameterName: "ell_b")),
    ])
  }
}
