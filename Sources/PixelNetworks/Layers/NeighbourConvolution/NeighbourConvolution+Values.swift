import Kernels

extension NeighbourConvolution {
  /// y of plain stacks.
  ///
  /// - Parameters:
  ///   - x: `[pixel][map][input]`, pixels in NESTED order.
  ///   - maps: number of maps.
  ///   - weights: `[k][input][output]`.
  ///   - bias: `[output]`.
  /// - Returns: y, `[pixel][map][output]`.
  package func forward(_ x: [T], maps: Int, weights: [T], bias: [T]) -> [T] {
    precondition(x.count == pixelCount * maps * inputChannels)
    var y = [T](repeating: .nan, count: pixelCount * maps * outputChannels)
    withScratch(T.self, count: scratchCount(maps: maps)) { scratch in
      x.withView { x in
        y.withMutableView {
          forward(x, maps: maps, weights: weights, bias: bias, to: $0, scratch: scratch)
        }
      }
    }
    return y
  }

  /// Returns x̄ and adds w̄ and b̄, of plain stacks in the layouts of `forward`.
  package func backward(
    _ dy: [T], saved x: [T], maps: Int, weights: [T], accumulatingInto dw: inout [T],
    _ db: inout [T]
  ) -> [T] {
    precondition(x.count == pixelCount * maps * inputChannels)
    precondition(dy.count == pixelCount * maps * outputChannels)
    precondition(dw.count == weights.count && db.count == outputChannels)
    var dx = [T](repeating: .nan, count: x.count)
    withScratch(T.self, count: scratchCount(maps: maps)) { scratch in
      dy.withView { dy in
        x.withView { x in
          dx.withMutableView { dx in
            dw.withMutableView { dw in
              db.withMutableView { db in
                backward(
                  dy, saved: x, maps: maps, weights: weights, accumulatingInto: dw, db, to: dx,
                  scratch: scratch)
              }
            }
          }
        }
      }
    }
    return dx
  }
}
