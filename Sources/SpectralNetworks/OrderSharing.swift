import HarmonicTransforms
import Kernels

/// Makes the weights of all orders of a degree one real weight, as far as gradient steps are concerned.
///
///     w_lm = v_l                  at the start: v_l is the real weight that order 0 was given
///     v̄_l  = Σ_m Re w̄_lm          the gradient of what is shared
///     w̄_lm ← v̄_l / M_l            for every order, with the number M_l of orders of degree l
///
/// Weights that start equal and receive equal gradients stay equal, bit by bit, under an optimiser that treats
/// elements alike; as long as they are shared, Adam's steps do not depend on the factor 1/M_l (but for ε). Freed, an
/// order meets second moments of the means, which are smaller than those of its own gradients, and imaginary weights
/// meet none: the first free steps are larger than the later ones by a factor of a few. On a grid that carries its
/// degrees shared weights commute with rotations (`DegreewiseMixing`; the published grid does not carry them), so that one map
/// teaches what free weights have to learn from maps in every orientation.
/// Shapes:     w `[(l, m)][re, im][input][output]`, as in `OrderwiseMixing`.
/// Bits:       do not depend on the number of threads: degrees are independent, orders are added from 0 upwards.
/// Checked by: OrderSharingTests.
package struct OrderSharing: Sendable {
  /// Largest degree and order, inclusive.
  package let lmax: Int
  package let mmax: Int
  /// Real weights of one (l, m), input times output channels.
  package let size: Int

  /// Sharing among the weights of one block.
  package init(lmax: Int, mmax: Int, inputChannels: Int, outputChannels: Int) {
    self.lmax = lmax
    self.mmax = mmax
    size = inputChannels * outputChannels
  }

  /// Place of the real weights of (l, m); the imaginary ones follow.
  private func start(_ l: Int, _ m: Int) -> Int {
    2 * coefficientIndex(l: l, m: m, lmax: lmax) * size
  }

  /// Gives every order of a degree the real weights of order 0, and imaginary weights 0.
  package func copyFirstOrder<T: LaneScalar>(_ weights: inout [T]) {
    for l in 0...lmax {
      for m in 0...min(l, mmax) {
        for i in 0..<size {
          weights[start(l, m) + i] = weights[start(l, 0) + i]
          weights[start(l, m) + size + i] = 0
        }
      }
    }
  }

  /// Replaces the gradients of a degree's real weights by their mean over its orders, those of imaginary
  /// weights by 0.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func average<T: LaneScalar>(_ gradient: inout [T], threads: Int) {
    let size = size
    gradient.withMutableView { w in
      parallelFor(lmax + 1, threads: threads) { l, _ in
        let orders = min(l, mmax)
        let first = w.at(start(l, 0))
        for m in 1..<(orders + 1) {
          let other = w.at(start(l, m))
          for i in 0..<size { first[i] += other[i] }
        }
        let share = 1 / T(orders + 1)
        for i in 0..<size { first[i] *= share }
        clear(first.at(size), count: size)
        for m in 1..<(orders + 1) {
          let other = w.at(start(l, m))
          for i in 0..<size { other[i] = first[i] }
          clear(other.at(size), count: size)
        }
      }
    }
  }
}
