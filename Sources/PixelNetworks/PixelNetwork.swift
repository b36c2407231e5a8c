import Kernels
import RandomNumbers
import SpectralNetworks
import SphereGrids

/// A network of convolutions over neighbouring HEALPix pixels, after NNhealpix [KT19].
///
///     map × scale → blocks of [convolution of nine pixels → ReLU → mean of four children]
///       → linear, ReLU, dropout → linear → offset + scale ×
///
/// The baseline in pixels: it knows neighbourhoods and no harmonics. Its weights are shared by all
/// pixels, but a rotation of the sky does not commute with it: neighbourhoods differ in shape and
/// orientation, and the fully connected layers know every pixel of the last resolution by its
/// place.
/// Layout:     maps `[pixel][map * channels + channel]` in RING order, see `TrainableNetwork`.
/// Parameters: `blocks.k.weight` `[9][input][output]`, `blocks.k.bias`, `fc.0.weight`
///             `[hidden][input]` with the inputs `[pixel in NESTED order][channel]`, `fc.0.bias`,
///             `fc.3.weight`, `fc.3.bias`.
/// Buffers:    `input.scale`, one per channel; `output.offset`, `output.scale`, one per output: the
///             layers see numbers of order one, whatever the units of maps and parameters.
/// Threads:    a batch is cut into shards of four maps; their gradients are added in order.
/// Checked by: PixelNetworkFixtureTests (PyTorch), PixelNetworkGradientTests,
/// PixelDeterminismTests.
public struct PixelNetwork<T: LaneScalar>: SkyNetwork {
  public typealias Scalar = T
  public let configuration: PixelConfiguration
  public var parameters: [NamedTensor<T>]
  public var buffers: [NamedTensor<T>]
  public var outputCount: Int { configuration.outputCount }

  /// Seed of what is random in training: dropout.
  public var seed: UInt64

  /// The RING number of every pixel of the input in NESTED order.
  let ringOrder: [Int32]
  let convolutions: [NeighbourConvolution<T>]
  let poolings: [NestedPooling]
  let pool = WorkspacePool<PixelWorkspace<T>>()

  /// Maps per shard.
  static var shardSize: Int { 4 }

  /// A network with initial weights: uniform in ±√(6/fan-in) before a ReLU [He2015], in ±1/√fan-in
  /// before the outputs; biases 0, scales 1, offsets 0.
  ///
  /// - Throws: `HealpixError`, `NetworkConfigurationError`.
  public init(_ configuration: PixelConfiguration, seed: UInt64) throws {
    try configuration.validate()
    let c = configuration
    self.configuration = c
    self.seed = seed
    let grid = try HealpixGrid(nside: c.nside)
    ringOrder = try (0..<grid.pointCount).map { Int32(try grid.ringPixel(nested: $0)) }
    convolutions = try c.channels.indices.map { block in
      try NeighbourConvolution(
        nside: c.nside(of: block), inputChannels: c.channels(into: block),
        outputChannels: c.channels[block])
    }
    poolings = c.channels.indices.map {
      NestedPooling(nside: c.nside(of: $0), channels: c.channels[$0])
    }
    parameters = Self.initialParameters(c, seed: seed)
    buffers = [
      NamedTensor(name: "input.scale", shape: [c.inputChannels], repeating: 1),
      NamedTensor(name: "output.offset", shape: [c.outputCount]),
      NamedTensor(name: "output.scale", shape: [c.outputCount], repeating: 1),
    ]
  }

  private static func initialParameters(
    _ c: PixelConfiguration, seed: UInt64
  ) -> [NamedTensor<T>] {
    var parameters: [NamedTensor<T>] = []
    func add(_ name: String, _ shape: [Int], bound: Double, biases: Int) {
      let stream = RandomStream(seed: seed, purpose: .initialWeights, field: parameters.count)
      let values = (0..<shape.reduce(1, *)).map { T(bound * (2 * stream.uniform($0) - 1)) }
      parameters.append(NamedTensor(name: "\(name).weight", shape: shape, values: values))
      parameters.append(NamedTensor(name: "\(name).bias", shape: [biases]))
    }
    for (block, outputs) in c.channels.enumerated() {
      let inputs = c.channels(into: block)
      let taps = NeighbourConvolution<T>.tapCount
      add(
        "blocks.\(block)", [taps, inputs, outputs],
        bound: (6 / Double(taps * inputs)).squareRoot(), biases: outputs)
    }
    add(
      "fc.0", [c.hidden, c.denseInputs], bound: (6 / Double(c.denseInputs)).squareRoot(),
      biases: c.hidden)
    add(
      "fc.3", [c.outputCount, c.hidden], bound: 1 / Double(c.hidden).squareRoot(),
      biases: c.outputCount)
    return parameters
  }

  /// Fixes how maps and parameters are brought to order one.
  ///
  /// - Parameters:
  ///   - inputScales: the factor of every channel.
  ///   - offsets: what is added to every output at the end.
  ///   - scales: the factor of every output before that.
  public mutating func standardise(
    inputScales: [Double], offsets: [Double], scales: [Double]
  ) {
    precondition(
      inputScales.count == configuration.inputChannels && offsets.count == outputCount
        && scales.count == outputCount,
      "\(inputScales.count) scales of channels, \(offsets.count) offsets, \(scales.count) scales")
    var state = namedBuffers
    state.inputScale.values = inputScales.rounded()
    state.outputOffset.values = offsets.rounded()
    state.outputScale.values = scales.rounded()
    buffers = state.tensors
  }

  // MARK: - Tensors by name

  /// The parameters by what they are.
  package var namedParameters: PixelParameters<T> {
    PixelParameters(TensorSequence(parameters), blocks: configuration.channels.count)
  }

  /// The buffers by what they are.
  package var namedBuffers: PixelBuffers<T> { PixelBuffers(TensorSequence(buffers)) }

  // MARK: - TrainableNetwork

  public func predict(_ maps: [T], count: Int, threads: Int) -> [T] {
    var outputs = [T](repeating: 0, count: count * outputCount)
    let shards = shards(of: count)
    requireLayout(maps, count: count)
    let (parameters, state) = (namedParameters, namedBuffers)
    pool.withWorkspace([0, threads]) {
      PixelWorkspace(configuration, memories: threads, shardSize: Self.shardSize)
    } _: { workspace in
      maps.withView { batch in
        outputs.withMutableView { outputs in
          parallelFor(shards.count, threads: threads) { index, worker in
            let memory = workspace.memories[worker]
            forward(
              memory, parameters, state, batch, count: count, shard: shards[index], factors: nil)
            writeOutputs(memory, state, shard: shards[index], to: outputs)
          }
        }
      }
    }
    return outputs
  }

  public mutating func accumulateGradients(
    _ maps: [T], count: Int, step: Int, threads: Int, into gradients: inout [NamedTensor<T>],
    loss: (_ outputs: [T]) -> (value: Double, gradient: [T])
  ) -> Double {
    differentiate(
      maps, count: count, dropoutStep: step, threads: threads, into: &gradients,
      wantsInputGradient: false, loss: loss
    ).value
  }

  /// The maps of every shard: four, the last one what is left.
  func shards(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: Self.shardSize).map {
      $0..<min($0 + Self.shardSize, count)
    }
  }

  func requireLayout(_ maps: [T], count: Int) {
    precondition(
      maps.count == ringOrder.count * count * configuration.inputChannels,
      "\(maps.count) values for \(count) maps of \(configuration.inputChannels) channels at nside "
        + "\(configuration.nside)")
  }
}
