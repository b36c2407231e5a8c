import SkyModels
import SpectralNetworks

/// The inverse-covariance filters of a cut sky.
extension TaskSettings {
  /// The standard deviation that is added to Q and U so that the covariance of a band-limited sky is
  /// regular, as a share of the rms of the sky at the middle of the prior.
  public static let filterFloor = 1e-3

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
    return FilterBankConfiguration(
      observed: mask.observed, fiducials: fiducials,
      variance: noise * noise + Self.filterFloor * Self.filterFloor * skyVariance(model))
  }

  /// The variance of Q or U of a pixel at the middle of the prior, Σ_l (2l + 1)/8π (C_l^EE + C_l^BB).
  private func skyVariance(_ model: any SkyModel) -> Double {
    let middle = model.parameters.map { ($0.range.lowerBound + $0.range.upperBound) / 2 }
    let spectra = model.spectra(at: middle)
    var sum = 0.0
    for l in 0...spectra.lmax {
      sum += Double(2 * l + 1) / (8 * Double.pi) * (spectra.ee[l] + spectra.bb[l])
    }
    return sum
  }
}
