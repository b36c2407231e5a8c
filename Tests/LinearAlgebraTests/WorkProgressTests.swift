import Foundation
import Kernels
import Synchronization
import Testing
import Verification

@testable import LinearAlgebra

@Suite("Progress and stops of long computations")
struct WorkProgressTests {
  /// What a watched computation told.
  private final class Log: Sendable {
    private let values = Mutex<[Int]>([])
    private let asked = Mutex(0)
    /// The question at which the answer becomes "stop".
    let last: Int

    init(stopAt last: Int = .max) { self.last = last }

    var reports: [Int] { values.withLock { $0 } }
    var questions: Int { asked.withLock { $0 } }
    var progress: WorkProgress {
      WorkProgress(
        isStopped: {
          self.asked.withLock {
            $0 += 1
            return $0 > self.last
          }
        }, update: { done, _ in self.values.withLock { $0.append(done) } })
    }
  }

  private func positiveMatrix(_ n: Int) -> Matrix {
    var numbers = TestNumbers(seed: 41)
    let x = Matrix(rows: n, columns: n, storage: numbers.normals(n * n))
    var a = x.multiplied(by: x.transposed)
    for i in 0..<n {
      a[i, i] += Double(n)
      for j in 0..<i { a[i, j] = a[j, i] }
    }
    return a
  }

  /// The counted multiplications are those that `inverseCost` promises, to the tiles at the
  /// diagonal; the bits are those without a counter.
  @Test("An inverse reports its hundredths and keeps its bits", arguments: [1, 2])
  func inverse(threads: Int) throws {
    let a = positiveMatrix(300)
    let log = Log()
    let counter = WorkCounter(log.progress, multiplications: inverseCost(order: 300))
    let found = try positiveInverse(a, threads: threads, counter: counter)
    counter.finish()
    #expect(found == (try positiveInverse(a, threads: threads)))
    let reports = log.reports
    #expect(reports.first == 0 && reports.last == 100 && reports == reports.sorted())
    #expect(reports.count > 10 && Set(reports).count == reports.count)
    #expect(reports[reports.count - 2] > 90, "\(reports)")
  }

  /// Wherever it is stopped the work ends with `interrupted`, and asks no more than its parts once
  /// more.
  @Test("A stop at any question ends the work")
  func stops() throws {
    let a = positiveMatrix(200)
    let all = Log()
    _ = try positiveInverse(
      a, threads: 1, counter: WorkCounter(all.progress, multiplications: 1))
    #expect(all.questions > 5)
    for last in 0..<all.questions {
      let log = Log(stopAt: last)
      #expect(throws: LinearAlgebraError.interrupted) {
        try positiveInverse(
          a, threads: 1, counter: WorkCounter(log.progress, multiplications: 1))
      }
      #expect(log.questions <= all.questions)
    }
  }

  /// A routine that takes five seconds is left after the first question; without a stop its result
  /// arrives.
  @Test("A routine that cannot be stopped is left")
  func waiting() throws {
    let start = ContinuousClock.now
    #expect(throws: LinearAlgebraError.interrupted) {
      try WorkProgress(isStopped: { true }).waiting { () -> Int in
        usleep(5_000_000)
        return 1
      }
    }
    #expect(ContinuousClock.now - start < .seconds(4))
    let value = try WorkProgress(isStopped: { false }).waiting { () -> Int in
      usleep(250_000)
      return 7
    }
    #expect(value == 7)
    #expect(try WorkProgress().waiting { 8 } == 8)
  }

  @Test("Watched factors and eigenvalues have the bits of unwatched ones")
  func routines() throws {
    let a = positiveMatrix(60)
    let watched = WorkProgress(isStopped: { false })
    #expect(try CholeskyFactor(a, progress: watched).lower == CholeskyFactor(a).lower)
    let (one, two) = (
      try SymmetricEigendecomposition(a, progress: watched), try SymmetricEigendecomposition(a)
    )
    #expect(one.values == two.values && one.vectors == two.vectors)
  }

  /// An estimate is a time of this machine: positive, proportional to the work.
  @Test("Estimates of time")
  func seconds() {
    let one = WorkEstimate(stage: "a", subject: .file, bytes: 0, multiplications: 1e9)
    let ten = WorkEstimate(stage: "a", subject: .file, bytes: 0, multiplications: 1e10)
    #expect(one.seconds(threads: 1) > 0.005)
    #expect(abs(ten.seconds(threads: 1) / one.seconds(threads: 1) - 10) < 1e-9)
    #expect(one.seconds(threads: 1000) <= one.seconds(threads: 1))
  }
}
