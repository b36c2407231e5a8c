import Foundation
import SkyModels
import Testing
import Verification

@testable import RandomFields

@Suite("Gaussian coefficients")
struct GaussianCoefficientTests {
  let lmax = 24
  let mapCount = 2000
  let spectrum = PeakedModel(lmax: 24).spectrum(at: 9)

  private func key(_ index: Int, seed: UInt64 = 71) -> MapKey {
    MapKey(seed: seed, split: .test, index: UInt64(index))
  }

  /// (l, m, re, im) of every coefficient of an m-major array.
  private func entries(_ coefficients: [Double], lmax: Int) -> [(l: Int, m: Int, Double, Double)] {
    var list: [(l: Int, m: Int, Double, Double)] = []
    for m in 0...lmax {
      for l in m...lmax {
        let lm = list.count
        list.append((l, m, coefficients[2 * lm], coefficients[2 * lm + 1]))
      }
    }
    return list
  }

  /// Σ_l (x_lm)²/variance over maps, for each order: real and imaginary parts together.
  /// χ² of ν numbers is ν ± √2ν.
  private func deviations(scale: (Int, Int) -> Double) -> [Double] {
    var chiSquared = [Double](repeating: 0, count: lmax + 1)
    var degrees = [Double](repeating: 0, count: lmax + 1)
    for index in 0..<mapCount {
      let drawn = gaussianCoefficients(spectrum: spectrum, lmax: lmax, key: key(index))
      for (l, m, re, im) in entries(drawn, lmax: lmax) {
        let variance = m == 0 ? spectrum[l] : spectrum[l] / 2
        chiSquared[m] += scale(l, m) * (re * re + im * im) / variance
        degrees[m] += m == 0 ? 1 : 2
      }
    }
    return zip(chiSquared, degrees).map { ($0 - $1) / (2 * $1).squareRoot() }
  }

  /// The variance of every order m is the spectrum's, C_l for m = 0 and C_l/2 for each part of m >
  /// 0: five standard deviations of χ² allowed. Blind to: correlations between coefficients.
  @Test("Power is flat in m")
  func flatInOrder() {
    for (m, deviation) in deviations(scale: { _, _ in 1 }).enumerated() {
      #expect(abs(deviation) < 5, "m = \(m): \(deviation) standard deviations")
    }
  }

  /// Negative control: half the power at m = 0, the error of a generator that draws √(C_l/2) for
  /// every order and drops the imaginary part of m = 0. It must show there, and there only.
  @Test("A generator with half the power at m = 0 is rejected")
  func halfZonalPower() {
    let deviations = deviations { _, m in m == 0 ? 0.5 : 1 }
    #expect(deviations[0] < -10 * 5)
    #expect(deviations.dropFirst().allSatisfy { abs($0) < 5 })
  }

  /// The mean of Ĉ_l over N maps is C_l with the error C_l √(2/(2l + 1)N); five allowed.
  @Test("Mean realised spectrum")
  func meanSpectrum() {
    var sums = [Double](repeating: 0, count: lmax + 1)
    for index in 0..<mapCount {
      let drawn = gaussianCoefficients(spectrum: spectrum, lmax: lmax, key: key(index, seed: 72))
      for (l, value) in realisedSpectrum(drawn, lmax: lmax).enumerated() {
        sums[l] += value / Double(mapCount)
      }
    }
    for l in 0...lmax {
      let error = (2 / Double((2 * l + 1) * mapCount)).squareRoot()
      #expect(abs(sums[l] / spectrum[l] - 1) < 5 * error, "l = \(l)")
      // Negative control: D_l in place of C_l is off by l(l + 1)/2π.
      let wrong = sums[l] * Double(l * (l + 1)) / (2 * .pi) / spectrum[l]
      #expect(abs(wrong - 1) > 20 * error || l == 2, "l = \(l)")
    }
  }

  /// The realised spectrum of a field by hand: a_10 = 2, a_11 = 3 + 4i gives (4 + 2 · 25)/3.
  @Test("Realised spectrum by hand")
  func realisedByHand() {
    #expect(realisedSpectrum([5, 0, 2, 0, 3, 4], lmax: 1) == [25, 18])
  }

  /// The zonal coefficients are real: their imaginary part is exactly zero, in every lane.
  @Test("Imaginary part of m = 0")
  func zonalImaginary() {
    let drawn = gaussianCoefficients(spectrum: spectrum, lmax: lmax, key: key(0))
    for (_, m, re, im) in entries(drawn, lmax: lmax) {
      #expect(re != 0)
      #expect((im == 0) == (m == 0))
    }
  }

  /// A coefficient depends on (l, m) only: a smaller lmax gives the same numbers, bit by bit.
  @Test("Band limits are nested", arguments: [0, 1, 2, 7, 23])
  func nested(small: Int) {
    let all = entries(gaussianCoefficients(spectrum: spectrum, lmax: lmax, key: key(5)), lmax: lmax)
    let few = entries(
      gaussianCoefficients(spectrum: spectrum, lmax: small, key: key(5)), lmax: small)
    #expect(few.count == (small + 1) * (small + 2) / 2)
    for entry in few {
      let twin = all.first { $0.l == entry.l && $0.m == entry.m }
      #expect(twin?.2 == entry.2 && twin?.3 == entry.3)
    }
  }

  /// Whatever lane it is drawn into, after whichever other maps and on whichever thread, a map has
  /// the same bits; Float is Double rounded once.
  @Test("Lanes, order, threads and precision")
  func independence() async {
    let lanes = 5
    let alone = (0..<lanes).map {
      gaussianCoefficients(spectrum: spectrum, lmax: lmax, key: key($0), field: 3)
    }
    var doubles = [Double](repeating: .nan, count: alone[0].count * lanes)
    var floats = [Float](repeating: .nan, count: alone[0].count * lanes)
    for lane in [3, 0, 4, 1, 2] {
      drawGaussianCoefficients(
        spectrum: spectrum, lmax: lmax, key: key(lane), field: 3, into: &doubles, lane: lane,
        lanes: lanes)
      drawGaussianCoefficients(
        spectrum: spectrum, lmax: lmax, key: key(lane), field: 3, into: &floats, lane: lane,
        lanes: lanes)
    }
    for lane in 0..<lanes {
      for k in alone[lane].indices {
        #expect(doubles[k * lanes + lane] == alone[lane][k])
        #expect(floats[k * lanes + lane] == Float(alone[lane][k]))
      }
    }
    let concurrent = await withTaskGroup(of: (Int, [Double]).self) { group in
      for lane in 0..<lanes {
        group.addTask { [spectrum, lmax] in
          let key = MapKey(seed: 71, split: .test, index: UInt64(lane))
          return (lane, gaussianCoefficients(spectrum: spectrum, lmax: lmax, key: key, field: 3))
        }
      }
      return await group.reduce(into: [Int: [Double]]()) { $0[$1.0] = $1.1 }
    }
    for lane in 0..<lanes {
      #expect(concurrent[lane] == alone[lane])
    }
    #expect(alone[0] != gaussianCoefficients(spectrum: spectrum, lmax: lmax, key: key(0)))
  }
}
