import HarmonicTransforms
import Kernels

/// Makes the weights of all orders of a degree one real weight, or those of a band of orders one
/// complex weight, as far as gradient steps are concerned.
///
///     w_lm = v_l                  at the start: v_l is the real weight that order 0 was given
///     v̄_l  = Σ_m Re w̄_lm          the gradient of what is shared
///     w̄_lm ← v̄_l / M_l            for every order, with the number M_l of orders of degree l
///
/// With B bands the M_l orders of degree l are in B_l = min(B, M_l) bands, order m in band ⌊m B_l /
/// M_l⌋; band b has the weight v_lb, and sums and number are those of the band. One band shares
/// real weights; several share complex ones. At the equator m/l is the cosine of the angle α
/// between the wave vector of Y_lm and the parallel: E is ±Q for α = 0 and 90 degrees, B is ±Q for
/// α = 45. Linear filters that are the same for all m cannot tell E from B by powers of Q and U
/// there, filters per band can.
///
/// Weights that start equal and receive equal gradients stay equal, bit by bit, under an optimiser
/// that treats elements alike; as long as they are shared, Adam's steps do not depend on the factor
/// 1/M_l (but for ε). When they are freed, Adam's second moments are still those of averaged
/// gradients, smaller than those of an order's own, and zero for imaginary weights that were not
/// shared: the first free steps are a few times too large. On a grid that carries its degrees one
/// band commutes with rotations (`DegreewiseMixing`; the published grid does not carry them), so
/// that one map teaches what free weights have to learn from maps in every orientation.
/// Shapes:     w `[(l, m)][re, im][input][output]`, as in `OrderwiseMixing`.
/// Domain:     at least one band.
/// Bits:       do not depend on the number of threads: degrees are independent, orders are added
///             upwards.
/// Slow twin:  `averageByDefinition`.
/// Checked by: OrderSharingTests.
package struct OrderSharing: Sendable {
  /// Largest degree and order, inclusive.
  package let lmax: Int
  package let mmax: Int
  /// Real weights of one (l, m), input times output channels.
  package let size: Int
  /// Bands of orders per degree; a degree with fewer orders has a band for each.
  package let bands: Int

  /// Sharing among the weights of one block.
  package init(lmax: Int, mmax: Int, inputChannels: Int, outputChannels: Int, bands: Int = 1) {
    precondition(bands >= 1, "\(bands) bands of orders")
    self.lmax = lmax
    self.mmax = mmax
    self.bands = bands
    size = inputChannels * outputChannels
  }

  /// The orders of a degree by band; none is empty.
  package func orderBands(_ l: Int) -> [ClosedRange<Int>] {
    let orders = min(l, mmax) + 1
    let count = min(bands, orders)
    // The first m with m count / orders >= b.
    let starts = (0...count).map { ($0 * orders + count - 1) / count }
    return (0..<count).map { starts[$0]...starts[$0 + 1] - 1 }
  }

  /// Numbers of a weight that are shared: with one band the real ones.
  private var sharedSize: Int { bands > 1 ? 2 * size : size }

  /// Place of the real weights of (l, m); the imaginary ones follow.
  private func start(_ l: Int, _ m: Int) -> Int {
    2 * coefficientIndex(l: l, m: m, lmax: lmax) * size
  }

  /// Gives every order of a band the weights of its first order, and where real weights are shared
  /// imaginary weights 0.
  package func copyFirstOrder<T: LaneScalar>(_ weights: inout [T]) {
    for l in 0...lmax {
      for band in orderBands(l) {
        let first = start(l, band.lowerBound)
        for m in band {
          for i in 0..<sharedSize { weights[start(l, m) + i] = weights[first + i] }
          for i in sharedSize..<2 * size { weights[start(l, m) + i] = 0 }
        }
      }
    }
  }

  /// Replaces the gradients of shared weights by their mean over the orders of the band, those of
  /// imaginary weights that are not shared by 0.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func average<T: LaneScalar>(_ gradient: inout [T], threads: Int) {
    let (size, shared) = (size, sharedSize)
    gradient.withMutableView { w in
      parallelFor(lmax + 1, threads: threads) { l, _ in
        for band in orderBands(l) {
          replaceByMean(band.map { w.at(start(l, $0)) }, count: shared)
          for m in band { clear(w.at(start(l, m) + shared), count: 2 * size - shared) }
        }
      }
    }
  }
}
