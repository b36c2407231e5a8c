import Foundation
import LinearAlgebra
import SpecialFunctions
import Testing
import Verification

@testable import SkyModels

/// Spectra of T, E and B whose covariances are A Aᵀ with random A: positive definite.
func randomSpectra(lmax: Int, seed: UInt64) throws -> NamedSpectra {
  var numbers = TestNumbers(seed: seed)
  var lists = [SpectrumName: [Double]]()
  for name in SpectrumName.allCases { lists[name] = [Double](repeating: 0, count: lmax + 1) }
  for l in 0...lmax {
    let rows = (0..<3).map { _ in numbers.normals(3) }
    for name in SpectrumName.allCases where l >= name.firstDegree {
      let (first, second) = name.fields
      lists[name]?[l] = zip(rows[first.rawValue], rows[second.rawValue]).reduce(0) {
        $0 + $1.0 * $1.1
      }
    }
  }
  return try NamedSpectra(
    tt: lists[.tt], ee: lists[.ee], bb: lists[.bb], te: lists[.te], eb: lists[.eb],
    tb: lists[.tb])
}

@Suite("Named spectra")
struct NamedSpectraPropertyTests {
  /// A name finds its list whichever way it is asked for; those left out are zero. Blind to: a name
  /// that is wrong in the initialiser and in the subscript alike, which the covariance sees.
  @Test("Every name finds its own spectrum")
  func names() throws {
    let spectra = try NamedSpectra(
      tt: [9, 9, 4], ee: [0, 0, 5], bb: [0, 0, 6], te: [0, 0, 1], eb: [0, 0, 2], tb: [0, 0, 3])
    #expect(SpectrumName.allCases.map { spectra[$0][2] } == [4, 5, 6, 1, 2, 3])
    #expect(spectra.covariance(l: 2).storage == [4, 1, 3, 1, 5, 2, 3, 2, 6])
    #expect(spectra.lmax == 2)
    #expect(SkyField.allCases.map { spectra.spectrum(of: $0)[2] } == [4, 5, 6])
    #expect(SpectrumName(.b, .e) == .eb && SpectrumName(.e, .temperature) == .te)
    let alone = try NamedSpectra(bb: [0, 0, 7])
    for name in SpectrumName.allCases {
      #expect(alone[name] == [0, 0, name == .bb ? 7 : 0])
      #expect(SpectrumName(name.fields.0, name.fields.1) == name)
    }
  }

  /// D_l → C_l: three roundings. Negative control: D_l taken for C_l, off by 6/2π at l = 2.
  @Test("D_l converts to C_l by name")
  func conversion() throws {
    let spectra = try NamedSpectra(dl: [.ee: [0, 0, 3, 8], .te: [0, 0, 0, 0], .tt: [0, 1, 2, 3]])
    let bound = 3 * Double.ulpOfOne
    #expect(abs(spectra.ee[2] - 3 * 2 * .pi / 6) <= bound * spectra.ee[2])
    #expect(abs(spectra.ee[3] - 8 * 2 * .pi / 12) <= bound * spectra.ee[3])
    #expect(abs(spectra.tt[1] - .pi) <= bound * .pi)
    #expect(abs(spectra.ee[2] - 3) > 1000 * bound * spectra.ee[2])
  }

  /// Covariances of rank one and two are accepted, whatever the scales: C_TE = √(C_TT C_EE) with
  /// the roundings of the product and the root is within the ε of the check. Those beyond by 1000 ε
  /// in the correlation are not: the smallest eigenvalue of [[1, r], [r, 1]] is 1 − r.
  @Test("Singular covariances pass, indefinite ones do not", arguments: [1.0, 1e-12, 1e30])
  func singular(scale: Double) throws {
    var numbers = TestNumbers(seed: 51)
    let excess = 1000 * NamedSpectra.semidefiniteTolerance
    for _ in 0..<200 {
      let (x, y, z) = (numbers.uniform(), numbers.uniform(), scale * numbers.uniform())
      let (tt, ee, bb) = (x + 1e-3, scale * y + 1e-30, z + 1e-30)
      let te = (tt * ee).squareRoot()
      _ = try NamedSpectra(
        tt: [0, 0, tt], ee: [0, 0, ee], bb: [0, 0, bb], te: [0, 0, -te],
        eb: [0, 0, (ee * bb).squareRoot()], tb: [0, 0, -(tt * bb).squareRoot()])
      _ = try NamedSpectra(tt: [0, 0, tt], ee: [0, 0, ee], te: [0, 0, te])
      #expect(throws: NamedSpectraError.self) {
        try NamedSpectra(tt: [0, 0, tt], ee: [0, 0, ee], te: [0, 0, te * (1 + excess)])
      }
    }
  }

  /// Filtering a field multiplies its spectra: with w = 2 for T and 3 for E and B, by 4, 6 and 9.
  @Test("Windows act on both fields of a spectrum")
  func filtering() throws {
    let spectra = try randomSpectra(lmax: 6, seed: 52)
    let filtered = spectra.filtered(
      temperature: [Double](repeating: 2, count: 7),
      polarisation: [Double](repeating: 3, count: 9))
    for (name, factor) in [
      (SpectrumName.tt, 4.0), (.ee, 9), (.bb, 9), (.te, 6), (.eb, 9), (.tb, 6),
    ] {
      // Two products in an order of their own: small integers times a number round twice.
      #expect(
        Comparison(filtered[name], with: spectra[name].map { factor * $0 }).relativeMaximum
          <= 2 * Double.ulpOfOne)
    }
  }
}
