import Foundation
import SkyModels
import Testing
import Verification

@testable import RandomFields

@Suite("Correlated coefficients of T, E and B")
struct CorrelatedCoefficientTests {
  private func key(_ index: Int, seed: UInt64 = 91) -> MapKey {
    MapKey(seed: seed, split: .test, index: UInt64(index))
  }

  /// Spectra with all six names, correlations 0.6, −0.3 and 0.2.
  private static func correlated(lmax: Int) throws -> NamedSpectra {
    let ell = (0...lmax).map(Double.init)
    let tt = ell.map { 100 / ($0 + 1) }
    let ee = ell.map { $0 < 2 ? 0 : 3 / ($0 + 2) }
    let bb = ell.map { $0 < 2 ? 0 : 0.01 * $0 }
    func cross(_ a: [Double], _ b: [Double], _ r: Double) -> [Double] {
      zip(a, b).map { r * ($0 * $1).squareRoot() }
    }
    return try NamedSpectra(
      tt: tt, ee: ee, bb: bb, te: cross(tt, ee, 0.6), eb: cross(ee, bb, -0.3),
      tb: cross(tt, bb, 0.2))
  }

  /// T has the bits of a temperature map whatever the other spectra are, and fields that nothing is
  /// correlated with those of `gaussianCoefficients` with their own number.
  @Test("Fields alone keep their bits")
  func bits() throws {
    let lmax = 20
    let spectra = try Self.correlated(lmax: lmax)
    let drawn = correlatedCoefficients(spectra: spectra, lmax: lmax, key: key(0))
    let alone = { (field: SkyField, spectra: NamedSpectra) in
      gaussianCoefficients(
        spectrum: spectra.spectrum(of: field), lmax: lmax, key: self.key(0), field: field.rawValue)
    }
    #expect(drawn.temperature == alone(.temperature, spectra))
    #expect(drawn.e != alone(.e, spectra))
    let polarisation = UncorrelatedModel.polarisationPeaks(lmax: lmax).spectra(at: [7, 12])
    let independent = correlatedCoefficients(spectra: polarisation, lmax: lmax, key: key(0))
    #expect(independent.e == alone(.e, polarisation))
    #expect(independent.b == alone(.b, polarisation))
    #expect(independent.temperature.allSatisfy { $0 == 0 })
    // E with T but without correlation is E alone.
    let both = try NamedSpectra(tt: spectra.tt, ee: spectra.ee)
    let drawnBoth = correlatedCoefficients(spectra: both, lmax: lmax, key: key(0))
    #expect(drawnBoth.e == alone(.e, both))
  }

  /// X_lm = Σ_Y L_XY g^Y_lm with the g of white spectra C_l = 1, drawn by `gaussianCoefficients`.
  /// The two ways differ by the order of a root of 1/2, a product and a sum of three: 8 u Σ|L g|.
  /// Blind to: the factors L (CovarianceFactorPropertyTests).
  @Test("The definition")
  func definition() throws {
    let lmax = 12
    let spectra = try Self.correlated(lmax: lmax)
    let factors = CovarianceFactors(spectra)
    let white = try PowerSpectrum([Double](repeating: 1, count: lmax + 1))
    let g = SkyField.allCases.map {
      gaussianCoefficients(spectrum: white, lmax: lmax, key: key(3), field: $0.rawValue)
    }
    let drawn = correlatedCoefficients(spectra: spectra, lmax: lmax, key: key(3))
    let fields = [drawn.temperature, drawn.e, drawn.b]
    var control = 0.0
    var i = 0
    for m in 0...lmax {
      for l in m...lmax {
        for part in [i, i + 1] {
          for field in SkyField.allCases {
            let terms = SkyField.allCases.map { factors[field, $0, l: l] * g[$0.rawValue][part] }
            let found = fields[field.rawValue][part]
            if l < field.firstDegree {
              #expect(found == 0)
              continue
            }
            let bound = 8 * 0x1p-53 * terms.reduce(0) { $0 + abs($1) }
            #expect(abs(found - terms.reduce(0, +)) <= bound, "\(field) l \(l) m \(m)")
            // Negative control: the correlation with T left out.
            if field == .e && bound > 0 { control = max(control, abs(terms[0]) / bound) }
          }
        }
        i += 2
      }
    }
    #expect(control > 1000)
  }

