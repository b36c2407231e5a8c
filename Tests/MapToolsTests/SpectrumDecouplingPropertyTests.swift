import HarmonicTransforms
import SkyMaps
import SphereGrids
import Testing
import Verification

@testable import MapTools

@Suite("Band powers of masked skies")
struct SpectrumDecouplingPropertyTests {
  private static let names = ["TT", "EE", "BB", "TE", "EB", "TB"]

  /// A spectrum that is constant in bins comes back, whatever the mask and the beam: the matrices
  /// are well conditioned here (some 10), and 1e-12 is a hundred times what rounding makes of it.
  @Test("Exact inverse of the expectation")
  func inverse() throws {
    let lmax = 20
    let maskSpectrum = (0...40).map { L in 4 * Double.pi / Double(1 + L * L * L) }
    let bins = try DegreeBins("2,5,9,14,21", lmax: lmax)
    var numbers = TestNumbers(seed: 5)
    var truth: [String: [Double]] = [:]
    for name in Self.names + ["ET", "BE", "BT"] {
      truth[name] = (0..<4).map { _ in numbers.normal() }
    }
    let beam = HarmonicTransfer(try GaussianBeam(fullWidth: 0.1), lmax: lmax)
    func full(_ name: String) -> [Double] {
      var values = [Double](repeating: 0, count: lmax + 1)
      for (bin, range) in bins.ranges.enumerated() {
        for l in range {
          values[l] =
            (truth[name] ?? [])[bin] * beam[String(name.prefix(1))][l]
            * beam[String(name.suffix(1))][l]
        }
      }
      return values
    }
    let scalar = ModeCouplingMatrix(maskSpectrum: maskSpectrum, lmax: lmax)
    let spin = SpinModeCoupling(maskSpectrum: maskSpectrum, lmax: lmax)
    func mixed(_ a: String, _ b: String, _ sign: Double) -> [Double] {
      zip(spin.even.multiplied(by: full(a)), spin.odd.multiplied(by: full(b)))
        .map { $0 + sign * $1 }
    }
    let pseudo: [(name: String, values: [Double])] = [
      ("TT", scalar.pseudoSpectrum(of: full("TT"))), ("EE", mixed("EE", "BB", 1)),
      ("BB", mixed("BB", "EE", 1)), ("TE", spin.mixed.multiplied(by: full("TE"))),
      ("EB", mixed("EB", "BE", -1)), ("TB", spin.mixed.multiplied(by: full("TB"))),
      ("ET", spin.mixed.multiplied(by: full("ET"))), ("BE", mixed("BE", "EB", -1)),
      ("BT", spin.mixed.multiplied(by: full("BT"))),
    ]
    let decoupling = try SpectrumDecoupling(
      maskSpectrum: maskSpectrum, bins: bins, transfer: beam, isPolarised: true)
    for (name, values) in try decoupling.bandPowers(of: pseudo) {
      #expect(relativeError(values, try #require(truth[name])) <= 1e-12, "\(name)")
    }
    // Negative control: without the beam.
    let bare = try SpectrumDecoupling(
      maskSpectrum: maskSpectrum, bins: bins, transfer: .unity(lmax: lmax), isPolarised: true)
    let wrong = try bare.bandPowers(of: pseudo)[1].values
    #expect(relativeError(wrong, try #require(truth["EE"])) > 1e-3)
    // A mask of which nothing is left, and windows of E and B that differ.
    let empty = try SpectrumDecoupling(
      maskSpectrum: [0], bins: bins, transfer: beam, isPolarised: true)
    #expect(throws: MapToolError.self) { try empty.bandPowers(of: pseudo) }
    let ones = [Double](repeating: 1, count: lmax + 1)
    let uneven = HarmonicTransfer(temperature: ones, gradient: ones, curl: beam.curl)
    #expect(throws: MapToolError.self) {
      try SpectrumDecoupling(
        maskSpectrum: [1], bins: bins, transfer: uneven, isPolarised: true)
    }
  }

  /// Without a mask the band powers are the means of the spectra over the bins.
  @Test("Full sky")
  func fullSky() throws {
    let map = try HealpyTools().map("map")
    let bins = DegreeBins(edges: [2, 4, 9])
    let estimate = MapSpectra(MapAnalysis(lmax: 8))
    let (plain, bands) = (
      try estimate.spectra(of: map).file, try estimate.bandPowers(of: map, bins: bins).file
    )
    for spectrum in plain.spectra {
      let expected = bins.means(of: spectrum.values)
      // The mask 1 is fitted to 1e-12, times the squared condition number, 46.
      #expect(relativeError(try #require(bands[spectrum.name]), expected) <= 46e-12)
    }
    // Beams and pixel windows are divided out of plain spectra.
    let beam = HarmonicTransfer(try GaussianBeam(fullWidth: 0.2), lmax: 8)
    let sharp = try MapSpectra(MapAnalysis(lmax: 8), transfer: beam).spectra(of: map).file
    for spectrum in plain.spectra {
      let (x, y) = (beam[String(spectrum.name.prefix(1))], beam[String(spectrum.name.suffix(1))])
      let expected = (0...8).map { l in spectrum.values[l] / (x[l] * y[l]) }
      #expect(relativeError(try #require(sharp[spectrum.name]), expected) <= 1e-14)
    }
  }

  /// The mean over skies of known spectra behind an apodised mask of a third of the sky.
  ///
  /// The mean of n draws has the standard error s/√n of the sample; 24 band powers stay within 4.5
  /// of them with a probability of 0.9998. Blind to: biases below a standard error, a seventh of
  /// the scatter of one sky.
  @Test("Mean over skies")
  func skies() throws {
    let (nside, lmax, count) = (16, 32, 48)
    var cap = try SkyMask.cap(nside: nside, skyFraction: 0.35)
    cap = try MaskApodisation(width: 0.35, method: .c2).apply(cap)
    let bins = try DegreeBins("2,8,16,24,33", lmax: lmax)
    let powers: [String: [Double]] = [
      "TT": [4, 2, 1, 0.5], "EE": [1, 1, 0.5, 0.5], "BB": [0.1, 0.05, 0.05, 0.02],
      "TE": [0.8, -0.5, 0.3, 0.2], "EB": [0, 0, 0, 0], "TB": [0, 0, 0, 0],
    ]
    var numbers = TestNumbers(seed: 20)
    var sums: [String: [Double]] = [:]
    var squares: [String: [Double]] = [:]
    var pseudo = [Double](repeating: 0, count: 4)
    let estimate = MapSpectra(
      MapAnalysis(lmax: lmax, method: .quadrature(iterations: 1)), mask: cap)
    for _ in 0..<count {
      var t = CoefficientStack<Double>(lmax: lmax)
      var (e, b) = (t, t)
      for (bin, range) in bins.ranges.enumerated() {
        func power(_ name: String) -> Double { (powers[name] ?? [])[bin] }
        let slope = power("TE") / power("TT").squareRoot()
        for l in range {
          for m in 0...l {
            func draw() -> (Double, Double) {
              m == 0
                ? (numbers.normal(), 0)
                : (numbers.normal() / 2.0.squareRoot(), numbers.normal() / 2.0.squareRoot())
            }
            let (x, y, z) = (draw(), draw(), draw())
            let rest = (power("EE") - slope * slope).squareRoot()
            let (s, k) = (power("TT").squareRoot(), power("BB").squareRoot())
            t[l, m] = .init(s * x.0, s * x.1)
            e[l, m] = .init(slope * x.0 + rest * y.0, slope * x.1 + rest * y.1)
            b[l, m] = .init(k * z.0, k * z.1)
          }
        }
      }
      let sky = try SkyCoefficients(temperature: t, polarisation: SpinCoefficients(e: e, b: b))
        .map(nside: nside)
      for spectrum in try estimate.bandPowers(of: sky, bins: bins).file.spectra {
        for bin in 0..<4 {
          sums[spectrum.name, default: [0, 0, 0, 0]][bin] += spectrum.values[bin] / Double(count)
          squares[spectrum.name, default: [0, 0, 0, 0]][bin] +=
            spectrum.values[bin] * spectrum.values[bin] / Double(count)
        }
      }
      let raw = try estimate.spectra(of: sky).file
      let bb = bins.means(of: try #require(raw["BB"]))
      for bin in 0..<4 { pseudo[bin] += bb[bin] / Double(count) }
    }
    for name in Self.names {
      for bin in 0..<4 {
        let mean = try #require(sums[name])[bin]
        let variance = try #require(squares[name])[bin] - mean * mean
        let error = (variance / Double(count - 1)).squareRoot()
        let truth = try #require(powers[name])[bin]
        #expect(abs(mean - truth) <= 4.5 * error, "\(name) \(bin): \(mean) +- \(error), \(truth)")
      }
    }
    // Negative control: the pseudo-spectra of B have leaked E in them.
    #expect(pseudo[0] > 1.5 * 0.1)
  }
}
