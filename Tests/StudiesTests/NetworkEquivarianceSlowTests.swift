import Testing
import Verification

@testable import Studies

/// Whole networks on turned skies, in `Float` as they are used.
/// Blind to: trained weights; what is measured are initial ones.
@Suite("Equivariance of networks")
struct NetworkEquivarianceSlowTests {
  private func skies(_ sky: StudySky, _ kind: RotationKind) throws -> TurnedSkies {
    try TurnedSkies(sky, skies: 3, kind.rotations(2, seed: 4), seed: 4, threads: 2)
  }

  private func isotropic(_ skies: TurnedSkies, blocks: Int, rings: Int) throws -> Double {
    try NetworkEquivariance.isotropic(skies, blocks: blocks, gridRings: rings, seed: 4, threads: 2)
      .relative
  }

  /// One block has no ReLU: what is left are the roundings of pixels and of their analysis, κ(S) =
  /// √46 of them in a coefficient, independent. Two blocks alias, 1000 times as much on the
  /// smallest grid, and less the more rings there are.
  @Test("Aliasing falls with oversampling", arguments: StudySky.allCases)
  func oversampling(sky: StudySky) throws {
    let skies = try skies(sky, .any)
    let bound = RoundingBound.probable(operations: 46, Float.self)
    #expect(try isotropic(skies, blocks: 1, rings: 48) <= bound)
    let errors = try [48, 96, 192].map { try isotropic(skies, blocks: 2, rings: $0) }
    #expect(errors[1] < errors[0] / 2 && errors[2] < errors[1] / 2, "\(errors)")
    #expect(errors[0] > 100 * bound, "\(errors)")
  }

  /// The published network takes a turned sky for another sky, but for a quarter turn about the
  /// axis, which moves pixels to pixels and points to points: then only the points on a border of
  /// two pixels differ.
  @Test("The published network")
  func published() throws {
    let change = { (kind: RotationKind) in
      try NetworkEquivariance.published(self.skies(.peaked, kind), seed: 4, threads: 2).ofScatter
    }
    let (any, quarters) = (try change(.any), try change(.aboutAxisByQuarters))
    #expect(any > 0.2, "\(any)")
    #expect(quarters < any / 10, "\(quarters) against \(any)")
  }
}
