import Baselines
import SkyModels
import SpectralNetworks

/// The inverse-covariance filters of a cut sky.
extension TaskSettings {
  /// The filters for the mask; nil for the full sky.
  ///
  /// Fiducial spectra stand at a fifth and at 11/15 of every parameter's prior, 8 and 16 for the peaks of
  /// t2, in all combinations: a peak anywhere is near one of them. The filters treat E and B as
  /// uncorrelated, whatever the protocol.
  public func filterBank() -> FilterBankConfiguration? {
    guard let mask else { return nil }
    let model = model()
    var points: [[Double]] = [[]]
    for parameter in model.parameters {
      let width = parameter.range.upperBound - parameter.range.lowerBound
      let values = [0.2, 11.0 / 15].map { parameter.range.lowerBound + $0 * width }
      points = points.flatMap { point in values.map { point + [$0] } }
    }
    let fiducials = points.map { point in
      let spectra = model.spectra(at: point)
      return FilterBankConfiguration.Fiducial(ee: spectra.ee, bb: spectra.bb)
    }
    // The floor of the likelihood of the same pixels.
    let floor = PixelFloor.standard * PixelFloor.rms(of: model)
    return FilterBankConfiguration(
      observed: mask.observed, fiducials: fiducials,
      variance: noise * noise + floor * floor)
  }
}
