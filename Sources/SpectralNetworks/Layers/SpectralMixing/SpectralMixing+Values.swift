import HarmonicTransforms
import Kernels

// A mixing of whole stacks of coefficients, one order after the other.

extension SpectralMixing {
  /// y = W x of plain stacks.
  ///
  /// - Parameters:
  ///   - x: `[(l, m)][re, im][map * inputs + input]`.
  ///   - maps: number of maps.
  ///   - weights: in the mixing's layout.
  ///   - realOrders: orders whose imaginary parts are zero and do not count (`Panel.isReal`).
  /// - Returns: y, `[(l, m)][re, im][map * outputs + output]`.
  package func forward(
    _ x: [Scalar], maps: Int, weights: [Scalar], realOrders: Set<Int> = []
  ) -> [Scalar] {
    let count = 2 * coefficientCount(lmax: lmax, mmax: mmax) * maps
    precondition(x.count == count * inputChannels && weights.count == weightCount)
    var y = [Scalar](repeating: .nan, count: count * outputChannels)
    x.withView { x in
      weights.withView { weights in
        y.withMutableView { y in
          for m in 0...mmax {
            let isReal = realOrders.contains(m)
            forward(
              order: m, maps: maps, panel(x, m, lanes: maps * inputChannels, isReal: isReal),
              to: panel(y, m, lanes: maps * outputChannels, isReal: isReal), weights: weights)
          }
        }
      }
    }
    return y
  }

  /// Returns x̄ = Wᴴ ȳ and adds w̄, of plain stacks in the layouts of `forward`.
  package func backward(
    _ dy: [Scalar], saved x: [Scalar], maps: Int, weights: [Scalar],
    accumulatingInto dw: inout [Scalar]
  ) -> [Scalar] {
    let count = 2 * coefficientCount(lmax: lmax, mmax: mmax) * maps
    precondition(x.count == count * inputChannels && dy.count == count * outputChannels)
    precondition(weights.count == weightCount && dw.count == weightCount)
    var dx = [Scalar](repeating: .nan, count: x.count)
    x.withView { x in
      dy.withView { dy in
        weights.withView { weights in
          dx.withMutableView { dx in
            dw.withMutableView { dw in
              for m in 0...mmax {
                backward(
                  order: m, maps: maps, panel(x, m, lanes: maps * inputChannels),
                  panel(dy, m, lanes: maps * outputChannels),
                  to: panel(dx, m, lanes: maps * inputChannels), weights: weights,
                  accumulatingInto: dw)
              }
            }
          }
        }
      }
    }
    return dx
  }

  /// The coefficients of order m in rows without gaps.
  private func panel(
    _ view: BufferView<Scalar>, _ m: Int, lanes: Int, isReal: Bool = false
  ) -> Panel<Scalar> {
    let start = view.at(2 * coefficientIndex(l: m, m: m, lmax: lmax) * lanes)
    return Panel(start, stride: lanes, isReal: isReal)
  }
}
