import Foundation
import SkyModels

/// The exact likelihood of one parameter θ of isotropic Gaussian fields seen over the full sky.
///
/// Definition: −2 ln L(θ) = Σ_X Σ_l (2l + 1) [Ĉ_l/T_l(θ) + ln T_l(θ) − ln Ĉ_l − 1] over the fields
///             X whose spectra have the parameter, T_l = C_l(θ) + N_l, Ĉ_l = Σ_m |a_lm|²/(2l + 1)
///             over the map's coefficients, noise included [KT19]. It is 0 where T = Ĉ and positive
///             elsewhere. The second term is the logarithm of the covariance's determinant; without
///             it the likelihood prefers whatever spectrum has most power.
/// Method:     Ĉ_l is sufficient: nothing else in the map depends on θ. Fields without correlation
///             add. White noise σ per pixel adds N_l = σ² 4π/npix to every degree (`whiteNoise`);
///             an analysis that amplifies noise, as least squares does near lmax = 3 nside, has its
///             own N_l.
/// Units:      the square of the map's unit throughout.
/// Checked by: FullSkyLikelihoodTests, FactorisedLikelihoodTests, BaselineErrorTests.
public struct FullSkyLikelihood: Sendable {
  /// One field: its spectra with their prior range, its noise and the degrees that count.
  public struct Component: Sendable {
    /// Which field; it also says which random numbers simulated skies are drawn from.
    public let field: SkyField
    /// The spectra C_l(θ).
    public let family: any SpectrumFamily
    /// N_l, l = 0...family.lmax.
    public let noise: [Double]
    /// The degrees that count.
    public let degrees: ClosedRange<Int>

    /// A field; without a noise spectrum there is no noise, without degrees all that the field has
    /// count.
    ///
    /// - Throws: `BaselineError.noiseLength`, `.noiseNotAVariance` or `.degreesOutside`.
    public init(
      _ field: SkyField, family: any SpectrumFamily, noise: [Double]? = nil,
      degrees: ClosedRange<Int>? = nil
    ) throws(BaselineError) {
      let noise = noise ?? [Double](repeating: 0, count: family.lmax + 1)
      guard noise.count == family.lmax + 1 else {
        throw .noiseLength(found: noise.count, expected: family.lmax + 1)
      }
      for (l, value) in noise.enumerated() where !(value >= 0 && value.isFinite) {
        throw .noiseNotAVariance(l: l, value: value)
      }
      let first = field.firstDegree
      let degrees = degrees ?? first...max(first, family.lmax)
      guard first <= degrees.lowerBound && degrees.upperBound <= family.lmax else {
        throw .degreesOutside(found: degrees, available: first...max(first, family.lmax))
      }
      self.field = field
      self.family = family
      self.noise = noise
      self.degrees = degrees
    }

    /// T_l(θ) = C_l(θ) + N_l, l = 0...lmax.
    func totalSpectrum(at parameter: Double) -> [Double] {
      zip(family.spectrum(at: parameter).values, noise).map { $0 + $1 }
    }
  }

  /// The fields; every realised spectrum is listed in this order.
  public let components: [Component]

  /// The spectra of the first field: all fields have its parameter and prior range.
  public var family: any SpectrumFamily { components[0].family }

  /// The likelihood of several fields without correlation that share one parameter.
  ///
  /// Domain: at least one field, each once, with one parameter name and prior range
  ///         (preconditions).
  public init(_ components: [Component]) {
    precondition(!components.isEmpty, "a likelihood needs a field")
    precondition(Set(components.map(\.field)).count == components.count, "a field occurs twice")
    let first = components[0].family
    for family in components.map(\.family) {
      precondition(
        family.parameterName == first.parameterName
          && family.parameterRange == first.parameterRange,
        "\(family.parameterName) in \(family.parameterRange) is not the parameter "
          + "\(first.parameterName) in \(first.parameterRange)")
    }
    self.components = components
  }

  /// The likelihood of a temperature map; without a noise spectrum there is no noise, without
  /// degrees all of them count.
  ///
  /// - Throws: `BaselineError.noiseLength`, `.noiseNotAVariance` or `.degreesOutside`.
  public init(
    family: some SpectrumFamily, noise: [Double]? = nil, degrees: ClosedRange<Int>? = nil
  ) throws(BaselineError) {
    self.init([
      try Component(.temperature, family: family, noise: noise, degrees: degrees)
    ])
  }

