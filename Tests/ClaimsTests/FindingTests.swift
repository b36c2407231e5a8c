import Baselines
import Foundation
import HarmonicTransforms
import SkyModels
import SphereGrids
import Testing
import Verification

@testable import Claims

/// The numbers of Docs/Findings.md.
@Suite("Findings about the published system")
struct FindingTests {
  /// 32 Clenshaw–Curtis latitudes carry l ≤ 15. torch-harmonics 0.8.0 itself gives 0.0017 to
  /// 0.0028, 0.10 to 0.16 and 0.70 to 0.72 over ten seeds with 24, 32 and 47 degrees; bounds: that
  /// range with room for others; rounding at 16 degrees. The degree below each jump is the control
  /// of the next.
  @Test(
    "Round trip of the published transform",
    arguments: [(15, 0.0, 1e-14), (23, 0.001, 0.005), (31, 0.07, 0.2), (46, 0.68, 0.74)])
  func roundTrip(lmax: Int, low: Double, high: Double) throws {
    for seed in UInt64(0)..<10 {
      let error = try publishedRoundTrip(lmax: lmax, seed: seed)
      #expect(low <= error && error <= high, "lmax \(lmax), seed \(seed): \(error)")
    }
  }

  /// The sampled rows j π/32 lie north of the nodes j π/31 by j π/992, one whole row at the end,
  /// where no sampled row is the south pole. Bound: two roundings of π.
  @Test("Sampled rows against nodes")
  func rows() {
    let sampled = PublishedSamplingGrid().rings
    let nodes = ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64).rings
    for j in 0..<32 {
      let offset = nodes[j].theta - sampled[j].theta
      #expect(abs(offset - Double(j) * .pi / 992) <= 4 * .pi * 0x1p-53, "row \(j)")
    }
    #expect(nodes[31].theta == .pi)
    #expect(sampled[31].theta < .pi - 0.09)
  }

  /// Σ_p f_p depends on m = 0 and even l alone: odd l cancel between the hemispheres, and every
  /// other order along the rings, the order 32 of 64 longitudes too. A rectified field has no such
  /// symmetry.
  @Test("What the mean over the points sees")
  func mean() {
    #expect(degreesSeenByMean { _ in 1 } == 24)
    // 1023 complex numbers less the imaginary parts of 47 with m = 0 and 15 with m = 32.
    #expect(degreesSeenByMean { $0 > 0 ? 1 : 0 } == 1984)
  }

  /// D_l in the place of C_l: without noise and over the full sky every degree is multiplied by a
  /// known number, and the Fisher information ½ Σ (2l + 1)(C'/C)² stays what it was, to the
  /// roundings of the ratio. So the mistake costs a network, whose maps are dominated by other
  /// degrees, and not the data.
  /// Control: with noise it does matter.
  @Test(
    "D_l for C_l leaves the information of noise-free full skies alone", arguments: [0.04, 0.07])
  func scaledSpectra(tau: Double) throws {
    let family = OpticalDepthTable.physical.family(.e)
    let scaled = ScaledFamily(base: family)
    func information(_ family: any SpectrumFamily, noise: Double) throws -> Double {
      let noise = [Double](repeating: noise, count: family.lmax + 1)
      return FullSkyLikelihood([try .init(.e, family: family, noise: noise)])
        .fisherInformation(at: tau)
    }
    let bound = RoundingBound.certain(operations: 8)
    let plain = try information(family, noise: 0)
    #expect(abs(try information(scaled, noise: 0) / plain - 1) <= bound)
    let noise = family.spectrum(at: tau)[10]
    let change =
      try information(scaled, noise: noise) / information(family, noise: noise) - 1
    #expect(abs(change) > 1000 * bound, "\(change)")
  }

  /// Weights per (l, m) commute with rotations about z to rounding, and with no other.
  @Test("Rotations that weights per order commute with")
  func rotations() {
    let bound = RoundingBound.probable(operations: 13 * 13)
    for alpha in [0.3, 1, 2.5] {
      #expect(orderwiseChange(Rotation(alpha: alpha, beta: 0, gamma: 0)) <= bound)
    }
    for beta in [1e-6, 0.1, 1, 3] {
      let change = orderwiseChange(Rotation(alpha: 0, beta: beta, gamma: 0))
      #expect(change > 1000 * bound && change > beta / 10, "beta \(beta): \(change)")
    }
  }
}

/// l(l + 1) C_l/2π in the place of C_l.
private struct ScaledFamily: SpectrumFamily {
  let base: any SpectrumFamily
  var parameterName: String { base.parameterName }
  var parameterRange: ClosedRange<Double> { base.parameterRange }
  var lmax: Int { base.lmax }

  private func scaled(_ values: [Double]) -> [Double] {
    values.enumerated().map { Double($0 * ($0 + 1)) / (2 * .pi) * $1 }
  }

  func spectrum(at parameter: Double) -> PowerSpectrum {
    guard let spectrum = try? PowerSpectrum(scaled(base.spectrum(at: parameter).values)) else {
      preconditionFailure("a scaled spectrum is negative")
    }
    return spectrum
  }

  func derivative(at parameter: Double) -> [Double] { scaled(base.derivative(at: parameter)) }
}
