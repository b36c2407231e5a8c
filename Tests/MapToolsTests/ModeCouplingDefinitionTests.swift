import HarmonicTransforms
import Kernels
import MapTools
import SphereGrids
import Testing
import Verification

@Suite("Mode coupling against the sum over all modes")
struct ModeCouplingDefinitionTests {
  static let lmax = 7

  /// A mask with degrees up to `degrees`, nowhere symmetric.
  private func mask(degrees: Int, seed: UInt64) -> CoefficientStack<Double> {
    var numbers = TestNumbers(seed: seed)
    var w = CoefficientStack<Double>(lmax: degrees)
    for m in 0...degrees {
      for l in m...degrees { w[l, m] = .init(numbers.normal(), m == 0 ? 0 : numbers.normal()) }
    }
    return w
  }

  /// ⟨C̃_l⟩ without 3j symbols: every stored number of the field is switched on alone, its field is
  /// multiplied by the mask on a grid that carries the product, and the spectra are added with the
  /// variances of the numbers, C_l for m = 0 and C_l/2 for each part of m > 0.
  private func expectation(_ spectrum: [Double], mask w: CoefficientStack<Double>) throws
    -> [Double]
  {
    let lmax = Self.lmax
    let grid = GaussLegendreGrid(lmax: lmax + w.lmax)
    let numbers = 2 * coefficientCount(lmax: lmax, mmax: lmax)
    var units = CoefficientStack<Double>(lmax: lmax, lanes: numbers)
    for m in 0...lmax {
      for l in m...lmax {
        let first = 2 * coefficientIndex(l: l, m: m, lmax: lmax)
        units.values[first * numbers + first] = (spectrum[l] / (m == 0 ? 1 : 2)).squareRoot()
        if m > 0 {
          units.values[(first + 1) * numbers + first + 1] = (spectrum[l] / 2).squareRoot()
        }
      }
    }
    var fields = ScalarTransform<Double>(grid: grid, lmax: lmax).synthesis(units)
    let weights = ScalarTransform<Double>(grid: grid, lmax: w.lmax).synthesis(w).values
    for i in fields.values.indices { fields.values[i] *= weights[i / numbers] }
    let spectra = try ScalarTransform<Double>(grid: grid, lmax: lmax + w.lmax).analysis(fields)
      .spectra()
    return (0...lmax).map { l in spectra.reduce(0) { $0 + $1[l] } }
  }

  /// The expectation is exact, not an average over draws: the spectrum is quadratic in the field.
  ///
  /// Both sides are sums of positive terms, of which each carries some rounding errors per degree,
  /// those of the symbols and those of the transforms: 2 (lmax + mask's lmax + 10) u, relative.
  /// Blind to: nothing that enters the matrix; negative elements cannot occur.
  @Test("Exact expectation", arguments: [0, 1, 6, 14, 17])
  func exactExpectation(degrees: Int) throws {
    let w = mask(degrees: degrees, seed: 701)
    let spectrum = [1, 0.5, 0.25, 0.2, 2.2, 0.1, 0, 0.125]
    let exact = try expectation(spectrum, mask: w)
    let matrix = ModeCouplingMatrix(maskSpectrum: w.spectra()[0], lmax: Self.lmax)
    let bound = 2 * Double(Self.lmax + degrees + 10) * RoundingBound.unitRoundoff()
    let comparison = Comparison(matrix.pseudoSpectrum(of: spectrum), with: exact)
    #expect(comparison.relativeL2 <= bound, "\(comparison)")
    // Negative controls: the transposed matrix, and a mask that ends one degree earlier.
    if degrees > 0 {
      let transposed = matrix.elements.transposed.multiplied(by: spectrum)
      #expect(relativeError(transposed, exact) > 1000 * bound)
    }
    if degrees > 0 && degrees <= 2 * Self.lmax {
      let cut = ModeCouplingMatrix(maskSpectrum: w.spectra()[0].dropLast(), lmax: Self.lmax)
      #expect(relativeError(cut.pseudoSpectrum(of: spectrum), exact) > 1000 * bound)
    }
  }

  /// A mask that is 1 everywhere, W_0 = 4π, changes nothing: M is the identity.
  @Test("No mask")
  func noMask() {
    let matrix = ModeCouplingMatrix(maskSpectrum: [4 * .pi], lmax: 40)
    let bound = 4 * Double(40 + 10) * RoundingBound.unitRoundoff()
    for l in 0...40 {
      for other in 0...40 {
        #expect(abs(matrix.elements[l, other] - (l == other ? 1 : 0)) <= bound, "(\(l), \(other))")
      }
    }
    // Negative control: a mask with a dipole couples neighbours.
    let dipole = ModeCouplingMatrix(maskSpectrum: [4 * .pi, 1], lmax: 40)
    #expect(dipole.elements[20, 21] > 1000 * bound)
  }
}
