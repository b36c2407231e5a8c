import FourierTransforms
import HarmonicTransforms
import Kernels
import RandomNumbers
import SphereGrids

/// Memory of one forward and backward pass of the published network.
final class PublishedWorkspace<T: FourierScalar>: @unchecked Sendable {
  let sampling: FieldSampler<T>.Memory
  let input: AlignedBuffer<T>
  let blocks: [BlockMemory<T>]
  let scratch: NetworkScratch<T>
  /// Saved by forward: the sampled maps before inpainting, and the dense layers' inputs.
  var sampled: [T] = []
  var moments = FieldMoments()
  var pooled: [T] = []
  var hidden: [T] = []
  var dropped: [T] = []
  var factors: [T]?
  var outputs: [T] = []

  init(_ network: PublishedNetwork<T>, maps: Int, threads: Int) {
    let c = network.configuration
    let transform = network.blocks[0].transform
    // With an odd number of channels adjacent lanes may belong to different maps.
    let first = TransformWorkspace(
      transform, lanes: maps * c.inputChannels, isolatesLanes: c.inputChannels % 2 == 1)
    let others = TransformWorkspace(transform, lanes: maps * c.hiddenChannels)
    sampling = network.sampler.makeMemory(maps: maps, channels: c.inputChannels)
    input = AlignedBuffer(count: transform.grid.pointCount * first.laneStride)
    blocks = network.blocks.enumerated().map { k, block in
      block.memory(input: k == 0 ? first : others, output: others)
    }
    scratch = NetworkScratch(
      transform: transform, laneStride: max(first.laneStride, others.laneStride), threads: threads)
  }
}

extension PublishedNetwork {
  /// Runs the network forward and hands its memory to `body`.
  func forward<R>(
    _ maps: [T], count: Int, isTraining: Bool, dropoutStep: Int?, threads: Int,
    _ body: (PublishedWorkspace<T>) -> R
  ) -> R {
    let c = configuration
    precondition(
      maps.count == sampler.sourceCount * count * c.inputChannels,
      "\(maps.count) values for \(count) maps of \(c.inputChannels) channels at nside \(c.nside)")
    return pool.withWorkspace([count, threads]) {
      PublishedWorkspace(self, maps: count, threads: threads)
    } _: { workspace in
      let (parameters, running) = (namedParameters, runningStatistics)
      sample(maps, count: count, workspace, threads: threads)
      for (k, block) in blocks.enumerated() {
        let own = parameters.blocks[k]
        block.forward(
          k == 0 ? .field(workspace.input.view()) : .activated(workspace.blocks[k - 1]),
          workspace.blocks[k], maps: count, weights: own.weights.values,
          scratch: workspace.scratch, threads: threads)
        block.normalise(
          workspace.blocks[k], normalisation, maps: count, gamma: own.gamma.values.doubles(),
          beta: own.beta.values.doubles(), running: isTraining ? nil : running[k].statistics)
      }
      pool(workspace, count: count)
      dense(workspace, parameters, count: count, dropoutStep: dropoutStep)
      return body(workspace)
    }
  }

  /// The value of the map at every point, inpainted if the network does so.
  private func sample(
    _ maps: [T], count: Int, _ workspace: PublishedWorkspace<T>, threads: Int
  ) {
    let lanes = count * configuration.inputChannels
    workspace.sampled = sampler.apply(
      maps, lanes: lanes, workspace.sampling, threads: threads)
    let fields =
      configuration.inpaints
      ? MeanInpainting(channels: configuration.inputChannels)
        .forward(workspace.sampled, maps: count) : workspace.sampled
    let stride = workspace.blocks[0].input.laneStride
    fields.withView {
      copyRows(
        rows: sampler.targetCount, columns: lanes, from: $0, stride: lanes,
        to: workspace.input.view(), stride: stride)
    }
  }

  /// What is read out of the last block's normalised output, `[map][channel]`.
  private func pool(_ workspace: PublishedWorkspace<T>, count: Int) {
    guard let memory = workspace.blocks.last else { return }
    let block = blocks[0]
    workspace.moments = FieldMoments(
      memory, counts: block.transform.pairs.indices.map { block.pointCount(pair: $0) },
      lanes: count * configuration.hiddenChannels)
    workspace.pooled = workspace.moments.forward(pooling).rounded()
  }

  private var pooling: PublishedPooling { configuration.pooling ?? .mean }

  private func dense(
    _ workspace: PublishedWorkspace<T>, _ parameters: PublishedParameters<T>, count: Int,
    dropoutStep: Int?
  ) {
    let c = configuration
    workspace.hidden = LinearLayer(inputCount: c.hiddenChannels, outputCount: c.denseWidth)
      .forward(
        workspace.pooled, weights: parameters.hidden.weight.values,
        bias: parameters.hidden.bias.values)
    let rectified = RectifiedLinear.forward(workspace.hidden)
    workspace.factors =
      dropoutStep.map {
        dropoutFactors(
          probability: c.dropout, seed: seed, step: $0, layer: 0, count: rectified.count)
      }
    workspace.dropped =
      workspace.factors.map { Dropout.apply(rectified, factors: $0) } ?? rectified
    workspace.outputs = LinearLayer(inputCount: c.denseWidth, outputCount: c.outputCount)
      .forward(
        workspace.dropped, weights: parameters.output.weight.values,
        bias: parameters.output.bias.values)
  }

  // MARK: - Backward

