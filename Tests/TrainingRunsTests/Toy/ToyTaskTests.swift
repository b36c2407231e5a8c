import Foundation
import SkyModels
import Testing
import TestSupport
import Training
import Verification

@testable import Models
@testable import Tasks
@testable import TrainingRuns

/// A task that no file outside this folder knows: from a registration to maps, an optimum, a
/// trained model, its file and its record.
@Suite("A toy task")
struct ToyTaskTests {
  init() throws { try BenchmarkTask.register(.powerSlope) }

  /// With an isotropic network a thousand maps come within a factor of two of the optimum, as for
  /// T1; a constant guess is off by 27 %, ten times the bound. For the others they are too few.
  @Test("Training, file and record", arguments: Architecture.allCases)
  func run(architecture: Architecture) throws {
    let settings = try TaskSettings(task: BenchmarkTask(name: "power-slope"))
    let recipe = try TrainingRecipe.standard(
      architecture, settings: settings, maps: 1_000, seed: 3)
    let run = try TrainingRun(
      settings: settings, recipe: recipe, execution: TrainingExecution(threads: 2))
    guard case .completed(let model, let record) = try run.run() else {
      Issue.record("interrupted")
      return
    }
    let error = try #require(record.result["mean_absolute_percent_error"])
    let ratio = try #require(record.result["ratio_to_optimal"])
    #expect(error.isFinite && ratio > 0.9)
    if architecture == .isotropic {
      #expect(error < 2.7 && ratio < 2, "found \(error) %, \(ratio) times the optimum")
    }

    let read = try ModelFile.model(try ModelFile.safetensors(model), file: "toy")
    #expect(read.description.task == .powerSlope)
    #expect(read.description.parameterNames == ["slope"] && read.description.priorRange == 1...3)
    let again = try JSONDecoder().decode(RunRecord.self, from: try JSONEncoder().encode(record))
    #expect(again.settings == settings)
  }

  /// Maps of the task have its spectrum: the likelihood of each is largest within five standard
  /// deviations of its truth, 1/√(Fisher information). Control: the truths of other maps.
  @Test("Maps and their exact posterior")
  func posterior() throws {
    let settings = try TaskSettings(task: .powerSlope)
    let source = try SkyMapSource(settings, seed: 5)
    let batch = source.batch(maps: 0..<8, split: .test, threads: 1)
    let estimator = try #require(try settings.estimator())
    let found = try estimator.estimates(
      batch.maps, count: 8, channels: nil, threads: 1, interruption: InterruptionFlag(),
      progress: { _, _ in })
    func farOff(_ truths: [Float]) -> Int {
      // Σ (2l + 1)/2 ln²(10/(l + 1)) = 1,634 up to degree 47.
      zip(found, truths).count { estimate, truth in
        abs(estimate[0].maximumLikelihood - Double(truth)) > 5 / 1_634.0.squareRoot()
      }
    }
    #expect(farOff(batch.targets) == 0)
    #expect(farOff(Array(batch.targets[1...] + batch.targets[..<1])) >= 4)
  }

  /// Names of the benchmark are taken, a name twice is one task, another name is refused.
  @Test("Registration")
  func registration() throws {
    try BenchmarkTask.register(.powerSlope)
    let other = BenchmarkTask(
      name: "t1", title: "another", isPolarisation: false,
      physical: { UncorrelatedModel([.init(.temperature, PowerSlopeFamily())]) })
    #expect(throws: TaskError.nameTaken(kind: "task", name: "t1")) {
      try BenchmarkTask.register(other)
    }
    #expect(BenchmarkTask.known.count { $0 == .powerSlope } == 1)
    #expect(!BenchmarkTask.allCases.contains(.powerSlope))
    let error = try #require(thrown { try BenchmarkTask(name: "slope") } as? TaskError)
    #expect("\(error)".contains("t1, t2, t3, power-slope"))
    let text = Data("{\"task\":\"slope\",\"protocol\":\"physical\",\"nside\":16,\"noise\":0}".utf8)
    #expect(thrown { try JSONDecoder().decode(TaskSettings.self, from: text) } is TaskError)
    let unknown = BenchmarkTask(
      name: "unregistered", title: "never registered", isPolarisation: false,
      physical: { UncorrelatedModel([.init(.temperature, PowerSlopeFamily())]) })
    #expect(thrown { try TaskSettings(task: unknown) } is TaskError)
    let file = try #require(
      thrown { try BenchmarkTask(named: "slope", "task", file: "f") } as? ModelError)
    #expect("\(file)".contains("t1 or t2 or t3 or power-slope"))
  }
}
