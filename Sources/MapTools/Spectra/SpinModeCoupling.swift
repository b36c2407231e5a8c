import LinearAlgebra
import SpecialFunctions

/// How a mask mixes the degrees of the spectra of polarisation, and E with B.
///
/// Definition:  with the spectrum W_L of the mask, K_ll' the sums over L of
///              (2l'+1)/4π (2L+1) W_L times
///              mixed       (l l' L; 0 0 0) (l l' L; 2 −2 0):
///                          ⟨C̃^TE⟩ = K C^TE, ⟨C̃^TB⟩ = K C^TB;
///              even, odd   (l l' L; 2 −2 0)² for even and for odd l + l' + L:
///                          ⟨C̃^EE⟩ = even C^EE + odd C^BB, ⟨C̃^BB⟩ = odd C^EE + even C^BB,
///                          ⟨C̃^EB⟩ = even C^EB − odd C^BE
///              [Hivon2002, A31] [Alonso2019]. C̃ is the spectrum of w T, w Q, w U as it is.
/// Domain:      fields with degrees up to lmax. Rows and columns of E and B below 2 are 0.
/// Accuracy:    relative to the largest element, some 4 lmax rounding errors.
/// Cost:        2 lmax³ operations.
/// Checked by:  SpinModeCouplingDefinitionTests (exact expectation by transforms of every mode, and
///              integrals of Wigner functions in numpy).
public struct SpinModeCoupling: Sendable {
  /// Largest degree of all spectra, inclusive.
  public let lmax: Int
  /// K of T with E or B.
  public let mixed: Matrix
  /// K of E with E and B with B.
  public let even: Matrix
  /// K of E with B.
  public let odd: Matrix

  /// The matrices of a mask.
  ///
  /// - Parameters:
  ///   - maskSpectrum: W_L, L = 0, 1, ...; at least one; degrees that are not given count as 0.
  ///   - lmax: largest degree, inclusive.
  public init(maskSpectrum: [Double], lmax: Int) {
    precondition(lmax >= 0 && !maskSpectrum.isEmpty, "lmax \(lmax), a mask without spectrum")
    self.lmax = lmax
    var mixed = Matrix(rows: lmax + 1, columns: lmax + 1)
    var (even, odd) = (mixed, mixed)
    for l in stride(from: 2, through: lmax, by: 1) {
      for other in l...lmax {
        let scalar = WignerThreeJ(l2: l, l3: other, m2: 0, m3: 0)
        let spin = WignerThreeJ(l2: l, l3: other, m2: 2, m3: -2)
        var sums = SIMD3<Double>()
        for degree in spin.firstDegree...spin.lastDegree where degree < maskSpectrum.count {
          let weight = Double(2 * degree + 1) * maskSpectrum[degree] / (4 * .pi)
          let symbol = spin[degree]
          if (l + other + degree) % 2 == 0 {
            sums += weight * SIMD3(symbol * scalar[degree], symbol * symbol, 0)
          } else {
            sums += weight * SIMD3(0, 0, symbol * symbol)
          }
        }
        for (row, column) in [(l, other), (other, l)] {
          let factor = Double(2 * column + 1)
          mixed[row, column] = factor * sums.x
          even[row, column] = factor * sums.y
          odd[row, column] = factor * sums.z
        }
      }
    }
    (self.mixed, self.even, self.odd) = (mixed, even, odd)
  }
}
