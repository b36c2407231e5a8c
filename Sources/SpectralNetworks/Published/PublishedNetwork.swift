import FourierTransforms
import HarmonicTransforms
import Kernels
import RandomNumbers
import SphereGrids

/// The published network ("SpectralCNN"), detail by detail.
///
///     RING map → value of the pixel that contains each point
///                of the sampling grid (`PublishedSampling`)
///       → mean inpainting (optional)
///       → blocks of [analysis on Clenshaw-Curtis nodes → weights per (l, m) → synthesis
///                    → batch normalisation → ReLU, except after the last]
///       → mean over all points, unweighted (`PublishedPooling`) → linear, ReLU, dropout → linear
///
/// What is known to be wrong with it is kept: the transform is asked for more degrees than its
/// nodes carry, the nodes are not where the samples are taken, the mean counts the poles too much,
/// and the Nyquist order counts once. The optional fields of the configuration change one of these
/// things each.
/// Layout:     maps `[pixel][map * channels + channel]`, see `TrainableNetwork`.
/// Parameters: `blocks.k.weights` `[(l, m)][re, im][input][output]`, `batchnorms.k.weight`,
///             `.bias`, `fc.0.weight`, `fc.0.bias`, `fc.3.weight`, `fc.3.bias`.
/// Buffers:    `batchnorms.k.running_mean`, `.running_var`, `.num_batches_tracked`.
/// Checked by: PublishedFixtureTests (PyTorch and torch-harmonics), NetworkGradientTests.
public struct PublishedNetwork<T: FourierScalar>: FeatureReadout, SkyNetwork {
  public typealias Scalar = T
  public let configuration: PublishedConfiguration
  public var parameters: [NamedTensor<T>]
  public var buffers: [NamedTensor<T>]
  public var outputCount: Int { configuration.outputCount }

  /// Seed of what is random in training: dropout.
  public var seed: UInt64

  let sampler: FieldSampler<T>
  let blocks: [SpectralBlock<OrderwiseMixing<T>>]
  let normalisation = BatchNormalisation(weighting: .equal)
  let pool = WorkspacePool<PublishedWorkspace<T>>()

  /// Number of parameters as published files count them.
  public var parameterCount: Int { configuration.publishedParameterCount }

  /// A network with initial weights: the spectral ones normal(0, 1)/(I (lmax + 1)), the linear ones
  /// uniform in ±1/√fan-in, batch normalisation the identity. With `sharedSteps` every order of a
  /// degree starts with the real weights of order 0, with `sharedBands` with the complex ones of
  /// its band's first.
  ///
  /// - Throws: `HealpixError` for an impossible nside, `NetworkConfigurationError`,
  ///   `HarmonicTransformError` as `HarmonicResampler`.
  public init(_ configuration: PublishedConfiguration, seed: UInt64) throws {
    let c = configuration
    self.configuration = c
    self.seed = seed
    sampler = try FieldSampler(c)
    let nodes = ClenshawCurtisGrid(ringCount: c.latitudeCount, longitudeCount: c.longitudeCount)
    let transform = ScalarTransform<T>(
      grid: nodes, lmax: c.lmax, mmax: c.usedMmax, nyquist: .once)
    blocks = (0..<c.blockCount).map { block in
      SpectralBlock(
        transform: transform,
        mixing: OrderwiseMixing(
          inputChannels: c.channels(into: block), outputChannels: c.hiddenChannels, lmax: c.lmax,
          mmax: c.usedMmax),
        endsInCoefficients: false)
    }
    parameters = []
    buffers = []
    for (k, block) in blocks.enumerated() {
      let mixing = block.mixing
      let scale = 1 / Double(mixing.inputChannels * (c.lmax + 1))
      let stream = RandomStream(seed: seed, purpose: .initialWeights, field: parameters.count)
      parameters.append(
        NamedTensor(
          name: "blocks.\(k).weights",
          shape: [
            coefficientCount(lmax: c.lmax, mmax: c.usedMmax), 2, mixing.inputChannels,
            mixing.outputChannels,
          ],
          values: stream.normals(count: mixing.weightCount).map { T($0 * scale) }.inHugePages()))
      let ones = [T](repeating: 1, count: c.hiddenChannels)
      let zeros = [T](repeating: 0, count: c.hiddenChannels)
      parameters.append(
        NamedTensor(name: "batchnorms.\(k).weight", shape: [c.hiddenChannels], values: ones))
      parameters.append(
        NamedTensor(name: "batchnorms.\(k).bias", shape: [c.hiddenChannels], values: zeros))
      buffers.append(
        NamedTensor(name: "batchnorms.\(k).running_mean", shape: [c.hiddenChannels], values: zeros))
      buffers.append(
        NamedTensor(name: "batchnorms.\(k).running_var", shape: [c.hiddenChannels], values: ones))
      buffers.append(
        NamedTensor(name: "batchnorms.\(k).num_batches_tracked", shape: [], values: [0]))
    }
    for (name, inputs, outputs) in [
      ("fc.0", c.hiddenChannels, c.denseWidth), ("fc.3", c.denseWidth, c.outputCount),
    ] {
      let bound = 1 / Double(inputs).squareRoot()
      for (part, shape) in [("weight", [outputs, inputs]), ("bias", [outputs])] {
        let stream = RandomStream(seed: seed, purpose: .initialWeights, field: parameters.count)
        let count = shape.reduce(1, *)
        parameters.append(
          NamedTensor(
            name: "\(name).\(part)", shape: shape,
            values: (0..<count).map { T(bound * (2 * stream.uniform($0) - 1)) }))
      }
    }
    if c.sharedSteps ?? 0 > 0 {
      var own = PublishedParameters(TensorSequence(taking: &parameters), blocks: c.blockCount)
      for k in blocks.indices { sharing(k).copyFirstOrder(&own.blocks[k].weights.values) }
      parameters = own.tensors
    }
  }

