import Kernels

/// Memory of one shard's forward and backward pass.
final class PixelMemory<T: LaneScalar>: @unchecked Sendable {
  /// What enters block k, `[pixel][map][channel]`; after the last block, what enters the fully
  /// connected layers.
  let inputs: [AlignedBuffer<T>]
  /// The convolution of block k; in the backward pass its gradient.
  let fields: [AlignedBuffer<T>]
  /// The gradients of `inputs`.
  let inputGradients: [AlignedBuffer<T>]
  /// The last of `inputs`, `[map][pixel][channel]`, and its gradient.
  let flat: AlignedBuffer<T>
  let flatGradient: AlignedBuffer<T>
  /// The hidden layer before its ReLU; after ReLU and dropout; and the gradient of both.
  let hidden: AlignedBuffer<T>
  let dropped: AlignedBuffer<T>
  let hiddenGradient: AlignedBuffer<T>
  /// The outputs before scale and offset, and their gradient.
  let outputs: AlignedBuffer<T>
  let outputGradient: AlignedBuffer<T>
  let parameterGradients: PixelGradients<T>
  /// The matrix of a convolution.
  let scratch: AlignedBuffer<T>

  /// Memory for at most `maps` maps.
  init(_ c: PixelConfiguration, maps: Int) {
    let blocks = c.channels.count
    func pixels(_ block: Int) -> Int { 12 * c.nside(of: block) * c.nside(of: block) }
    func stack(_ count: Int) -> AlignedBuffer<T> { AlignedBuffer(count: maps * count) }
    func inputStacks() -> [AlignedBuffer<T>] {
      (0...blocks).map { stack(pixels($0) * c.channels(into: $0)) }
    }
    inputs = inputStacks()
    inputGradients = inputStacks()
    fields = (0..<blocks).map { stack(pixels($0) * c.channels[$0]) }
    flat = stack(c.denseInputs)
    flatGradient = stack(c.denseInputs)
    hidden = stack(c.hidden)
    dropped = stack(c.hidden)
    hiddenGradient = stack(c.hidden)
    outputs = stack(c.outputCount)
    outputGradient = stack(c.outputCount)
    parameterGradients = PixelGradients(c)
    let taps = NeighbourConvolution<T>.tapCount
    let widest = (0..<blocks).map { c.channels(into: $0) }.max() ?? 1
    scratch = stack(NeighbourConvolution<T>.tilePixels * taps * widest)
  }
}

/// The gradients of the parameters of one shard.
struct PixelGradients<T: LaneScalar> {
  /// Of a layer's weights and of its bias.
  typealias Layer = (weight: AlignedBuffer<T>, bias: AlignedBuffer<T>)

  let blocks: [Layer]
  let hidden: Layer
  let output: Layer

  /// Memory for the gradients of a network.
  init(_ c: PixelConfiguration) {
    func layer(_ inputs: Int, _ outputs: Int) -> Layer {
      (AlignedBuffer(count: inputs * outputs), AlignedBuffer(count: outputs))
    }
    let taps = NeighbourConvolution<T>.tapCount
    blocks = c.channels.indices.map { layer(taps * c.channels(into: $0), c.channels[$0]) }
    hidden = layer(c.denseInputs, c.hidden)
    output = layer(c.hidden, c.outputCount)
  }

  /// In the order of the network's parameters.
  var all: [AlignedBuffer<T>] {
    (blocks + [hidden, output]).flatMap { [$0.weight, $0.bias] }
  }
}

/// The memories of several shards.
final class PixelWorkspace<T: LaneScalar>: @unchecked Sendable {
  let memories: [PixelMemory<T>]

  init(_ configuration: PixelConfiguration, memories: Int, shardSize: Int) {
    self.memories = (0..<memories).map { _ in PixelMemory(configuration, maps: shardSize) }
  }
}
