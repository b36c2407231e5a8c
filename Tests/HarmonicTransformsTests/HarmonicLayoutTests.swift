import Numerics
import Testing

@testable import HarmonicTransforms

@Suite("Layout of coefficients")
struct HarmonicLayoutTests {
  /// Walking m-major, every (l, m) has the next index, and the last one is the count less one.
  @Test("Indices are m-major without gaps", arguments: [(0, 0), (1, 1), (5, 5), (7, 3), (47, 47)])
  func indices(lmax: Int, mmax: Int) {
    var next = 0
    for m in 0...mmax {
      for l in m...lmax {
        #expect(coefficientIndex(l: l, m: m, lmax: lmax) == next)
        next += 1
      }
    }
    #expect(coefficientCount(lmax: lmax, mmax: mmax) == next)
    // Control: the l-major order l (l + 1)/2 + m is another one.
    if mmax > 1 { #expect(coefficientIndex(l: 2, m: 1, lmax: lmax) != 2 * 3 / 2 + 1 || lmax == 2) }
  }

  /// Real and imaginary parts are `lanes` apart; degrees of one order follow each other.
  @Test("Parts and lanes")
  func partsAndLanes() {
    var a = CoefficientStack<Double>(lmax: 3, lanes: 2)
    a[2, 1, 1] = Complex(5, -7)
    let place = coefficientIndex(l: 2, m: 1, lmax: 3) * 4 + 1
    #expect(a.values[place] == 5)
    #expect(a.values[place + 2] == -7)
    #expect(a.values.filter { $0 != 0 }.count == 2)
    #expect(a[2, 1, 1] == Complex(5, -7))
  }

  /// C_l = (a_l0² + 2 Σ_{m>0} |a_lm|²)/(2l + 1), in integers.
  @Test("Spectrum counts m > 0 twice")
  func spectrum() {
    var a = CoefficientStack<Double>(lmax: 1)
    a[1, 0] = Complex(1, 0)
    a[1, 1] = Complex(1, 2)
    #expect(a.spectra()[0] == [0, 11.0 / 3])
  }
}
