import Tasks
import Testing
import Verification

@testable import TrainingRuns

@Suite("Whitening")
struct WhiteningTests {
  /// Correlated bands, `[map][band]`.
  private func bandValues(maps: Int, bands: Int) -> [Double] {
    var numbers = TestNumbers(seed: 11)
    return (0..<maps).flatMap { _ -> [Double] in
      let common = numbers.normal()
      return (0..<bands).map { Double($0 + 1) * numbers.normal() + 3 * common - 2 }
    }
  }

  /// Over the maps it was made from t has mean 0 and covariance 1. Rounding: sums of n terms and
  /// eigenvectors to n u, amplified by the ratio of the largest to the smallest variance, here
  /// about 50.
  @Test("Mean 0 and covariance 1")
  func whitened() throws {
    let (maps, bands) = (500, 5)
    let values = bandValues(maps: maps, bands: bands)
    let whitening = try Whitening(values, bands: bands)
    let t = (0..<maps).map { map in
      (0..<bands).map { k in
        (0..<bands).reduce(0.0) {
          $0 + whitening.rotation[k * bands + $1]
            * (values[map * bands + $1] - whitening.mean[$1])
        }
      }
    }
    let bound = 50 * Double(maps) * Double.ulpOfOne
    for j in 0..<bands {
      #expect(abs(t.reduce(0) { $0 + $1[j] } / Double(maps)) <= bound)
      for k in 0..<bands {
        let covariance = t.reduce(0) { $0 + $1[j] * $1[k] } / Double(maps - 1)
        #expect(abs(covariance - (j == k ? 1 : 0)) <= bound, "(\(j), \(k)): \(covariance)")
      }
    }
  }

  /// With targets t stays white, and ⟨t θ_o⟩ has its first o + 1 components only. The
  /// regularisation 2⁻³⁰ λ_1 takes up to 2⁻³⁰ λ_1/λ from the variances; the ratio of variances is
  /// below 50.
  @Test("Targets lead")
  func targets() throws {
    let (maps, bands) = (500, 5)
    let values = bandValues(maps: maps, bands: bands)
    var numbers = TestNumbers(seed: 12)
    let targets = (0..<maps).flatMap { map in
      [values[map * bands] + numbers.normal(), 3 * values[map * bands + 3] - numbers.normal()]
    }
    let whitening = try Whitening(values, bands: bands, targets: targets)
    let t = (0..<maps).map { map in
      (0..<bands).map { k in
        (0..<bands).reduce(0.0) {
          $0 + whitening.rotation[k * bands + $1]
            * (values[map * bands + $1] - whitening.mean[$1])
        }
      }
    }
    let bound = 50 * (Double(maps) * Double.ulpOfOne + 0x1p-30)
    for j in 0..<bands {
      for k in 0..<bands {
        let covariance = t.reduce(0) { $0 + $1[j] * $1[k] } / Double(maps - 1)
        #expect(abs(covariance - (j == k ? 1 : 0)) <= bound, "(\(j), \(k)): \(covariance)")
      }
      for o in 0...1 {
        let product = (0..<maps).reduce(0.0) { $0 + t[$1][j] * targets[2 * $1 + o] } / Double(maps)
        if j > o { #expect(abs(product) <= 100 * bound, "component \(j), target \(o)") }
        if j == o { #expect(abs(product) > 0.1) }
      }
    }
  }

  @Test("Bands that depend on each other, too few maps")
  func refusals() throws {
    var values = bandValues(maps: 100, bands: 3)
    for map in 0..<100 { values[3 * map + 2] = values[3 * map] - values[3 * map + 1] }
    guard
      case .degenerateBands(2, _)? = thrown({ try Whitening(values, bands: 3) }) as? TaskError
    else {
      Issue.record("dependent bands were accepted")
      return
    }
    #expect(
      thrown { try Whitening([1, 2, 3, 4], bands: 2) } as? TaskError
        == .tooFewMaps(found: 2, least: 3, use: "the whitening of 2 bands"))
  }
}