  /// The mean of Ĉ_l^XY over N maps is C_l^XY with the variance (C_XX C_YY + C_XY²)/((2l + 1) N);
  /// χ² over the degrees within five of its scores, for all six spectra. Negative control: the
  /// spectrum of opposite correlation.
  @Test("Realised spectra")
  func realised() throws {
    let (lmax, count) = (16, 1500)
    let spectra = try Self.correlated(lmax: lmax)
    var sums = [SpectrumName: [Double]]()
    for name in SpectrumName.allCases { sums[name] = [Double](repeating: 0, count: lmax + 1) }
    for index in 0..<count {
      let drawn = correlatedCoefficients(spectra: spectra, lmax: lmax, key: key(index, seed: 92))
      let fields = [drawn.temperature, drawn.e, drawn.b]
      for name in SpectrumName.allCases {
        let (x, y) = name.fields
        let found = realisedCrossSpectrum(fields[x.rawValue], fields[y.rawValue], lmax: lmax)
        for l in 0...lmax { sums[name]?[l] += found[l] / Double(count) }
      }
    }
    for name in SpectrumName.allCases {
      let (x, y) = (spectra[name.fields.0.spectrum], spectra[name.fields.1.spectrum])
      let mean = try #require(sums[name])
      func deviations(sign: Double) -> [Double] {
        (name.firstDegree...lmax).map { l in
          let c = spectra[name][l]
          let variance = (x[l] * y[l] + c * c) / Double((2 * l + 1) * count)
          return (mean[l] - sign * c) / variance.squareRoot()
        }
      }
      let chiSquare = ChiSquare(deviations: deviations(sign: 1))
      #expect(abs(chiSquare.score) < 5, "\(name): \(chiSquare)")
      let control = ChiSquare(deviations: deviations(sign: -1))
      #expect(control.perDegree > 50, "\(name): \(control)")
    }
  }

  /// The cross spectrum of a field with itself is its spectrum, and by hand: a_11 = 3 + 4i, b_11 =
  /// 1 − 2i, a_10 = 2, b_10 = 5 give (10 + 2 (3 − 8))/3.
  @Test("Cross spectrum by hand")
  func crossByHand() {
    let (a, b): ([Double], [Double]) = ([5, 0, 2, 0, 3, 4], [1, 0, 5, 0, 1, -2])
    #expect(realisedCrossSpectrum(a, b, lmax: 1) == [5, 0])
    #expect(realisedCrossSpectrum(a, a, lmax: 1) == realisedSpectrum(a, lmax: 1))
  }

  /// The published sky: E = C_EE/√C_TT g and B = C_BB/√C_TT g with one g, that of field 0. E is
  /// C_EE/C_TT times T, and B/E = C_BB/C_EE, to the roundings of two roots, two quotients and three
  /// products: 10 u. Negative control: the physical sky of the same parameters and key.
  @Test("E and B of the published sky are one field")
  func published() throws {
    let lmax = 47
    let model = UncorrelatedModel.polarisationPeaks()
    let physical = model.spectra(at: [8.25, 14.5])
    let misread = PublishedSky(model).spectra(at: [8.25, 14.5])
    let drawn = correlatedCoefficients(spectra: misread, lmax: lmax, key: key(5))
    let other = correlatedCoefficients(spectra: physical, lmax: lmax, key: key(5))
    let white = gaussianCoefficients(
      spectrum: try PowerSpectrum([Double](repeating: 1, count: lmax + 1)), lmax: lmax,
      key: key(5))
    var (i, control) = (0, 0.0)
    let bound = RoundingBound.certain(operations: 10)
    for m in 0...lmax {
      for l in m...lmax {
        for part in [i, i + 1] where l >= 2 {
          let e = physical.ee[l] / 1e-5.squareRoot() * white[part]
          #expect(abs(drawn.e[part] - e) <= bound * abs(e))
          #expect(
            abs(drawn.temperature[part] / 1e-5 - drawn.e[part] / physical.ee[l])
              <= bound * abs(drawn.e[part] / physical.ee[l]))
          let b = drawn.e[part] * physical.bb[l] / physical.ee[l]
          #expect(abs(drawn.b[part] - b) <= bound * abs(b), "l \(l), m \(m)")
          if m > 0 {
            control = max(
              control, abs(other.b[part] - other.e[part] * physical.bb[l] / physical.ee[l]))
          }
        }
        i += 2
      }
    }
    #expect(control > 0.1)
  }

  /// Lanes, batches, precision and larger band limits change no bit.
  @Test("Lanes, precision and band limits")
  func lanes() throws {
    let lmax = 11
    let spectra = try Self.correlated(lmax: 14)
    let alone = correlatedCoefficients(spectra: spectra, lmax: lmax, key: key(7))
    let larger = correlatedCoefficients(spectra: spectra, lmax: 14, key: key(7))
    for (field, array) in [(SkyField.temperature, alone.temperature), (.e, alone.e), (.b, alone.b)]
    {
      var stack = [Float](repeating: .nan, count: array.count * 3)
      for (lane, index) in [(2, 8), (1, 7), (0, 9)] {
        drawCorrelatedCoefficients(
          of: field, spectra: spectra, lmax: lmax, key: key(index), into: &stack, lane: lane,
          lanes: 3)
      }
      #expect(stack.indices.allSatisfy { $0 % 3 != 1 || stack[$0] == Float(array[$0 / 3]) })
      #expect(stack.allSatisfy { $0.isFinite })
    }
    // (l, m) = (11, 11) is the last coefficient at lmax 11.
    let last = 11 * (2 * 14 + 1 - 11) / 2 + 11
    #expect(larger.b[2 * last] == alone.b[alone.b.count - 2])
    #expect(larger.e[2 * last + 1] == alone.e[alone.e.count - 1])
  }
}
