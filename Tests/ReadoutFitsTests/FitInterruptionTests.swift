import Kernels
import LinearAlgebra
import SpectralNetworks
import Testing
import Verification

@testable import ReadoutFits

/// Fits of readouts are stopped wherever they are, and watching them changes no bit.
///
/// Blind to: how long a part takes, for which the stages of a real run.
@Suite("Stops and progress of readout fits")
struct FitInterruptionTests {
  private final class Watch: Sendable {
    private let asked = Locked(0)
    private let log = Locked<[[Int]]>([])
    private let last: Int

    init(stopAt last: Int = .max) { self.last = last }

    var questions: Int { asked.withLock { $0 } }
    var reports: [[Int]] { log.withLock { $0 } }
    var progress: WorkProgress {
      WorkProgress(
        isStopped: {
          self.asked.withLock {
            $0 += 1
            return $0 > self.last
          }
        }, update: { done, total in self.log.withLock { $0.append([done, total]) } })
    }
  }

  private func expectStops(
    _ work: (WorkProgress) throws -> Void, at location: SourceLocation = #_sourceLocation
  ) throws {
    let whole = Watch()
    try work(whole.progress)
    #expect(whole.questions > 5, sourceLocation: location)
    for last in Swift.stride(from: 0, to: whole.questions, by: max(1, whole.questions / 40)) {
      #expect(
        throws: ClosedFormError.interrupted, "question \(last)", sourceLocation: location
      ) { try work(Watch(stopAt: last).progress) }
    }
  }

  @Test("Closed form, with reweighting and with ridges")
  func closedForm() throws {
    let problem = LinearProblem(maps: 3000, width: 6)
    for options in [
      ClosedFormOptions(absoluteIterations: 4), ClosedFormOptions(ridges: [0, 1e-3], folds: 2),
    ] {
      let watch = Watch()
      let fit = try ClosedFormFit(
        problem.source, options: options, threads: 2, progress: watch.progress)
      #expect(fit == (try ClosedFormFit(problem.source, options: options, threads: 2)))
      let total = 3000 * (1 + options.absoluteIterations)
      let done = watch.reports.map { $0[0] }
      #expect(watch.reports.allSatisfy { $0[1] == total } && done == done.sorted())
      #expect(done.first == 0 && done.last == total && done.count > 5)
      try expectStops {
        _ = try ClosedFormFit(problem.source, options: options, threads: 2, progress: $0)
      }
    }
  }

  @Test("Density")
  func density() throws {
    var numbers = TestNumbers(seed: 9)
    let thetas = (0..<1200).map { _ in 12 + numbers.normal() }
    let source = StoredFeatures(
      features: thetas.map { $0 + 0.5 * numbers.normal() }, targets: thetas, featureCount: 1,
      outputCount: 1)
    func fit(_ stop: WorkProgress) throws -> DensityFit {
      try DensityFit(
        source, family: DensityFamily(degree: 2, range: 5...20),
        options: DensityFitOptions(iterations: 5), threads: 2, stop: stop)
    }
    #expect(try fit(Watch().progress) == fit(WorkProgress()))
    try expectStops { _ = try fit($0) }
  }

  @Test("Dense layers")
  func dense() throws {
    let problem = DenseFitTests.Problem(maps: 1200)
    var start = problem.teacher
    start.first = start.first.map { 0.9 * $0 }
    func fit(_ stop: WorkProgress) throws -> DenseFit {
      try DenseFit(
        problem.source, start: start, options: DenseFitOptions(iterations: 5), threads: 2,
        stop: stop)
    }
    #expect(try fit(Watch().progress) == fit(WorkProgress()))
    let whole = Watch()
    _ = try fit(whole.progress)
    for last in Swift.stride(from: 0, to: whole.questions, by: max(1, whole.questions / 40)) {
      do {
        _ = try fit(Watch(stopAt: last).progress)
        Issue.record("question \(last): not stopped")
      } catch {
        let isStop =
          error as? ClosedFormError == .interrupted
          || error as? LinearAlgebraError == .interrupted
        #expect(isStop, "question \(last): \(error)")
      }
    }
  }
}
