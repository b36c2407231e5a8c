import Baselines
import Foundation
import Synchronization
import Tasks
import Testing
import Training
import TrainingRuns
import Verification

@testable import Benchmark

@Suite("Benchmark run")
struct BenchmarkRunTests {
  /// A run gives what `Evaluation`, which passes once over maps for model and optimum together,
  /// gives for each model: the same maps, the same figures, in whatever folder and with whatever
  /// threads. Bits of the network depend on the size of blocks, which differ on the cut sky only.
  /// Blind to: errors that both share; ShippedModelTests know the level of every error.
  @Test("The same figures as one evaluation", arguments: [1, 2])
  func figures(threads: Int) throws {
    try withTemporaryFolder { folder in
      for name in ["t1-physical-isotropic-noise15", "t2-physical-isotropic"] {
        try copyShipped(name, to: folder)
      }
      let models = try ModelFolder(contentsOf: folder)
      let run = try BenchmarkRun(models, mapCount: 40, seed: 5, threads: threads)
      let seen = Mutex<[String]>([])
      let report = try run.report { progress in
        seen.withLock { if $0.last != progress.stage { $0.append(progress.stage) } }
        #expect(progress.done <= progress.total && progress.total == 40)
      }
      #expect(
        seen.withLock { $0 } == [
          "optimum of t1, noise 15", "t1-physical-isotropic-noise15", "optimum of t2, full sky",
          "t2-physical-isotropic",
        ])
      for (entry, score) in zip(models.models, report.scores) {
        let settings = entry.settings
        let expected = try Evaluation(
          entry.model, on: TestMaps(SkyMapSource(settings, seed: 5), count: 40, threads: 2),
          estimator: settings.estimator(), threads: 2)
        #expect(score.name == entry.name && score.record != nil)
        #expect(score.mapCount == 40 && score.optimalMapCount == 40)
        for (own, other) in zip(score.parameters, expected.parameters) {
          #expect(own.error == other.error && own.comparison == other.comparison)
          #expect(own.calibration.coverage.first == other.coverage)
        }
      }
    }
  }

  /// The rule of the class comment: 10⁸/n² maps on a cut sky within 200 and 1,000, all on the full
  /// sky.
  @Test("Maps for the optimum")
  func optimalMaps() throws {
    try withTemporaryFolder { folder in
      try copyShipped("t1-physical-isotropic-noise0", to: folder)
      let models = try ModelFolder(contentsOf: folder)
      let run = try BenchmarkRun(models, mapCount: 2_000, threads: 1)
      #expect(run.optimalMapCount(for: try TaskSettings(task: .t2)) == 2_000)
      let counts = try [0.05, 0.1, 0.2, 0.5].map {
        run.optimalMapCount(for: try TaskSettings(task: .t2, skyFraction: $0))
      }
      #expect(counts == [1_000, 1_000, 100_000_000 / (611 * 611), 200])
      let asked = try BenchmarkRun(models, mapCount: 2_000, cutSkyMaps: 1_500, threads: 1)
      #expect(asked.optimalMapCount(for: try TaskSettings(task: .t2, skyFraction: 0.1)) == 1_500)
      let few = try BenchmarkRun(models, mapCount: 50, cutSkyMaps: 1_500, threads: 1)
      #expect(few.optimalMapCount(for: try TaskSettings(task: .t2, skyFraction: 0.1)) == 50)
    }
  }

  @Test("A raised flag ends the run")
  func interruption() throws {
    try withTemporaryFolder { folder in
      try copyShipped("t1-physical-isotropic-noise0", to: folder)
      let run = try BenchmarkRun(ModelFolder(contentsOf: folder), mapCount: 1_000, threads: 1)
      let flag = InterruptionFlag()
      let error = thrown { try run.report(interruption: flag) { _ in flag.raise() } }
      #expect(error as? TaskError == .interrupted)
    }
  }
}