  // MARK: - Readout

  /// The pooled channels that enter the dense layers.
  public var featureCount: Int { configuration.hiddenChannels }

  public func readoutFeatures(_ maps: [T], count: Int, threads: Int) -> [Double] {
    inChunks(maps, count: count, threads: threads) {
      Array($0.pooled.prefix($1 * featureCount)).doubles()[...]
    }
  }

  /// The dense layers: `fc.0` `[hidden][channel]`, `[hidden]`, `fc.3` `[output][hidden]`,
  /// `[output]`.
  public var denseLayers: [[T]] {
    get {
      let own = namedParameters
      return (own.hidden.tensors + own.output.tensors).map(\.values)
    }
    set {
      precondition(
        newValue.map(\.count) == denseLayers.map(\.count),
        "dense layers of \(newValue.map(\.count)) numbers")
      var own = namedParameters
      (own.hidden.weight.values, own.hidden.bias.values) = (newValue[0], newValue[1])
      (own.output.weight.values, own.output.bias.values) = (newValue[2], newValue[3])
      parameters = own.tensors
    }
  }

  // MARK: - TrainableNetwork

  public func predict(_ maps: [T], count: Int, threads: Int) -> [T] {
    inChunks(maps, count: count, threads: threads) { $0.outputs.prefix($1 * outputCount) }
  }

  /// Runs chunks of a fixed size, the last one filled up with its first map: with an even number of
  /// hidden channels the bits of a map's output do not depend on the others or on how many there
  /// are.
  private func inChunks<R>(
    _ maps: [T], count: Int, threads: Int,
    _ body: (PublishedWorkspace<T>, _ used: Int) -> ArraySlice<R>
  ) -> [R] {
    let (lanes, size) = (configuration.inputChannels, 32)
    var results: [R] = []
    for first in stride(from: 0, to: count, by: size) {
      let used = min(size, count - first)
      let chunk = padMaps(
        sliceMaps(maps, first: first, size: used, count: count, channels: lanes), used, to: size,
        channels: lanes)
      results += forward(chunk, count: size, isTraining: false, dropoutStep: nil, threads: threads)
      { body($0, used) }
    }
    return results
  }

  public mutating func accumulateGradients(
    _ maps: [T], count: Int, step: Int, threads: Int, into gradients: inout [NamedTensor<T>],
    loss: (_ outputs: [T]) -> (value: Double, gradient: [T])
  ) -> Double {
    let usesBatch = step < configuration.batchStatisticsSteps ?? .max
    let (value, statistics) = differentiate(
      maps, count: count, isTraining: usesBatch, dropoutStep: step, threads: threads,
      into: &gradients, wantsInputGradient: false, loss: loss
    ).forTraining
    if usesBatch { updateBuffers(statistics, count: count) }
    if step < configuration.sharedSteps ?? 0 {
      var sums = PublishedParameters(TensorSequence(taking: &gradients), blocks: blocks.count)
      for k in blocks.indices {
        sharing(k).average(&sums.blocks[k].weights.values, threads: threads)
      }
      gradients = sums.tensors
    }
    return value
  }

  private func sharing(_ block: Int) -> OrderSharing {
    let mixing = blocks[block].mixing
    return OrderSharing(
      lmax: mixing.lmax, mmax: mixing.mmax, inputChannels: mixing.inputChannels,
      outputChannels: mixing.outputChannels, bands: configuration.sharedBands ?? 1)
  }

  private mutating func updateBuffers(
    _ statistics: [BatchNormalisation.Statistics], count: Int
  ) {
    let points = configuration.latitudeCount * configuration.longitudeCount
    var running = runningStatistics
    for (k, batch) in statistics.enumerated() {
      running[k].take(
        normalisation.updated(
          running: running[k].statistics, with: batch, count: count * points))
    }
    buffers = running.flatMap(\.tensors)
  }

  // MARK: - Tensors by name

  /// The parameters by what they are.
  package var namedParameters: PublishedParameters<T> {
    PublishedParameters(TensorSequence(parameters), blocks: blocks.count)
  }

  /// The buffers by what they are, one set per block.
  package var runningStatistics: [RunningStatistics<T>] {
    var tensors = TensorSequence(buffers)
    return blocks.map { _ in RunningStatistics(&tensors, countsBatches: true) }
  }
}

/// Maps `first..<first + size` of a batch in lane layout.
func sliceMaps<T>(_ maps: [T], first: Int, size: Int, count: Int, channels: Int) -> [T] {
  if size == count { return maps }
  let lanes = count * channels
  var slice: [T] = []
  slice.reserveCapacity(maps.count / count * size)
  for start in stride(from: 0, to: maps.count, by: lanes) {
    slice += maps[(start + first * channels)..<(start + (first + size) * channels)]
  }
  return slice
}
