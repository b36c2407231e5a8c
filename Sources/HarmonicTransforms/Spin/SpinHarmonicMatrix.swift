import FourierTransforms
import LinearAlgebra
import SphereGrids

/// The fields of every single coefficient at some points, as one dense matrix.
///
/// Definition:  row (component, point): Q, then U of every point; column: one real degree of
///              freedom of (E, B) in the orthonormal basis, whose functions u have Σ_columns over a
///              full sphere ∫ (u_Q² + u_U²) dΩ = 1. Fields are then Y u, and the covariance of a
///              sky with spectra C_l^EE and C_l^BB is Y diag(C) Yᵀ.
///              Spin 0: one component and one kind, T = Y u and Y diag(C^TT) Yᵀ.
/// Columns:     E before B; within each by degree from the spin on, and within a degree E_l0, Re
///              E_l1, Im E_l1, Re E_l2, ... (times √2 for m > 0), up to mmax.
/// Method:      synthesis of unit coefficients, 64 at a time.
/// Memory:      rows · columns numbers: 30 MB for Q and U at 310 points, lmax 47.
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
    /// 0: E, or T; 1: B.
    public var kind: Int
  }

  /// The degrees of freedom in the order of the columns.
  public let columns: [Column]
  /// (2 points, columns); of spin 0 (points, columns).
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
    try self.init(
      columns: Self.columns(spin: transform.spin, lmax: transform.lmax, mmax: transform.mmax),
      components: 2, points: points, progress
    ) { columns, row in
      var a = SpinCoefficients<Double>(
        lmax: transform.lmax, mmax: transform.mmax, lanes: columns.count)
      for (lane, column) in columns.enumerated() {
        let (place, value) = row(column, lane)
        if column.kind == 0 { a.e.values[place] = value } else { a.b.values[place] = value }
      }
      let f = transform.synthesis(a, threads: threads)
      return [f.q.values, f.u.values]
    }
  }

  /// The matrix of scalar harmonics, spin 0.
  ///
  /// - Parameters: as above.
  /// - Throws: `LinearAlgebraError.interrupted`.
  public init(
    _ transform: ScalarTransform<Double>, points: [Int], threads: Int = 1,
    progress: WorkProgress = WorkProgress()
  ) throws(LinearAlgebraError) {
    try self.init(
      columns: Self.columns(spin: 0, lmax: transform.lmax, mmax: transform.mmax),
      components: 1, points: points, progress
    ) { columns, row in
      var a = CoefficientStack<Double>(
        lmax: transform.lmax, mmax: transform.mmax, lanes: columns.count)
      for (lane, column) in columns.enumerated() {
        let (place, value) = row(column, lane)
        a.values[place] = value
      }
      return [transform.synthesis(a, threads: threads).values]
    }
  }

  /// The matrix of what `synthesis` makes of some columns, `[component][point * lanes + lane]`;
  /// it is told the place and the value of the unit coefficient of a column in its lane.
  private init(
    columns: [Column], components: Int, points: [Int], _ progress: WorkProgress,
    synthesis: (
      _ columns: ArraySlice<Column>, _ row: (Column, _ lane: Int) -> (place: Int, value: Double)
    ) -> [[Double]]
  ) throws(LinearAlgebraError) {
    let lmax = columns.last?.l ?? 0
    var matrix = Matrix(rows: components * points.count, columns: columns.count)
    for first in stride(from: 0, to: columns.count, by: 64) {
      try progress.requireGoingOn()
      let lanes = min(64, columns.count - first)
      let fields = synthesis(columns[first..<first + lanes]) { column, lane in
        // A stored a_lm, m > 0, is the orthonormal coefficient over √2.
        let index = 2 * coefficientIndex(l: column.l, m: column.m, lmax: lmax)
        return ((index + column.part) * lanes + lane, column.m == 0 ? 1 : 0.5.squareRoot())
      }
      for (component, values) in fields.enumerated() {
        for (row, point) in points.enumerated() {
          let target = (component * points.count + row) * columns.count + first
          for lane in 0..<lanes {
            matrix.storage[target + lane] = values[point * lanes + lane]
          }
        }
      }
    }
    self.columns = columns
    self.matrix = matrix
  }

  /// The number of degrees of freedom up to lmax.
  public static func columnCount(spin: Int, lmax: Int, mmax: Int) -> Int {
    (spin == 0 ? 1 : 2) * (spin..<max(spin, lmax + 1)).reduce(0) { $0 + 2 * min($1, mmax) + 1 }
  }

  /// The degrees of freedom up to lmax.
  public static func columns(spin: Int, lmax: Int, mmax: Int) -> [Column] {
    (0...(spin == 0 ? 0 : 1)).flatMap { kind in
      (spin..<max(spin, lmax + 1)).flatMap { l in
        (0...min(l, mmax)).flatMap { m in
          (0...(m == 0 ? 0 : 1)).map { Column(l: l, m: m, part: $0, kind: kind) }
        }
      }
    }
  }
}
