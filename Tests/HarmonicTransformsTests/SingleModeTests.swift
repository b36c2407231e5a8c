import Foundation
import Kernels
import Numerics
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

/// One spherical harmonic written out.
struct SingleMode: Sendable, CustomStringConvertible {
  let l: Int
  let m: Int
  /// λ_lm(θ), Condon-Shortley phase included.
  let lambda: @Sendable (Double) -> Double
  var description: String { "Y_\(l)\(m)" }

  /// The first of them, as in any textbook [Varshalovich1988, section 5.13].
  static let all: [SingleMode] = [
    SingleMode(l: 0, m: 0) { _ in (1 / (4 * Double.pi)).squareRoot() },
    SingleMode(l: 1, m: 0) { (3 / (4 * Double.pi)).squareRoot() * cos($0) },
    SingleMode(l: 1, m: 1) { -(3 / (8 * Double.pi)).squareRoot() * sin($0) },
    SingleMode(l: 2, m: 0) { (5 / (16 * Double.pi)).squareRoot() * (3 * cos($0) * cos($0) - 1) },
    SingleMode(l: 2, m: 1) { -(15 / (8 * Double.pi)).squareRoot() * sin($0) * cos($0) },
    SingleMode(l: 2, m: 2) { (15 / (32 * Double.pi)).squareRoot() * sin($0) * sin($0) },
    SingleMode(l: 3, m: 3) { -(35 / (64 * Double.pi)).squareRoot() * pow(sin($0), 3) },
  ]

  /// The real field with a_lm = amplitude and, for m > 0, its conjugate at −m.
  func field(_ amplitude: Complex<Double>, on grid: any RingGrid) -> [Double] {
    grid.rings.flatMap { ring in
      (0..<ring.count).map { k in
        let phi = ring.phi0 + 2 * .pi * Double(k) / Double(ring.count)
        let wave = amplitude * Complex(cos(Double(m) * phi), sin(Double(m) * phi))
        return (m == 0 ? 1 : 2) * lambda(ring.theta) * wave.real
      }
    }
  }
}

@Suite("Single modes in closed form")
struct SingleModeTests {
  private static let grids: [any RingGrid] =
    [GaussLegendreGrid(lmax: 4), ClenshawCurtisGrid(ringCount: 9, longitudeCount: 12)]
    + [2, 5].compactMap { try? HealpixGrid(nside: $0) }

  /// Synthesis of one coefficient is the textbook's formula at every point, and its analysis gives
  /// the coefficient back: signs, phases and norms without any program. λ is a few operations; the
  /// points' sines and cosines carry an error of u φ m, hence the 32.
  /// Blind to: degrees above 3.
  @Test("Synthesis and analysis", arguments: SingleMode.all)
  func modes(_ mode: SingleMode) throws {
    let bound = 32 * RoundingBound.unitRoundoff()
    for grid in Self.grids {
      let amplitude = mode.m == 0 ? Complex(1.5, 0) : Complex(0.75, -1.25)
      let expected = mode.field(amplitude, on: grid)
      var a = CoefficientStack<Double>(lmax: 3)
      a[mode.l, mode.m] = amplitude
      let operation = try LeastSquaresAnalysis<Double>(grid: grid, lmax: 3)
      let f = operation.transform.synthesis(a)
      #expect(relativeError(f.values, expected) <= bound, "\(mode) on \(grid.name)")
      let given = FieldStack(grid: grid, lanes: 1, values: expected)
      let fitted = try operation.analysis(given)
      #expect(
        relativeError(fitted.values, a.values) <= bound / operation.reciprocalCondition,
        "\(mode) on \(grid.name)")
      if grid.exactAnalysisDegree >= 3 {
        let back = try operation.transform.analysis(given)
        #expect(relativeError(back.values, a.values) <= bound, "\(mode) on \(grid.name)")
      }
      // Negative control: the other sign of m.
      if mode.m > 0 {
        let wrong = mode.field(amplitude.conjugate, on: grid)
        #expect(relativeError(f.values, wrong) > 1000 * bound)
      }
    }
  }
}
