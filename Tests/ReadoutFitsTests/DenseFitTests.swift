import SpectralNetworks
import Testing
import Verification

@testable import ReadoutFits
@testable import Training

/// Dense layers fitted to many maps at once.
///
/// Sees: loss, gradient and change of variables against the layers of the network, and that a
/// network that exists is found where features are nearly collinear. Blind to: which of several
/// minima is found.
@Suite("Fit of dense layers")
struct DenseFitTests {
  static let (inputs, hidden, outputs) = (3, 4, 2)

  private static func random(_ numbers: inout TestNumbers) -> DenseWeights {
    DenseWeights(
      first: numbers.normals(hidden * inputs), firstBias: numbers.normals(hidden),
      second: numbers.normals(outputs * hidden), secondBias: numbers.normals(outputs))
  }

  /// ŷ by the layers of the network, from features as they come.
  private static func outputs(_ w: DenseWeights, _ x: [Double]) -> [Double] {
    let h = LinearLayer(inputCount: inputs, outputCount: hidden)
      .forward(x, weights: w.first, bias: w.firstBias)
    return LinearLayer(inputCount: hidden, outputCount: outputs)
      .forward(RectifiedLinear.forward(h), weights: w.second, bias: w.secondBias)
  }

  /// Features that share most of their variation, as pooled channels do, and targets of a teacher
  /// near 20.
  struct Problem {
    var features: [Double] = []
    var targets: [Double] = []
    var teacher: DenseWeights

    init(maps: Int) {
      var numbers = TestNumbers(seed: 21)
      teacher = DenseFitTests.random(&numbers)
      for _ in 0..<maps {
        let common = numbers.normal()
        features += numbers.normals(DenseFitTests.inputs).map { 3 + common + 0.1 * $0 }
      }
      teacher.secondBias = teacher.secondBias.map { $0 + 20 }
      targets = DenseFitTests.outputs(teacher, features)
    }

    var source: StoredFeatures {
      StoredFeatures(
        features: features, targets: targets, featureCount: DenseFitTests.inputs,
        outputCount: DenseFitTests.outputs)
    }
  }

  private func objective(_ problem: Problem, _ loss: Loss, threads: Int = 2) throws
    -> DenseObjective
  {
    try DenseObjective(problem.source, hidden: Self.hidden, loss: loss, threads: threads)
  }

  /// The change of variables multiplies rounding by the ratio of the largest to the smallest
  /// deviation of the features, about 30 here; the rest is sums of 1000 terms. Control: the biases
  /// of the raw features.
  @Test("The loss is that of the network's layers")
  func loss() throws {
    let problem = Problem(maps: 1000)
    var numbers = TestNumbers(seed: 5)
    var w = Self.random(&numbers)
    w.secondBias = w.secondBias.map { $0 + 20 }
    let loss = Loss.relativeHuber(delta: 0.05)
    let objective = try objective(problem, loss)
    let expected = loss.evaluate(
      outputs: Self.outputs(w, problem.features), targets: problem.targets
    ).value
    let bound = 30 * RoundingBound.probable(operations: 1000)
    #expect(abs(objective.evaluate(objective.packed(w)).value / expected - 1) <= bound)
    let again = objective.unpacked(objective.packed(w))
    #expect(relativeError(again.first, w.first) <= bound)
    #expect(relativeError(again.firstBias, w.firstBias) <= bound)
    #expect(again.second == w.second && again.secondBias == w.secondBias)
    var wrong = objective.packed(w)
    for h in 0..<Self.hidden { wrong[h] = w.firstBias[h] }
    #expect(abs(objective.evaluate(wrong).value / expected - 1) > 1000 * bound)
  }