  /// Forward and backward; adds the gradients of all parameters.
  package func differentiate(
    _ maps: [T], count: Int, isTraining: Bool, dropoutStep: Int?, threads: Int,
    into gradients: inout [NamedTensor<T>], wantsInputGradient: Bool,
    loss: (_ outputs: [T]) -> (value: Double, gradient: [T])
  ) -> PassResult<T> {
    forward(
      maps, count: count, isTraining: isTraining, dropoutStep: dropoutStep, threads: threads
    ) { workspace in
      let (value, outputGradient) = loss(workspace.outputs)
      var sums = PublishedParameters(TensorSequence(taking: &gradients), blocks: blocks.count)
      let pooledGradient = denseBackward(outputGradient, workspace, into: &sums)
      let inputGradient = blocksBackward(
        pooledGradient, workspace, count: count, isTraining: isTraining, threads: threads,
        into: &sums, wantsInputGradient: wantsInputGradient)
      gradients = sums.tensors
      return PassResult(
        value: value, outputs: workspace.outputs,
        statistics: workspace.blocks.map(\.statistics), inputGradient: inputGradient)
    }
  }

  private func denseBackward(
    _ outputGradient: [T], _ workspace: PublishedWorkspace<T>,
    into gradients: inout PublishedParameters<T>
  ) -> [T] {
    let (c, parameters) = (configuration, namedParameters)
    var gradient = LinearLayer(inputCount: c.denseWidth, outputCount: c.outputCount).backward(
      outputGradient, saved: workspace.dropped, weights: parameters.output.weight.values,
      accumulatingInto: &gradients.output.weight.values, &gradients.output.bias.values)
    if let factors = workspace.factors { gradient = Dropout.apply(gradient, factors: factors) }
    gradient = RectifiedLinear.backward(gradient, saved: workspace.hidden)
    return LinearLayer(inputCount: c.hiddenChannels, outputCount: c.denseWidth).backward(
      gradient, saved: workspace.pooled, weights: parameters.hidden.weight.values,
      accumulatingInto: &gradients.hidden.weight.values, &gradients.hidden.bias.values)
  }

  private func blocksBackward(
    _ pooledGradient: [T], _ workspace: PublishedWorkspace<T>, count: Int, isTraining: Bool,
    threads: Int, into gradients: inout PublishedParameters<T>, wantsInputGradient: Bool
  ) -> [T]? {
    let parameters = namedParameters
    let last = blocks.count - 1
    let affine = workspace.moments.backward(pooledGradient.doubles(), pooling)
    let (sums, products) = workspace.moments.sums(
      affine, centre: workspace.blocks[last].centre.rows(0, 0, pooledGradient.count))
    var gradient = normalisationBackward(
      last, workspace.blocks[last], sums: sums, products: products, affine: affine, count: count,
      isTraining: isTraining, parameters.blocks[last], into: &gradients.blocks[last])
    for k in stride(from: last, through: 0, by: -1) {
      let needsInput = k > 0 || wantsInputGradient ? InputGradient.field : .none
      blocks[k].backward(
        gradient, workspace.blocks[k], maps: count, weights: parameters.blocks[k].weights.values,
        accumulatingInto: &gradients.blocks[k].weights.values, scratch: workspace.scratch,
        needsInput: needsInput, threads: threads)
      guard k > 0 else { continue }
      let (sums, products) = blocks[k].synthesiseGradient(
        workspace.blocks[k], below: workspace.blocks[k - 1], scratch: workspace.scratch,
        threads: threads)
      gradient = normalisationBackward(
        k - 1, workspace.blocks[k - 1], sums: sums, products: products, affine: nil,
        count: count, isTraining: isTraining, parameters.blocks[k - 1],
        into: &gradients.blocks[k - 1])
    }
    return wantsInputGradient ? inputGradient(workspace, count: count, threads: threads) : nil
  }

  /// Adds γ̄ and β̄ of block k; returns how ȳ follows from z̄ and y.
  private func normalisationBackward(
    _ k: Int, _ memory: BlockMemory<T>, sums: [Double], products: [Double],
    affine: AffineGradient?, count: Int, isTraining: Bool, _ parameters: BlockParameters<T>,
    into gradients: inout BlockParameters<T>
  ) -> BlockGradient<T> {
    let result = blocks[k].normalisationBackward(
      memory, normalisation, maps: count, gamma: parameters.gamma.values.doubles(), sums: sums,
      products: products, affine: affine, isTraining: isTraining)
    gradients.add(gamma: result.gamma, beta: result.beta)
    return result.gradient
  }

  /// The gradient of the maps, `[pixel][map * channels + channel]`.
  private func inputGradient(
    _ workspace: PublishedWorkspace<T>, count: Int, threads: Int
  ) -> [T] {
    let lanes = count * configuration.inputChannels
    let field = blocks[0].synthesiseInputGradient(workspace.blocks[0], threads: threads)
    var gradient = [T](repeating: 0, count: sampler.targetCount * lanes)
    gradient.withMutableView {
      copyRows(
        rows: sampler.targetCount, columns: lanes, from: field.view(),
        stride: workspace.blocks[0].input.laneStride, to: $0, stride: lanes)
    }
    if configuration.inpaints {
      gradient = MeanInpainting(channels: configuration.inputChannels)
        .backward(gradient, saved: workspace.sampled, maps: count)
    }
    return sampler.transpose(gradient, lanes: lanes, workspace.sampling, threads: threads)
  }
}
