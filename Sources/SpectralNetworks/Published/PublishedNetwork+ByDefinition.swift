import HarmonicTransforms
import SphereGrids

extension PublishedNetwork<Double> {
  /// The published network as stages by their definitions: its slow twin, without dropout.
  ///
  /// Layout:     maps `[map][channel][pixel]`, outputs `[map][output]`.
  /// Domain:     mmax ≤ lmax.
  /// Cost:       direct sums, points · lmax² per map and channel: for small networks.
  ///
  /// - Parameters:
  ///   - configuration: its sizes.
  ///   - state: the tensors of a published state dictionary, names and shapes of
  ///     `PublishedConfiguration.tensorShapes`.
  ///   - isTraining: whether normalisation uses the statistics of the batch.
  /// - Returns: the network; its gradients and updates have the names of the state.
  /// - Throws: `NetworkConfigurationError` for a tensor that is missing, `HealpixError`,
  ///   `LinearAlgebraError`.
  package static func byDefinition(
    _ configuration: PublishedConfiguration, state: [NamedTensor<Double>], isTraining: Bool
  ) throws -> StagedNetwork {
    let c = configuration
    precondition(c.mmax <= c.lmax, "mmax \(c.mmax) is above lmax \(c.lmax)")
    let nodes = ClenshawCurtisGrid(ringCount: c.latitudeCount, longitudeCount: c.longitudeCount)
    let transform = DirectTransform(grid: nodes, lmax: c.lmax, mmax: c.mmax, nyquist: .once)
    let points = nodes.pointCount
    var stages = try sampling(c, nodes)
    if c.inpaints {
      stages.append(.inpainted(MeanInpainting(channels: c.inputChannels), points: points))
    }
    for k in 0..<c.blockCount {
      let mixing = OrderwiseMixing<Double>(
        inputChannels: c.channels(into: k), outputChannels: c.hiddenChannels, lmax: c.lmax,
        mmax: c.mmax)
      stages += [
        .analysis(transform), try .orderwise(mixing, "blocks.\(k).weight", of: state),
        .synthesis(transform),
        try .normalised(
          BatchNormalisation(weighting: .equal), "batchnorms.\(k)", of: state,
          pointWeights: [Double](repeating: 1, count: points), isTraining: isTraining),
      ]
      if k < c.blockCount - 1 { stages.append(.rectified) }
    }
    return StagedNetwork(
      stages: stages + [
        .pooled(c.pooling ?? .mean, points: points), try .linear("fc.0", of: state), .rectified,
        try .linear("fc.3", of: state),
      ])
  }

  /// From maps to the points of the transform.
  private static func sampling(
    _ c: PublishedConfiguration, _ nodes: ClenshawCurtisGrid
  ) throws -> [NetworkStage] {
    let sampling = c.sampling ?? .containingPixel
    guard sampling == .harmonic else {
      return [
        try .sampled(
          sampling, nside: c.nside, latitudes: c.latitudeCount, longitudes: c.longitudeCount)
      ]
    }
    let lmax = 3 * c.nside - 1
    return [
      try .leastSquares(DirectTransform(grid: try HealpixGrid(nside: c.nside), lmax: lmax)),
      .synthesis(DirectTransform(grid: nodes, lmax: lmax)),
    ]
  }
}
