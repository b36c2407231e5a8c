import Kernels

extension DenseProduct {
  /// y of plain stacks, as `LinearLayer` gives it.
  ///
  /// - Parameters:
  ///   - x: `[row][input]`.
  ///   - weights: `[output][input]`.
  ///   - bias: `[output]`.
  /// - Returns: y, `[row][output]`.
  package func forward(_ x: [T], weights: [T], bias: [T]) -> [T] {
    precondition(x.count % inputCount == 0, "\(x.count) inputs in rows of \(inputCount)")
    let rows = x.count / inputCount
    var y = [T](repeating: .nan, count: rows * outputCount)
    x.withView { x in
      y.withMutableView { forward(x, rows: rows, weights: weights, bias: bias, to: $0) }
    }
    return y
  }

  /// Returns x̄ and adds w̄ and b̄, of plain stacks in the layouts of `forward`.
  package func backward(
    _ dy: [T], saved x: [T], weights: [T], accumulatingInto dw: inout [T], _ db: inout [T]
  ) -> [T] {
    let rows = x.count / inputCount
    precondition(dy.count == rows * outputCount, "\(dy.count) gradients for \(rows) rows")
    precondition(dw.count == weights.count && db.count == outputCount)
    var dx = [T](repeating: .nan, count: x.count)
    dy.withView { dy in
      x.withView { x in
        dx.withMutableView { dx in
          dw.withMutableView { dw in
            db.withMutableView { db in
              backward(
                dy, saved: x, rows: rows, weights: weights, accumulatingInto: dw, db, to: dx)
            }
          }
        }
      }
    }
    return dx
  }
}
