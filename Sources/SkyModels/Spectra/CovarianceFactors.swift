/// The Cholesky factors of the covariances of T, E and B, degree by degree: C_l = L_l L_lᵀ.
///
/// Definition: L is lower triangular in the order T, E, B, so that
///             T = L_TT g_T, E = L_ET g_T + L_EE g_E, B = L_BT g_T + L_BE g_E + L_BB g_B
///             has the covariance C_l when g_T, g_E, g_B are independent of unit variance.
/// Method:     column by column, L_TT = √C_TT, L_XT = C_XT/L_TT, pivot_E = C_EE − L_ET², and so on
///             [Higham2002, section 10.3].
/// Semi-definite covariances: a pivot below ε C_XX, ε = `NamedSpectra.semidefiniteTolerance`, is
///             the rounding of zero: the field then has no part of its own, and its column is zero.
///             A fully correlated field is fully correlated to the last bit, and not only to √u.
/// Uncorrelated fields: L_XX = √C_XX exactly.
/// Checked by: CovarianceFactorPropertyTests.
public struct CovarianceFactors: Sendable, Hashable {
  /// The largest degree, inclusive.
  public let lmax: Int
  /// Six numbers per degree: TT, ET, EE, BT, BE, BB.
  private let elements: [Double]

  /// The factors of `scale` C_l.
  ///
  /// - Parameters:
  ///   - spectra: the covariances.
  ///   - scale: 1, or 1/2 for the real and imaginary parts of orders m > 0.
  public init(_ spectra: NamedSpectra, scale: Double = 1) {
    precondition(scale > 0 && scale.isFinite, "scale \(scale) must be > 0")
    lmax = spectra.lmax
    var elements: [Double] = []
    elements.reserveCapacity(6 * (lmax + 1))
    for l in 0...lmax {
      elements += Self.factor(
        tt: scale * spectra.tt[l], ee: scale * spectra.ee[l], bb: scale * spectra.bb[l],
        te: scale * spectra.te[l], eb: scale * spectra.eb[l], tb: scale * spectra.tb[l])
    }
    self.elements = elements
  }

  /// L_XY at degree l: the part of `field` that follows the independent numbers of `source`.
  public subscript(field: SkyField, source: SkyField, l l: Int) -> Double {
    precondition(0 <= l && l <= lmax, "degree \(l) is outside 0...\(lmax)")
    let (i, j) = (field.rawValue, source.rawValue)
    return j > i ? 0 : elements[6 * l + i * (i + 1) / 2 + j]
  }

  /// Whether `field` follows the numbers of `source` at any degree.
  public func depends(_ field: SkyField, on source: SkyField) -> Bool {
    (0...lmax).contains { self[field, source, l: $0] != 0 }
  }

  private static func factor(
    tt: Double, ee: Double, bb: Double, te: Double, eb: Double, tb: Double
  ) -> [Double] {
    let ltt = tt.squareRoot()
    let lte = ltt > 0 ? te / ltt : 0
    let lbt = ltt > 0 ? tb / ltt : 0
    let lee = root(pivot: ee - lte * lte, of: ee)
    let lbe = lee > 0 ? (eb - lbt * lte) / lee : 0
    let lbb = root(pivot: bb - lbt * lbt - lbe * lbe, of: bb)
    return [ltt, lte, lee, lbt, lbe, lbb]
  }

  /// √pivot, or 0 where the pivot is no more than rounding of the variance it came from.
  private static func root(pivot: Double, of variance: Double) -> Double {
    pivot > NamedSpectra.semidefiniteTolerance * variance ? pivot.squareRoot() : 0
  }
}
