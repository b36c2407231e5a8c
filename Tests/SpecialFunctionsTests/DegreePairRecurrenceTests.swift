import Foundation
import Testing

@testable import SpecialFunctions

@Suite("Legendre functions in steps of two degrees")
struct DegreePairRecurrenceTests {
  /// Colatitudes from near the pole to the equator and beyond it, as (cos θ, sin θ).
  private static let places: [(cosine: Double, sine: Double)] =
    [1e-4, 0.01, 0.1, 0.5, 0.785, 0.786, 1.2, 1.5, 1.57, .pi / 2, 2.5, 3.1].map {
      (cos($0), sin($0))
    }

  /// The difference from the recurrence by single degrees, relative to the largest function of the
  /// column: both lose some rounding errors per degree.
  @Test(
    "Equals the recurrence by single degrees",
    arguments: [(0, 0), (0, 1), (3, 3), (0, 300), (1, 300), (17, 400), (299, 300), (40, 2047)])
  func equals(m: Int, lmax: Int) {
    let pairs = DegreePairRecurrence(m: m, lmax: lmax)
    let single = LegendreRecurrence(m: m, lmax: lmax)
    for place in Self.places {
      let found = pairs.values(cosTheta: place.cosine, sinTheta: place.sine)
      let expected = single.values(cosTheta: place.cosine, sinTheta: place.sine)
      // Functions below 2^−400 come out as zero.
      let scale = expected.reduce(1e-100) { max($0, abs($1)) }
      let error =
        zip(found, expected).reduce(0) {
          max($0, ($1.0 - $1.1).isNaN ? .infinity : abs($1.0 - $1.1))
        } / scale
      #expect(error <= 16 * Double(lmax + 1) * 0x1p-53, "m \(m), lmax \(lmax), \(place): \(error)")
    }
  }

  /// The wrong argument on each half, which the two forms of t_k are there to avoid: near the pole
  /// cos²θ loses the digits of sin²θ.
  @Test("Negative control: cos²θ near the pole")
  func wrongArgument() {
    let (theta, lmax) = (1e-3, 2047)
    let pairs = DegreePairRecurrence(m: 0, lmax: lmax)
    let (x, y) = (cos(theta), sin(theta))
    func last(_ steps: [Double], _ argument: Double) -> Double {
      var (below, here) = (0.0, pairs.first(sinTheta: y).mantissa)
      for k in 0..<pairs.count - 1 {
        (below, here) = (here, (steps[2 * k] * argument + steps[2 * k + 1]) * here - below)
      }
      return here * pairs.scales[pairs.count - 1]
    }
    let expected = LegendreRecurrence(m: 0, lmax: lmax).values(cosTheta: x, sinTheta: y)[lmax - 1]
    let right = abs(last(pairs.polarSteps, y * y) - expected)
    let wrong = abs(last(pairs.equatorialSteps, x * x) - expected)
    #expect(wrong > 10 * right, "\(wrong) against \(right)")
  }

  /// Values that underflow at first grow back to what they are.
  @Test("Scaling of functions that begin below 10^-300")
  func scaling() {
    let (m, lmax, theta) = (900, 2000, 0.6)
    let single = LegendreRecurrence(m: m, lmax: lmax)
      .values(cosTheta: cos(theta), sinTheta: sin(theta))
    let found = DegreePairRecurrence(m: m, lmax: lmax)
      .values(cosTheta: cos(theta), sinTheta: sin(theta))
    #expect(abs(single[0]) < 1e-200 && abs(single[lmax - m]) > 1e-3)
    let scale = single.reduce(0) { max($0, abs($1)) }
    for (a, b) in zip(found, single) {
      #expect(abs(a - b) <= 16 * Double(lmax) * 0x1p-53 * scale)
    }
  }
}
