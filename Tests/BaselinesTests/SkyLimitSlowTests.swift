import Foundation
import SkyMaps
import SkyModels
import Testing
import Verification

@testable import Baselines

@Suite("Limits of the T2 task on a small part of the sky")
struct SkyLimitSlowTests {
  private let model = UncorrelatedModel.polarisationPeaks()

  /// The Cramér-Rao bound at f_sky 0.05 with a floor that matters little, against an independent
  /// figure, 2.44 for a cap elsewhere, known to 5 %. E and B are symmetric: turning the axes of Q
  /// and U by 45 degrees exchanges them, so both bounds agree to rounding times the condition
  /// number, 10⁸.
  @Test("Cramer-Rao bound at f_sky 0.05")
  func cramerRao() throws {
    let mask = try SkyMask.cap(nside: 16, skyFraction: 0.05)
    #expect(mask.observedPixels.count == 152)
    let bounds = try SkyLimits.cutSkyCramerRao(
      model, mask: mask, floor: PixelFloor(fraction: 1e-4), points: 3, threads: 2)
    #expect(abs(bounds[0] / 2.44 - 1) < 0.05)
    #expect(abs(bounds[0] / bounds[1] - 1) < 1e-6)
    let wide = try SkyLimits.cutSkyCramerRao(
      model, mask: mask, floor: PixelFloor(fraction: 1e-2), points: 3, threads: 2)
    #expect(wide[0] > 1.05 * bounds[0])
  }

  /// The exact posterior at f_sky 0.05: its error lies near the bound, above 0.9 of it (a bounded
  /// prior allows a few percent less than the bound for unbiased estimators) and below 1.1, within
  /// four standard errors, and the bounds of the other estimators lie above it by less than 5 %.
  @Test("Exact posterior at f_sky 0.05")
  func posterior() throws {
    let mask = try SkyMask.cap(nside: 16, skyFraction: 0.05)
    let limits = try SkyLimits.cutSky(
      model, mask: mask, floor: PixelFloor(), skies: 400, seed: 391, nodes: 21, threads: 2)
    #expect(limits.map(\.name) == ["ell_e", "ell_b"])
    for limit in limits.map(\.limit) {
      let error = limit.optimal.standardError
      #expect(limit.optimal.percent > 0.9 * 2.49 - 4 * error)
      #expect(limit.optimal.percent < 1.1 * 2.49 + 4 * error)
      #expect(limit.posteriorMean.percent < 1.05 * limit.optimal.percent)
      #expect(limit.skyCount == 400)
    }
  }
}
