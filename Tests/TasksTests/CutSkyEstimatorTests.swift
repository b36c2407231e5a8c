import Baselines
import FileFormats
import Testing
import Training
import Verification

@testable import Tasks

/// The estimator of a cut sky against a likelihood that is written in NumPy with healpy's pixels
/// and harmonics, on healpy's maps.
@Suite("Optimal estimator of a cut sky")
struct CutSkyEstimatorTests {
  /// Estimates, and what a floor of 10⁻² does to them. The recorded sums over a square of step 0.04
  /// are good to 0.005 error bars; the control is a floor ten thousand times too large, which moves
  /// an estimate by a large part of an error bar.
  /// Blind to: posterior mean and deviation, which the estimator does not give.
  @Test("Three maps of healpy")
  func maps() throws {
    let fixture = try SafetensorsFile(
      contentsOf: FixtureStore.url("benchmark/cut_sky_posterior.safetensors")
    ).tensors
    let settings = try TaskSettings(task: .t2, skyFraction: 0.05)
    let observed = try fixture.tensor("observed").integers().map { Int($0) }
    #expect(settings.mask?.observedPixels == observed)
    let values = try fixture.tensor("maps").doubles()
    let count = 3
    var maps = [Float](repeating: 0, count: settings.pixelCount * count * 2)
    for map in 0..<count {
      for field in 0..<2 {
        for (k, pixel) in observed.enumerated() {
          maps[pixel * count * 2 + map * 2 + field] = Float(
            values[(map * 2 + field) * observed.count + k])
        }
      }
    }
    func estimates(_ floor: Double?) throws -> [[SkyEstimate]] {
      try #require(try settings.estimator(threads: 2, floor: floor)).estimates(
        maps, count: count, channels: nil, threads: 2, interruption: InterruptionFlag())
    }
    let (found, coarse) = (try estimates(nil), try estimates(1e-2))
    let optimal = try fixture.tensor("optimal").doubles()
    let control = try fixture.tensor("coarse_floor").doubles()
    let deviation = try fixture.tensor("deviation").doubles()
    var moved = 0.0
    for map in 0..<count {
      for parameter in 0..<2 {
        let k = 2 * map + parameter
        #expect(abs(found[map][parameter].optimal - optimal[k]) <= 0.005 * deviation[k])
        #expect(abs(coarse[map][parameter].optimal - control[k]) <= 0.005 * deviation[k])
        moved = max(moved, abs(control[k] - optimal[k]) / deviation[k])
      }
    }
    #expect(moved > 0.1, "a floor of 10⁻² moves no estimate by more than \(moved) error bars")
  }
}
