import FourierTransforms
import HarmonicTransforms
import Kernels
import SphereGrids

/// What enters the isotropic network.
package enum IsotropicInput<T: FourierScalar> {
  /// Maps `[pixel][lane]`.
  case maps([T])
  /// Their coefficients, `[(l, m)][re, im][lane]`.
  case coefficients([T])
}

/// Memory of one forward and backward pass of the isotropic network.
final class IsotropicWorkspace<T: FourierScalar>: @unchecked Sendable {
  let input: SphereInput<T>.Memory
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
    input = network.input.makeMemory(maps: maps)
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
      for (k, memory) in workspace.blocks.enumerated() {
        guard let scratch = workspace.scratch else { break }
        let block = blocks[k]
        block.forward(
          k == 0 ? .coefficients : .activated(workspace.blocks[k - 1]), memory, maps: count,
          weights: weights(k), scratch: scratch, threads: threads)
        guard !block.endsInCoefficients else { continue }
        block.normalise(
          memory, normalisation, maps: count, gamma: gamma(k), beta: beta(k),
          running: isTraining ? nil : runningStatistics(k))
      }
      readPowers(workspace, count: count, threads: threads)
      return body(workspace)
    }
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
      self.input.load(
        maps, count: count, workspace.input, to: target, stride: stride, threads: threads)
    }
  }

  private func readPowers(_ workspace: IsotropicWorkspace<T>, count: Int, threads: Int) {
    let bands = blocks[blocks.count - 1].mixing.outputChannels
    if let bandPowers {
      workspace.spectra = bandPowers.spectra(
        workspace.entering.view(), laneStride: workspace.enteringStride,
        lanes: count * configuration.coefficientChannels, threads: threads)
      workspace.powers = bandPowers.forward(workspace.spectra, weights: weights(0))
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
      let powerGradient = readoutBackward(outputGradient, workspace, into: &gradients)
      blocksBackward(
        powerGradient, workspace, count: count, isTraining: isTraining, threads: threads,
        into: &gradients, needsInput: wantsInputGradient)
      return PassResult(
        value: value, outputs: outputs,
        statistics: workspace.blocks.dropLast().map(\.statistics),
        inputGradient: wantsInputGradient
          ? inputGradient(input, workspace, count: count, threads: threads) : nil)
    }
  }

  /// Adds the readout's gradients; returns p̄ per lane.
  private func readoutBackward(
    _ dy: [T], _ workspace: IsotropicWorkspace<T>, into gradients: inout [NamedTensor<T>]
  ) -> [Double] {
    let n = configuration.readoutWidth
    let weights = parameters[readoutIndex].values.doubles()
    let (variables, width) = (features.variables, features.count)
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
      for k in 0..<variables {
        powerGradient[k % bands] += dz[k] * workspace.bandDerivatives[map][k]
      }
      dp += powerGradient
    }
    for i in weightSums.indices { gradients[readoutIndex].values[i] += T(weightSums[i]) }
    for o in 0..<n { gradients[readoutIndex + 1].values[o] += T(biasSums[o]) }
    return dp
  }

  private func blocksBackward(
    _ powerGradient: [Double], _ workspace: IsotropicWorkspace<T>, count: Int, isTraining: Bool,
    threads: Int, into gradients: inout [NamedTensor<T>], needsInput: Bool
  ) {
    if let bandPowers {
      let factors = bandPowers.backward(
        powerGradient, saved: workspace.spectra, weights: weights(0),
        accumulatingInto: &gradients[0].values)
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
    var gradient = BlockGradient<T>.coefficients
    for k in stride(from: last, through: 0, by: -1) {
      blocks[k].backward(
        gradient, workspace.blocks[k], maps: count, weights: weights(k),
        accumulatingInto: &gradients[3 * k].values, scratch: scratch,
        needsInput: k > 0 ? .field : (needsInput ? .coefficients : .none), threads: threads)
      guard k > 0 else { continue }
      let (sums, products) = blocks[k].synthesiseGradient(
        workspace.blocks[k], below: workspace.blocks[k - 1], scratch: scratch,
        threads: threads)
      let result = blocks[k - 1].normalisationBackward(
        workspace.blocks[k - 1], normalisation, maps: count, gamma: gamma(k - 1), sums: sums,
        products: products, affine: nil, isTraining: isTraining)
      for channel in result.gamma.indices {
        gradients[3 * k - 2].values[channel] += T(result.gamma[channel])
        gradients[3 * k - 1].values[channel] += T(result.beta[channel])
      }
      gradient = result.gradient
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
