import Testing
import Verification

@testable import ReadoutFits

@Suite("Refusals of the closed-form fit")
struct ClosedFormErrorTests {
  private func fit(
    _ problem: LinearProblem, options: ClosedFormOptions = ClosedFormOptions()
  ) throws -> ClosedFormFit {
    try ClosedFormFit(problem.source, options: options, threads: 1)
  }

  /// A feature that is a combination of two others to rounding is named (or one of those two is),
  /// and a ridge makes the fit possible.
  @Test("Dependent features")
  func dependent() throws {
    var problem = LinearProblem(maps: 300, width: 6)
    for m in 0..<300 {
      problem.features[m * 6 + 4] =
        3 * problem.features[m * 6] - 1e-3 * problem.features[m * 6 + 1]
    }
    let error = #expect(throws: ClosedFormError.self) { try fit(problem) }
    guard case .singular(let feature, 0, 300) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect([0, 1, 4].contains(feature))
    let report = try fit(problem, options: ClosedFormOptions(ridges: [1e-6])).reports[0]
    #expect(report.condition > 1e4 && report.condition < 1e8)
  }

  @Test("A constant feature", arguments: [0.0, 7.3, 1e300])
  func constantFeature(value: Double) throws {
    var problem = LinearProblem(maps: 300, width: 6)
    for m in 0..<300 { problem.features[m * 6 + 2] = value }
    #expect(throws: ClosedFormError.singular(feature: 2, ridge: 0, maps: 300)) {
      try fit(problem)
    }
    let ridged = try fit(problem, options: ClosedFormOptions(ridges: [1e-9]))
    #expect(ridged.weights[2 * 2] == 0 && ridged.weights[2 * 2 + 1] == 0)
  }

  @Test("Numbers that are not finite", arguments: [Double.nan, .infinity], [3, 290])
  func notFinite(value: Double, map: Int) throws {
    let options = ClosedFormOptions(standardisationMaps: 100)
    var problem = LinearProblem(maps: 300, width: 6)
    problem.features[map * 6 + 5] = value
    let error = #expect(throws: ClosedFormError.self) { try fit(problem, options: options) }
    guard case .featureNotFinite(map, 5, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    problem.features[map * 6 + 5] = 1
    problem.targets[map * 2 + 1] = value
    let target = #expect(throws: ClosedFormError.self) { try fit(problem, options: options) }
    guard case .unusableTarget(map, 1, _) = target else {
      Issue.record("\(String(describing: target))")
      return
    }
  }

  @Test("A target of 0 matters to relative residuals alone")
  func zeroTarget() throws {
    var problem = LinearProblem(maps: 300, width: 6)
    problem.targets[20] = 0
    #expect(throws: ClosedFormError.unusableTarget(map: 10, output: 0, value: 0)) {
      try fit(problem)
    }
    _ = try fit(problem, options: ClosedFormOptions(weighting: .uniform))
  }

  @Test("Too few maps")
  func tooFewMaps() throws {
    let problem = LinearProblem(maps: 7, width: 6)
    #expect(throws: ClosedFormError.tooFewMaps(found: 7, unknowns: 7)) { try fit(problem) }
    _ = try fit(problem, options: ClosedFormOptions(ridges: [0.1]))
  }

  @Test("Options that make no sense")
  func invalidOptions() {
    let problem = LinearProblem(maps: 300, width: 6)
    for options in [
      ClosedFormOptions(ridges: []), ClosedFormOptions(ridges: [-1]),
      ClosedFormOptions(ridges: [.nan]), ClosedFormOptions(folds: 1),
      ClosedFormOptions(absoluteIterations: -1), ClosedFormOptions(standardisationMaps: 1),
      ClosedFormOptions(ridges: [0, 1], folds: 2),
    ] {
      let error = #expect(throws: ClosedFormError.self) { try fit(problem, options: options) }
      guard case .invalidOption = error else {
        Issue.record("\(options): \(String(describing: error))")
        return
      }
    }
  }
}
