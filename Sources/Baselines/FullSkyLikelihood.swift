import Foundation
import SkyModels

/// The exact likelihood of one parameter θ of an isotropic Gaussian field seen over the full sky.
///
/// Definition: −2 ln L(θ) = Σ_l (2l + 1) [Ĉ_l/T_l(θ) + ln T_l(θ) − ln Ĉ_l − 1],
///             T_l = C_l(θ) + N_l, Ĉ_l = Σ_m |a_lm|²/(2l + 1) over the map's coefficients, noise
///             included [KT19]. It is 0 where T = Ĉ and positive elsewhere. The second
///             term is the logarithm of the covariance's determinant; without it the likelihood
///             prefers whatever spectrum has most power.
/// Method:     Ĉ_l is sufficient: nothing else in the map depends on θ. White noise σ per pixel adds
///             N_l = σ² 4π/npix to every degree (`whiteNoise`); an analysis that amplifies noise, as
///             least squares does near lmax = 3 nside, has its own N_l.
/// Units:      the square of the map's unit throughout.
/// Checked by: FullSkyLikelihoodTests, BaselineErrorTests.
public struct FullSkyLikelihood: Sendable {
  /// The spectra C_l(θ) with their prior range.
  public let family: any SpectrumFamily
  /// N_l, l = 0...family.lmax.
  public let noise: [Double]
  /// The degrees that count.
  public let degrees: ClosedRange<Int>

  /// A likelihood; without a noise spectrum there is no noise, without degrees all of them count.
  ///
  /// - Throws: `BaselineError.noiseLength`, `.noiseNotAVariance` or `.degreesOutside`.
  public init(
    family: some SpectrumFamily, noise: [Double]? = nil, degrees: ClosedRange<Int>? = nil
  ) throws(BaselineError) {
    let noise = noise ?? [Double](repeating: 0, count: family.lmax + 1)
    guard noise.count == family.lmax + 1 else {
      throw .noiseLength(found: noise.count, expected: family.lmax + 1)
    }
    for (l, value) in noise.enumerated() where !(value >= 0 && value.isFinite) {
      throw .noiseNotAVariance(l: l, value: value)
    }
    let degrees = degrees ?? 0...family.lmax
    guard 0 <= degrees.lowerBound && degrees.upperBound <= family.lmax else {
      throw .degreesOutside(found: degrees, available: 0...family.lmax)
    }
    self.family = family
    self.noise = noise
    self.degrees = degrees
  }

  /// N_l = σ² 4π/npix, l = 0...lmax: the spectrum of white noise with standard deviation σ per pixel of
  /// a map of `pixelCount` equal pixels.
  public static func whiteNoise(
    standardDeviation: Double, pixelCount: Int, lmax: Int
  ) -> [Double] {
    precondition(pixelCount > 0, "a map of \(pixelCount) pixels")
    let power = standardDeviation * standardDeviation * 4 * .pi / Double(pixelCount)
    return [Double](repeating: power, count: lmax + 1)
  }

  /// T_l(θ) = C_l(θ) + N_l, l = 0...lmax.
  public func totalSpectrum(at parameter: Double) -> [Double] {
    zip(family.spectrum(at: parameter).values, noise).map { $0 + $1 }
  }

  /// −2 ln L(θ) as defined above, with plain sums.
  ///
  /// - Throws: `BaselineError.realisedLength`, `.realisedNotPositive` or `.noPower`.
  public func minusTwoLogLikelihood(
    at parameter: Double, realised: [Double]
  ) throws(BaselineError) -> Double {
    try require(realised)
    let total = totalSpectrum(at: parameter)
    var sum = 0.0
    for l in degrees {
      guard total[l] > 0 else { throw .noPower(l: l, parameter: parameter) }
      let ratio = realised[l] / total[l]
      sum += Double(2 * l + 1) * (ratio - log(ratio) - 1)
    }
    return sum
  }

  /// The derivative of −2 ln L: Σ_l (2l + 1) C'_l/T_l (1 − Ĉ_l/T_l), for a spectrum already checked.
  func slope(at parameter: Double, realised: [Double]) -> Double {
    let total = totalSpectrum(at: parameter)
    let derivative = family.derivative(at: parameter)
    var sum = 0.0
    for l in degrees {
      sum += Double(2 * l + 1) * derivative[l] / total[l] * (1 - realised[l] / total[l])
    }
    return sum
  }

  /// The Fisher information on θ of one map, F(θ) = ½ Σ_l (2l + 1) (C'_l/T_l)².
  ///
  /// No unbiased estimator has a standard deviation below 1/√F.
  public func fisherInformation(at parameter: Double) -> Double {
    let total = totalSpectrum(at: parameter)
    let derivative = family.derivative(at: parameter)
    var sum = 0.0
    for l in degrees {
      let relative = derivative[l] / total[l]
      sum += 0.5 * Double(2 * l + 1) * relative * relative
    }
    return sum
  }

  /// The Cramér-Rao bound averaged over the prior, as mean |error|/θ in percent:
  /// 100 √(2/π) ⟨1/(θ √F(θ))⟩, the factor being the mean |z| of a normal error.
  ///
  /// It binds unbiased estimators only: with much noise a bounded prior allows less. Simpson's rule
  /// with 301 points.
  public var cramerRaoPercentError: Double {
    let intervals = 300
    let range = family.parameterRange
    let step = (range.upperBound - range.lowerBound) / Double(intervals)
    var sum = 0.0
    for k in 0...intervals {
      let parameter = range.lowerBound + Double(k) * step
      let weight = k == 0 || k == intervals ? 1.0 : (k % 2 == 1 ? 4 : 2)
      sum += weight / (parameter * fisherInformation(at: parameter).squareRoot())
    }
    return 100 * (2 / Double.pi).squareRoot() * sum / (3 * Double(intervals))
  }

  /// Refuses a spectrum that cannot be that of a map.
  func require(_ realised: [Double]) throws(BaselineError) {
    guard realised.count == family.lmax + 1 else {
      throw .realisedLength(found: realised.count, expected: family.lmax + 1)
    }
    for l in degrees where !(realised[l] > 0 && realised[l].isFinite) {
      throw .realisedNotPositive(l: l, value: realised[l])
    }
  }
}