  /// Two-point differences: ReLU has kinks. Control: the gradient of another loss.
  @Test("Gradient of the objective; threads change no bit")
  func gradient() throws {
    let problem = Problem(maps: 600)
    var numbers = TestNumbers(seed: 6)
    let objective = try objective(problem, .relativeSquared)
    var w = Self.random(&numbers)
    w.secondBias = w.secondBias.map { $0 + 20 }
    let point = objective.packed(w)
    func check(_ gradient: [Double]) -> GradientCheck {
      GradientCheck(
        gradient, at: point, along: .elements, stencil: .twoPoint,
        evaluationError: RoundingBound.probable(operations: 1000)
      ) { objective.evaluate($0).value }
    }
    let right = check(objective.evaluate(point).gradient)
    #expect(right.relativeL2 <= 8 * right.differencingBound)
    let other = try self.objective(problem, .meanSquared)
    let wrong = check(other.evaluate(point).gradient)
    #expect(wrong.relativeL2 > 1000 * wrong.differencingBound)
    let one = try self.objective(problem, .relativeSquared, threads: 1)
    #expect(one.evaluate(point).gradient == objective.evaluate(point).gradient)
  }

  /// From weights a tenth off the loss falls by six orders of magnitude: the teacher is a minimum
  /// of loss 0.
  /// Control: the same targets in another order, for which no such network exists.
  @Test("Finds the network that made the targets")
  func findsTeacher() throws {
    let problem = Problem(maps: 4000)
    var start = problem.teacher
    var numbers = TestNumbers(seed: 7)
    start.first = start.first.map { $0 * (1 + 0.1 * numbers.normal()) }
    start.second = start.second.map { $0 * (1 + 0.1 * numbers.normal()) }
    let options = DenseFitOptions(iterations: 2000, tolerance: 1e-9, loss: .relativeSquared)
    let fit = try DenseFit(problem.source, start: start, options: options, threads: 2)
    #expect(fit.report.lastLoss < 1e-6 * fit.report.firstLoss)
    #expect(fit.report.maps == 4000 && fit.report.unknowns == 4 * 4 + 5 * 2)
    let w = fit.weights
    #expect(
      [w.first, w.firstBias, w.second, w.secondBias].map(\.count) == [3 * 4, 4, 4 * 2, 2])
    let predictions = Self.outputs(fit.weights, problem.features)
    #expect(relativeError(predictions, problem.targets) < 1e-3)
    var shuffled = problem
    shuffled.targets = Array(problem.targets[2...] + problem.targets[..<2])
    let wrong = try DenseFit(shuffled.source, start: start, options: options, threads: 2)
    #expect(wrong.report.lastLoss > 1e3 * fit.report.lastLoss)
  }

  /// What a fit minimises unless told otherwise is what the shipped models were fitted with: beyond
  /// δ = 0.005, half a percent, the error that is quoted, whose slope is constant.
  @Test("The loss of a fit")
  func standardLoss() {
    let loss = DenseFitOptions().loss
    #expect(loss == .relativeHuber(delta: 0.005))
    func slope(_ relative: Double) -> Double {
      abs(loss.evaluate(outputs: [10 * (1 + relative)], targets: [10]).gradient[0])
    }
    #expect(abs(slope(0.0025) / slope(0.02) - 0.5) <= 1e-12)
    #expect(abs(slope(0.0049) / slope(0.02) - 0.98) <= 1e-12)
    #expect(abs(slope(0.0051) / slope(0.02) - 1) <= 1e-12)
  }

  @Test("Refusals")
  func refusals() {
    let w = DenseWeights(first: [1], firstBias: [0], second: [1], secondBias: [0])
    func fit(_ features: [Double], _ targets: [Double]) throws {
      _ = try DenseFit(
        StoredFeatures(features: features, targets: targets, featureCount: 1, outputCount: 1),
        start: w, threads: 1)
    }
    #expect(throws: ClosedFormError.unusableTarget(map: 2, output: 0, value: 0)) {
      try fit([1, 2, 3, 4], [1, 2, 0, 4])
    }
    #expect(throws: ClosedFormError.tooFewMaps(found: 2, unknowns: 3)) { try fit([1, 2], [6, 7]) }
    #expect(throws: ClosedFormError.self) { try fit([1, 2, .nan, 4], [1, 2, 3, 4]) }
    #expect(throws: ClosedFormError.noVariation(maps: 4)) {
      try fit([2, 2, 2, 2], [1, 2, 3, 4])
    }
    #expect(throws: ClosedFormError.self) {
      try DenseFit(
        StoredFeatures(
          features: [1, 2, 3, 4], targets: [1, 2, 3, 4], featureCount: 1, outputCount: 1),
        start: w, options: DenseFitOptions(tolerance: .nan), threads: 1)
    }
  }
}
