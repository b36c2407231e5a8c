/// A model of the sky: the named spectra of T, E and B as functions of parameters θ_1, θ_2, ...
///
/// `SpectrumFamily` is one spectrum with one parameter; a sky model puts several together.
public protocol SkyModel: Sendable {
  /// The parameters, in the order of a network's outputs.
  var parameters: [ModelParameter] { get }
  /// The largest degree of the spectra, inclusive.
  var lmax: Int { get }
  /// The spectra that are not identically zero, in the order of `SpectrumName.allCases`.
  var spectrumNames: [SpectrumName] { get }
  /// C_l(θ), every θ_i in the range of its parameter.
  func spectra(at values: [Double]) -> NamedSpectra
  /// ∂C_l/∂θ_i, one element per parameter.
  func derivatives(at values: [Double]) -> [SpectrumDerivatives]
}
