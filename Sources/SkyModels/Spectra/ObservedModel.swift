/// A model of the sky as an instrument sees it: its spectra up to some degree, times the transfer
/// functions of a beam and of pixels.
///
/// Definition: C_l^XY(θ) b_l^X b_l^Y, l = 0...lmax, b^T for T, b^P for E and B.
/// Checked by: ObservedModelTests.
public struct ObservedModel: SkyModel {
  /// The sky.
  public let base: any SkyModel
  public let lmax: Int
  private let temperature: [Double]
  private let polarisation: [Double]

  public var parameters: [ModelParameter] { base.parameters }
  public var spectrumNames: [SpectrumName] { base.spectrumNames }

  /// A model behind transfer functions.
  ///
  /// - Parameters:
  ///   - base: the sky, with degrees up to at least `lmax` (a precondition).
  ///   - lmax: the largest degree, inclusive.
  ///   - temperature: b_l of T, at least lmax + 1 values; nil: 1.
  ///   - polarisation: b_l of E and B, likewise.
  public init(
    _ base: any SkyModel, lmax: Int, temperature: [Double]? = nil, polarisation: [Double]? = nil
  ) {
    precondition(lmax <= base.lmax, "degrees up to \(lmax) of a sky with \(base.lmax)")
    let ones = [Double](repeating: 1, count: lmax + 1)
    self.base = base
    self.lmax = lmax
    self.temperature = Array((temperature ?? ones).prefix(lmax + 1))
    self.polarisation = Array((polarisation ?? ones).prefix(lmax + 1))
    precondition(
      self.temperature.count == lmax + 1 && self.polarisation.count == lmax + 1,
      "transfer functions of \(self.temperature.count) and \(self.polarisation.count) degrees")
  }

  public func spectra(at values: [Double]) -> NamedSpectra {
    base.spectra(at: values).truncated(lmax: lmax)
      .filtered(temperature: temperature, polarisation: polarisation)
  }

  public func derivatives(at values: [Double]) -> [SpectrumDerivatives] {
    base.derivatives(at: values).map { slope in
      var result = SpectrumDerivatives(lmax: lmax)
      for name in SpectrumName.allCases {
        let first = name.fields.0 == .temperature ? temperature : polarisation
        let second = name.fields.1 == .temperature ? temperature : polarisation
        let own = slope[name]
        result[name] = (0...lmax).map { own[$0] * first[$0] * second[$0] }
      }
      return result
    }
  }
}

extension NamedSpectra {
  /// The same spectra up to a smaller degree.
  public func truncated(lmax: Int) -> NamedSpectra {
    precondition(0 <= lmax && lmax <= self.lmax, "degrees up to \(lmax) of \(self.lmax)")
    func part(_ values: [Double]) -> [Double] { Array(values.prefix(lmax + 1)) }
    return NamedSpectra(
      uncheckedTT: part(tt), ee: part(ee), bb: part(bb), te: part(te), eb: part(eb), tb: part(tb))
  }
}
