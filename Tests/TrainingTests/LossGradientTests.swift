import SpectralNetworks
import Testing
import Verification

@testable import Training

@Suite("Losses: definition and gradient")
struct LossGradientTests {
  static let losses: [Loss] = [
    .meanSquared, .huber(delta: 0.7), .relativeSquared, .relativeAbsolute,
    .relativeHuber(delta: 0.05),
  ]

  /// Predictions on both sides of every Huber boundary, away from the kinks at r = 0.
  static func problem() -> (outputs: [Double], targets: [Double]) {
    var numbers = TestNumbers(seed: 21)
    let targets = (0..<24).map { _ in numbers.uniform(5, 20) }
    let outputs = targets.enumerated().map { i, t in
      t * (1 + (i % 2 == 0 ? 1 : -1) * (0.01 + 0.2 * numbers.uniform()))
    }
    return (outputs, targets)
  }

  /// Twenty-four terms of the same sign, each with a few roundings of its own and of p − t, whose
  /// cancellation costs a factor t/|p − t| ≤ 100.
  @Test("Value and gradient against the formula", arguments: losses)
  func value(loss: Loss) {
    let (outputs, targets) = Self.problem()
    let (value, gradient) = loss.evaluate(outputs: outputs, targets: targets)
    let expected = loss.evaluateByDefinition(outputs: outputs, targets: targets)
    let bound = 8 * 100 * Double.ulpOfOne
    #expect(abs(value - expected.value) < bound * expected.value)
    #expect(Comparison(gradient, with: expected.gradient).relativeMaximum < bound)
    // Targets in another order are other residuals.
    let other = loss.evaluateByDefinition(outputs: outputs, targets: targets.reversed())
    #expect(abs(value - other.value) > 1000 * bound * expected.value)
  }

  private func centralDifferences(
    _ loss: Loss, _ outputs: [Double], _ targets: [Double]
  ) -> [Double] {
    let h = 1e-5
    return outputs.indices.map { i in
      var (above, below) = (outputs, outputs)
      above[i] += h
      below[i] -= h
      let difference =
        loss.evaluate(outputs: above, targets: targets).value
        - loss.evaluate(outputs: below, targets: targets).value
      return difference / (2 * h)
    }
  }

  /// Losses are piecewise quadratic, so central differences have no truncation error where no kink
  /// is crossed; the rounding of L, a few ulp, is divided by 2 h. The controls are a gradient
  /// without the mean's 1/n and one without the factor 1/t.
  @Test("Gradient against central differences", arguments: losses)
  func gradient(loss: Loss) {
    let (outputs, targets) = Self.problem()
    let (value, gradient) = loss.evaluate(outputs: outputs, targets: targets)
    let reference = centralDifferences(loss, outputs, targets)
    let largest = gradient.map(abs).max() ?? 0
    let bound = 16 * Double.ulpOfOne * value / 1e-5 / largest
    #expect(Comparison(gradient, with: reference).relativeMaximum < bound)
    let summed = gradient.map { $0 * Double(gradient.count) }
    #expect(Comparison(summed, with: reference).relativeMaximum > 1000 * bound)
    if loss.isRelative {
      let absolute = zip(gradient, targets).map { $0 * $1 }
      #expect(Comparison(absolute, with: reference).relativeMaximum > 1000 * bound)
    }
  }

  /// Mean −ln p and its gradient are those of the densities, a map and output at a time, in the
  /// layout `[map][output, j]`. The control has the outputs of two maps exchanged.
  @Test("Densities")
  func densities() {
    let family = DensityFamily(degree: 3, range: 5...20)
    let readout = DensityReadout(family)
    var numbers = TestNumbers(seed: 22)
    let targets = (0..<4).map { _ in numbers.uniform(5, 20) }
    let outputs = numbers.normals(12)
    let loss = Loss.negativeLogDensity(family)
    let (value, gradient) = loss.evaluate(outputs: outputs, targets: targets)
    var (expected, slopes) = (0.0, [Double]())
    for i in targets.indices {
      let term = readout.negativeLogDensity(Array(outputs[3 * i..<3 * i + 3]), at: targets[i])
      expected += term.value / 4
      slopes += term.gradient.map { $0 / 4 }
    }
    let bound = 8 * Double.ulpOfOne
    #expect(abs(value - expected) <= bound * abs(expected))
    #expect(Comparison(gradient, with: slopes).relativeMaximum <= bound)
    let exchanged = Array(outputs[6...] + outputs[..<6])
    let wrong = loss.evaluate(outputs: exchanged, targets: targets).value
    #expect(abs(wrong - expected) > 1000 * bound * abs(expected))
    #expect(!loss.isRelative)
  }

  /// At the Huber boundary value and slope are continuous: the two branches agree there exactly,
  /// δ² / 2 and δ, if the residual is.
  @Test("Huber's boundary")
  func huberBoundary() {
    let edge = 2.5
    let (value, gradient) = Loss.huber(delta: 0.5).evaluate(outputs: [edge], targets: [2.0])
    #expect(value == 0.125 && gradient == [0.5])
    let beyond = Loss.huber(delta: 0.5).evaluate(outputs: [edge.nextUp], targets: [2.0])
    #expect(abs(beyond.value - value) < 1e-15 && beyond.gradient == [0.5])
  }

  /// The running mean and deviation against two passes over all values: n additions, each a
  /// rounding of the mean. Per batch or all at once makes no difference to the bits.
  @Test("Percentage error")
  func percentageError() {
    let (outputs, targets) = Self.problem()
    var all = PercentageError(outputCount: 2)
    all.add(outputs: outputs, targets: targets)
    var parts = PercentageError(outputCount: 2)
    parts.add(outputs: Array(outputs[..<10]), targets: Array(targets[..<10]))
    parts.add(outputs: Array(outputs[10...]), targets: Array(targets[10...]))
    #expect(all == parts)
    for o in 0..<2 {
      let errors = stride(from: o, to: outputs.count, by: 2).map {
        100 * abs(outputs[$0] - targets[$0]) / targets[$0]
      }
      let n = Double(errors.count)
      let mean = errors.reduce(0, +) / n
      let variance = errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
      let bound = 8 * n * Double.ulpOfOne
      #expect(abs(all.mean[o] - mean) < bound * mean)
      let standardError = (variance / n).squareRoot()
      #expect(abs(all.standardError[o] - standardError) < bound * mean)
      // Control: the deviation of a single map is √n times as large.
      #expect(abs(all.standardError[o] - variance.squareRoot()) > 1000 * bound * mean)
    }
    #expect(PercentageError(outputCount: 1).standardError == [.infinity])
  }
}
