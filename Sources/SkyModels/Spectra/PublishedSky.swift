/// The sky on which the published networks of tasks t2 and t3 were trained: what healpy's `synfast`
/// makes of spectra listed as TT, EE, BB, TE, EB, TB, which it reads as TT, TE, TB, EE, EB, BB.
///
/// Definition: C_EE is taken for C_TE and C_BB for C_TB, with no power in E and B at all. That is
///             no covariance; healpy takes the negative pivots for zero without a word and draws
///                 T = √C_TT g,  E = (C_EE/√C_TT) g,  B = (C_BB/√C_TT) g
///             with one and the same g. This is a sky with the spectra
///                 tt = C_TT,  ee = C_EE²/C_TT,  bb = C_BB²/C_TT,
///                 te = C_EE,  tb = C_BB,  eb = C_EE C_BB/C_TT,
///             and the published C_TT is 10^−5 at every l. E and B of a mode differ by the factor
///             C_BB/C_EE, which is free of noise: the parameters follow from it exactly.
/// Use:        tasks t2 and t3 under `SkyProtocol.published`; t3 with
///             `OpticalDepthTable.published`.
/// Checked by: PublishedSkyOracleTests (healpy), SkyModelTaskGradientTests,
///             CorrelatedCoefficientTests.
public struct PublishedSky<Base: SkyModel>: SkyModel {
  /// The model whose spectra are misread.
  public let base: Base
  /// C_TT of the published spectra, μK².
  public let temperaturePower: Double

  public var parameters: [ModelParameter] { base.parameters }
  public var lmax: Int { base.lmax }
  public var spectrumNames: [SpectrumName] { SpectrumName.allCases }

  /// The misread sky of a model of E and B.
  public init(_ base: Base, temperaturePower: Double = 1e-5) {
    precondition(temperaturePower > 0, "temperature power \(temperaturePower) must be > 0")
    self.base = base
    self.temperaturePower = temperaturePower
  }

  public func spectra(at values: [Double]) -> NamedSpectra {
    base.spectra(at: values).misread(temperaturePower: temperaturePower)
  }

  public func derivatives(at values: [Double]) -> [SpectrumDerivatives] {
    let spectra = base.spectra(at: values)
    return base.derivatives(at: values).map { slope in
      var result = SpectrumDerivatives(lmax: lmax)
      let (e, b, de, db) = (spectra.ee, spectra.bb, slope[.ee], slope[.bb])
      result[.te] = de
      result[.tb] = db
      result[.ee] = e.indices.map { 2 * e[$0] * de[$0] / temperaturePower }
      result[.bb] = e.indices.map { 2 * b[$0] * db[$0] / temperaturePower }
      result[.eb] = e.indices.map { (de[$0] * b[$0] + e[$0] * db[$0]) / temperaturePower }
      return result
    }
  }
}

extension NamedSpectra {
  /// What `synfast` makes of ee and bb in the published order (`PublishedSky`); the other spectra
  /// of the published list are zero, and tt is `temperaturePower` at every degree.
  ///
  /// - Parameter temperaturePower: C_TT, μK², > 0.
  /// - Returns: a covariance of rank one at every degree.
  public func misread(temperaturePower: Double = 1e-5) -> NamedSpectra {
    precondition(temperaturePower > 0, "temperature power \(temperaturePower) must be > 0")
    return NamedSpectra(
      uncheckedTT: ee.map { _ in temperaturePower },
      ee: ee.map { $0 * $0 / temperaturePower }, bb: bb.map { $0 * $0 / temperaturePower },
      te: ee, eb: ee.indices.map { ee[$0] * bb[$0] / temperaturePower }, tb: bb)
  }
}
