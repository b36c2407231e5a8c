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

  /// Fiducial values of every parameter, unless asked otherwise, where filters are dense matrices.
  public static let standardFiducialCount = 3
  /// The same where filters are applied by iteration, each at a cost per map.
  public static let iterativeFiducialCount = 2
  /// The same of this task.
  public var usualFiducialCount: Int {
    hasIterativeFilters ? Self.iterativeFiducialCount : Self.standardFiducialCount
  }
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

  /// Most observed values, pixels times fields, for which filters are dense matrices: at nside 32
  /// the cap of f_sky 0.2 has 4,914 of Q and U.
  public static let mostDenseValues = 5000
  /// Whether filters are applied by iteration (`IterativeFilterBank`).
  public var hasIterativeFilters: Bool {
    hasFilters && task.table != nil && observedValueCount > Self.mostDenseValues
  }
  /// `filterFloor` of filters that are applied by iteration, which a small one slows down.
  public static let iterativeFloor = 1e-2
  /// Steps of the iteration, and degrees up to which its preconditioner is exact.
  static let iteration = FilterBankConfiguration.Iteration(steps: 20, exactDegree: 20)

  /// The filters of the observed pixels; nil for a full sky with even noise.
  ///
  /// One for every point of `fiducialPoints`, whose precondition it has. The filters treat E and B
  /// as uncorrelated, whatever the protocol. In a task of a table a pixel of weight w has the
  /// variance (σ_p² + σ_floor²)/w² there: an apodised mask trusts its rim less.
  public func filterBank(
    fiducialsPerParameter count: Int = standardFiducialCount
  ) -> FilterBankConfiguration? {
    guard hasFilters else { return nil }
    let model = model()
    let fiducials = fiducialPoints(perParameter: count).map { point in
      let spectra = model.spectra(at: point)
      return task.isPolarisation
        ? FilterBankConfiguration.Fiducial(ee: spectra.ee, bb: spectra.bb)
        : FilterBankConfiguration.Fiducial(tt: spectra.tt)
    }
    let fraction = hasIterativeFilters ? Self.iterativeFloor : Self.filterFloor
    let floor = fraction * PixelFloor.rms(of: model, fields: task.fields)
    let least = (noiseMap == nil ? noise * noise : 0) + floor * floor
    var bank = FilterBankConfiguration(
      observed: observed, fiducials: fiducials, variance: least,
      deviations: filterDeviations(least: least))
    if hasIterativeFilters { bank.iteration = Self.iteration }
    return bank
  }

  /// The noise of the observed pixels beyond a variance that all have; nil if there is none.
  private func filterDeviations(least: Double) -> [Float]? {
    let weights = mask?.weights
    let isWeighted = task.table != nil && (weights?.contains { $0 > 0 && $0 < 1 } ?? false)
    guard noiseMap != nil || isWeighted else { return nil }
    return (0..<pixelCount).compactMap { pixel in
      let weight = weights?[pixel] ?? 1
      guard weight > 0 else { return nil }
      let own = noiseMap.map { Double($0.deviations[pixel]) } ?? 0
      let variance = (least + own * own) / (weight * weight)
      return Float((variance - least).squareRoot())
    }
  }
}
