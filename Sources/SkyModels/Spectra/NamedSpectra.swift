import LinearAlgebra

/// The six spectra of T, E and B, l = 0...lmax: the covariance of three isotropic Gaussian fields.
///
/// Definition: ⟨X_lm conj(Y_l'm')⟩ = δ_ll' δ_mm' C_l^XY for X, Y in T, E, B; C_l^XY is symmetric in
///             X and Y. A spectrum that is not given is zero.
/// Units:      the square of the maps' unit, μK². Always C_l, never D_l; `init(dl:)` converts.
/// Domain:     equal lengths, finite, tt, ee, bb ≥ 0, nothing but tt below l = 2, and the 3 × 3
///             matrix of every degree positive semi-definite. Anything else is refused with its
///             place.
/// Semi-definite: with R = D C D, D = diag(C_XX)^(−1/2), the smallest eigenvalue of R is ≥ −ε,
///             ε = 17 u, u = 2^−53. Spectra that are exactly singular (C_TE = √(C_TT C_EE)) pass:
///             an element of R carries at most four roundings of a number ≤ 1, which moves an
///             eigenvalue by at most 2 · 4 u, and the eigenvalue routine adds 3 u ‖R‖ ≤ 9 u.
/// Checked by: NamedSpectraPropertyTests, NamedSpectraErrorTests.
public struct NamedSpectra: Sendable, Hashable {
  /// C_l^TT, l = 0...lmax; the others likewise.
  public let tt: [Double]
  public let ee: [Double]
  public let bb: [Double]
  public let te: [Double]
  public let eb: [Double]
  public let tb: [Double]

  /// The largest degree, inclusive.
  public var lmax: Int { tt.count - 1 }

  /// The ε of the check, in units of the largest element of the scaled covariance.
  public static let semidefiniteTolerance = 17 * 0x1p-53

  /// Spectra from their C_l, l = 0...lmax; those left out are zero.
  ///
  /// - Throws: `NamedSpectraError`.
  public init(
    tt: [Double]? = nil, ee: [Double]? = nil, bb: [Double]? = nil, te: [Double]? = nil,
    eb: [Double]? = nil, tb: [Double]? = nil
  ) throws(NamedSpectraError) {
    let given: [(SpectrumName, [Double]?)] = [
      (.tt, tt), (.ee, ee), (.bb, bb), (.te, te), (.eb, eb), (.tb, tb),
    ]
    guard let (reference, first) = given.first(where: { $0.1 != nil }), let count = first?.count,
      count > 0
    else { throw .empty }
    for (name, values) in given {
      guard let values, values.count != count else { continue }
      throw .lengthsDiffer(
        name: name, found: values.count, reference: reference, expected: count)
    }
    let zeros = [Double](repeating: 0, count: count)
    self.init(
      uncheckedTT: tt ?? zeros, ee: ee ?? zeros, bb: bb ?? zeros, te: te ?? zeros,
      eb: eb ?? zeros, tb: tb ?? zeros)
    for name in SpectrumName.allCases { try requireValues(name) }
    for l in 0...lmax { try requireSemidefinite(l: l) }
  }

  /// Spectra from D_l = l(l + 1) C_l / 2π, l = 0...lmax; those left out are zero.
  ///
  /// - Parameter dl: D_l by name; D_0 is zero whatever C_0 is, so every list begins with 0.
  /// - Throws: `NamedSpectraError`.
  public init(dl: [SpectrumName: [Double]]) throws(NamedSpectraError) {
    var cl: [SpectrumName: [Double]] = [:]
    for name in SpectrumName.allCases {
      guard let values = dl[name] else { continue }
      if let monopole = values.first, monopole != 0 {
        throw .monopoleOfDl(name: name, value: monopole)
      }
      cl[name] = values.enumerated().map { l, value in
        l == 0 ? 0 : value * 2 * .pi / Double(l * (l + 1))
      }
    }
    try self.init(
      tt: cl[.tt], ee: cl[.ee], bb: cl[.bb], te: cl[.te], eb: cl[.eb], tb: cl[.tb])
  }

