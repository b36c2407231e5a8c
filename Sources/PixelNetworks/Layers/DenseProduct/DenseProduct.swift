import Kernels

/// y_ro = b_o + Σ_k x_rk w_ok as a matrix product: `LinearLayer`, its slow twin, for layers of many
/// inputs.
///
///     backward    x̄_rk = Σ_o ȳ_ro w_ok,   w̄_ok += Σ_r ȳ_ro x_rk,   b̄_o += Σ_r ȳ_ro
///
/// Shapes:     x `[row][input]`, y `[row][output]`, w `[output][input]` (PyTorch's order).
/// Checked by: DenseProductTests.
package struct DenseProduct<T: LaneScalar>: Sendable {
  package let inputCount: Int
  package let outputCount: Int

  package init(inputCount: Int, outputCount: Int) {
    self.inputCount = inputCount
    self.outputCount = outputCount
  }

  /// Writes y.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func forward(
    _ x: BufferView<T>, rows: Int, weights: [T], bias: [T], to y: BufferView<T>
  ) {
    bias.withView { fillRows(rows: rows, columns: outputCount, with: $0, to: y) }
    weights.withView { weights in
      matrixProduct(
        rows: rows, columns: outputCount, depth: inputCount, MatrixView(x, rowStride: inputCount),
        MatrixView(weights, rowStride: inputCount).transposed,
        into: MatrixView(y, rowStride: outputCount), .adding)
    }
  }

  /// Adds w̄ and b̄, and writes x̄.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func backward(
    _ dy: BufferView<T>, saved x: BufferView<T>, rows: Int, weights: [T],
    accumulatingInto dw: BufferView<T>, _ db: BufferView<T>, to dx: BufferView<T>
  ) {
    let gradient = MatrixView(dy, rowStride: outputCount)
    addRows(rows: rows, columns: outputCount, dy, to: db)
    matrixProduct(
      rows: outputCount, columns: inputCount, depth: rows, gradient.transposed,
      MatrixView(x, rowStride: inputCount), into: MatrixView(dw, rowStride: inputCount), .adding)
    weights.withView { weights in
      matrixProduct(
        rows: rows, columns: inputCount, depth: outputCount, gradient,
        MatrixView(weights, rowStride: inputCount), into: MatrixView(dx, rowStride: inputCount))
    }
  }
}
