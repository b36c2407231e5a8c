import Foundation
import LinearAlgebra
import SpecialFunctions
import Testing
import Verification

/// d^l(β) as the matrix that it is: the exponential of an operator, diagonalised by LAPACK.
///
/// J_x is real, symmetric and tridiagonal, ⟨m+1|J_x|m⟩ = ½ √[(l−m)(l+m+1)], with the eigenvalues
/// μ = −l...l; J_y = e^{−iπJ_z/2} J_x e^{iπJ_z/2}. With the eigenvectors V of J_x
/// d^l_mn(β) = ⟨m|e^{−iβJ_y}|n⟩ = i^{n−m} Σ_μ V_mμ V_nμ e^{−iβμ}.
private struct ExponentialOfJy {
  let l: Int
  private let vectors: Matrix
  /// Largest difference of LAPACK's eigenvalues from whole numbers.
  let eigenvalueError: Double

  init(l: Int) throws {
    self.l = l
    let eigen = try SymmetricEigendecomposition(
      diagonal: [Double](repeating: 0, count: 2 * l + 1),
      offDiagonal: (-l..<l).map { m in 0.5 * Double((l - m) * (l + m + 1)).squareRoot() })
    vectors = eigen.vectors
    eigenvalueError = eigen.values.enumerated().reduce(0) {
      max($0, abs($1.element - Double($1.offset - l)))
    }
  }

  /// (real, imaginary) parts of d^l_mn(β); the imaginary one is zero in exact arithmetic.
  func element(m: Int, n: Int, beta: Double) -> (real: Double, imaginary: Double) {
    var (cosines, sines) = (0.0, 0.0)
    for mu in -l...l {
      let product = vectors[m + l, mu + l] * vectors[n + l, mu + l]
      cosines += product * cos(beta * Double(mu))
      sines += product * sin(beta * Double(mu))
    }
    switch ((n - m) % 4 + 4) % 4 {
    case 0: return (cosines, -sines)
    case 1: return (sines, cosines)
    case 2: return (-cosines, sines)
    default: return (-sines, -cosines)
    }
  }
}

@Suite("Wigner functions against LAPACK's eigenvectors of J_y")
struct WignerOracleTests {
  static let angles = [0.003, 0.6, 0.79, 0.8, Double.pi / 2, 2.2, 3.1]

  /// Largest |computed − oracle| over all orders and the angles.
  private func worstError(
    _ oracle: ExponentialOfJy, _ value: (_ m: Int, _ n: Int, _ beta: Double) -> Double
  ) -> Double {
    var worst = 0.0
    for beta in Self.angles {
      for m in -oracle.l...oracle.l {
        for n in -oracle.l...oracle.l {
          let (real, imaginary) = oracle.element(m: m, n: n, beta: beta)
          let error = max(abs(value(m, n, beta) - real), abs(imaginary))
          worst = error.isNaN ? .infinity : max(worst, error)
        }
      }
    }
    return worst
  }

  private func computed(_ l: Int, _ m: Int, _ n: Int, _ beta: Double) -> Double {
    let recurrence = WignerRecurrence(m: m, n: n, lmax: l)
    let column = recurrence.values(cosBeta: cos(beta), sinBeta: sin(beta))
    return column[column.count - 1] * (4 * .pi / Double(2 * l + 1)).squareRoot()
  }

  /// Every element of the matrix, with the conventions of sign and order. The eigenvectors are
  /// those of a matrix within n u ‖J‖ of J, n = 2l + 1, ‖J‖ = l, and its eigenvalues are 1 apart:
  /// they turn by n l u at most, in practice by some roundings of each of n rotations. Bound: 4 n u
  /// and the recurrence's own 3 (l + 5) u, relative to 1, the norm of a row.
  /// Blind to: elements much smaller than 1 (WignerFixtureTests).
  static func bound(_ l: Int) -> Double {
    (4 * Double(2 * l + 1) + 3 * Double(l + 5)) * RoundingBound.unitRoundoff()
  }

  @Test("All orders", arguments: [0, 1, 2, 3, 10, 33, 64])
  func allOrders(l: Int) throws {
    let oracle = try ExponentialOfJy(l: l)
    #expect(
      oracle.eigenvalueError <= 4 * Double(2 * l + 1) * RoundingBound.unitRoundoff()
        * Double(max(l, 1)))
    let worst = worstError(oracle) { computed(l, $0, $1, $2) }
    #expect(worst <= Self.bound(l), "l = \(l): \(worst)")
  }

  /// The check rejects the matrix of the inverse rotation, d_nm, and the sign (−1)^m of a basis
  /// without the Condon-Shortley phase.
  @Test("Negative controls: inverse rotation, other phase", arguments: [1, 10, 33])
  func rejectsOthers(l: Int) throws {
    let oracle = try ExponentialOfJy(l: l)
    #expect(worstError(oracle) { computed(l, $1, $0, $2) } > 1000 * Self.bound(l))
    let otherPhase = worstError(oracle) { m, n, beta in
      (m.isMultiple(of: 2) ? 1 : -1) * computed(l, m, n, beta)
    }
    #expect(otherPhase > 1000 * Self.bound(l))
  }
}
