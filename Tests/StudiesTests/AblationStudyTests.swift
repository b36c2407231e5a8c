import FileFormats
import Foundation
import SpectralNetworks
import Tasks
import Testing
import Training
import TrainingRuns
import Verification

@testable import Studies

/// The list of runs and their recipes; no run is carried out.
/// Blind to: what training makes of a recipe (AblationStudySlowTests).
@Suite("Runs of the ablation")
struct AblationRunTests {
  /// Every run has the whole budget: the isotropic ones use all maps, the published ones all but
  /// less than an epoch with its validation. Names are file names, labels ASCII as the figures'
  /// font is.
  @Test("One budget for all", arguments: [1_024, 20_000, 60_000])
  func budget(maps: Int) throws {
    let names = AblationStudy.runs.map(\.name)
    #expect(Set(names).count == names.count)
    for run in AblationStudy.runs {
      let recipe = try run.recipe(maps: maps, testMaps: 4_000, seed: 1)
      #expect(recipe.totalMaps <= maps, "\(run.name)")
      #expect(recipe.totalMaps > maps - maps / 10 - 64, "\(run.name): \(recipe.totalMaps)")
      #expect(recipe.testMaps == 4_000 && recipe.training.seed == 1)
      #expect(run.label.allSatisfy { $0.isASCII } && run.sentence.hasSuffix("."))
      try recipe.training.validate()
    }
    #expect(throws: TaskError.self) {
      try AblationStudy(AblationStudy.Configuration(maps: 100, testMaps: 64, seed: 1))
    }
  }

  /// Names pick runs, in the order of the study; one that no run has is refused with all names.
  @Test("Runs by name")
  func runsByName() throws {
    let names = AblationStudy.runs.map(\.name)
    #expect(try AblationStudy.runs(named: []).map(\.name) == names)
    #expect(
      try AblationStudy.runs(named: [names[5], names[1], names[5]]).map(\.name)
        == [names[1], names[5]])
    #expect(throws: AblationError.unknownRun(found: "t9", expected: names)) {
      try AblationStudy.runs(named: [names[0], "t9"])
    }
  }

  private func published(_ name: String) throws -> (PublishedConfiguration, TrainingConfiguration) {
    let run = try #require(AblationStudy.runs.first { $0.name == name })
    let recipe = try run.recipe(maps: 20_000, testMaps: 100, seed: 1)
    let configuration = try #require(recipe.network.typed(PublishedConfiguration.self))
    return (configuration, recipe.training)
  }

  /// What a run says it changes is what its configuration differs in, and nothing else.
  @Test("Runs differ from the base in one thing")
  func differences() throws {
    let (plain, training) = try published("t1-published")
    #expect(plain == .t1 && training.schedule.stepCount == training.plan.stepCount)
    var expected = plain
    expected.dropout = 0
    #expect(try published("t1-no-dropout").0 == expected)
    expected.batchStatisticsSteps = Int((Double(training.plan.stepCount) / 2).rounded())
    let base = expected
    #expect(try published("t1-running-statistics").0 == base)
    #expect(try published("t1-noise15-containing-pixel").0 == base)
    expected.sharedSteps = training.plan.stepCount
    #expect(try published("t1-shared-weights").0 == expected)
    #expect(try published("t1-fitted-readout").1.maps < training.maps * 2 / 3)
    expected.pooling = .power
    #expect(try published("t1-shared-power").0 == expected)
    expected.sharedSteps = nil
    #expect(try published("t1-power").0 == expected)
    for sampling in [PublishedSampling.bilinear, .harmonic] {
      expected = base
      expected.sampling = sampling
      #expect(try published("t1-\(sampling.rawValue)").0 == expected)
      #expect(try published("t1-noise15-\(sampling.rawValue)").0 == expected)
    }
    var masked = try published("t2-inpainting").0
    #expect(masked.inpaints && masked.inputChannels == 3)
    masked.inpaints = false
    #expect(try published("t2-masking").0 == masked)
  }

  /// The readout that gradients train is the one that is fitted, with all maps in the steps;
  /// masking is the network without filters.
  @Test("Isotropic runs")
  func isotropic() throws {
    func recipe(_ name: String) throws -> (TrainingRecipe, IsotropicConfiguration) {
      let run = try #require(AblationStudy.runs.first { $0.name == name })
      let recipe = try run.recipe(maps: 20_000, testMaps: 100, seed: 1)
      let configuration = try #require(recipe.network.typed(IsotropicConfiguration.self))
      return (recipe, configuration)
    }
    let (fitted, network) = try recipe("t1-isotropic-closed-form")
    let (gradients, same) = try recipe("t1-isotropic-gradients")
    #expect(network == same && network.density == nil)
    #expect(fitted.refitMaps > 0 && fitted.firstFitMaps > 0)
    #expect(gradients.refitMaps == 0 && gradients.firstFitMaps == 0)
    #expect(gradients.training.maps == 20_000 - gradients.calibrationMaps)
    var blocks = network
    blocks.channels = [16, 48]
    let (ends, deep) = try recipe("t1-isotropic-two-blocks")
    #expect(deep == blocks && ends.refitMaps == 0)
    #expect(ends.training.maps == gradients.training.maps)
    #expect(ends.training.schedule == gradients.training.schedule)
    #expect(try recipe("t1-noise15-isotropic").1 == network)
    let (_, filters) = try recipe("t2-isotropic-filters")
    let (_, masking) = try recipe("t2-isotropic-masking")
    #expect(filters.polarisation?.filterBank?.fiducials.count == 4)
    #expect(filters.groups == 8 && filters.channels == [8 * 46] && filters.bandWidth == nil)
    var wide = filters
    wide.channels = [8 * 8]
    wide.bandWidth = 0.6
    // The degree of the readout follows the number of maps.
    func sizes(_ name: String) throws -> IsotropicConfiguration {
      var configuration = try recipe(name).1
      configuration.readoutDegree = wide.readoutDegree
      return configuration
    }
    #expect(try sizes("t2-isotropic-wide-bands") == wide)
    for (name, count) in [("t2-isotropic-one-filter", 1), ("t2-isotropic-nine-filters", 9)] {
      let found = try sizes(name)
      #expect(found.polarisation?.filterBank?.fiducials.count == count)
      #expect(found.channels == [2 * count * 8] && found.bandWidth == 0.6)
    }
    #expect(masking.polarisation == PolarisationInput() && masking.groups == 2)
  }
}
