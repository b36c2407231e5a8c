import FileFormats
import Foundation
import Testing
import Verification

@testable import SkyModels

/// healpy's `synalm` of one list TT, EE, BB, TE, EB, TB in the published way (`wrong`) and with
/// new=True (`right`): Fixtures/generators/healpy_order.py.
@Suite("The published order of spectra against healpy")
struct PublishedSkyOracleTests {
  private static let lmax = 47

  /// The real or the imaginary part of one coefficient of T, E and B, l ≥ 2. For m > 0 it has half
  /// the variance.
  private struct Mode {
    var l: Int
    var m: Int
    var t: Double
    var e: Double
    var b: Double
  }

  private let spectra: NamedSpectra
  private let wrong: [Mode]
  private let right: [Mode]

  init() throws {
    let name = "spectra/healpy_order.safetensors"
    let tensors = try SafetensorsFile(data: FixtureStore.data(name), name: name).tensors
    func doubles(_ name: String) throws -> [Double] { try tensors.tensor(name).doubles() }
    spectra = try NamedSpectra(
      tt: doubles("spectra.tt"), ee: doubles("spectra.ee"), bb: doubles("spectra.bb"))
    func modes(_ order: String) throws -> [Mode] {
      let (t, e, b) = (
        try doubles("\(order).t"), try doubles("\(order).e"), try doubles("\(order).b")
      )
      let count = (Self.lmax + 1) * (Self.lmax + 2)
      var list: [Mode] = []
      for start in stride(from: 0, to: t.count, by: count) {
        var place = start
        for m in 0...Self.lmax {
          for l in m...Self.lmax {
            for part in 0..<2 where l >= 2 && (m > 0 || part == 0) {
              let i = place + part
              list.append(Mode(l: l, m: m, t: t[i], e: e[i], b: b[i]))
            }
            place += 2
          }
        }
      }
      return list
    }
    wrong = try modes("wrong")
    right = try modes("right")
  }

  /// Wrong order: E/C_EE = B/C_BB = T/C_TT, mode by mode, since all three are multiples of one g:
  /// C_EE/√C_TT g, C_BB/√C_TT g, √C_TT g. A multiple is a root, a quotient and two products, and
  /// the ratio another quotient; two of them differ by at most 10 roundings, the root counted
  /// twice.
  /// Blind to: what g is.
  @Test("In the wrong order E and B are one field")
  func oneField() {
    let bound = RoundingBound.certain(operations: 12)
    var control = 0.0
    for mode in wrong {
      let e = mode.e / spectra.ee[mode.l]
      #expect(abs(mode.b / spectra.bb[mode.l] - e) <= bound * abs(e), "l \(mode.l), m \(mode.m)")
      #expect(abs(mode.t / spectra.tt[mode.l] - e) <= bound * abs(e), "l \(mode.l), m \(mode.m)")
    }
    // Negative control: the right order, where E and B are independent.
    for mode in right {
      let e = mode.e / spectra.ee[mode.l]
      control = max(control, abs(mode.b / spectra.bb[mode.l] - e) / abs(e))
    }
    #expect(control > 1000 * bound)
  }

  /// z of the mean of |x|²/variance over modes, whose squares have the variance 2, and of the mean
  /// of products of two fields, of variance 1.
  private func score(_ modes: [Mode], _ product: (Mode) -> Double, expected: Double) -> Double {
    let samples = modes.map { product($0) * ($0.m == 0 ? 1 : 2) }
    let mean = samples.reduce(0, +) / Double(samples.count)
    let error = ((1 + expected) / Double(samples.count)).squareRoot()
    return (mean - expected) / error
  }

  /// Wrong order: the power of E is C_EE²/C_TT, of B C_BB²/C_TT, and their product C_EE C_BB/C_TT;
  /// five standard errors. Blind to: errors that change with l and keep the mean (the next test).
  @Test("Power in the wrong order")
  func wrongPower() {
    let (ee, tt) = (spectra.ee, spectra.tt)
    let misread = spectra.misread(temperaturePower: 1e-5)
    #expect(misread.tt == tt)
    for l in 2...Self.lmax {
      #expect(abs(misread.ee[l] - ee[l] * ee[l] / tt[l]) <= 4 * 0x1p-53 * misread.ee[l])
    }
    #expect(abs(score(wrong, { $0.e * $0.e / misread.ee[$0.l] }, expected: 1)) < 5)
    #expect(abs(score(wrong, { $0.b * $0.b / misread.bb[$0.l] }, expected: 1)) < 5)
    #expect(abs(score(wrong, { $0.e * $0.b / misread.eb[$0.l] }, expected: 1)) < 5)
    #expect(abs(score(wrong, { $0.t * $0.e / misread.te[$0.l] }, expected: 1)) < 5)
    // Negative control: the spectra that were meant.
    #expect(score(wrong, { $0.e * $0.e / ee[$0.l] }, expected: 1) > 5000)
  }

  /// Right order: the power is C_EE and C_BB, and E and B are uncorrelated.
  @Test("Power in the right order")
  func rightPower() {
    let (ee, bb) = (spectra.ee, spectra.bb)
    #expect(abs(score(right, { $0.e * $0.e / ee[$0.l] }, expected: 1)) < 5)
    #expect(abs(score(right, { $0.b * $0.b / bb[$0.l] }, expected: 1)) < 5)
    let normalised = { (mode: Mode) in
      mode.e * mode.b / (ee[mode.l] * bb[mode.l]).squareRoot()
    }
    #expect(abs(score(right, normalised, expected: 0)) < 5)
    // Negative control: the same product in the wrong order.
    #expect(score(wrong, normalised, expected: 0) > 5000)
  }

  /// The factors of `misread` are healpy's: E = L_ET/L_TT T and B = L_BT/L_TT T, mode by mode, and
  /// neither field has a part of its own. Bound as above, and two roundings more for the factors.
  @Test("The misread covariance draws what healpy draws")
  func factors() {
    let factors = CovarianceFactors(spectra.misread(temperaturePower: 1e-5))
    let bound = RoundingBound.certain(operations: 14)
    for field in [SkyField.e, .b] {
      #expect(!factors.depends(field, on: .e) && !factors.depends(field, on: .b))
    }
    for mode in wrong {
      let g = mode.t / factors[.temperature, .temperature, l: mode.l]
      let e = factors[.e, .temperature, l: mode.l] * g
      let b = factors[.b, .temperature, l: mode.l] * g
      #expect(abs(mode.e - e) <= bound * abs(e), "l \(mode.l), m \(mode.m)")
      #expect(abs(mode.b - b) <= bound * abs(b), "l \(mode.l), m \(mode.m)")
    }
  }
}
