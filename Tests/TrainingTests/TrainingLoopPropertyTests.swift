import Foundation
import Kernels
import SpectralNetworks
import TestSupport
import Testing
import Verification

@testable import Training

@Suite("Training loop")
struct TrainingLoopPropertyTests {
  /// Smoke: the network learns more than the targets' distribution, and the curves have the points
  /// that the configuration asks for. Blind to: whether the gradient is right (it only has to point
  /// downwards).
  @Test("The loss falls")
  func lossFalls() throws {
    var configuration = ToyRun.configuration(maps: 2000)
    configuration.loss = .relativeSquared
    let (_, result) = try ToyRun.train(configuration)
    #expect(result.ending == .completed && result.maps == 2000 && result.steps == 20 * 13)
    #expect(result.lossCurve.map(\.step) == Array(stride(from: 5, through: 260, by: 5)))
    // The best constant prediction for t uniform in [5, 20): 1 − ⟨1/t⟩²/⟨1/t²⟩.
    let inverse = log(4.0) / 15
    let constant = 1 - inverse * inverse / ((1 / 5.0 - 1 / 20.0) / 15)
    let last = try #require(result.validationCurve.last)
    #expect(last.loss < 0.7 * constant)
    #expect(result.validationCurve.map(\.epoch) == Array(0..<20))
    #expect(result.validationCurve.last?.percentageError?.count == 20)
    #expect(result.seconds > 0)
  }

  /// Threads and working ahead are no part of the result. Blind to: networks with races.
  @Test("Threads and working ahead change no bit")
  func executionChangesNothing() throws {
    let configuration = ToyRun.configuration()
    let reference = try ToyRun.train(configuration, as: Float.self)
    for (threads, worksAhead) in [(2, true), (2, false), (1, false)] {
      let run = try ToyRun.train(
        configuration, as: Float.self,
        execution: TrainingExecution(threads: threads, worksAhead: worksAhead))
      #expect(run.network.parameters == reference.network.parameters)
      #expect(run.network.buffers == reference.network.buffers)
      #expect(run.result.lossCurve == reference.result.lossCurve)
      #expect(run.result.validationCurve == reference.result.validationCurve)
    }
    // Control: one more map in the batch is another run.
    var other = configuration
    other.batch = 9
    let different = try ToyRun.train(other, as: Float.self)
    #expect(different.network.parameters != reference.network.parameters)
  }

  /// Under a gradient that stays the same the corrected moments are g and g², so that every step is
  /// η g/(|g| + ε) [Kingma2015, algorithm 1]. Rounding: 1 − β₂ᵗ loses three digits: 1e-13.
  /// Control: moments as they are, without the correction, make the first step 3.16 η.
  @Test("Adam by its definition under a constant gradient")
  func constantGradient() {
    let (start, gradient, rates) = ([1.0, -2, 0.5], [0.25, -3, 1e-3], [0.1, 0.05, 0.2])
    let options = AdamOptions(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
    let found = Adam<Double>.trajectoryByDefinition(
      start, gradients: rates.map { _ in gradient }, options: options
    ) { rates[$0 - 1] }
    var expected = start
    for (p, rate) in zip(found, rates) {
      for i in expected.indices { expected[i] -= rate * gradient[i] / (abs(gradient[i]) + 1e-8) }
      let errors = zip(p, expected).map { abs($0 - $1) }
      #expect(errors.allSatisfy { $0 <= 1e-12 }, "\(errors)")
    }
    #expect(abs(found[0][0] - start[0]) < 2 * rates[0])
  }

  /// What the pipeline hands out is what the source makes for each range on its own, in order.
  @Test("Working ahead keeps batches and their order")
  func pipelineKeepsOrder() throws {
    let pipeline = BatchPipeline(
      source: ToySource<Double>(), ranges: [0..<2, 2..<5, 5..<6], purpose: .training, threads: 1,
      worksAhead: true)
    var lengths: [Int] = []
    while let (range, batch) = try pipeline.next() {
      let alone = try ToySource<Double>().batch(maps: range, purpose: .training, threads: 1)
      #expect(batch == alone)
      lengths.append(range.count)
    }
    #expect(lengths == [2, 3, 1])
  }

  /// An optimiser step changes the parameters where they are: their memory is the same at every
  /// step of an epoch. With `keepsBest` the best state takes over the old memory at an improvement,
  /// once per epoch at most.
  @Test("Steps copy no parameters")
  func parametersStayInPlace() throws {
    var configuration = ToyRun.configuration()
    configuration.keepsBest = false
    let single = try ToyRun.train(configuration).network.addresses
    #expect(single.count == 1)
    let kept = try ToyRun.train(ToyRun.configuration()).network.addresses
    #expect(kept.count <= 5)
  }

  /// With validation at a rate that is far too large from the second epoch on, the run stops after
  /// the configured number of bad epochs and ends with the state of the best one.
  @Test("Early stopping keeps the best state")
  func earlyStopping() throws {
    // A rising rate: the cycle's first phase goes from 0.004 to 100.
    var configuration = ToyRun.configuration(
      maps: 3000,
      schedule: .oneCycle(
        OneCycle(maximum: 100, steps: 2000, warmUpFraction: 0.9, initialDivisor: 5000)))
    configuration.earlyStoppingPatience = 4
    let run = try ToyRun.train(configuration)
    #expect(run.result.ending == .stoppedEarly)
    let best = try #require(run.result.bestEpoch)
    #expect(run.result.validationCurve.count == best + 1 + 4)
    #expect(
      run.result.validationCurve.map(\.loss).min() == run.result.validationCurve[best].loss)
    // The same run, cut short at the best epoch, has the same weights.
    configuration.maps = 100 * (best + 1)
    let short = try ToyRun.train(configuration)
    #expect(short.network.parameters == run.network.parameters)
    #expect(short.network.buffers == run.network.buffers)
  }