  /// Spectra that are a covariance by construction.
  init(
    uncheckedTT tt: [Double], ee: [Double], bb: [Double], te: [Double], eb: [Double],
    tb: [Double]
  ) {
    self.tt = tt
    self.ee = ee
    self.bb = bb
    self.te = te
    self.eb = eb
    self.tb = tb
  }

  /// C_l of one name, l = 0...lmax.
  public subscript(name: SpectrumName) -> [Double] {
    switch name {
    case .tt: return tt
    case .ee: return ee
    case .bb: return bb
    case .te: return te
    case .eb: return eb
    case .tb: return tb
    }
  }

  /// The spectrum of one field alone.
  public func spectrum(of field: SkyField) -> PowerSpectrum {
    PowerSpectrum(nonnegative: self[field.spectrum])
  }

  /// The 3 × 3 matrix C_l^XY, rows and columns in the order T, E, B.
  public func covariance(l: Int) -> Matrix {
    precondition(0 <= l && l <= lmax, "degree \(l) is outside 0...\(lmax)")
    return Matrix(
      rows: 3, columns: 3,
      storage: [tt[l], te[l], tb[l], te[l], ee[l], eb[l], tb[l], eb[l], bb[l]])
  }

  /// The spectra times a transfer function of each field: C_l^XY w_l^X w_l^Y.
  ///
  /// - Parameters:
  ///   - temperature: w_l of T, at least lmax + 1 values.
  ///   - polarisation: w_l of E and of B, at least lmax + 1 values.
  /// - Returns: the spectra of the filtered fields, again a covariance.
  public func filtered(temperature: [Double], polarisation: [Double]) -> NamedSpectra {
    precondition(
      temperature.count > lmax && polarisation.count > lmax,
      "windows of \(temperature.count) and \(polarisation.count) degrees for lmax \(lmax)")
    func product(_ values: [Double], _ first: [Double], _ second: [Double]) -> [Double] {
      values.indices.map { values[$0] * first[$0] * second[$0] }
    }
    return NamedSpectra(
      uncheckedTT: product(tt, temperature, temperature),
      ee: product(ee, polarisation, polarisation), bb: product(bb, polarisation, polarisation),
      te: product(te, temperature, polarisation), eb: product(eb, polarisation, polarisation),
      tb: product(tb, temperature, polarisation))
  }

  private func requireValues(_ name: SpectrumName) throws(NamedSpectraError) {
    for (l, value) in self[name].enumerated() {
      guard value.isFinite else { throw .notFinite(name: name, l: l, value: value) }
      guard !name.isAuto || value >= 0 else {
        throw .negativePower(name: name, l: l, value: value)
      }
      guard l >= name.firstDegree || value == 0 else {
        throw .belowFirstDegree(name: name, l: l, value: value)
      }
    }
  }

  private func requireSemidefinite(l: Int) throws(NamedSpectraError) {
    if te[l] == 0 && eb[l] == 0 && tb[l] == 0 { return }
    for name in [SpectrumName.te, .eb, .tb] where self[name][l] != 0 {
      let (first, second) = name.fields
      for field in [first, second] where self[field.spectrum][l] == 0 {
        throw .crossPowerWithoutPower(
          name: name, l: l, value: self[name][l], missing: field.spectrum)
      }
    }
    let c = covariance(l: l)
    let roots = (0..<3).map { c[$0, $0].squareRoot() }
    let scaled = Matrix(rows: 3, columns: 3) { i, j in
      i == j ? (roots[i] > 0 ? 1 : 0) : (c[i, j] == 0 ? 0 : c[i, j] / roots[i] / roots[j])
    }
    let smallest = (try? SymmetricEigendecomposition(scaled))?.values[0] ?? -.infinity
    guard smallest >= -Self.semidefiniteTolerance else {
      throw .notSemidefinite(l: l, smallestEigenvalue: smallest)
    }
  }
}
