import FileFormats
import Foundation
import Kernels
import SpectralNetworks
import Testing
import Verification

@testable import Training

/// Adam and the schedules against what PyTorch recorded.
@Suite("Optimiser and schedules against PyTorch")
struct OptimiserFixtureTests {
  let adam: SafetensorsFile
  let schedules: SafetensorsFile

  init() throws {
    adam = try SafetensorsFile(contentsOf: FixtureStore.url("training/adam.safetensors"))
    schedules = try SafetensorsFile(
      contentsOf: FixtureStore.url("training/schedules.safetensors"))
  }

  /// The trajectory under the recorded gradients: all parameters after each step, and the moments.
  private func trajectory<T: LaneScalar>(
    _ problem: String, _ type: T.Type, options: AdamOptions = AdamOptions()
  ) throws -> (parameters: [T], adam: Adam<T>) {
    let key = "\(problem).\(T.precisionName)"
    let start = try adam.tensors.tensor("\(key).start").doubles()
    let gradients = try adam.tensors.tensor("\(key).gradients").doubles()
    let rates = try adam.tensors.tensor("learning_rates").doubles()
    let count = start.count
    var parameters = [NamedTensor(name: "p", shape: [count], values: start.map { T($0) })]
    var optimiser = Adam(options: options, parameters: parameters)
    var all: [T] = []
    for step in rates.indices {
      var gradient = [
        NamedTensor(
          name: "p", shape: [count],
          values: gradients[step * count..<(step + 1) * count].map { T($0) })
      ]
      let isFinite = optimiser.update(
        &parameters, gradients: &gradient, learningRate: rates[step], threads: 1)
      #expect(isFinite)
      all += parameters[0].values
    }
    return (all, optimiser)
  }

  /// The largest relative error of `value` in any of its columns of `count`.
  private func worstColumn<T: LaneScalar>(
    _ value: [T], _ reference: [Double], count: Int
  ) -> Double {
    (0..<count).map { column in
      let rows = stride(from: column, to: value.count, by: count)
      return relativeError(rows.map { value[$0] }, rows.map { reference[$0] })
    }.max() ?? .infinity
  }

  /// The same formula with the operations in PyTorch's order; ours fuses some of them. 50 steps add
  /// up to 50 updates, each with a few roundings of a quantity at most the size of p or of the
  /// step; column by column, so that no decade hides another.
  /// Blind to: other β and ε (AdamDefinitionTests uses the formula itself).
  @Test("Adam, 50 steps with a change of rate", arguments: ["quadratic", "rosenbrock", "scales"])
  func adamTrajectory(problem: String) throws {
    try check(problem, Double.self)
    try check(problem, Float.self)
  }

  private func check<T: LaneScalar>(_ problem: String, _ type: T.Type) throws {
    let key = "\(problem).\(T.precisionName)"
    let (parameters, optimiser) = try trajectory(problem, type)
    let count = optimiser.firstMoments[0].count
    let bound = 50 * Double(T.ulpOfOne)
    let p = try adam.tensors.tensor("\(key).parameters").doubles()
    #expect(worstColumn(parameters, p, count: count) < bound)
    let m = try adam.tensors.tensor("\(key).first_moment").doubles()
    #expect(worstColumn(optimiser.firstMoments[0].values, m, count: count) < bound)
    let v = try adam.tensors.tensor("\(key).second_moment").doubles()
    #expect(worstColumn(optimiser.secondMoments[0].values, v, count: count) < bound)
  }

  /// A decay that is off by a hundredth, or ε a hundred times larger, is not accepted.
  @Test("Negative controls", arguments: [AdamOptions(beta1: 0.89), AdamOptions(epsilon: 1e-6)])
  func rejectsOtherOptions(options: AdamOptions) throws {
    let (parameters, optimiser) = try trajectory("scales", Double.self, options: options)
    let p = try adam.tensors.tensor("scales.float64.parameters").doubles()
    let error = worstColumn(parameters, p, count: optimiser.firstMoments[0].count)
    #expect(error > 1000 * 50 * Double.ulpOfOne)
  }

  private func plateauRates(_ name: String, patience: Int) throws -> [Double] {
    let start = try schedules.tensors.tensor("plateau.\(name).start").doubles()
    let rule = PlateauRule(initialRate: start[0], patience: patience)
    var state = PlateauState(rule: rule)
    return try schedules.tensors.tensor("plateau.\(name).metrics").doubles().map { metric in
      state.update(metric, rule: rule)
      return state.rate
    }
  }

  /// The rate is a product of at most eight factors; the decisions are comparisons of the same
  /// numbers. One wrong decision changes a rate by a factor of ten, as the control shows.
  @Test("Plateau rule", arguments: ["noisy", "constant", "threshold"])
  func plateau(name: String) throws {
    let expected = try schedules.tensors.tensor("plateau.\(name).rates").doubles()
    let bound = 8 * Double.ulpOfOne
    let rates = try plateauRates(name, patience: 5)
    #expect(zip(rates, expected).allSatisfy { abs($0 - $1) <= bound * $1 })
    let early = try plateauRates(name, patience: 4)
    #expect(zip(early, expected).contains { abs($0 - $1) > 1000 * bound * $1 })
  }

  /// The same formula, up to the rounding of the cosine's argument, at most π ulp/2, and a handful
  /// of operations on numbers of the size of the maximum.
  @Test("One cycle", arguments: [10, 101, 1000])
  func oneCycle(steps: Int) throws {
    let expected = try schedules.tensors.tensor("one_cycle.\(steps).rates").doubles()
    let bound = 8 * Double.ulpOfOne
    let rates = (0..<steps).map(OneCycle(maximum: 3e-3, steps: steps).rate(at:))
    #expect(relativeError(rates, expected) < bound)
    // A peak that is one step late.
    let late = OneCycle(maximum: 3e-3, steps: steps, warmUpFraction: 0.3 + 1 / Double(steps))
    #expect(relativeError((0..<steps).map(late.rate(at:)), expected) > 1000 * bound)
  }

  /// PyTorch advances this schedule by a recurrence, whose roundings add up step by step: about
  /// one per step relative to the initial rate.
  @Test(
    "Cosine annealing", arguments: [("50.0", 50, 0), ("50.1e-05", 50, 1e-5), ("7.1e-06", 7, 1e-6)])
  func cosine(name: String, steps: Int, final: Double) throws {
    let expected = try schedules.tensors.tensor("cosine.\(name).rates").doubles()
    let bound = 8 * Double(steps) * Double.ulpOfOne
    let schedule = CosineAnnealing(initial: 1e-3, final: final, steps: steps)
    #expect(relativeError((0...steps).map(schedule.rate(at:)), expected) < bound)
    let shifted = CosineAnnealing(initial: 1e-3, final: final, steps: steps + 1)
    #expect(relativeError((0...steps).map(shifted.rate(at:)), expected) > 1000 * bound)
  }
}
