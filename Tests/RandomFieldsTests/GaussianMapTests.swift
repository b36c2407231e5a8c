import Foundation
import HarmonicTransforms
import Kernels
import SkyModels
import SphereGrids
import Testing
import Verification

@testable import RandomFields

@Suite("Maps of Gaussian fields")
struct GaussianMapTests {
  /// Every map has a peak of its own, drawn from its key.
  private static let spectrum: @Sendable (MapKey) -> PowerSpectrum = { key in
    PeakedModel(lmax: 11).spectrum(at: drawParameter(in: 2...9, key: key))
  }

  /// The map is the series of the coefficients that its key gives, plus the pixel noise of its key:
  /// the synthesis of a stack of one lane differs by rounding only.
  @Test("A map is a function of its key")
  func definition() throws {
    let grid = try HealpixGrid(nside: 4)
    let synthesizer = GaussianMapSynthesizer<Double>(grid: grid, lmax: 11)
    let maps = synthesizer.maps(
      29..<70, seed: 5, split: .test, noise: 0.3, spectrum: Self.spectrum)
    let transform = ScalarTransform<Double>(grid: grid, lmax: 11)
    let bound = RoundingBound.probable(operations: 2 * 12 * 12)
    for k in [29, 31, 32, 40, 63, 64, 69] {
      let key = MapKey(seed: 5, split: .test, index: UInt64(k))
      let a = gaussianCoefficients(spectrum: Self.spectrum(key), lmax: 11, key: key)
      var map = transform.synthesis(CoefficientStack(lmax: 11, mmax: 11, lanes: 1, values: a))
      addWhiteNoise(standardDeviation: 0.3, key: key, to: &map.values)
      let comparison = Comparison(maps.field(k - 29), with: map.values)
      #expect(comparison.relativeL2 <= bound, "map \(k): \(comparison)")
      // Negative control: the neighbour's map.
      #expect(relativeError(maps.field(k - 29 == 0 ? 1 : k - 30), map.values) > 1000 * bound)
    }
  }

  /// Batches, threads and reused memory change no bit.
  @Test("The same bits in every batch")
  func batches() throws {
    let grid = try HealpixGrid(nside: 8)
    let synthesizer = GaussianMapSynthesizer<Float>(grid: grid, lmax: 11)
    func maps(_ indices: Range<Int>, threads: Int = 1) -> FieldStack<Float> {
      synthesizer.maps(
        indices, seed: 6, split: .training, noise: 1, threads: threads, spectrum: Self.spectrum)
    }
    let whole = maps(0..<130)
    #expect(maps(0..<130, threads: 2).values == whole.values)
    for indices in [0..<1, 1..<2, 31..<33, 63..<64, 64..<65, 17..<101, 129..<130] {
      for threads in [1, 2] {
        let part = maps(indices, threads: threads)
        for k in indices {
          #expect(part.field(k - indices.lowerBound) == whole.field(k), "map \(k) in \(indices)")
        }
      }
    }
    #expect(maps(3..<3).values.isEmpty)
    let other = GaussianMapSynthesizer<Float>(grid: grid, lmax: 11).maps(
      0..<1, seed: 7, split: .training, noise: 1, spectrum: Self.spectrum)
    #expect(other.field(0) != whole.field(0))
  }

  /// At the benchmark's size, fitted coefficients of N maps have mean |a_lm|² = C_l + N_l, N_l the
  /// noise of the fit, with standard error √(2/((2l + 1) N)) of it; per m the same, so that no
  /// order has more power than another. χ² over l and over (l, m) must be what its degrees of
  /// freedom say.
  /// Blind to: correlations between coefficients (GaussianCoefficientTests).
  @Test("Spectra of float32 maps at nside 16", arguments: [0.0, 0.2])
  func spectra(noise: Double) throws {
    let lmax = 47
    let count = 512
    let grid = try HealpixGrid(nside: 16)
    let model = PeakedModel().spectrum(at: 12)
    let maps = GaussianMapSynthesizer<Float>(grid: grid, lmax: lmax).maps(
      0..<count, seed: 8, split: .limit, noise: noise, threads: 2
    ) { _ in model }
    let fit = try LeastSquaresAnalysis<Float>(grid: grid, lmax: lmax)
    let a = try fit.analysis(maps, threads: 2)
    let unit = 4 * Double.pi * noise * noise / Double(grid.pointCount)
    let expected = (0...lmax).map { model[$0] + unit * fit.noiseVariance[$0] }

    let spectra = a.spectra()
    let byDegree = (0...lmax).map { l in
      let mean = spectra.reduce(0) { $0 + $1[l] } / Double(count)
      return (mean / expected[l] - 1) / (2 / Double((2 * l + 1) * count)).squareRoot()
    }
    #expect(abs(ChiSquare(deviations: byDegree).score) < 5, "\(byDegree)")
    #expect(byDegree.allSatisfy { abs($0) < 5 }, "\(byDegree)")

    var byOrder: [Double] = []
    a.forEachCoefficient { l, m, first in
      // Where noise dominates, its variance depends on m, and only its mean over m is known here.
      if noise > 0 && unit > 0.01 * model[l] { return }
      var power = 0.0
      for i in first..<first + 2 * count { power += Double(a.values[i]) * Double(a.values[i]) }
      let degrees = Double(m == 0 ? count : 2 * count)
      let mean = power / Double(count)
      byOrder.append((mean / expected[l] - 1) / (2 / degrees).squareRoot())
    }
    let chiSquare = ChiSquare(deviations: byOrder)
    #expect(byOrder.count > 200 && abs(chiSquare.score) < 5, "\(chiSquare)")

    // Negative controls: real and imaginary parts of full variance; noise of another level.
    let doubled = ChiSquare(
      deviations: byDegree.indices.map { l in
        let z = byDegree[l] * (2 / Double((2 * l + 1) * count)).squareRoot()
        return ((1 + z) * Double(4 * l + 1) / Double(2 * l + 1) - 1)
          / (2 / Double((2 * l + 1) * count)).squareRoot()
      })
    #expect(doubled.perDegree > 1000, "\(doubled)")
    if noise > 0 {
      let mean = spectra.reduce(0) { $0 + $1[lmax] } / Double(count)
      #expect(abs(mean / model[lmax] - 1) > 10)
    }
  }

  /// The pixels of a noise-only map have variance σ², with standard error σ² √(2/N).
  @Test("White noise in the pixels")
  func whiteNoise() throws {
    let grid = try HealpixGrid(nside: 8)
    let nothing = try PowerSpectrum([Double](repeating: 0, count: 8))
    let maps = GaussianMapSynthesizer<Float>(grid: grid, lmax: 7).maps(
      0..<40, seed: 9, split: .test, noise: 15
    ) { _ in nothing }
    let squares = maps.values.map { Double($0) * Double($0) }
    let score = StandardScore(of: squares, expected: 225)
    #expect(score.magnitude < 5, "\(score)")
    #expect(StandardScore(of: squares, expected: 225 * 1.05).magnitude > 5)
  }
}
