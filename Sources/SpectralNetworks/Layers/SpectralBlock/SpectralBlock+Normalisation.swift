import HarmonicTransforms
import Kernels
import SphereGrids

extension SpectralBlock {
  /// Weight of one point of ring pair j in a mean over the sphere, not normalised.
  private func pointWeight(_ j: Int, _ weighting: PointWeighting) -> Double {
    weighting == .equal ? 1 : transform.pairs[j].north.weight
  }

  /// Σ_p w_p over the points of every ring pair.
  private func pairWeights(_ weighting: PointWeighting) -> [Double] {
    transform.pairs.indices.map { pointWeight($0, weighting) * Double(pointCount(pair: $0)) }
  }

  /// Batch normalisation of the block's field: fills `memory.statistics` and, per lane, the scale
  /// and shift of z = scale y + shift. Inference uses the `running` statistics; training has none
  /// and uses those of the batch.
  package func normalise(
    _ memory: BlockMemory<T>, _ normalisation: BatchNormalisation, maps: Int, gamma: [Double],
    beta: [Double], running: BatchNormalisation.Statistics?
  ) {
    memory.statistics =
      running
      ?? normalisation.statistics(
        means: memory.momentRows(memory.pairMeans), squares: memory.momentRows(memory.pairSquares),
        weights: pairWeights(normalisation.weighting),
        counts: transform.pairs.indices.map { pointCount(pair: $0) }, maps: maps,
        channels: mixing.outputChannels)
    let (scale, shift) = normalisation.affine(memory.statistics, gamma: gamma, beta: beta)
    memory.scale.fillLanes(scale, maps: maps)
    memory.shift.fillLanes(shift, maps: maps)
    memory.centre.fillLanes(memory.statistics.mean, maps: maps)
  }

  /// The backward step of batch normalisation: γ̄, β̄, and how ȳ follows from z̄ and y.
  ///
  /// - Parameters:
  ///   - memory: the block's, after `normalise`.
  ///   - normalisation: weighting and ε.
  ///   - maps: number of maps.
  ///   - gamma: γ, per channel.
  ///   - sums: Σ_p z̄_p per lane.
  ///   - products: Σ_p z̄_p (y_p − μ) per lane.
  ///   - affine: z̄_p itself when it is an affine function of y_p, and so not in memory.
  ///   - isTraining: whether μ and σ² are those of the batch and move with y.
  /// - Returns: γ̄ and β̄ per channel, and ȳ as a block's backward step takes it.
  package func normalisationBackward(
    _ memory: BlockMemory<T>, _ normalisation: BatchNormalisation, maps: Int, gamma: [Double],
    sums: [Double], products: [Double], affine: AffineGradient?, isTraining: Bool
  ) -> (gamma: [Double], beta: [Double], gradient: BlockGradient<T>) {
    let channels = mixing.outputChannels
    var s1 = [Double](repeating: 0, count: channels)
    var s2 = s1
    for lane in sums.indices {
      let variance = memory.statistics.variance[lane % channels] + normalisation.epsilon
      s1[lane % channels] += sums[lane]
      s2[lane % channels] += products[lane] / variance.squareRoot()
    }
    let (a, b, c) = normalisation.backwardCoefficients(
      memory.statistics, gamma: gamma, gradientSum: s1, gradientProduct: s2,
      isTraining: isTraining)
    let total = Double(maps) * pairWeights(normalisation.weighting).reduce(0, +)
    let lanes = { (values: [Double], factor: Double) in
      let buffer = AlignedBuffer<T>(count: memory.output.laneStride)
      buffer.fillLanes(values, maps: maps, factor: factor)
      return buffer
    }
    let shares = transform.pairs.indices.map { pointWeight($0, normalisation.weighting) / total }
    guard let affine else {
      return (
        s2, s1,
        .normalised(
          a: lanes(a, 1), b: shares.map { lanes(b, $0) }, c: shares.map { lanes(c, $0) })
      )
    }
    // a (slope y_p + offset) + share (b y_p + c) for every pair.
    let combined = { (own: [Double], part: [Double]) in
      shares.map { share in
        let buffer = AlignedBuffer<T>(count: memory.output.laneStride)
        buffer.fillLanes(
          part.indices.map { share * own[$0 % channels] + a[$0 % channels] * part[$0] }, maps: 1)
        return buffer
      }
    }
    return (s2, s1, .affine(b: combined(b, affine.slope), c: combined(c, affine.offset)))
  }
}
