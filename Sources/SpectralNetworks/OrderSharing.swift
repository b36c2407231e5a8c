import HarmonicTransforms
import Kernels

/// Makes the weights of all orders of a degree one real weight, or those of a band of orders one complex weight, as
/// far as gradient steps are concerned.
///
///     w_lm = v_l                  at the start: v_l is the real weight that order 0 was given
///     v̄_l  = Σ_m Re w̄_lm          the gradient of what is shared
///     w̄_lm ← v̄_l / M_l            for every order, with the number M_l of orders of degree l
///
/// With B bands order m of degree l belongs to band ⌊m B / M_l⌋; band b has the weight v_lb, and sums and number
/// are those of the band. A single band shares real weights, since a complex one could turn no m = 0; several share
/// complex weights. The order over the degree is the direction of a wave at the equator, cos α ≈ m/l, which is
/// what tells E from B in Q and U (E is Q where α is 0 or 90 degrees, B is Q at 45): there weights that are the same for all
/// orders cannot tell them apart, and weights per band can.
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
  /// Bands of orders per degree; a degree with fewer orders has a band for each.
  package let bands: Int

  /// Sharing among the weights of one block.
  package init(lmax: Int, mmax: Int, inputChannels: Int, outputChannels: Int, bands: Int = 1) {
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

  /// Gives every order of a band the weights of its first order, and where real weights are shared imaginary
  /// weights 0.
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

  /// Replaces the gradients of shared weights by their mean over the orders of the band, those of imaginary
  /// weights that are not shared by 0.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func average<T: LaneScalar>(_ gradient: inout [T], threads: Int) {
    let (size, shared) = (size, sharedSize)
    gradient.withUnsafeMutableBufferPointer { buffer in
      let w = SendablePointer(base: buffer.baseAddress!)
      parallelFor(lmax + 1, threads: threads) { l, _ in
        let start = { (m: Int) in w.base + self.start(l, m) }
        for band in orderBands(l) {
          for part in stride(from: 0, to: shared, by: Self.chunk) {
            let count = min(Self.chunk, shared - part)
            replaceByMean(band.map { start($0) + part }, count: count)
          }
          for m in band where shared < 2 * size {
            (start(m) + shared).update(repeating: 0, count: 2 * size - shared)
          }
        }
      }
    }
  }

  /// Numbers that are averaged at a time. Orders lie 2 I O numbers apart, mostly a multiple of 4096 bytes, and a
  /// processor takes a read for dependent on a write at the same place of another such page: sums go through
  /// memory of their own, and small pieces of all orders stay in the cache between reading and writing.
  private static var chunk: Int { 256 }
}

/// Replaces every one of several rows by their mean; sums are made in the order of the rows.
@_specialize(where T == Float)
@_specialize(where T == Double)
private func replaceByMean<T: LaneScalar>(_ rows: [UnsafeMutablePointer<T>], count: Int) {
  withUnsafeTemporaryAllocation(of: T.self, capacity: count) { buffer in
    let mean = buffer.baseAddress!
    mean.initialize(from: rows[0], count: count)
    for row in rows.dropFirst() {
      for i in 0..<count { mean[i] += row[i] }
    }
    let share = 1 / T(rows.count)
    for i in 0..<count { mean[i] *= share }
    for row in rows { row.update(from: mean, count: count) }
  }
}

/// A pointer that threads share; they write to different places.
private struct SendablePointer<T>: @unchecked Sendable {
  let base: UnsafeMutablePointer<T>
}
