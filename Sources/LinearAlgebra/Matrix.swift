/// A dense real matrix in row-major order: element (i, j) is `storage[i * columns + j]`.
///
/// It carries data to and from LAPACK. Its products are plain loops for small matrices; the fast
/// product of large ones is in `Kernels`.
public struct Matrix: Sendable, Hashable {
  public let rows: Int
  public let columns: Int
  /// All elements, row after row.
  public var storage: [Double]

  /// A matrix whose elements all have one value.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot have \(rows) x \(columns) elements")
    self.rows = rows
    self.columns = columns
    storage = [Double](repeating: value, count: rows * columns)
  }

  /// A matrix from its elements, row after row.
  public init(rows: Int, columns: Int, storage: [Double]) {
    precondition(
      rows >= 0 && columns >= 0 && storage.count == rows * columns,
      "\(storage.count) elements cannot fill \(rows) x \(columns)")
    self.rows = rows
    self.columns = columns
    self.storage = storage
  }

  /// A matrix whose element (i, j) is `element(i, j)`.
  public init(rows: Int, columns: Int, element: (Int, Int) -> Double) {
    self.init(rows: rows, columns: columns)
    for i in 0..<rows {
      for j in 0..<columns {
        storage[i * columns + j] = element(i, j)
      }
    }
  }

  /// The identity matrix.
  public static func identity(_ order: Int) -> Matrix {
    Matrix(rows: order, columns: order) { i, j in i == j ? 1 : 0 }
  }

  @inlinable
  public subscript(i: Int, j: Int) -> Double {
    get {
      precondition(0 <= i && i < rows && 0 <= j && j < columns, "(\(i), \(j)) is outside")
      return storage[i * columns + j]
    }
    set {
      precondition(0 <= i && i < rows && 0 <= j && j < columns, "(\(i), \(j)) is outside")
      storage[i * columns + j] = newValue
    }
  }

  /// Column j.
  public func column(_ j: Int) -> [Double] { (0..<rows).map { self[$0, j] } }

  /// The transposed matrix.
  public var transposed: Matrix {
    Matrix(rows: columns, columns: rows) { i, j in storage[j * columns + i] }
  }

  /// A B, with a plain triple loop: 2 rows · inner · columns operations.
  public func multiplied(by b: Matrix) -> Matrix {
    precondition(columns == b.rows, "\(rows) x \(columns) times \(b.rows) x \(b.columns)")
    var c = Matrix(rows: rows, columns: b.columns)
    for i in 0..<rows {
      for k in 0..<columns {
        let a = storage[i * columns + k]
        for j in 0..<b.columns {
          c.storage[i * b.columns + j] += a * b.storage[k * b.columns + j]
        }
      }
    }
    return c
  }

  /// A x.
  public func multiplied(by x: [Double]) -> [Double] {
    precondition(columns == x.count, "\(rows) x \(columns) times a vector of \(x.count)")
    return (0..<rows).map { i in
      var sum = 0.0
      for j in 0..<columns {
        sum += storage[i * columns + j] * x[j]
      }
      return sum
    }
  }

  /// √(Σ a_ij²), the Frobenius norm.
  public var norm: Double {
    var sum = 0.0
    for value in storage {
      sum += value * value
    }
    return sum.squareRoot()
  }

  /// max |a_ij|; 0 for an empty matrix.
  var largestElement: Double { storage.reduce(0) { max($0, abs($1)) } }

  /// LAPACK propagates NaN into every result, so NaN is refused here.
  func requireFinite(for operation: String) throws(LinearAlgebraError) {
    for (k, value) in storage.enumerated() where !value.isFinite {
      throw .notFinite(
        operation: operation, row: k / columns, column: k % columns, value: value)
    }
  }

  /// The symmetric routines read one triangle only: a matrix that is not symmetric would silently
  /// be taken for another one. Sums taken in different orders differ by about √n roundings of the
  /// largest element; 16 n of them are allowed.
  func requireSymmetric(for operation: String) throws(LinearAlgebraError) {
    guard rows == columns else {
      throw .notSquare(operation: operation, rows: rows, columns: columns)
    }
    let allowed = 16 * Double(rows) * Double.ulpOfOne * largestElement
    for i in 0..<rows {
      for j in 0..<i where abs(self[i, j] - self[j, i]) > allowed {
        throw .notSymmetric(
          operation: operation, row: i, column: j, lower: self[i, j], upper: self[j, i])
      }
    }
  }
}
