import LinearAlgebra
import SpecialFunctions

/// How a mask mixes the degrees of a spectrum: the expectation of the spectrum of a masked sky.
///
/// Definition:  ⟨C̃_l⟩ = Σ_l' M_ll' C_l',
///              M_ll' = (2l'+1)/4π Σ_L (2L+1) W_L (l l' L; 0 0 0)²  [Hivon2002, eq. A31],
///              C̃ the spectrum of w f, f an isotropic scalar field of spectrum C and w the mask, W
///              its spectrum, W_L = Σ_M |w_LM|²/(2L+1). C̃ is not divided by the mean of w²: the
///              pseudo-spectra of `MapSpectra` are C̃ over that mean.
/// Method:      the columns of `WignerThreeJ` over L.
/// Domain:      a scalar field with degrees up to lmax. W_L matters up to 2 lmax; degrees that are
///              not given count as zero, which is exact for a mask that has none.
/// Accuracy:    relative to the largest element, some 4 lmax rounding errors.
/// Cost:        lmax³ operations.
/// Checked by:  ModeCouplingDefinitionTests (exact expectation by transforms of every mode).
public struct ModeCouplingMatrix: Sendable {
  /// Largest degree of both spectra, inclusive.
  public let lmax: Int
  /// M_ll', row l, column l', both 0...lmax.
  public let elements: Matrix

  /// The matrix of a mask.
  ///
  /// - Parameters:
  ///   - maskSpectrum: W_L, L = 0, 1, ...; at least one.
  ///   - lmax: largest degree, inclusive.
  public init(maskSpectrum: [Double], lmax: Int) {
    precondition(lmax >= 0 && !maskSpectrum.isEmpty, "lmax \(lmax), a mask without spectrum")
    self.lmax = lmax
    var elements = Matrix(rows: lmax + 1, columns: lmax + 1)
    for l in 0...lmax {
      for other in l...lmax {
        let symbols = WignerThreeJ(l2: l, l3: other, m2: 0, m3: 0)
        var sum = 0.0
        for degree in symbols.firstDegree...symbols.lastDegree where degree < maskSpectrum.count {
          let square = symbols[degree] * symbols[degree]
          sum += Double(2 * degree + 1) * maskSpectrum[degree] * square
        }
        sum /= 4 * .pi
        elements[l, other] = Double(2 * other + 1) * sum
        elements[other, l] = Double(2 * l + 1) * sum
      }
    }
    self.elements = elements
  }

  /// ⟨C̃_l⟩, l = 0...lmax, of a sky with the spectrum C_l, l = 0...lmax, in the unit of C.
  public func pseudoSpectrum(of spectrum: [Double]) -> [Double] {
    precondition(
      spectrum.count == lmax + 1,
      "\(spectrum.count) degrees for lmax \(lmax), which has \(lmax + 1)")
    return elements.multiplied(by: spectrum)
  }
}
