import FourierTransforms
import HarmonicTransforms
import Kernels
import SphereGrids

/// Memory of one forward and backward pass of the isotropic network.
final class IsotropicWorkspace<T: FourierScalar>: @unchecked Sendable {
  let input: any SphereInputLoader<T>
  /// The coefficients that enter, `[(l, m)][re, im][laneStride]`.
  let entering: AlignedBuffer<T>
  let enteringStride: Int
  /// Empty with `BandPowers`, and so is `scratch`.
  let blocks: [BlockMemory<T>]
  let scratch: NetworkScratch<T>?
  /// Saved by forward with `BandPowers`: the spectrum of every lane.
  var spectra: [[Double]] = []
  /// Saved by forward, per map: powers of every band; f(p) and f'(p) of every function and band;
  /// whitened variables.
  var powers: [Double] = []
  var bandValues: [[Double]] = []
  var bandDerivatives: [[Double]] = []
  var whitened: [[Double]] = []

  init(_ network: IsotropicNetwork<T>, maps: Int, threads: Int) {
    let c = network.configuration
    let transform = network.blocks[0].transform
    input = network.input.makeLoader(maps: maps)
    guard network.bandPowers == nil else {
      enteringStride = paddedLaneStride(maps * c.coefficientChannels, of: T.self)
      let count = 2 * coefficientCount(lmax: c.lmax, mmax: c.lmax)
      entering = AlignedBuffer(count: count * enteringStride)
      (blocks, scratch) = ([], nil)
      return
    }
    var memories: [BlockMemory<T>] = []
    var below = TransformWorkspace(transform, lanes: maps * c.coefficientChannels)
    for (block, channels) in zip(network.blocks, c.channels) {
      let above = TransformWorkspace(transform, lanes: maps * channels)
      memories.append(block.memory(input: below, output: above))
      below = above
    }
    blocks = memories
    entering = memories[0].coefficients
    enteringStride = memories[0].input.laneStride
    let widest = memories.reduce(memories[0].input.laneStride) { max($0, $1.output.laneStride) }
    scratch = NetworkScratch(transform: transform, laneStride: widest, threads: threads)
  }
}

extension IsotropicNetwork {
  /// Runs the network up to the whitened variables and hands its memory to `body`.
  func forward<R>(
    _ input: IsotropicInput<T>, count: Int, isTraining: Bool, threads: Int,
    _ body: (IsotropicWorkspace<T>) -> R
  ) -> R {
    pool.withWorkspace([count, threads]) {
      IsotropicWorkspace(self, maps: count, threads: threads)
    } _: { workspace in
      load(input, workspace, count: count, threads: threads)
      if let scratch = workspace.scratch {
        runBlocks(workspace, scratch, count: count, isTraining: isTraining, threads: threads)
      }
      readPowers(workspace, count: count, threads: threads)
      return body(workspace)
    }
  }

  /// The normalised blocks and then the bands.
  private func runBlocks(
    _ workspace: IsotropicWorkspace<T>, _ scratch: NetworkScratch<T>, count: Int,
    isTraining: Bool, threads: Int
  ) {
    let (parameters, state) = (namedParameters, namedBuffers)
    var input = BlockInput<T>.coefficients
    for (k, own) in parameters.blocks.enumerated() {
      let memory = workspace.blocks[k]
      blocks[k].forward(
        input, memory, maps: count, weights: own.weights.values, scratch: scratch,
        threads: threads)
      blocks[k].normalise(
        memory, normalisation, maps: count, gamma: own.gamma.values.doubles(),
        beta: own.beta.values.doubles(),
        running: isTraining ? nil : state.statistics[k].statistics)
      input = .activated(memory)
    }
    let last = blocks.count - 1
    blocks[last].forward(
      input, workspace.blocks[last], maps: count, weights: parameters.bands.values,
      scratch: scratch, threads: threads)
  }

  /// The coefficients of the first block.
  private func load(
    _ input: IsotropicInput<T>, _ workspace: IsotropicWorkspace<T>, count: Int, threads: Int
  ) {
    let lanes = count * configuration.coefficientChannels
    let stride = workspace.enteringStride
    let target = workspace.entering.view()
    switch input {
    case .coefficients(let values):
      values.withView {
        copyRows(
          rows: values.count / lanes, columns: lanes, from: $0, stride: lanes, to: target,
          stride: stride)
      }
    case .maps(let maps):
      workspace.input.load(maps, to: target, stride: stride, threads: threads)
    }
  }

  private func readPowers(_ workspace: IsotropicWorkspace<T>, count: Int, threads: Int) {
    let bands = blocks[blocks.count - 1].mixing.outputChannels
    if let bandPowers {
      workspace.spectra = bandPowers.spectra(
        workspace.entering.view(), laneStride: workspace.enteringStride,
        lanes: count * configuration.coefficientChannels, threads: threads)
      workspace.powers = bandPowers.forward(
        workspace.spectra, weights: namedParameters.bands.values)
    } else if let memory = workspace.blocks.last {
      workspace.powers = power.forward(
        memory.mixed, laneStride: memory.output.laneStride, lanes: count * bands,
        threads: threads)
    }
    let functions = configuration.functions
    let values = (0..<count).map { map in
      functions.flatMap { function in
        (0..<bands).map { function.evaluate(workspace.powers[map * bands + $0]) }
      }
    }
    workspace.bandValues = values.map { $0.map(\.value) }
    workspace.bandDerivatives = values.map { $0.map(\.derivative) }
    workspace.whitened = whiten(workspace.bandValues)
  }

  // MARK: - Backward

