import Foundation
import HarmonicTransforms
import SkyModels
import SphereGrids
import Testing
import Verification

@testable import RandomFields

@Suite("Maps of Q and U")
struct PolarisationMapTests {
  /// Every map has peaks of its own, drawn from its key.
  private static let spectra: @Sendable (MapKey) -> NamedSpectra = { key in
    UncorrelatedModel.polarisationPeaks(lmax: 11).spectra(at: [
      drawParameter(in: 5...9, key: key), drawParameter(in: 5...9, key: key, component: 1),
    ])
  }

  private func field(
    _ maps: [Double], map: Int, component: Int, of count: Int
  ) -> [Double] {
    Swift.stride(from: 2 * map + component, to: maps.count, by: 2 * count).map { maps[$0] }
  }

  /// The map is the series of the coefficients that its key gives, plus the pixel noise of its key.
  @Test("A map is a function of its key")
  func definition() throws {
    let grid = try HealpixGrid(nside: 4)
    let synthesizer = PolarisationMapSynthesizer<Double>(grid: grid, lmax: 11)
    let maps = synthesizer.maps(29..<70, seed: 5, split: .test, noise: 0.3, spectra: Self.spectra)
    let transform = SpinTransform<Double>(grid: grid, spin: 2, lmax: 11)
    let bound = RoundingBound.probable(operations: 4 * 12 * 12)
    for k in [29, 31, 32, 40, 63, 64, 69] {
      let key = MapKey(seed: 5, split: .test, index: UInt64(k))
      let (_, e, b) = correlatedCoefficients(spectra: Self.spectra(key), lmax: 11, key: key)
      var f = transform.synthesis(
        SpinCoefficients(
          e: CoefficientStack(lmax: 11, mmax: 11, lanes: 1, values: e),
          b: CoefficientStack(lmax: 11, mmax: 11, lanes: 1, values: b)))
      addWhiteNoise(standardDeviation: 0.3, key: key, field: 1, to: &f.q.values)
      addWhiteNoise(standardDeviation: 0.3, key: key, field: 2, to: &f.u.values)
      let q = field(maps, map: k - 29, component: 0, of: 41)
      let u = field(maps, map: k - 29, component: 1, of: 41)
      #expect(relativeError(q, f.q.values) <= bound, "map \(k)")
      #expect(relativeError(u, f.u.values) <= bound, "map \(k)")
      // Negative control: Q in the place of U.
      #expect(relativeError(q, f.u.values) > 1000 * bound)
    }
  }

  /// Batches and threads change no bit.
  @Test("The same bits in every batch")
  func batches() throws {
    let grid = try HealpixGrid(nside: 4)
    let synthesizer = PolarisationMapSynthesizer<Float>(grid: grid, lmax: 11)
    func maps(_ indices: Range<Int>, threads: Int) -> [Double] {
      synthesizer.maps(
        indices, seed: 6, split: .training, noise: 1, threads: threads, spectra: Self.spectra
      ).map(Double.init)
    }
    let whole = maps(0..<70, threads: 2)
    for indices in [0..<1, 31..<33, 17..<65] {
      for threads in [1, 2] {
        let part = maps(indices, threads: threads)
        for k in indices {
          for component in 0...1 {
            #expect(
              field(part, map: k - indices.lowerBound, component: component, of: indices.count)
                == field(whole, map: k, component: component, of: 70), "map \(k) in \(indices)")
          }
        }
      }
    }
  }

  /// At the benchmark's size, fitted E and B of N maps have mean |a_lm|² = C_l, the same for every
  /// m, and no correlation: Σ_m Re e*_lm b_lm has mean zero and the variance (2l + 1) C_l^EE
  /// C_l^BB/N. Deviations in standard errors, χ² over l and over (l, m).
  @Test("Spectra of float32 maps at nside 16")
  func spectra() throws {
    let (lmax, count) = (47, 256)
    let grid = try HealpixGrid(nside: 16)
    let model = UncorrelatedModel.polarisationPeaks(lmax: lmax).spectra(at: [8, 15])
    let maps = PolarisationMapSynthesizer<Float>(grid: grid, lmax: lmax).maps(
      0..<count, seed: 8, split: .limit, threads: 2
    ) { _ in model }
    var f = SpinFields<Float>(grid: grid, lanes: count)
    for place in f.q.values.indices {
      (f.q.values[place], f.u.values[place]) = (maps[2 * place], maps[2 * place + 1])
    }
    let a = try SpinLeastSquaresAnalysis<Float>(grid: grid, spin: 2, lmax: lmax)
      .analysis(f, threads: 2)
    let found = a.spectra()
    func mean(_ spectra: [[Double]], _ l: Int) -> Double {
      spectra.reduce(0) { $0 + $1[l] } / Double(count)
    }
    for (spectra, expected) in [(found.ee, model.ee), (found.bb, model.bb)] {
      let deviations = (2...lmax).map { l in
        (mean(spectra, l) / expected[l] - 1) / (2 / Double((2 * l + 1) * count)).squareRoot()
      }
      #expect(abs(ChiSquare(deviations: deviations).score) < 5, "\(deviations)")
    }
    let cross = (2...lmax).map { l in
      mean(found.eb, l)
        / (model.ee[l] * model.bb[l] / Double((2 * l + 1) * count)).squareRoot()
    }
    #expect(abs(ChiSquare(deviations: cross).score) < 5, "\(cross)")
    var byOrder: [Double] = []
    a.e.forEachCoefficient { l, m, first in
      guard l >= 2 else { return }
      var power = 0.0
      for i in first..<first + 2 * count { power += Double(a.e.values[i]) * Double(a.e.values[i]) }
      let degrees = Double(m == 0 ? count : 2 * count)
      byOrder.append((power / Double(count) / model.ee[l] - 1) / (2 / degrees).squareRoot())
    }
    #expect(abs(ChiSquare(deviations: byOrder).score) < 5)
    // Negative controls: E against the spectrum of B; a sky whose E and B are the same.
    let exchanged = (2...lmax).map { l in
      (mean(found.ee, l) / model.bb[l] - 1) / (2 / Double((2 * l + 1) * count)).squareRoot()
    }
    #expect(ChiSquare(deviations: exchanged).perDegree > 1000)
    let same = (2...lmax).map { l in
      mean(found.ee, l) / (model.ee[l] / Double((2 * l + 1) * count).squareRoot())
    }
    #expect(ChiSquare(deviations: same).perDegree > 1000)
  }
}
