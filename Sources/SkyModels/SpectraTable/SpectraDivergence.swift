import Foundation

/// How far one Gaussian sky is from another, degree by degree.
///
/// Definition: the Kullback-Leibler divergence of full skies with the spectra C' from those with C,
///                 D = Σ_l (2l + 1)/2 [tr(C_l⁻¹ C'_l) − ln det(C_l⁻¹ C'_l) − n_l],
///             in nats, over the n_l fields that have power at l.
/// Method:     with x = C'/C − 1 of a field that is alone, x − ln(1 + x); for T and E with
///             a, b, c the differences of TT, EE, TE in units of TT, EE, √(TT EE), and
///             s = 1 − ρ², ρ = TE/√(TT EE): C⁻¹ C' = 1 + M with
///                 tr M = (a + b − 2 ρ c)/s,  det M = (a b − c²)/s,  tr M − ln(1 + tr M + det M).
///             These forms lose no digits where C' is near C.
/// Result:     infinite where C' is not positive definite.
/// Checked by: SpectraDivergenceDefinitionTests.
enum SpectraDivergence {
  /// The contributions of l = 0...lmax to D.
  ///
  /// - Parameters:
  ///   - found: C'.
  ///   - truth: C, positive definite in the fields that have power.
  /// - Returns: one number per degree, ≥ 0.
  static func terms(of found: NamedSpectra, from truth: NamedSpectra) -> [Double] {
    let (tt, ee, bb, te) = (truth.tt, truth.ee, truth.bb, truth.te)
    return truth.tt.indices.map { l in
      var sum = bb[l] > 0 ? single(found.bb[l], bb[l]) : 0
      if te[l] == 0 && found.te[l] == 0 {
        sum += tt[l] > 0 ? single(found.tt[l], tt[l]) : 0
        sum += ee[l] > 0 ? single(found.ee[l], ee[l]) : 0
      } else {
        let (rootT, rootE) = (tt[l].squareRoot(), ee[l].squareRoot())
        sum += pair(
          a: (found.tt[l] - tt[l]) / tt[l], b: (found.ee[l] - ee[l]) / ee[l],
          c: (found.te[l] - te[l]) / rootT / rootE, correlation: te[l] / rootT / rootE)
      }
      return (Double(l) + 0.5) * sum
    }
  }

  private static func single(_ found: Double, _ truth: Double) -> Double {
    let x = (found - truth) / truth
    return x > -1 ? x - log1p(x) : .infinity
  }

  private static func pair(a: Double, b: Double, c: Double, correlation: Double) -> Double {
    let s = (1 - correlation) * (1 + correlation)
    let trace = (a + b - 2 * correlation * c) / s
    let determinant = (a * b - c * c) / s
    guard a > -1, b > -1, trace + determinant > -1 else { return .infinity }
    return trace - log1p(trace + determinant)
  }
}
