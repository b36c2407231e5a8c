/// A family of spectra of one field with one free parameter θ, which has a uniform prior.
///
/// The parameter is what networks and likelihoods estimate. A `SkyModel` puts several families
/// together under their names.
public protocol SpectrumFamily: Sendable {
  /// The parameter's name in files and tables, `ell_peak` for instance.
  var parameterName: String { get }
  /// The range of the uniform prior.
  var parameterRange: ClosedRange<Double> { get }
  /// The largest degree of the spectra, inclusive.
  var lmax: Int { get }
  /// C_l(θ), l = 0...lmax, with θ in `parameterRange`.
  func spectrum(at parameter: Double) -> PowerSpectrum
  /// ∂C_l/∂θ, l = 0...lmax.
  func derivative(at parameter: Double) -> [Double]
}
