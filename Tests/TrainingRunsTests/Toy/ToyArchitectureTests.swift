import TestSupport
import FileFormats
import Foundation
import FourierTransforms
import SpectralNetworks
import Testing
import Training
import Verification

@testable import Models
@testable import Tasks
@testable import TrainingRuns

/// An architecture that no file outside this folder knows: from a registration to a trained model,
/// its file, and predictions.
@Suite("A toy architecture")
struct ToyArchitectureTests {
  init() throws { try Architecture.register(SmoothedPowerConfiguration.self) }

  /// Gradients against central differences in `Double`. Bound: steps of 1e-5 of smooth functions,
  /// rounding of the loss over the step. Control: gradients of other targets.
  @Test("Gradients of the weights")
  func gradients() throws {
    var network = try SmoothedPowerNetwork<Double>(
      SmoothedPowerConfiguration(nside: 4, lmax: 5, beams: 2))
    network.parameters[1].values = [0.7, -0.4]
    var numbers = TestNumbers(seed: 4)
    let maps = (0..<192 * 3).map { _ in numbers.normal() }
    func value(_ network: SmoothedPowerNetwork<Double>, _ targets: [Double]) -> Double {
      let outputs = network.predict(maps, count: 3, threads: 1)
      return Loss.meanSquared.evaluate(outputs: outputs, targets: targets).value
    }
    func gradients(_ targets: [Double]) -> [NamedTensor<Double>] {
      var sums = network.parameters.map(\.zeros)
      var copy = network
      _ = copy.accumulateGradients(maps, count: 3, step: 0, threads: 1, into: &sums) {
        Loss.meanSquared.evaluate(outputs: $0, targets: targets)
      }
      return sums
    }
    let targets = [11.0, 13, 12]
    let (own, other) = (gradients(targets), gradients([13, 11, 14]))
    for tensor in network.parameters.indices {
      for k in network.parameters[tensor].values.indices {
        var (up, down) = (network, network)
        up.parameters[tensor].values[k] += 1e-5
        down.parameters[tensor].values[k] -= 1e-5
        let difference = (value(up, targets) - value(down, targets)) / 2e-5
        let scale = max(abs(difference), 1e-3)
        #expect(abs(own[tensor].values[k] - difference) < 1e-5 * scale)
        #expect(abs(other[tensor].values[k] - difference) > 1e-2 * scale)
      }
    }
  }

  /// Two thousand maps and twelve weights: an error far below that of a constant guess, 37 %.
  /// Writing and reading change no bit of the predictions.
  @Test("Training, file and predictions")
  func run() throws {
    let architecture = try #require(Architecture(rawValue: "smoothed-power"))
    #expect(!Architecture.allCases.contains(architecture))
    let settings = try TaskSettings()
    let recipe = try TrainingRecipe.standard(
      architecture, settings: settings, maps: 3_000, batch: 16, seed: 3)
    // It reads T: rows of polarisation are refused before anything is made.
    #expect(throws: NetworkConfigurationError.self) {
      try TrainingRecipe.standard(
        architecture, settings: TaskSettings(task: .t2), maps: 3_000, seed: 3)
    }
    let again = try JSONDecoder().decode(
      TrainingRecipe.self, from: try JSONEncoder().encode(recipe))
    #expect(again == recipe)
    let run = try TrainingRun(
      settings: settings, recipe: recipe, execution: TrainingExecution(threads: 2))
    guard case .completed(let model, let record) = try run.run() else {
      Issue.record("interrupted")
      return
    }
    let error = try #require(record.result["mean_absolute_percent_error"])
    #expect(error < 20)
    #expect(record.recipe == recipe && record.settings == settings)

    let file = try ModelFile.safetensors(model)
    let read = try ModelFile.model(file, file: "toy")
    #expect(read.network is SmoothedPowerNetwork<Float>)
    #expect(read.calibration == model.calibration)
    let maps = TestNumbers.floats(3072, seed: 1)
    #expect(
      try read.predict(maps, count: 1, threads: 1) == model.predict(maps, count: 1, threads: 1))
  }

  @Test("Unknown architectures")
  func unknown() throws {
    #expect(Architecture(rawValue: "nothing") == nil)
    let text = Data("{\"nothing\":{\"_0\":{}}}".utf8)
    let error = try #require(
      thrown { try JSONDecoder().decode(ModelConfiguration.self, from: text) })
    #expect("\(error)".contains("isotropic, published, pixel"))
  }
}
