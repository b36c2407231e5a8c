import Numerics

// Conversions between the layouts of plain arrays: lanes last or first, complex numbers as
// `Complex` or as pairs of real ones.

extension Array {
  /// The transpose of a matrix of `rows` rows: element (i, j) goes to (j, i).
  ///
  /// A stack `[point][lane]` of so many points becomes `[lane][point]`, and one of so many lanes
  /// comes back. Nothing is nothing, with any number of rows.
  package func transposed(rows: Int) -> [Element] {
    if isEmpty { return [] }
    precondition(rows > 0 && count % rows == 0, "\(count) elements in \(rows) rows")
    let columns = count / rows
    return (0..<columns).flatMap { column in (0..<rows).map { self[$0 * columns + column] } }
  }
}

extension Array where Element == Double {
  /// `[...][re, im]` as complex numbers.
  package var complexNumbers: [Complex<Double>] {
    precondition(count % 2 == 0, "\(count) numbers are no pairs")
    return (0..<count / 2).map { Complex(self[2 * $0], self[2 * $0 + 1]) }
  }
}

extension Array where Element == Complex<Double> {
  /// Complex numbers as `[...][re, im]`.
  package var realPairs: [Double] { flatMap { [$0.real, $0.imaginary] } }
}
