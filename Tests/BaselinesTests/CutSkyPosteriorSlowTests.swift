import LinearAlgebra
import SkyMaps
import SkyModels
import Testing
import Verification

@testable import Baselines

@Suite("Exact posterior of a cut sky: interpolation and calibration")
struct CutSkyPosteriorSlowTests {
  private func likelihood(_ model: some SkyModel, noise: Double = 0.2) throws -> PixelLikelihood {
    try PixelLikelihood(
      model, mask: SkyMask.cap(nside: 4, skyFraction: 0.2), noise: noise, floor: PixelFloor(),
      threads: 2)
  }

  /// Interpolated ln L against direct evaluation between the nodes, in the middle of the first cell
  /// (the worst place) and inside. Within 20 of the maximum the difference is below 0.01 with 21
  /// nodes, and with 41 at least 20 times smaller (h⁸ would be 256).
  @Test("Interpolation of ln L")
  func interpolation() throws {
    let likelihood = try likelihood(smallPeaks())
    let (maps, _) = try likelihood.simulated(0..<12, seed: 371, split: .test, threads: 2)
    var worst: [Double] = []
    for nodes in [21, 41] {
      let posterior = try CutSkyPosterior(likelihood, nodes: nodes)
      let table = try posterior.logLikelihoods(maps, threads: 2, progress: WorkProgress())
      let axes = posterior.axes
      let fine = (0..<12).map { map in
        JointPosterior.interpolated(axes, table.map { $0[map] })
      }
      var largest = 0.0
      for (i, j) in [(15, 15), (15, 290), (290, 15), (105, 290), (290, 105), (285, 585)] {
        let values = [2 + 4 * Double(i) / 600, 2 + 4 * Double(j) / 600]
        let direct = try likelihood.logLikelihood(at: values, maps: maps, threads: 2)
        for map in 0..<12 where direct[map] > (fine[map].max() ?? 0) - 20 {
          let error = abs(fine[map][i * 601 + j] - direct[map])
          largest = max(largest, error.isNaN ? .infinity : error)
        }
      }
      worst.append(largest)
    }
    #expect(worst[0] < 0.01 && worst[0] > 0, "\(worst)")
    #expect(worst[1] < worst[0] / 20 + 1e-9, "\(worst)")
  }

  /// Over the prior the truth lies below the posterior's quantile q with probability q: 600 skies,
  /// two parameters. Negative control: a likelihood that knows no noise where there is some.
  @Test("Calibration")
  func calibration() throws {
    let right = try likelihood(smallPeaks(), noise: 0.5)
    let wrong = try likelihood(smallPeaks(), noise: 0.1)
    let count = 600
    let (maps, truths) = try right.simulated(0..<count, seed: 372, split: .limit, threads: 2)
    func pulls(_ likelihood: PixelLikelihood) throws -> [Double] {
      let estimates = try CutSkyPosterior(likelihood, nodes: 21).estimates(maps, threads: 2)
      return (0..<count).flatMap { map in
        (0..<2).map { i in
          (truths[map][i] - estimates[map].posteriorMean[i]) / estimates[map].standardDeviation[i]
        }
      }
    }
    // ⟨(θ − ⟨θ⟩)²/σ²⟩ = 1 exactly, averaged over prior and skies; so is the mean of the pull 0.
    let honest = try pulls(right)
    #expect(StandardScore(of: honest, expected: 0).magnitude < 5)
    #expect(StandardScore(of: honest.map { $0 * $0 }, expected: 1).magnitude < 5)
    let blind = try pulls(wrong)
    #expect(StandardScore(of: blind.map { $0 * $0 }, expected: 1).magnitude > 10)
  }
}
