import Kernels

/// y_bo = Σ_k x_bk w_ok + b_o, the fully connected layer.
///
///     backward    x̄_bk = Σ_o ȳ_bo w_ok,   w̄_ok += Σ_b ȳ_bo x_bk,   b̄_o += Σ_b ȳ_bo
///
/// Shapes:     x `[row][input]`, y `[row][output]`, w `[output][input]` (PyTorch's order).
/// Sums:       in `Double`, rounded once: a readout of few numbers costs nothing beside a
///             transform.
/// Checked by: DenseLayerTests.
public struct LinearLayer: Sendable, Equatable {
  public let inputCount: Int
  public let outputCount: Int

  public init(inputCount: Int, outputCount: Int) {
    self.inputCount = inputCount
    self.outputCount = outputCount
  }

  @_specialize(where T == Float)
  @_specialize(where T == Double)
  public func forward<T: LaneScalar>(_ x: [T], weights: [T], bias: [T]) -> [T] {
    precondition(x.count % inputCount == 0, "\(x.count) inputs in rows of \(inputCount)")
    let (x, weights, bias) = (x.doubles(), weights.doubles(), bias.doubles())
    let rows = x.count / inputCount
    var y = [Double](repeating: 0, count: rows * outputCount)
    for row in 0..<rows {
      for o in 0..<outputCount {
        var sum = bias[o]
        for k in 0..<inputCount { sum += x[row * inputCount + k] * weights[o * inputCount + k] }
        y[row * outputCount + o] = sum
      }
    }
    return y.rounded()
  }

  /// Returns x̄ and adds w̄ and b̄.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  public func backward<T: LaneScalar>(
    _ dy: [T], saved x: [T], weights: [T], accumulatingInto dw: inout [T], _ db: inout [T]
  ) -> [T] {
    let (dy, x, weights) = (dy.doubles(), x.doubles(), weights.doubles())
    let rows = x.count / inputCount
    precondition(dy.count == rows * outputCount, "\(dy.count) gradients for \(rows) rows")
    var sums = [Double](repeating: 0, count: dw.count)
    var biasSums = [Double](repeating: 0, count: outputCount)
    var dx = [Double](repeating: 0, count: x.count)
    for row in 0..<rows {
      for o in 0..<outputCount {
        let gradient = dy[row * outputCount + o]
        biasSums[o] += gradient
        for k in 0..<inputCount {
          sums[o * inputCount + k] += gradient * x[row * inputCount + k]
          dx[row * inputCount + k] += gradient * weights[o * inputCount + k]
        }
      }
    }
    let (weightSums, biases): ([T], [T]) = (sums.rounded(), biasSums.rounded())
    for i in dw.indices { dw[i] += weightSums[i] }
    for o in db.indices { db[o] += biases[o] }
    return dx.rounded()
  }
}
