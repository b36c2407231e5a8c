import Baselines
import SkyModels
import SpectralNetworks

/// The inverse-covariance filters of a cut sky.
extension TaskSettings {
  /// Parameters whose spectra the filters assume: `count` values of every parameter in all
  /// combinations.
  ///
  /// They stand in the middle of `count` equal parts of the prior's probability: 7.5, 12.5 and 17.5
  /// for the peaks of t2. Two values are an exception: they stand at a fifth and at 11/15 of the
  /// prior, at 8 and 16.
  ///
  /// - Parameter count: values of every parameter, one of `fiducialCounts`; a precondition.
  /// - Returns: `[point][parameter]` in the parameters' units, the last parameter fastest.
  public func fiducialPoints(perParameter count: Int = standardFiducialCount) -> [[Double]] {
    precondition(Self.fiducialCounts.contains(count), "\(count) fiducials per parameter")
    let shares =
      count == 2 ? [0.2, 11.0 / 15] : (0..<count).map { (Double($0) + 0.5) / Double(count) }
    return model().parameters.reduce([[]]) { points, parameter in
      let values = shares.map { parameter.prior.value(at: $0) }
      return points.flatMap { point in values.map { point + [$0] } }
    }
  }

  /// Fiducial values of every parameter, unless asked otherwise.
  public static let standardFiducialCount = 3
  /// Numbers of fiducial values that are allowed: 4 values of two parameters are 16 filters.
  public static let fiducialCounts = 1...4

  /// Fiducial values of every parameter of so many filters.
  package static func fiducials(ofFilters filters: Int, parameters: Int) -> Int {
    fiducialCounts.last { count in
      (0..<parameters).reduce(1) { product, _ in product * count } <= filters
    } ?? 1
  }

  /// White noise that filters assume beside the maps', as a fraction of the rms (`PixelFloor`).
  public static let filterFloor = 1e-4

  /// The filters for the mask; nil for the full sky.
  ///
  /// One for every point of `fiducialPoints`, whose precondition it has. The filters treat E and B
  /// as uncorrelated, whatever the protocol.
  public func filterBank(
    fiducialsPerParameter count: Int = standardFiducialCount
  ) -> FilterBankConfiguration? {
    guard let mask else { return nil }
    let model = model()
    let fiducials = fiducialPoints(perParameter: count).map { point in
      let spectra = model.spectra(at: point)
      return FilterBankConfiguration.Fiducial(ee: spectra.ee, bb: spectra.bb)
    }
    let floor = Self.filterFloor * PixelFloor.rms(of: model)
    return FilterBankConfiguration(
      observed: mask.observed, fiducials: fiducials,
      variance: noise * noise + floor * floor)
  }
}
