import Foundation
import Kernels
import Numerics
import SpecialFunctions
import SphereGrids

/// The scalar transforms as their definitions read: plain loops in `Double` over points and (l, m).
///
/// The slow twin of `ScalarTransform`. It shares with it λ_lm (checked against GSL and mpmath) and
/// the ring table, and nothing else: no FFT, no symmetry of rings, no folding of orders.
/// Cost: points · lmax².
public struct DirectTransform: Sendable {
  public let grid: any RingGrid
  public let lmax: Int
  public let mmax: Int

  public init(grid: any RingGrid, lmax: Int, mmax: Int? = nil) {
    self.grid = grid
    self.lmax = lmax
    self.mmax = mmax ?? lmax
  }

  /// f_p = Σ_l [a_l0 λ_l0 + 2 Re Σ_{m>0} a_lm λ_lm e^{imφ}].
  public func synthesis(_ a: CoefficientStack<Double>) -> FieldStack<Double> {
    var f = FieldStack<Double>(grid: grid, lanes: a.lanes)
    forEachPoint { point, _, phi, lambda in
      for m in 0...mmax {
        for l in m...lmax {
          for lane in 0..<a.lanes {
            let term = a[l, m, lane] * Complex(cos(Double(m) * phi), sin(Double(m) * phi))
            f.values[point * a.lanes + lane] += (m == 0 ? 1 : 2) * lambda[m][l - m] * term.real
          }
        }
      }
    }
    return f
  }

  /// a_lm = Σ_p w_p f_p λ_lm e^{−imφ}, with w_p = 1 when not `weighted`.
  public func analysis(
    _ f: FieldStack<Double>, weighted: Bool = true
  ) -> CoefficientStack<Double> {
    var a = CoefficientStack<Double>(lmax: lmax, mmax: mmax, lanes: f.lanes)
    forEachPoint { point, ring, phi, lambda in
      for m in 0...mmax {
        for l in m...lmax {
          let kernel = Complex(cos(Double(m) * phi), -sin(Double(m) * phi))
          let weight = lambda[m][l - m] * (weighted ? ring.weight : 1)
          for lane in 0..<f.lanes {
            let value = weight * f.values[point * f.lanes + lane]
            a[l, m, lane] += kernel.multiplied(by: value)
          }
        }
      }
    }
    return a
  }

  private func forEachPoint(_ body: (Int, Ring, Double, [[Double]]) -> Void) {
    for ring in grid.rings {
      let lambda = (0...mmax).map {
        normalisedLegendre(m: $0, lmax: lmax, cosTheta: ring.cosTheta, sinTheta: ring.sinTheta)
      }
      for k in 0..<ring.count {
        body(ring.start + k, ring, ring.phi0 + 2 * .pi * Double(k) / Double(ring.count), lambda)
      }
    }
  }
}
