import Foundation
import Numerics
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

/// One order of one spin-2 harmonic written out, for +m and −m.
struct SpinMode: Sendable, CustomStringConvertible {
  let l: Int
  let m: Int
  /// ₂λ_lm and ₂λ_{l,−m} as functions of cos θ and sin θ.
  let lambda: @Sendable (_ c: Double, _ s: Double) -> (plus: Double, minus: Double)
  var description: String { "₂Y_\(l)\(m)" }

  /// From d^l_{m,−2}(θ) [Varshalovich1988, tables 4.4 and 4.6]. ₂λ_32 vanishes at cos θ = −2/3 and
  /// ₂λ_{3,−2} at 2/3: rings of HEALPix at nside 1, 2, 4, ...
  static let all: [SpinMode] = [
    SpinMode(l: 2, m: 0) { _, s in
      let value = (15 / (32 * Double.pi)).squareRoot() * s * s
      return (value, value)
    },
    SpinMode(l: 2, m: 1) { c, s in
      let norm = (5 / (16 * Double.pi)).squareRoot()
      return (-norm * s * (1 - c), -norm * s * (1 + c))
    },
    SpinMode(l: 2, m: 2) { c, _ in
      let norm = (5 / (64 * Double.pi)).squareRoot()
      return (norm * (1 - c) * (1 - c), norm * (1 + c) * (1 + c))
    },
    SpinMode(l: 3, m: 2) { c, _ in
      let norm = (7 / (64 * Double.pi)).squareRoot()
      return (norm * (1 - c) * (1 - c) * (3 * c + 2), norm * (1 + c) * (1 + c) * (3 * c - 2))
    },
  ]

  /// Q + iU = −(E + iB) ₂Y_lm − (−1)^m (E* + iB*) ₂Y_{l,−m}, the latter for m > 0.
  func fields(
    e: Complex<Double>, b: Complex<Double>, on grid: any RingGrid
  ) -> SpinFields<Double> {
    var f = SpinFields<Double>(grid: grid)
    for ring in grid.rings {
      let (plus, minus) = lambda(ring.cosTheta, ring.sinTheta)
      for k in 0..<ring.count {
        let phi = ring.phi0 + 2 * .pi * Double(k) / Double(ring.count)
        let wave = Complex(cos(Double(m) * phi), sin(Double(m) * phi))
        var value = -(e + .i * b) * wave.multiplied(by: plus)
        if m > 0 {
          let sign = m.isMultiple(of: 2) ? 1.0 : -1.0
          let mirrored = (e.conjugate + .i * b.conjugate) * wave.conjugate
          value -= mirrored.multiplied(by: sign * minus)
        }
        f.q.values[ring.start + k] = value.real
        f.u.values[ring.start + k] = value.imaginary
      }
    }
    return f
  }
}

@Suite("Single spin-2 modes in closed form")
struct SpinSingleModeTests {
  /// Synthesis of one E and one B coefficient on every ring of HEALPix, those included where a
  /// function vanishes exactly, and on a grid with both poles. The bound is per point, relative to
  /// the largest value, so that no ring hides behind the others; it is as in SingleModeTests.
  /// Blind to: degrees above 3.
  @Test("Synthesis at every point", arguments: SpinMode.all, [1, 2, 4, 16])
  func synthesis(_ mode: SpinMode, nside: Int) throws {
    let bound = 32 * RoundingBound.unitRoundoff()
    for grid: any RingGrid in [
      try HealpixGrid(nside: nside), ClenshawCurtisGrid(ringCount: 9, longitudeCount: 12),
    ] {
      for (e, b) in [
        (Complex(0.75, -1.25), Complex(0, 0)), (Complex(0, 0), Complex(-0.5, 1.5)),
        (Complex(0.75, -1.25), Complex(-0.5, 1.5)),
      ] {
        let (first, second) = mode.m == 0 ? (Complex(e.real), Complex(b.real)) : (e, b)
        let expected = mode.fields(e: first, b: second, on: grid)
        var a = SpinCoefficients<Double>(lmax: 3)
        a.e[mode.l, mode.m] = first
        a.b[mode.l, mode.m] = second
        let f = SpinTransform<Double>(grid: grid, lmax: 3).synthesis(a)
        let comparison = Comparison(f.values, with: expected.values)
        #expect(comparison.relativeMaximum <= bound, "\(mode) on \(grid.name): \(comparison)")
        // Negative control: the other sign of U, where there is a Q to tell it from.
        if e != 0 && b != 0 {
          #expect(relativeError(f.flippingU.values, expected.values) > 1000 * bound)
        }
      }
    }
  }

  /// E of a rotationally symmetric mode makes Q only, B makes U only: −E ₂λ_l0 and −B ₂λ_l0.
  @Test("E is Q and B is U for m = 0")
  func zonal() throws {
    var a = SpinCoefficients<Double>(lmax: 8)
    a.e[5, 0] = 1
    let transform = SpinTransform<Double>(grid: try HealpixGrid(nside: 4), lmax: 8)
    let f = transform.synthesis(a)
    #expect(f.u.values.allSatisfy { abs($0) <= 16 * RoundingBound.unitRoundoff() })
    #expect(f.q.values.contains { abs($0) > 0.1 })
  }
}
