import HarmonicTransforms
import Kernels

/// The powers of a block's bands when every group of its channels has one input: no band is ever
/// made.
///
/// With y_o,lm = w_lo x_g,lm, g the input channel of the group of o, Parseval's sum
/// (`PowerReadout`) is
///
///     forward     s_gl = 1/4π Σ_{m ≥ 0} (2 − δ_m0) |x_g,lm|²,      p_o = Σ_l w_lo² s_gl
///     backward    w̄_lo = 2 p̄_o w_lo s_gl   (summed over the maps)
///                 x̄_g,lm = (2 − δ_m0)/2π x_g,lm Σ_o p̄_o w_lo²
///
/// so that the cost does not grow with the number of bands times the number of coefficients.
/// Layout:     x `[(l, m)][re, im][laneStride]`, lanes map · channels + channel; w as in
///             `DegreewiseMixing`, `[l][group][output of the group]`.
/// Slow twin:  `forwardByDefinition`; also `DegreewiseMixing` followed by `PowerReadout`.
/// Checked by: BandPowerTests, NetworkGradientTests, IsotropicFixtureTests.
package struct BandPowers<T: LaneScalar>: Sendable {
  package let lmax: Int
  /// Input channels, each a group.
  package let channels: Int
  /// Bands of all groups.
  package let bands: Int
  private var bandsPerChannel: Int { bands / channels }

  package init(lmax: Int, channels: Int, bands: Int) {
    precondition(bands % channels == 0, "\(bands) bands of \(channels) channels")
    self.lmax = lmax
    self.channels = channels
    self.bands = bands
  }

  /// s_gl of every lane, `[lane][l]`; summed over m in order.
  package func spectra(
    _ x: BufferView<T>, laneStride: Int, lanes: Int, threads: Int
  ) -> [[Double]] {
    let sums = AlignedBuffer<T>(count: (lmax + 1) * laneStride)
    parallelFor(lmax + 1, threads: threads) { l in
      for m in 0...l {
        let row = 2 * coefficientIndex(l: l, m: m, lmax: lmax)
        addSquares(
          rows: m == 0 ? 1 : 2, lanes: laneStride, x.at(row * laneStride), stride: laneStride,
          factor: T((m == 0 ? 1 : 2) / (4 * Double.pi)), to: sums.view(l * laneStride))
      }
    }
    let rows = (0...lmax).map { sums.rows($0, laneStride, lanes) }
    return (0..<lanes).map { lane in (0...lmax).map { rows[$0][lane] } }
  }

  /// p, `[map][band]`, from `[lane][l]`.
  package func forward(_ spectra: [[Double]], weights: [T]) -> [Double] {
    let w = weights.doubles()
    let width = bandsPerChannel
    var powers = [Double](repeating: 0, count: spectra.count * width)
    for (lane, spectrum) in spectra.enumerated() {
      let group = lane % channels
      for l in 0...lmax {
        let first = (l * channels + group) * width
        for o in 0..<width { powers[lane * width + o] += w[first + o] * w[first + o] * spectrum[l] }
      }
    }
    return powers
  }

  /// Adds w̄; returns Σ_o p̄_o w_lo² of every lane, `[lane][l]`.
  package func backward(
    _ dp: [Double], saved spectra: [[Double]], weights: [T], accumulatingInto dw: inout [T]
  ) -> [[Double]] {
    let w = weights.doubles()
    let width = bandsPerChannel
    var sums = [Double](repeating: 0, count: w.count)
    var factors = [[Double]](
      repeating: [Double](repeating: 0, count: lmax + 1), count: spectra.count)
    for (lane, spectrum) in spectra.enumerated() {
      let group = lane % channels
      for l in 0...lmax {
        let first = (l * channels + group) * width
        for o in 0..<width {
          let share = dp[lane * width + o] * w[first + o]
          sums[first + o] += 2 * share * spectrum[l]
          factors[lane][l] += share * w[first + o]
        }
      }
    }
    for i in sums.indices { dw[i] += T(sums[i]) }
    return factors
  }

  /// x ← x̄ in place, given what `backward` returned.
  package func inputGradient(
    _ factors: [[Double]], _ x: BufferView<T>, laneStride: Int, threads: Int
  ) {
    let weights = AlignedBuffer<T>(count: (lmax + 1) * laneStride)
    for (lane, values) in factors.enumerated() {
      for l in 0...lmax { weights[l * laneStride + lane] = T(values[l]) }
    }
    parallelFor(lmax + 1, threads: threads) { l in
      for m in 0...l {
        let view = x.at(2 * coefficientIndex(l: l, m: m, lmax: lmax) * laneStride)
        scaleRows(
          rows: 2, lanes: laneStride, view, stride: laneStride,
          factor: T((m == 0 ? 1 : 2) / (2 * Double.pi)), weight: weights.view(l * laneStride),
          to: view, stride: laneStride)
        if m == 0 { clear(view.at(laneStride), count: laneStride) }
      }
    }
  }
}
