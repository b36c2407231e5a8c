import Foundation
import HarmonicTransforms
import LinearAlgebra
import SkyMaps
import SkyModels
import SphereGrids
import Testing
import Verification

@testable import Baselines

/// x of the definition of `ObservedHarmonics` from coefficients.
private func degreesOfFreedom(_ a: SpinCoefficients<Double>) -> [Double] {
  [a.e, a.b].flatMap { stack in
    (2...stack.lmax).flatMap { l -> [Double] in
      let root = 2.0.squareRoot()
      return [stack[l, 0].real]
        + (1..<(l + 1)).flatMap { m in
          [root * stack[l, m].real, root * stack[l, m].imaginary]
        }
    }
  }
}

@Suite("Harmonics at the observed pixels")
struct ObservedHarmonicsTests {

  /// Y x is the synthesis by the definition, at the observed pixels, for random coefficients: sums
  /// of 2 (lmax + 1)² products and the tables' rounding, (lmax + 1) u each.
  @Test("Against direct synthesis")
  func definition() throws {
    let lmax = 7
    let mask = try SkyMask.cap(nside: 4, skyFraction: 0.3)
    let harmonics = try ObservedHarmonics(mask: mask, lmax: lmax, threads: 2)
    var numbers = TestNumbers(seed: 341)
    var a = SpinCoefficients<Double>(lmax: lmax)
    for l in 2...lmax {
      for m in 0...l {
        a.e[l, m] = .init(numbers.normal(), m == 0 ? 0 : numbers.normal())
        a.b[l, m] = .init(numbers.normal(), m == 0 ? 0 : numbers.normal())
      }
    }
    let x = degreesOfFreedom(a)
    #expect(x.count == harmonics.columnCount)
    let fields = DirectSpinTransform(grid: try HealpixGrid(nside: 4), lmax: lmax).synthesis(a)
    let expected = try ObservedMaps(fields, mask: mask).values
    func product(_ x: [Double]) -> [Double] {
      (0..<harmonics.dataCount).map { row in
        let values = harmonics.values[row * harmonics.stride..<row * harmonics.stride + x.count]
        return zip(values, x).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    let bound =
      RoundingBound.probable(operations: 2 * 64) + 8 * RoundingBound.probable(operations: lmax + 1)
    #expect(relativeError(product(x), expected) <= bound)
    // Negative control: B with the other sign.
    let half = x.count / 2
    let wrong = x.enumerated().map { $0.offset < half ? $0.element : -$0.element }
    #expect(relativeError(product(wrong), expected) > 1000 * bound)
  }

  /// The addition theorem: the variance of Q plus that of U from one degree of E (or B) of unit
  /// power is (2l + 1)/4π at every pixel.
  @Test("Addition theorem", arguments: [SkyField.e, .b])
  func addition(field: SkyField) throws {
    let lmax = 10
    let mask = try SkyMask.cap(nside: 4, skyFraction: 0.4)
    let harmonics = try ObservedHarmonics(mask: mask, lmax: lmax)
    let (n, count) = (harmonics.dataCount, harmonics.pixels.count)
    for l in [2, 5, 10] {
      var spectrum = [Double](repeating: 0, count: lmax + 1)
      spectrum[l] = 1
      let covariance = harmonics.covariance(of: field, spectrum: spectrum, threads: 1)
      let expected = Double(2 * l + 1) / (4 * .pi)
      for p in 0..<count {
        let sum = covariance[p * n + p] + covariance[(p + count) * n + p + count]
        #expect(abs(sum - expected) <= 64 * RoundingBound.probable(operations: l) * expected)
      }
    }
  }
}