  /// The plateau rule acts on the rates that the steps use: after the reduction, a tenth.
  @Test("Plateau rule in the loop")
  func plateau() throws {
    var configuration = ToyRun.configuration(
      maps: 1000,
      schedule: .plateau(PlateauRule(initialRate: 0.02, patience: 0, threshold: 0.9)))
    configuration.metric = .percentageError
    let (_, result) = try ToyRun.train(configuration)
    let rates = result.validationCurve.map(\.learningRate)
    #expect(rates[0] == 0.02 && rates[1] == 0.02)
    #expect(abs(rates[2] - 0.002) < 2 * 0.002.ulp)
    var state = PlateauState(rule: PlateauRule(initialRate: 0.02, patience: 0, threshold: 0.9))
    for (k, point) in result.validationCurve.enumerated() {
      #expect(point.learningRate == state.rate, "epoch \(k)")
      let metric = try #require(point.percentageError).mean.reduce(0, +)
      state.update(metric, rule: PlateauRule(initialRate: 0.02, patience: 0, threshold: 0.9))
    }
  }

  /// A target of 0 has no percentage error: there is none for the epoch. The loss is that of the
  /// same run. Control: without such a target there is one.
  @Test("Validation with a target of 0")
  func zeroTargetInValidation() throws {
    var configuration = ToyRun.configuration(maps: 200)
    (configuration.loss, configuration.metric) = (.meanSquared, .loss)
    let map = configuration.validationMaps(ofEpoch: 0).lowerBound + 3
    let curve = try ToyRun.train(configuration, source: ToySource<Double>(zeroTargetMap: map))
      .result.validationCurve
    #expect(curve.count == 2)
    #expect(curve.allSatisfy { $0.percentageError == nil && $0.loss.isFinite })
    let control = try ToyRun.train(configuration).result.validationCurve
    #expect(control.allSatisfy { $0.percentageError?.count == 20 })
  }

  /// Without validation maps a checkpoint counts the epochs all the same: a run that is continued
  /// in its second epoch is the run itself.
  @Test("Epochs without validation maps")
  func epochsWithoutValidation() throws {
    var configuration = ToyRun.configuration()
    (configuration.validationMaps, configuration.keepsBest) = (0, false)
    let folder = try ScratchFolder()
    let execution = TrainingExecution(threads: 1, checkpoint: folder.file("run.safetensors"))
    let through = try ToyRun.train(configuration)
    #expect(through.result.validationCurve.isEmpty)
    let first = try ToyRun.train(configuration, execution: execution, stopAfter: 20)
    #expect(first.result.steps == 20)
    let resumed = try ToyRun.train(configuration, execution: execution, resuming: true)
    #expect(resumed.result.steps == through.result.steps)
    #expect(resumed.network.parameters == through.network.parameters)
    #expect(first.network.parameters != through.network.parameters)
  }

  /// Fresh validation maps per epoch differ from fixed ones from the second epoch on.
  @Test("Validation maps can be redrawn")
  func redrawsValidation() throws {
    var configuration = ToyRun.configuration(maps: 200)
    configuration.keepsBest = false
    let fixed = try ToyRun.train(configuration).result.validationCurve
    configuration.redrawsValidation = true
    let redrawn = try ToyRun.train(configuration).result.validationCurve
    #expect(fixed[0] == redrawn[0])
    #expect(fixed[1].loss != redrawn[1].loss)
  }
}