  /// N_l = σ² 4π/npix, l = 0...lmax: the spectrum of white noise with standard deviation σ per
  /// pixel of a map of `pixelCount` equal pixels.
  ///
  /// With σ in every Q and U it is that of E and of B.
  public static func whiteNoise(
    standardDeviation: Double, pixelCount: Int, lmax: Int
  ) -> [Double] {
    precondition(pixelCount > 0, "a map of \(pixelCount) pixels")
    let power = standardDeviation * standardDeviation * 4 * .pi / Double(pixelCount)
    return [Double](repeating: power, count: lmax + 1)
  }

  /// T_l(θ) = C_l(θ) + N_l of the first field, l = 0...lmax.
  public func totalSpectrum(at parameter: Double) -> [Double] {
    components[0].totalSpectrum(at: parameter)
  }

  /// T_l(θ) of every field, `[field][l]`.
  public func totalSpectra(at parameter: Double) -> [[Double]] {
    components.map { $0.totalSpectrum(at: parameter) }
  }

  /// −2 ln L(θ) as defined above, with plain sums.
  ///
  /// - Parameters:
  ///   - parameter: θ.
  ///   - realised: Ĉ_l of every field, `[field][l]`.
  /// - Returns: the value, 0 where the model is the realised spectrum.
  /// - Throws: `BaselineError.realisedFields`, `.realisedLength`, `.realisedNotPositive` or
  ///   `.noPower`.
  public func minusTwoLogLikelihood(
    at parameter: Double, realised: [[Double]]
  ) throws(BaselineError) -> Double {
    try require(realised)
    var sum = 0.0
    for (component, realised) in zip(components, realised) {
      let total = component.totalSpectrum(at: parameter)
      for l in component.degrees {
        guard total[l] > 0 else { throw .noPower(l: l, parameter: parameter) }
        let ratio = realised[l] / total[l]
        sum += Double(2 * l + 1) * (ratio - log(ratio) - 1)
      }
    }
    return sum
  }

  /// The same for one field.
  ///
  /// - Throws: as above.
  public func minusTwoLogLikelihood(
    at parameter: Double, realised: [Double]
  ) throws(BaselineError) -> Double {
    try minusTwoLogLikelihood(at: parameter, realised: [realised])
  }

  /// The derivative of −2 ln L: Σ_X Σ_l (2l + 1) C'_l/T_l (1 − Ĉ_l/T_l), for spectra already
  /// checked.
  func slope(at parameter: Double, realised: [[Double]]) -> Double {
    var sum = 0.0
    for (component, realised) in zip(components, realised) {
      let total = component.totalSpectrum(at: parameter)
      let derivative = component.family.derivative(at: parameter)
      for l in component.degrees {
        sum += Double(2 * l + 1) * derivative[l] / total[l] * (1 - realised[l] / total[l])
      }
    }
    return sum
  }

  func slope(at parameter: Double, realised: [Double]) -> Double {
    slope(at: parameter, realised: [realised])
  }

  /// The Fisher information on θ of one map, F(θ) = ½ Σ_X Σ_l (2l + 1) (C'_l/T_l)².
  ///
  /// No unbiased estimator has a standard deviation below 1/√F.
  public func fisherInformation(at parameter: Double) -> Double {
    var sum = 0.0
    for component in components {
      let total = component.totalSpectrum(at: parameter)
      let derivative = component.family.derivative(at: parameter)
      for l in component.degrees {
        let relative = derivative[l] / total[l]
        sum += 0.5 * Double(2 * l + 1) * relative * relative
      }
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
      // The last point must not leave the range by a rounding: models may refuse it.
      let parameter = min(range.lowerBound + Double(k) * step, range.upperBound)
      let weight = k == 0 || k == intervals ? 1.0 : (k % 2 == 1 ? 4 : 2)
      sum += weight / (parameter * fisherInformation(at: parameter).squareRoot())
    }
    return 100 * (2 / Double.pi).squareRoot() * sum / (3 * Double(intervals))
  }

  /// Refuses spectra that cannot be those of maps.
  func require(_ realised: [[Double]]) throws(BaselineError) {
    guard realised.count == components.count else {
      throw .realisedFields(found: realised.count, expected: components.count)
    }
    for (component, realised) in zip(components, realised) {
      let lmax = component.family.lmax
      guard realised.count == lmax + 1 else {
        throw .realisedLength(found: realised.count, expected: lmax + 1)
      }
      for l in component.degrees where !(realised[l] > 0 && realised[l].isFinite) {
        throw .realisedNotPositive(l: l, value: realised[l])
      }
    }
  }
}
