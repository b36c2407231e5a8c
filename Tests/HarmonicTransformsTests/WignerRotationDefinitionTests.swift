import Foundation
import Kernels
import Testing
import Verification

@testable import HarmonicTransforms

/// Random coefficients of one stack: normal parts, m = 0 real.
func randomCoefficients(lmax: Int, lanes: Int = 1, seed: UInt64) -> CoefficientStack<Double> {
  var numbers = TestNumbers(seed: seed)
  var a = CoefficientStack<Double>(lmax: lmax, lanes: lanes)
  a.values = numbers.normals(a.values.count)
  a.clearImaginaryOfOrderZero()
  return a
}

@Suite("Rotation of coefficients against its definition")
struct WignerRotationDefinitionTests {
  static let rotations: [Rotation] =
    RotationPropertyTests.rotations + [
      Rotation(alpha: 0.4, beta: .pi / 2, gamma: 0), Rotation(alpha: 0, beta: 1, gamma: 0),
      Rotation(alpha: 0, beta: 4, gamma: 1),
    ]

  /// Wigner's sum at degree l is wrong by about (l + 1) (1 + |sin β|)^l roundings, at worst, in
  /// elements of size 1; a rotated coefficient adds 2l + 1 of them, at random.
  private func bound(_ lmax: Int, _ r: Rotation) -> Double {
    let growth = pow(1 + abs(sin(r.beta)), Double(lmax))
    return 4 * Double(lmax + 5) * growth * 0x1p-53
  }

  /// Blind to: the sign of angles, since the definition is ours (WignerRotationPropertyTests).
  @Test("Every element of the sum", arguments: [0, 1, 2, 5, 16], Self.rotations)
  func sums(lmax: Int, r: Rotation) {
    let a = randomCoefficients(lmax: lmax, lanes: lmax == 5 ? 7 : 1, seed: 61)
    let slow = rotationByDefinition(a, by: r)
    let fast = a.rotated(by: r)
    let bound = bound(lmax, r)
    let comparison = Comparison(fast.values, with: slow.values)
    #expect(comparison.relativeL2 <= bound, "\(r): \(comparison)")
    let single = a.rounded().rotated(by: r)
    let rounded = Comparison(single.values, with: slow.values)
    // The input is rounded, and so is the result: once each.
    #expect(rounded.relativeL2 <= 2 * 0x1p-24 + bound, "\(r) in Float: \(rounded)")

    // Negative controls: signs of angles, and the transposed d, which is the inverse of β alone.
    guard lmax > 0 else { return }
    let wrong = [
      Rotation(alpha: -r.alpha, beta: r.beta, gamma: r.gamma),
      Rotation(alpha: r.alpha, beta: -r.beta, gamma: r.gamma),
      Rotation(alpha: r.alpha, beta: r.beta, gamma: -r.gamma),
    ]
    for other in wrong where Self.areDifferent(other, r) {
      let control = relativeError(a.rotated(by: other).values, slow.values)
      #expect(control > 1000 * bound, "\(other) for \(r): \(control)")
    }
  }

  private static func areDifferent(_ a: Rotation, _ b: Rotation) -> Bool {
    zip(a.matrix.joined(), b.matrix.joined()).contains { abs($0.0 - $0.1) > 0.01 }
  }

  /// The parts of the work depend on lmax only: one thread or many, the same bits. A lane is what
  /// it would be alone, whatever stands beside it.
  @Test("Independent of threads and of other lanes", arguments: [0, 1, 7, 15, 16, 33, 64])
  func independent(lmax: Int) {
    let r = Rotation(alpha: 0.3, beta: 2.7, gamma: -1.1)
    let a = randomCoefficients(lmax: lmax, lanes: 6, seed: 62)
    let one = a.rotated(by: r)
    for threads in [2, 3, 16] { #expect(a.rotated(by: r, threads: threads) == one) }
    for lane in 0..<6 {
      var alone = CoefficientStack<Double>(lmax: lmax)
      for l in 0...lmax { for m in 0...l { alone[l, m] = a[l, m, lane] } }
      let rotated = alone.rotated(by: r)
      var differences = 0
      for l in 0...lmax {
        for m in 0...l where rotated[l, m] != one[l, m, lane] { differences += 1 }
      }
      #expect(differences == 0, "lane \(lane)")
    }
  }

  /// Every pair of blocks occurs once, and no block twice in a round.
  @Test("Rounds of pairs", arguments: [1, 2, 3, 4, 7, 16])
  func rounds(count: Int) {
    let rounds = pairRounds(count)
    var seen = Set<[Int]>()
    for round in rounds {
      let blocks = round.flatMap { $0.upper == $0.lower ? [$0.upper] : [$0.upper, $0.lower] }
      #expect(Set(blocks).count == blocks.count)
      for pair in round {
        #expect(pair.lower <= pair.upper && pair.upper < count)
        #expect(seen.insert([pair.upper, pair.lower]).inserted)
      }
    }
    #expect(seen.count == count * (count + 1) / 2)
  }
}
