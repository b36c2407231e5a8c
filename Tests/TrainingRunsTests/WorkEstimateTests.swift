import Baselines
import FileFormats
import Kernels
import LinearAlgebra
import SpectralNetworks
import Testing
import Training

@testable import Models
@testable import Tasks
@testable import TrainingRuns

@Suite("Memory and time of stages")
struct WorkEstimateTests {
  private let estimate = WorkEstimate(
    stage: "making 3 filters", subject: .filters, bytes: 3e9, multiplications: 0,
    alternatives: [
      .init(change: "2 filters", bytes: 2e9), .init(change: "1 filter", bytes: 1e9),
      .init(change: "maps of nside 32", bytes: 1.5e9),
      .init(change: "maps of nside 16", bytes: 1e8),
    ])

  @Test("A stage that does not fit is refused, with the largest ones that do")
  func refused() throws {
    try estimate.requireMemory(available: 3e9)
    func fits(_ available: Double) -> [String]? {
      do {
        try estimate.requireMemory(available: available)
      } catch TaskError.notEnoughMemory("making 3 filters", .filters, 3e9, available, let fits) {
        return fits
      } catch {}
      return nil
    }
    #expect(fits(2.5e9) == ["2 filters", "maps of nside 32"])
    #expect(fits(1.2e9) == ["1 filter", "maps of nside 16"])
    #expect(fits(1e7) == [])
    let error = TaskError.notEnoughMemory(
      stage: "making 3 filters", subject: .filters, needed: 3e9, available: 1.2e9,
      fits: ["1 filter"])
    #expect(
      "\(error)" == "making 3 filters needs about 3.0 GB of memory, 1.2 GB are free; "
        + "what fits: 1 filter")
  }

  @Test("What is said beforehand")
  func announcement() {
    #expect(estimate.announcement(threads: 1) == "making 3 filters: about 3.0 GB of memory")
    var small = estimate
    small.bytes = 1e8
    #expect(small.announcement(threads: 1) == nil && !small.isLong(threads: 1))
    small.multiplications = 1e16
    #expect(small.isLong(threads: 2))
    #expect(small.announcement(threads: 2)?.contains("100 MB of memory, about ") == true)
    #expect([3, 99, 119, 7200].map(timeText) == ["3 s", "99 s", "2 min", "2 h"])
    #expect(byteText(1.25e12) == "1.2 TB" || byteText(1.25e12) == "1.3 TB")
    #expect(byteText(2.35e9).hasSuffix("GB"))
  }

  /// The default run of t1 keeps 1,464 features and a target of 240,000 maps, 8 bytes each.
  @Test("Features of a readout fit")
  func features() throws {
    let settings = try TaskSettings()
    let recipe = try TrainingRecipe.standard(.isotropic, settings: settings, seed: 0)
    let estimate = try #require(try recipe.featureEstimate())
    let network = try #require(recipe.network.typed(IsotropicConfiguration.self))
    #expect(
      estimate.bytes == Double(8 * recipe.refitMaps * (network.readoutFeatureCount + 1)))
    #expect(estimate.bytes > 2.5e9 && estimate.bytes < 3e9)
    #expect(estimate.stage.contains("\(network.readoutFeatureCount) features of 240000 maps"))
    #expect(estimate.alternatives.first?.change == "a run of 270000 maps")
    let noisy = try TaskSettings(noise: 10)
    let density = try TrainingRecipe.standard(.isotropic, settings: noisy, maps: 10_000, seed: 0)
    #expect(try density.featureEstimate()?.stage.contains("twice") == true)
    let published = try TrainingRecipe.standard(.published, settings: settings, seed: 0)
    #expect(try published.featureEstimate() == nil)
  }

  @Test("Too many maps, and steps that no machine holds")
  func bounds() throws {
    let settings = try TaskSettings()
    for maps in [1_000_000_001, 1 << 62, Int.max] {
      #expect(
        throws: TaskError.tooManyMaps(found: maps, most: TrainingRecipe.mostMaps)
      ) { try TrainingRecipe.standard(.isotropic, settings: settings, maps: maps, seed: 0) }
    }
    for architecture in Architecture.allCases {
      let large = try TaskSettings(nside: 8192)
      let recipe = try TrainingRecipe.standard(
        architecture, settings: large, maps: 100_000_000, batch: 1 << 20, seed: 0)
      let estimate = try recipe.trainingEstimate(large)
      #expect(estimate.bytes > 1e15)
      #expect(throws: TaskError.self) {
        try TrainingRun(
          settings: large, recipe: recipe, execution: TrainingExecution(threads: 1))
      }
    }
    #expect(
      try TaskSettings(nside: 8192).testEstimate(maps: 1000).bytes == 128 * 805_306_368 * 20)
  }

  /// A flag that is raised while a stage is under way ends the run there, as an interruption.
  @Test(
    "Interruption within a stage",
    arguments: [
      "whitening", "first fit", "first solution", "readout fit", "solving", "error bars", "test",
    ])
  func interruption(stage: String) throws {
    let settings = try TaskSettings()
    let flag = InterruptionFlag()
    let seen = Locked<[String]>([])
    let run = try TrainingRun(
      settings: settings,
      recipe: try .standard(.isotropic, settings: settings, maps: 6000, seed: 1),
      execution: TrainingExecution(threads: 1))
    let outcome = try run.run(interruption: flag) { report in
      guard case .other(let name, let done, let total) = report else { return }
      seen.withLock { $0.append(name) }
      if name.hasPrefix(stage), done < total { flag.raise() }
    }
    guard case .interrupted = outcome else {
      Issue.record("the run went on after \(stage): \(Set(seen.withLock { $0 }))")
      return
    }
    let last = try #require(seen.withLock { $0 }.last)
    #expect(last.hasPrefix(stage), "\(last)")
  }
}
