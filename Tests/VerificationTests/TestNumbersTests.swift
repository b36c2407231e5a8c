import Testing
import Verification

/// The tests' own random numbers.
@Suite("Test numbers")
struct TestNumbersTests {

  /// Equal seeds give equal numbers, different seeds do not.
  @Test("Seeds")
  func seeds() {
    var (a, b, c) = (TestNumbers(seed: 1), TestNumbers(seed: 1), TestNumbers(seed: 2))
    let first = (0..<10).map { _ in a.next() }
    #expect(first == (0..<10).map { _ in b.next() })
    #expect(first != (0..<10).map { _ in c.next() })
  }

  /// Mean, variance and range of 100 000 numbers, each within five standard errors.
  ///
  /// Uniform: mean 1/2, second central moment 1/12. Normal: mean 0, second moment 1, fourth 3.
  /// Blind to: correlations beyond those moments.
  @Test("Moments")
  func moments() {
    var numbers = TestNumbers(seed: 7)
    let uniform = (0..<100_000).map { _ in numbers.uniform() }
    #expect(uniform.allSatisfy { 0 <= $0 && $0 < 1 })
    #expect(StandardScore(of: uniform, expected: 0.5).magnitude < 5)
    #expect(
      StandardScore(of: uniform.map { ($0 - 0.5) * ($0 - 0.5) }, expected: 1.0 / 12).magnitude < 5)
    let normal = numbers.normals(100_000)
    #expect(StandardScore(of: normal, expected: 0).magnitude < 5)
    #expect(StandardScore(of: normal.map { $0 * $0 }, expected: 1).magnitude < 5)
    #expect(StandardScore(of: normal.map { $0 * $0 * $0 * $0 }, expected: 3).magnitude < 5)
    let neighbours = zip(normal, normal.dropFirst()).map { $0 * $1 }
    #expect(StandardScore(of: neighbours, expected: 0).magnitude < 5)
  }
}
