import Foundation
import Kernels
import Numerics
import SpecialFunctions
import SphereGrids

/// The scalar transforms as their definitions read: plain loops in `Double` over points and (l, m).
///
/// The slow twin of `ScalarTransform`. It shares with it λ_lm (checked against GSL and mpmath) and
/// the ring table, and nothing else: no FFT, no symmetry of rings, no folding of orders.
/// `DirectTransform+Gradients` and `DirectTransform+LeastSquares` hold what follows from them.
/// Cost: points · lmax².
public struct DirectTransform: Sendable {
  public let grid: any RingGrid
  public let lmax: Int
  public let mmax: Int
  /// What synthesis makes of the order n/2 of rings with n points.
  public let nyquist: NyquistOrder

  /// The transforms between a grid and coefficients; mmax is lmax unless given.
  ///
  /// `nyquist` may be `.once` where all rings have the same number of points and start at φ = 0.
  public init(
    grid: any RingGrid, lmax: Int, mmax: Int? = nil, nyquist: NyquistOrder = .evaluated
  ) {
    self.grid = grid
    self.lmax = lmax
    self.mmax = mmax ?? lmax
    self.nyquist = nyquist
  }

  /// The order m = n/2 that synthesis counts once and whose imaginary part it leaves out, or nil.
  var orderCountedOnce: Int? {
    guard nyquist == .once else { return nil }
    let count = grid.rings[0].count
    precondition(
      grid.rings.allSatisfy { $0.count == count && $0.phi0 == 0 },
      "Nyquist once needs rings of one length from φ = 0")
    return count.isMultiple(of: 2) ? count / 2 : nil
  }

  /// f_p = Σ_l [a_l0 λ_l0 + 2 Re Σ_{m>0} a_lm λ_lm e^{imφ}]; with `.once` the term of m = n/2 is
  /// Re a_lm λ_lm cos mφ.
  public func synthesis(_ a: CoefficientStack<Double>) -> FieldStack<Double> {
    var f = FieldStack<Double>(grid: grid, lanes: a.lanes)
    let once = orderCountedOnce
    forEachPoint { point, _, phi, lambda in
      for m in 0...mmax {
        for l in m...lmax {
          for lane in 0..<a.lanes {
            let value = m == once ? Complex(a[l, m, lane].real, 0) : a[l, m, lane]
            let term = value * Complex(cos(Double(m) * phi), sin(Double(m) * phi))
            let factor = m == 0 || m == once ? 1.0 : 2.0
            f.values[point * a.lanes + lane] += factor * lambda[m][l - m] * term.real
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