  /// Forward and backward; adds the gradients of all parameters. The outputs are those of the
  /// linear stage: with a density its natural parameters, of which the loss is −ln p. With
  /// `wantsInputGradient` the result has the gradient of the input, maps or coefficients, too.
  package func differentiate(
    _ input: IsotropicInput<T>, count: Int, isTraining: Bool, threads: Int,
    into gradients: inout [NamedTensor<T>], wantsInputGradient: Bool,
    loss: (_ outputs: [T]) -> (value: Double, gradient: [T])
  ) -> PassResult<T> {
    forward(input, count: count, isTraining: isTraining, threads: threads) { workspace in
      let outputs = readout(workspace.whitened).rounded(to: T.self)
      let (value, outputGradient) = loss(outputs)
      var sums = IsotropicParameters(TensorSequence(taking: &gradients), blocks: blocks.count)
      let powerGradient = readoutBackward(outputGradient, workspace, into: &sums.readout)
      blocksBackward(
        powerGradient, workspace, count: count, isTraining: isTraining, threads: threads,
        into: &sums, needsInput: wantsInputGradient)
      gradients = sums.tensors
      return PassResult(
        value: value, outputs: outputs,
        statistics: workspace.blocks.dropLast().map(\.statistics),
        inputGradient: wantsInputGradient
          ? inputGradient(input, workspace, count: count, threads: threads) : nil)
    }
  }

  /// Adds the readout's gradients; returns p̄ per lane.
  private func readoutBackward(
    _ dy: [T], _ workspace: IsotropicWorkspace<T>, into gradients: inout LinearParameters<T>
  ) -> [Double] {
    let n = configuration.readoutWidth
    let weights = namedParameters.readout.weight.values.doubles()
    let width = features.count
    let bands = blocks[blocks.count - 1].mixing.outputChannels
    var weightSums = [Double](repeating: 0, count: n * width)
    var biasSums = [Double](repeating: 0, count: n)
    var dVariables: [[Double]] = []
    for (map, t) in workspace.whitened.enumerated() {
      let values = features.forward(t)
      var dFeatures = [Double](repeating: 0, count: width)
      for o in 0..<n {
        let gradient = Double(dy[map * n + o])
        biasSums[o] += gradient
        for k in 0..<width {
          weightSums[o * width + k] += gradient * values[k]
          dFeatures[k] += gradient * weights[o * width + k]
        }
      }
      dVariables.append(features.backward(dFeatures, saved: t))
    }
    var dp: [Double] = []
    for (map, dz) in rotated(dVariables, transposed: true).enumerated() {
      var powerGradient = [Double](repeating: 0, count: bands)
      for k in dz.indices {
        powerGradient[k % bands] += dz[k] * workspace.bandDerivatives[map][k]
      }
      dp += powerGradient
    }
    for i in weightSums.indices { gradients.weight.values[i] += T(weightSums[i]) }
    for o in 0..<n { gradients.bias.values[o] += T(biasSums[o]) }
    return dp
  }

  private func blocksBackward(
    _ powerGradient: [Double], _ workspace: IsotropicWorkspace<T>, count: Int, isTraining: Bool,
    threads: Int, into gradients: inout IsotropicParameters<T>, needsInput: Bool
  ) {
    let parameters = namedParameters
    if let bandPowers {
      let factors = bandPowers.backward(
        powerGradient, saved: workspace.spectra, weights: parameters.bands.values,
        accumulatingInto: &gradients.bands.values)
      if needsInput {
        bandPowers.inputGradient(
          factors, workspace.entering.view(), laneStride: workspace.enteringStride,
          threads: threads)
      }
      return
    }
    guard let scratch = workspace.scratch else { return }
    let last = blocks.count - 1
    let memory = workspace.blocks[last]
    power.backward(
      powerGradient, memory.mixed, laneStride: memory.output.laneStride, threads: threads)
    let first = needsInput ? InputGradient.coefficients : .none
    blocks[last].backward(
      .coefficients, memory, maps: count, weights: parameters.bands.values,
      accumulatingInto: &gradients.bands.values, scratch: scratch,
      needsInput: last > 0 ? .field : first, threads: threads)
    for k in (0..<last).reversed() {
      let own = parameters.blocks[k]
      let (sums, products) = blocks[k + 1].synthesiseGradient(
        workspace.blocks[k + 1], below: workspace.blocks[k], scratch: scratch, threads: threads)
      let result = blocks[k].normalisationBackward(
        workspace.blocks[k], normalisation, maps: count, gamma: own.gamma.values.doubles(),
        sums: sums, products: products, affine: nil, isTraining: isTraining)
      gradients.blocks[k].add(gamma: result.gamma, beta: result.beta)
      blocks[k].backward(
        result.gradient, workspace.blocks[k], maps: count, weights: own.weights.values,
        accumulatingInto: &gradients.blocks[k].weights.values, scratch: scratch,
        needsInput: k > 0 ? .field : first, threads: threads)
    }
  }

  /// The gradient of the coefficients, or through least squares that of the maps.
  private func inputGradient(
    _ input: IsotropicInput<T>, _ workspace: IsotropicWorkspace<T>, count: Int, threads: Int
  ) -> [T] {
    let lanes = count * configuration.coefficientChannels
    let lmax = configuration.lmax
    var gradient = CoefficientStack<T>(lmax: lmax, lanes: lanes)
    let rows = gradient.values.count / lanes
    gradient.values.withMutableView {
      copyRows(
        rows: rows, columns: lanes, from: workspace.entering.view(),
        stride: workspace.enteringStride, to: $0, stride: lanes)
    }
    gradient.clearImaginaryOfOrderZero()
    switch input {
    case .coefficients: return gradient.values
    case .maps: return self.input.gradient(gradient, count: count, threads: threads)
    }
  }
}
