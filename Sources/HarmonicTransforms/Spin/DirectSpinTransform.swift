import Foundation
import Kernels
import Numerics
import SpecialFunctions
import SphereGrids

/// The spin-weighted transforms as their definitions read: plain complex loops in `Double` over
/// points and all (l, m), |m| ≤ min(l, mmax).
///
/// The slow twin of `SpinTransform`. It shares with it d^l_mn (checked against Wigner's sum and
/// mpmath) and the ring table, and nothing else: no λ±, no symmetry of rings, no symmetry of
/// orders, no FFT.
/// Cost: points · lmax² complex operations.
public struct DirectSpinTransform: Sendable {
  /// The points.
  public let grid: any RingGrid
  /// s.
  public let spin: Int
  /// Largest degree, inclusive.
  public let lmax: Int
  /// Largest order, inclusive.
  public let mmax: Int

  /// The transforms of spin s between a grid and E, B up to lmax; mmax is lmax unless given.
  public init(grid: any RingGrid, spin: Int = 2, lmax: Int, mmax: Int? = nil) {
    self.grid = grid
    self.spin = spin
    self.lmax = lmax
    self.mmax = mmax ?? lmax
  }

  /// (Q + iU)_p = Σ_lm ₛa_lm ₛY_lm(p), ₛa_lm = −(E_lm + i B_lm).
  public func synthesis(_ a: SpinCoefficients<Double>) -> SpinFields<Double> {
    var f = SpinFields<Double>(grid: grid, lanes: a.e.lanes)
    forEachHarmonic { point, l, m, harmonic in
      for lane in 0..<a.e.lanes {
        let term = -(full(a.e, l, m, lane) + .i * full(a.b, l, m, lane)) * harmonic
        f.q.values[point * a.e.lanes + lane] += term.real
        f.u.values[point * a.e.lanes + lane] += term.imaginary
      }
    }
    return f
  }

  /// ₛa_lm = Σ_p w_p (Q + iU)_p ₛY*_lm(p) and ₋ₛa_lm = (−1)^{s+m} ₛa*_{l,−m}, hence
  /// E_lm = −½ (ₛa_lm + (−1)^s ₋ₛa_lm), B_lm = ½ i (ₛa_lm − (−1)^s ₋ₛa_lm);
  /// w_p = 1 when not `weighted`.
  public func analysis(
    _ f: SpinFields<Double>, weighted: Bool = true
  ) -> SpinCoefficients<Double> {
    let lanes = f.q.lanes
    let weights = weighted ? weights : [Double](repeating: 1, count: grid.pointCount)
    var sums: [HarmonicKey: Complex<Double>] = [:]
    forEachHarmonic { point, l, m, harmonic in
      for lane in 0..<lanes {
        let value = Complex(f.q.values[point * lanes + lane], f.u.values[point * lanes + lane])
        sums[HarmonicKey(l: l, m: m, lane: lane), default: 0] +=
          (value * harmonic.conjugate).multiplied(by: weights[point])
      }
    }
    var a = SpinCoefficients<Double>(lmax: lmax, mmax: mmax, lanes: lanes)
    for (key, plus) in sums where key.m >= 0 {
      let mirrored = sums[HarmonicKey(l: key.l, m: -key.m, lane: key.lane)] ?? 0
      // (−1)^s ₋ₛa_lm = (−1)^m ₛa*_{l,−m}
      let minus = mirrored.conjugate.multiplied(by: key.m.isMultiple(of: 2) ? 1 : -1)
      a.e[key.l, key.m, key.lane] = (plus + minus).multiplied(by: -0.5)
      a.b[key.l, key.m, key.lane] = .i * (plus - minus).multiplied(by: 0.5)
    }
    return a
  }

  private struct HarmonicKey: Hashable {
    let l: Int
    let m: Int
    let lane: Int
  }

  /// a_lm of a real field for either sign of m.
  private func full(
    _ a: CoefficientStack<Double>, _ l: Int, _ m: Int, _ lane: Int
  ) -> Complex<Double> {
    m >= 0 ? a[l, m, lane] : a[l, -m, lane].conjugate.multiplied(by: m.isMultiple(of: 2) ? 1 : -1)
  }

  private var weights: [Double] {
    grid.rings.flatMap { [Double](repeating: $0.weight, count: $0.count) }
  }

  /// ₛY_lm(θ, φ) = (−1)^s √[(2l+1)/4π] d^l_{m,−s}(θ) e^{imφ} at every point.
  private func forEachHarmonic(_ body: (_ point: Int, Int, Int, Complex<Double>) -> Void) {
    let sign = spin.isMultiple(of: 2) ? 1.0 : -1.0
    guard lmax >= spin else { return }
    for m in -mmax...mmax {
      let recurrence = WignerRecurrence(m: m, n: -spin, lmax: lmax)
      for ring in grid.rings {
        let column = recurrence.values(cosBeta: ring.cosTheta, sinBeta: ring.sinTheta)
        for k in 0..<ring.count {
          let phi = ring.phi0 + 2 * .pi * Double(k) / Double(ring.count)
          let wave = Complex(cos(Double(m) * phi), sin(Double(m) * phi))
          for (index, value) in column.enumerated() {
            let l = recurrence.firstDegree + index
            body(ring.start + k, l, m, wave.multiplied(by: sign * value))
          }
        }
      }
    }
  }
}
