import HarmonicTransforms
import RandomNumbers
import SkyModels
import SphereGrids
import Testing

@testable import RandomFields

@Suite("Maps of T, Q and U")
struct StokesMapTests {
  private static let lmax = 20

  private static func spectra() throws -> NamedSpectra {
    let tt = (0...lmax).map { $0 < 2 ? 0 : 1 / Double($0) }
    return try NamedSpectra(
      tt: tt, ee: tt.map { 0.1 * $0 }, bb: tt.map { 0.01 * $0 }, te: tt.map { 0.2 * $0 })
  }

  /// T and the pair Q, U are the maps of their own synthesizers, to the last bit, with √2 times the
  /// noise of T in Q and U, even or by pixel.
  @Test("The maps of the parts", arguments: [true, false])
  func parts(isUneven: Bool) throws {
    let grid = try HealpixGrid(nside: 8)
    let spectra = try Self.spectra()
    let uneven = (0..<768).map { 0.1 + 0.2 * Float($0 % 5) }
    let root = 2.0.squareRoot()
    func noise(_ factor: Double) -> (Double, [Float]?) {
      isUneven ? (0, uneven.map { Float(factor * Double($0)) }) : (0.3 * factor, nil)
    }
    let all = StokesMapSynthesizer<Float>(grid: grid, lmax: Self.lmax).maps(
      3..<6, seed: 9, split: .test, noise: noise(1).0, noiseMap: noise(1).1, threads: 2
    ) { _ in spectra }
    let t = GaussianMapSynthesizer<Float>(grid: grid, lmax: Self.lmax).maps(
      3..<6, seed: 9, split: .test, noise: noise(1).0, noiseMap: noise(1).1
    ) { _ in spectra.spectrum(of: .temperature) }.values
    let qu = PolarisationMapSynthesizer<Float>(grid: grid, lmax: Self.lmax).maps(
      3..<6, seed: 9, split: .test, noise: noise(root).0, noiseMap: noise(root).1
    ) { _ in spectra }
    for pixel in 0..<768 {
      for map in 0..<3 {
        let place = (pixel * 3 + map) * 3
        let found = [all[place], all[place + 1], all[place + 2]]
        let expected = [
          t[pixel * 3 + map], qu[(pixel * 3 + map) * 2], qu[(pixel * 3 + map) * 2 + 1],
        ]
        #expect(found == expected)
      }
    }
  }

  /// ⟨T E⟩ is the given spectrum: over 200 maps the mean of Σ_l (2l + 1) Ĉ_l^TE within four
  /// standard errors; that of uncorrelated fields would be 0.
  @Test("T and E are correlated")
  func correlated() throws {
    let grid = try HealpixGrid(nside: 16)
    let spectra = try Self.spectra()
    let maps = StokesMapSynthesizer<Double>(grid: grid, lmax: Self.lmax).maps(
      0..<200, seed: 3, split: .test, threads: 2
    ) { _ in spectra }
    func field(_ component: Int) -> FieldStack<Double> {
      FieldStack(
        grid: grid, lanes: 200,
        values: (0..<3072 * 200).map { maps[$0 * 3 + component] })
    }
    let t = try ScalarTransform<Double>(grid: grid, lmax: Self.lmax)
      .iterated(field(0), iterations: 3, threads: 2)
    let e = try SpinTransform<Double>(grid: grid, spin: 2, lmax: Self.lmax)
      .iterated(SpinFields(q: field(1), u: field(2)), iterations: 3, threads: 2).e
    var sums = [Double](repeating: 0, count: 200)
    for l in 2...Self.lmax {
      for m in 0...l {
        let index = 2 * coefficientIndex(l: l, m: m, lmax: Self.lmax)
        for map in 0..<200 {
          for part in 0...1 {
            let place = (index + part) * 200 + map
            sums[map] += (m == 0 ? 1 : 2) * t.values[place] * e.values[place]
          }
        }
      }
    }
    let expected = (2...Self.lmax).reduce(0.0) { $0 + Double(2 * $1 + 1) * spectra.te[$1] }
    let mean = sums.reduce(0, +) / 200
    let square = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199
    let error = (square / 200).squareRoot()
    #expect(abs(mean - expected) < 4 * error && expected > 20 * error)
  }
}
