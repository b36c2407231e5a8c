import Testing
import Verification

@Suite("Rounding bounds")
struct RoundingBoundTests {

  /// u against its definition: 1 + u rounds to 1, 1 + 2u does not.
  @Test("Unit roundoff")
  func unitRoundoff() {
    #expect(RoundingBound.unitRoundoff() == 0x1p-53)
    #expect(RoundingBound.unitRoundoff(Float.self) == 0x1p-24)
  }

  /// γ_n grows a little faster than n u and ends at n u = 1.
  @Test("Certain bound")
  func certain() {
    #expect(RoundingBound.certain(operations: 0) == 0)
    #expect(RoundingBound.certain(operations: 1) >= 0x1p-53)
    #expect(RoundingBound.certain(operations: 1 << 24, Float.self) == .infinity)
    #expect(RoundingBound.certain(operations: 1 << 23, Float.self) == 1)  // ½ / (1 − ½)
  }

  /// Sums of uniform numbers in `Float` against `Double`: the error of every one of 200 sums stays
  /// below both bounds. Partial sums of both signs are √n times smaller than Σ|x_i|, so the largest
  /// error should be the probable bound over √n, within a factor of 100: the bound is no empty
  /// gesture.
  ///
  /// Scale: Σ|x_i|, as the theorem says. Blind to: systematic errors, which sums of numbers of both
  /// signs do not have.
  @Test("Sums obey their bounds", arguments: [100, 10_000])
  func sums(_ count: Int) {
    var numbers = TestNumbers(seed: 11)
    var largest = 0.0
    for _ in 0..<200 {
      let terms = (0..<count).map { _ in Float(numbers.uniform(-1, 1)) }
      let error = abs(Double(terms.reduce(0, +)) - terms.reduce(0) { $0 + Double($1) })
      largest = max(largest, error / terms.reduce(0) { $0 + Double(abs($1)) })
    }
    let probable = RoundingBound.probable(operations: count - 1, Float.self)
    #expect(largest <= probable)
    #expect(largest <= RoundingBound.certain(operations: count - 1, Float.self))
    #expect(largest >= probable / 100 / Double(count).squareRoot())
  }

  /// The bound must fail for a sum that drops one average term, by a factor of 1000 or more.
  @Test("Negative control: a dropped term")
  func droppedTerm() {
    var numbers = TestNumbers(seed: 12)
    let terms = (0..<100).map { _ in Float(numbers.uniform(0.5, 1)) }
    let exact = terms.reduce(0) { $0 + Double($1) }
    let error = abs(Double(terms.dropLast().reduce(0, +)) - exact) / exact
    #expect(error > 1000 * RoundingBound.probable(operations: 99, Float.self))
  }

  /// Theorem's constant: η is near (1 + 4√2) u = 6.66 u, once per factor of two.
  @Test("Fourier transform")
  func fourier() {
    #expect(RoundingBound.fourierTransform(length: 1) == 0)
    let one = RoundingBound.fourierTransform(length: 2)
    #expect(abs(one / 0x1p-53 - (1 + 4 * 2.0.squareRoot())) < 1e-12)
    let six = RoundingBound.fourierTransform(length: 64)
    #expect(abs(six / one - 6) < 1e-12)
    #expect(RoundingBound.fourierTransform(length: 65) > six)
  }
}
