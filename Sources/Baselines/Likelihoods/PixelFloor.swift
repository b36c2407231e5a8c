import SkyModels

/// White noise that the pixel likelihood adds to the covariance so that it can be factored.
///
/// A noise-free map of few degrees in many pixels has a singular covariance: at f_sky 0.5, nside
/// 16, lmax 47 there are hundreds of combinations of pixels without any power, whose value in a map
/// is rounding. The floor is the size from which on a number in a map counts as signal.
///
/// Definition: σ_floor = fraction · rms, rms² = ½ Σ_l (2l + 1)/4π (C_l^EE + C_l^BB), the variance
///             of Q (and of U) at the centre of the prior; of T Σ_l (2l + 1)/4π C_l^TT. Its square
///             is added to every diagonal element; simulated maps have noise of this size too, so
///             that model and maps agree.
/// Size:       a map in `Float` has rounding errors of 2⁻²⁵ to 2⁻²⁴ of a pixel's value, 3·10⁻⁸ of
///             the rms on average; the standard floor is thirty times that. A smaller one gains
///             nothing that can be measured at f_sky 0.05, and on half a sky its square would come
///             near the rounding of the covariance in `Double`. Figures are in
///             Docs/Results.md.
public struct PixelFloor: Sendable, Hashable {
  /// σ_floor over the rms.
  public let fraction: Double
  /// The fraction used unless another is asked for.
  public static let standard = 1e-6

  /// Fractions that a user may ask for: the squares of smaller ones are lost in the rounding of the
  /// covariance, and larger ones hide every sky.
  public static let fractions = 1e-10...1e3

  /// A floor from its fraction of the rms.
  ///
  /// - Throws: `BaselineError.floorNotPositive` below 0 or when not finite.
  public init(fraction: Double = standard) throws(BaselineError) {
    guard fraction >= 0 && fraction.isFinite else { throw .floorNotPositive(found: fraction) }
    self.fraction = fraction
  }

  /// σ_floor for a model, in the map's unit.
  public func standardDeviation(
    of model: some SkyModel, fields: [SkyField] = [.e, .b]
  ) -> Double {
    fraction * PixelFloor.rms(of: model, fields: fields)
  }

  /// The standard deviation of Q, and of U, or that of T, at the centre of the prior.
  ///
  /// - Parameters:
  ///   - model: the sky.
  ///   - fields: `[.e, .b]` or `[.temperature]`.
  /// - Returns: the rms in the map's unit.
  public static func rms(of model: some SkyModel, fields: [SkyField] = [.e, .b]) -> Double {
    let spectra = model.spectra(at: priorMean(of: model))
    let isScalar = fields == [.temperature]
    var sum = 0.0
    for l in spectra.ee.indices {
      sum +=
        Double(2 * l + 1) / (4 * .pi)
        * (isScalar ? spectra.tt[l] : spectra.ee[l] + spectra.bb[l])
    }
    return (isScalar ? sum : 0.5 * sum).squareRoot()
  }
}
