import Kernels

/// A sparse matrix by rows: row r is Σ_k weights[k] x[columns[k]] over its entries k.
///
/// Layout:      the entries of row r are rowStarts[r]..<rowStarts[r + 1], columns increasing.
package struct SparseRows<T: LaneScalar>: Sendable, Hashable {
  /// Number of columns.
  package let columnCount: Int
  /// Where each row's entries begin, and where the last one's end: rowCount + 1 numbers.
  package let rowStarts: [Int]
  /// Column of each entry.
  package let columns: [Int32]
  /// Value of each entry.
  package let weights: [T]

  /// Number of rows.
  package var rowCount: Int { rowStarts.count - 1 }

  /// A matrix from the entries of its rows, each with columns in increasing order.
  package init(rows: [[(column: Int, weight: Double)]], columnCount: Int) {
    precondition(columnCount <= Int(Int32.max), "\(columnCount) columns do not fit 32-bit numbers")
    self.columnCount = columnCount
    var rowStarts = [0]
    var columns: [Int32] = []
    var weights: [T] = []
    for row in rows {
      for entry in row {
        precondition(0..<columnCount ~= entry.column, "column \(entry.column) of \(columnCount)")
        columns.append(Int32(entry.column))
        weights.append(T(entry.weight))
      }
      rowStarts.append(columns.count)
    }
    self.rowStarts = rowStarts
    self.columns = columns
    self.weights = weights
  }

  private init(columnCount: Int, rowStarts: [Int], columns: [Int32], weights: [T]) {
    self.columnCount = columnCount
    self.rowStarts = rowStarts
    self.columns = columns
    self.weights = weights
  }

  /// The transposed matrix: the same weights, sorted by column, so that its product too is computed
  /// output by output, in an order that depends on the matrix alone.
  package func transposed() -> SparseRows {
    var starts = [Int](repeating: 0, count: columnCount + 1)
    for column in columns { starts[Int(column) + 1] += 1 }
    for column in 0..<columnCount { starts[column + 1] += starts[column] }
    var next = starts
    var rowOfEntry = [Int32](repeating: 0, count: columns.count)
    var weightOfEntry = [T](repeating: 0, count: columns.count)
    for row in 0..<rowCount {
      for k in rowStarts[row]..<rowStarts[row + 1] {
        let place = next[Int(columns[k])]
        rowOfEntry[place] = Int32(row)
        weightOfEntry[place] = weights[k]
        next[Int(columns[k])] += 1
      }
    }
    return SparseRows(
      columnCount: rowCount, rowStarts: starts, columns: rowOfEntry, weights: weightOfEntry)
  }

  /// Computes the rows `rows` of the product with every lane of `x`.
  ///
  /// Shapes:      x[column * xStride + lane], y[row * yStride + lane]; other rows of y are kept.
  /// Slow twin:   `productByDefinition`.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func multiply(
    _ x: BufferView<T>, stride xStride: Int, into y: BufferView<T>, stride yStride: Int,
    lanes: Int, rows: Range<Int>
  ) {
    for row in rows {
      let sum = y.at(row * yStride)
      let entries = rowStarts[row]..<rowStarts[row + 1]
      if entries.isEmpty {
        for lane in 0..<lanes { sum[lane] = 0 }
      }
      for k in entries {
        let weight = weights[k]
        let values = x.at(Int(columns[k]) * xStride)
        if k == entries.lowerBound {
          for lane in 0..<lanes { sum[lane] = weight * values[lane] }
        } else {
          for lane in 0..<lanes { sum[lane] += weight * values[lane] }
        }
      }
    }
  }

  /// The product by the dense formula y_r = Σ_c A_rc x_c, in `Double`, of one lane.
  package func productByDefinition(_ x: [Double]) -> [Double] {
    precondition(x.count == columnCount, "\(x.count) values for \(columnCount) columns")
    return (0..<rowCount).map { row in
      (rowStarts[row]..<rowStarts[row + 1]).reduce(0.0) { sum, k in
        sum + Double(weights[k]) * x[Int(columns[k])]
      }
    }
  }
}
