import FileFormats
import HarmonicTransforms
import Kernels
import SphereGrids
import Testing
import Verification

@testable import MapTools

@Suite("Mode coupling of polarisation against the sum over all modes")
struct SpinModeCouplingDefinitionTests {
  static let lmax = 6

  private struct Spectra {
    var tt, te, tb, ee, bb, eb: [Double]
  }

  /// The expectation of the spectra of w T, w Q, w U without 3j symbols: every stored number of T,
  /// E and B, as far as the field has amplitude, is switched on with the same value, the fields are
  /// multiplied by the mask on a grid that carries the product, and the spectra are added.
  private func expectation(
    t: Double, e: Double, b: Double, _ spectrum: [Double], mask w: CoefficientStack<Double>
  ) throws -> Spectra {
    let lmax = Self.lmax
    let grid = GaussLegendreGrid(lmax: lmax + w.lmax)
    let lanes = 2 * coefficientCount(lmax: lmax, mmax: lmax)
    func units(_ amplitude: Double, from first: Int) -> CoefficientStack<Double> {
      var units = CoefficientStack<Double>(lmax: lmax, lanes: lanes)
      for m in 0...lmax {
        for l in max(m, first)...lmax {
          let place = 2 * coefficientIndex(l: l, m: m, lmax: lmax)
          for part in 0..<(m == 0 ? 1 : 2) {
            units.values[(place + part) * lanes + place + part] =
              amplitude * (spectrum[l] / (m == 0 ? 1 : 2)).squareRoot()
          }
        }
      }
      return units
    }
    let scalar = ScalarTransform<Double>(grid: grid, lmax: lmax)
    let weights = ScalarTransform<Double>(grid: grid, lmax: w.lmax).synthesis(w).values
    var temperature = scalar.synthesis(units(t, from: 0))
    var fields = SpinTransform(scalar).synthesis(
      SpinCoefficients(e: units(e, from: 2), b: units(b, from: 2)))
    for i in temperature.values.indices {
      temperature.values[i] *= weights[i / lanes]
      fields.q.values[i] *= weights[i / lanes]
      fields.u.values[i] *= weights[i / lanes]
    }
    let wide = ScalarTransform<Double>(grid: grid, lmax: lmax + w.lmax)
    let a = try wide.analysis(temperature)
    let p = try SpinTransform(wide).analysis(fields)
    func sum(_ x: CoefficientStack<Double>, _ y: CoefficientStack<Double>) -> [Double] {
      let spectra = x.crossSpectra(with: y)
      return (0...lmax).map { l in spectra.reduce(0) { $0 + $1[l] } }
    }
    return Spectra(
      tt: sum(a, a), te: sum(a, p.e), tb: sum(a, p.b), ee: sum(p.e, p.e), bb: sum(p.b, p.b),
      eb: sum(p.e, p.b))
  }

  /// The expectations are exact, not averages over draws. Sums over lmax · (lmax + mask's lmax)
  /// products of some rounding errors each, of both signs in `mixed`: 20 (lmax + mask's lmax + 10)
  /// u of the norm. Blind to: spectra that a mask with power at odd degrees alone would mix.
  @Test("Exact expectation", arguments: [0, 1, 5, 12])
  func exactExpectation(degrees: Int) throws {
    var numbers = TestNumbers(seed: 733)
    var w = CoefficientStack<Double>(lmax: degrees)
    for m in 0...degrees {
      for l in m...degrees { w[l, m] = .init(numbers.normal(), m == 0 ? 0 : numbers.normal()) }
    }
    let spectrum = [0, 0, 0.25, 0.2, 2.2, 0.1, 0.5]
    let coupling = SpinModeCoupling(maskSpectrum: w.spectra()[0], lmax: Self.lmax)
    let (mixed, even, odd) = (
      coupling.mixed.multiplied(by: spectrum), coupling.even.multiplied(by: spectrum),
      coupling.odd.multiplied(by: spectrum)
    )
    let bound = 20 * Double(Self.lmax + degrees + 10) * RoundingBound.unitRoundoff()
    func scale(_ values: [Double]) -> Double { values.map(abs).max() ?? 0 }
    let size = scale(even)
    func expectSame(_ a: [Double], _ b: [Double], _ name: String) {
      let error = scale(zip(a.dropFirst(2), b.dropFirst(2)).map { $0 - $1 })
      #expect(error <= bound * size, "\(name): \(error / size)")
    }
    // E alone: EE, and BB from it.
    let e = try expectation(t: 1, e: 1, b: 0, spectrum, mask: w)
    expectSame(e.ee, even, "EE")
    expectSame(e.bb, odd, "BB")
    expectSame(e.te, mixed, "TE")
    expectSame(e.tb, [Double](repeating: 0, count: 7), "TB of TE")
    // B alone.
    let b = try expectation(t: 1, e: 0, b: 1, spectrum, mask: w)
    expectSame(b.bb, even, "BB")
    expectSame(b.ee, odd, "EE of BB")
    expectSame(b.tb, mixed, "TB")
    // E = B: EE + BB and EB.
    let both = try expectation(t: 0, e: 1, b: 1, spectrum, mask: w)
    expectSame(both.eb, zip(even, odd).map { $0 - $1 }, "EB")
    expectSame(both.ee, zip(even, odd).map { $0 + $1 }, "EE + BB")
    // Negative controls: even and odd exchanged, and the matrix of T for TE.
    if degrees > 0 {
      #expect(scale(zip(e.bb, even).map { $0 - $1 }) > 1000 * bound * size)
      let scalar = ModeCouplingMatrix(maskSpectrum: w.spectra()[0], lmax: Self.lmax)
        .pseudoSpectrum(of: spectrum)
      #expect(scale(zip(e.te, scalar).dropFirst(2).map { $0 - $1 }) > 1000 * bound * size)
    }
  }

  /// The matrices as integrals of Wigner functions, from numpy. Elements are sums of up to 16
  /// products; numpy's factorials and powers carry some 30 roundings: 1e-12 of the largest.
  @Test("Integrals of Wigner functions")
  func integrals() throws {
    let name = "tools/masks.safetensors"
    let tensors = try SafetensorsFile(data: FixtureStore.data(name), name: name).tensors
    let coupling = SpinModeCoupling(
      maskSpectrum: try tensors.tensor("spectrum").doubles(), lmax: 12)
    for (matrix, name, other) in [
      (coupling.mixed, "mixed", "even"), (coupling.even, "even", "odd"),
      (coupling.odd, "odd", "mixed"),
    ] {
      let rows = matrix.transposed.storage
      let expected = try tensors.tensor(name).doubles()
      let error = min(relativeError(matrix.storage, expected), relativeError(rows, expected))
      #expect(error <= 1e-12, "\(name): \(error)")
      #expect(relativeError(rows, try tensors.tensor(other).doubles()) > 0.01)
      for l in 0...12 {
        for k in 0...12 { #expect(abs(matrix[l, k] - expected[l * 13 + k]) <= 1e-12) }
      }
    }
  }
}
