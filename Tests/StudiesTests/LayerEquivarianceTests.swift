import HarmonicTransforms
import Testing
import Verification

@testable import Studies

/// Which layers commute with which rotations.
/// Blind to: a rotation that is wrong in the same way on both sides (WignerRotationFixtureTests
/// sees it).
@Suite("Equivariance of layers")
struct LayerEquivarianceTests {
  private let layer = LayerEquivariance(lmax: 23, skies: 2, seed: 5)

  /// Two rotations, (lmax + 5) u each, and twice the sums over three channels.
  private let bound =
    2 * Double(23 + 5) * RoundingBound.unitRoundoff() + 2 * RoundingBound.probable(operations: 3)

  /// Weights per l commute with every rotation (Schur); weights per (l, m) are the control, and
  /// commute with those about the polar axis.
  @Test("Weights per l and per (l, m)", arguments: 0..<3)
  func weights(k: Int) {
    let any = RotationKind.any.rotations(3, seed: 7)[k]
    let aboutAxis = RotationKind.aboutAxis.rotations(3, seed: 7)[k]
    #expect(layer.isotropic(any) <= bound)
    #expect(layer.isotropic(aboutAxis) <= bound)
    #expect(layer.published(any) > 0.5)
    #expect(layer.published(aboutAxis) <= bound)
    // What the control is a control of: a rotation so small that it is still seen.
    #expect(layer.published(Rotation(alpha: 0, beta: 1e-6, gamma: 0)) > 1000 * bound)
  }

  /// On its own grid the published block commutes with turns by the spacing of its longitudes; the
  /// Nyquist order, of which the grid holds the real part only, spoils all other turns. Bound: two
  /// transforms each way, 8 √points u.
  @Test("The published block on its grid", arguments: 0..<3)
  func block(k: Int) {
    let bound = 4 * 8 * RoundingBound.unitRoundoff() * 2048.0.squareRoot()
    let spacing = RotationKind.aboutAxisBySpacing.rotations(3, seed: 7)[k]
    let axis = RotationKind.aboutAxis.rotations(3, seed: 7)[k]
    #expect(layer.publishedBlockAboutAxis(spacing.alpha) <= bound)
    #expect(layer.publishedBlockAboutAxis(axis.alpha) > 1000 * bound)
    #expect(layer.publishedBlock(RotationKind.any.rotations(3, seed: 7)[k]) > 0.5)
  }

  /// Random rotations are what their names say.
  @Test("Rotations", arguments: RotationKind.allCases)
  func rotations(kind: RotationKind) {
    let rotations = kind.rotations(200, seed: 1)
    #expect(Set(rotations).count > (kind == .aboutAxisByQuarters ? 2 : 50))
    for rotation in rotations {
      #expect((rotation.beta == 0) == (kind != .any))
      let unit = kind == .aboutAxisBySpacing ? 64.0 : 4
      let turns = rotation.alpha / (2 * .pi) * unit
      if kind == .aboutAxisBySpacing || kind == .aboutAxisByQuarters {
        #expect(abs(turns - turns.rounded()) <= 1e-13 && turns.rounded() > 0 && turns < unit)
      }
    }
    if kind == .any {
      // Mean of cos β is 0, its standard error 1/√(3 · 200): five of them.
      let mean = rotations.reduce(0.0) { $0 + $1.applied(to: SIMD3(0, 0, 1)).z } / 200
      #expect(abs(mean) <= 5 / 600.0.squareRoot())
    }
  }
}
