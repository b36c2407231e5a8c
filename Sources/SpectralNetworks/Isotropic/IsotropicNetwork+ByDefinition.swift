import HarmonicTransforms
import SphereGrids

extension IsotropicNetwork<Double> {
  /// The isotropic network as stages by their definitions: its slow twin, from maps or coefficients
  /// to the readout's linear stage.
  ///
  /// Layout:     maps `[map][field][pixel]`, coefficients `[map][field][(l, m)][re, im]`, outputs
  ///             `[map][output]`, of a density its natural parameters.
  /// Domain:     maps of scalar fields. What enters as coefficients may be E and B.
  /// Cost:       direct sums, points · lmax² per map and channel: for small networks.
  ///
  /// - Parameters:
  ///   - configuration: its sizes.
  ///   - state: parameters and buffers, names and shapes of `IsotropicConfiguration.tensorShapes`.
  ///   - readsMaps: whether the input is maps, or else coefficients.
  ///   - isTraining: whether normalisation uses the statistics of the batch.
  /// - Returns: the network; its gradients and updates have the names of the state.
  /// - Throws: `NetworkConfigurationError` for a tensor that is missing, `HealpixError`,
  ///   `LinearAlgebraError`.
  package static func byDefinition(
    _ configuration: IsotropicConfiguration, state: [NamedTensor<Double>], readsMaps: Bool,
    isTraining: Bool
  ) throws -> StagedNetwork {
    let c = configuration
    precondition(!readsMaps || c.polarisation == nil, "maps of Q and U have no stages here")
    let grid = GaussLegendreGrid(lmax: c.gridRings - 1)
    let transform = DirectTransform(grid: grid, lmax: c.lmax)
    let weights = grid.rings.flatMap { [Double](repeating: $0.weight, count: $0.count) }
    var stages: [NetworkStage] = []
    if readsMaps {
      let pixels = try HealpixGrid(nside: c.nside)
      stages.append(try .leastSquares(DirectTransform(grid: pixels, lmax: c.lmax)))
    }
    stages.append(.realFields(lmax: c.lmax, mmax: c.lmax))
    let last = c.channels.count - 1
    for (k, outputs) in c.channels.enumerated() {
      let mixing = DegreewiseMixing<Double>(
        inputChannels: k == 0 ? c.coefficientChannels : c.channels[k - 1],
        outputChannels: outputs, lmax: c.lmax, mmax: c.lmax, groups: k == last ? c.groups ?? 1 : 1)
      stages.append(try .degreewise(mixing, "blocks.\(k).weights", of: state))
      guard k < last else { continue }
      stages += [
        .synthesis(transform),
        try .normalised(
          BatchNormalisation(weighting: .area), "batchnorms.\(k)", of: state,
          pointWeights: weights, isTraining: isTraining),
        .rectified, .analysis(transform),
      ]
    }
    let features = PolynomialFeatures(
      variables: c.variableCount, degree: c.readoutDegree, leaders: c.readoutLeaders)
    return StagedNetwork(
      stages: stages + [
        .bandValues(c.functions, bands: c.channels[last], lmax: c.lmax),
        try .polynomial(features, "readout", of: state), try .linear("readout", of: state),
      ])
  }
}
