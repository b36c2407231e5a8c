import FourierTransforms
import LinearAlgebra
import SphereGrids

/// The fields of every single coefficient at some points, as one dense matrix.
///
/// Definition:  row (component, point): Q, then U of every point; column: one real degree of
///              freedom of (E, B) in the orthonormal basis, whose functions u have Σ_columns over a
///              full sphere ∫ (u_Q² + u_U²) dΩ = 1. Fields are then Y u, and the covariance of a
///              sky with spectra C_l^EE and C_l^BB is Y diag(C) Yᵀ.
/// Columns:     E before B; within each by degree from the spin on, and within a degree E_l0, Re
///              E_l1, Im E_l1, Re E_l2, ... (times √2 for m > 0), up to mmax.
/// Method:      synthesis of unit coefficients, 64 at a time.
/// Memory:      2 points · columns numbers: 30 MB for 310 points at lmax 47.
/// Checked by:  SpinHarmonicMatrixTests.
public struct SpinHarmonicMatrix: Sendable {
  /// One column.
  public struct Column: Sendable, Hashable {
    /// Degree.
    public var l: Int
    /// Order, m ≥ 0.
    public var m: Int
    /// 0: real part, 1: imaginary part.
    public var part: Int
    /// 0: E, 1: B.
    public var kind: Int
  }

  /// The degrees of freedom in the order of the columns.
  public let columns: [Column]
  /// (2 points, columns).
  public let matrix: Matrix

  /// The matrix at some points of a transform's grid.
  ///
  /// - Parameters:
  ///   - transform: the spin transform up to the wanted lmax.
  ///   - points: indices of the points, in the order of the rows.
  ///   - threads: any number gives the same bits.
  ///   - progress: is asked before every 64 columns whether to go on.
  /// - Throws: `LinearAlgebraError.interrupted`.
  public init(
    _ transform: SpinTransform<Double>, points: [Int], threads: Int = 1,
    progress: WorkProgress = WorkProgress()
  ) throws(LinearAlgebraError) {
    let columns = Self.columns(spin: transform.spin, lmax: transform.lmax, mmax: transform.mmax)
    var matrix = Matrix(rows: 2 * points.count, columns: columns.count)
    for first in stride(from: 0, to: columns.count, by: 64) {
      try progress.requireGoingOn()
      let lanes = min(64, columns.count - first)
      var a = SpinCoefficients<Double>(lmax: transform.lmax, mmax: transform.mmax, lanes: lanes)
      for lane in 0..<lanes {
        let column = columns[first + lane]
        // A stored a_lm, m > 0, is the orthonormal coefficient over √2.
        let index = 2 * coefficientIndex(l: column.l, m: column.m, lmax: transform.lmax)
        let place = (index + column.part) * lanes + lane
        let value = column.m == 0 ? 1 : 0.5.squareRoot()
        if column.kind == 0 { a.e.values[place] = value } else { a.b.values[place] = value }
      }
      let f = transform.synthesis(a, threads: threads)
      for (row, point) in points.enumerated() {
        for lane in 0..<lanes {
          let element = first + lane
          matrix.storage[row * columns.count + element] = f.q.values[point * lanes + lane]
          matrix.storage[(points.count + row) * columns.count + element] =
            f.u.values[point * lanes + lane]
        }
      }
    }
    self.columns = columns
    self.matrix = matrix
  }

  /// The number of degrees of freedom up to lmax.
  public static func columnCount(spin: Int, lmax: Int, mmax: Int) -> Int {
    2 * (spin..<max(spin, lmax + 1)).reduce(0) { $0 + 2 * min($1, mmax) + 1 }
  }

  /// The degrees of freedom up to lmax.
  public static func columns(spin: Int, lmax: Int, mmax: Int) -> [Column] {
    (0...1).flatMap { kind in
      (spin..<max(spin, lmax + 1)).flatMap { l in
        (0...min(l, mmax)).flatMap { m in
          (0...(m == 0 ? 0 : 1)).map { Column(l: l, m: m, part: $0, kind: kind) }
        }
      }
    }
  }
}
