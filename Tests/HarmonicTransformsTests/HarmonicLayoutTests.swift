import Numerics
import SphereGrids
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

  /// Two fields with their own numbers, in integers: Re(a b*) of l = 1 is 3 + 2 (2 + 10) = 27
  /// in the first and 4 · 1 in the second, over 2l + 1 = 3.
  @Test("Cross spectra of every field, fast and slow")
  func crossSpectra() {
    var a = CoefficientStack<Double>(lmax: 1, lanes: 2)
    var b = a
    (a[1, 0, 0], b[1, 0, 0]) = (Complex(1, 0), Complex(3, 0))
    (a[1, 1, 0], b[1, 1, 0]) = (Complex(1, 2), Complex(2, 5))
    (a[1, 0, 1], b[1, 0, 1]) = (Complex(4, 0), Complex(1, 0))
    let found = a.crossSpectraByDefinition(with: b)
    for (own, expected) in zip(found, [[0, 9.0], [0, 4.0 / 3]]) {
      #expect(zip(own, expected).allSatisfy { abs($0 - $1) <= 4 * Double.ulpOfOne * 9 })
    }
    #expect(found.count == 2)
  }

  @Test("Complex numbers as pairs, and back")
  func pairs() {
    let numbers = [Complex(1.0, 2), Complex(-3, 4)]
    #expect(numbers.realPairs == [1, 2, -3, 4])
    #expect([1.0, 2, -3, 4].complexNumbers == numbers)
  }

  /// Lanes lie next to each other; the other polarisation convention changes the sign of U alone.
  @Test("Fields of a stack, and the sign of U")
  func fields() {
    let grid = GaussLegendreGrid(ringCount: 1, longitudeCount: 3)
    let stack = FieldStack<Double>(grid: grid, lanes: 2, values: [1, 10, 2, 20, 3, 30])
    #expect(stack.field(0) == [1, 2, 3] && stack.field(1) == [10, 20, 30])
    let flipped = SpinFields(q: stack, u: stack).flippingU
    #expect(flipped.q.values == stack.values && flipped.u.values == stack.values.map { -$0 })
  }
}
