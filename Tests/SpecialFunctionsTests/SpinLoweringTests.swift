import Foundation
import Testing

@testable import SpecialFunctions

@Suite("Lowering of the spin by sin θ")
struct SpinLoweringTests {
  private static let angles = [0.003, 0.2, 0.9, 1.5, .pi / 2, 2.3, 3.1]

  /// δ of degree l, zero below max(m, |n|).
  private func delta(_ l: Int, _ m: Int, _ n: Int, _ theta: Double) -> Double {
    guard l >= max(m, abs(n)) else { return 0 }
    let recurrence = WignerRecurrence(m: m, n: n, lmax: l)
    return recurrence.values(cosBeta: cos(theta), sinBeta: sin(theta)).last ?? 0
  }

  /// The largest difference of the two sides over some degrees and angles.
  private func error(_ m: Int, _ spin: Int, sameSign: Double = 1) -> Double {
    var largest = 0.0
    for l in [max(m, spin), max(m, spin) + 1, max(m, spin) + 6, 40] {
      let c = SpinLowering(l: l, m: m, spin: spin)
      for theta in Self.angles {
        for (n, next, sign) in [(-spin, 1 - spin, 1.0), (spin, spin - 1, -1.0)] {
          let lowered =
            c.above * delta(l + 1, m, next, theta)
            + sameSign * sign * c.same * delta(l, m, next, theta)
            + c.below * delta(l - 1, m, next, theta)
          let error = abs(sin(theta) * delta(l, m, n, theta) - sign * lowered)
          largest = max(largest, error.isNaN ? .infinity : error)
        }
      }
    }
    return largest
  }

  @Test("Three functions of the next spin", arguments: [1, 2, 3, 8])
  func identity(spin: Int) {
    for m in [0, 1, 2, 3, 7, 8, 9, 25, 40] {
      #expect(error(m, spin) < 1e-13, "m \(m), spin \(spin): \(error(m, spin))")
    }
  }

  @Test("Negative control: the other sign of the middle term")
  func wrongSign() { #expect(error(3, 2, sameSign: -1) > 1e-2) }

  @Test("No coefficient above one", arguments: [1, 2, 3, 8])
  func bounded(spin: Int) {
    for l in [spin, spin + 1, 50, 4095] {
      for m in [0, 1, l / 2, l] {
        let c = SpinLowering(l: l, m: m, spin: spin)
        for number in [c.above, c.same, c.below] { #expect(abs(number) <= 1) }
        // A row of a multiplication by sin θ ≤ 1.
        #expect(c.above * c.above + c.same * c.same + c.below * c.below <= 1 + 1e-15)
      }
    }
  }
}
