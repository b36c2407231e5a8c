import Kernels
import RandomNumbers
import SpectralNetworks

extension PixelNetwork {
  private var firstDense: DenseProduct<T> {
    DenseProduct(inputCount: configuration.denseInputs, outputCount: configuration.hidden)
  }

  private var lastDense: DenseProduct<T> {
    DenseProduct(inputCount: configuration.hidden, outputCount: configuration.outputCount)
  }

  // MARK: - Forward

  /// From the maps `shard` of a batch of `count` to the memory's outputs; `factors` are those of
  /// dropout for the whole batch, nil for none. The tensors come by name once per batch.
  func forward(
    _ memory: PixelMemory<T>, _ parameters: PixelParameters<T>, _ state: PixelBuffers<T>,
    _ batch: BufferView<T>, count: Int, shard: Range<Int>, factors: [T]?
  ) {
    let maps = shard.count
    copyScaledMaps(
      table: ringOrder, batch: batch, batchMaps: count, first: shard.lowerBound, maps: maps,
      scales: state.inputScale.values, to: memory.inputs[0].view())
    for (k, convolution) in convolutions.enumerated() {
      convolution.forward(
        memory.inputs[k].view(), maps: maps, weights: parameters.blocks[k].weight.values,
        bias: parameters.blocks[k].bias.values, to: memory.fields[k].view(),
        scratch: memory.scratch.view())
      poolings[k].forward(
        memory.fields[k].view(), maps: maps, to: memory.inputs[k + 1].view())
    }
    exchangeMaps(memory.inputs.last, with: memory.flat, maps: maps, toFlat: true)
    firstDense.forward(
      memory.flat.view(), rows: maps, weights: parameters.hidden.weight.values,
      bias: parameters.hidden.bias.values, to: memory.hidden.view())
    let offset = shard.lowerBound * configuration.hidden
    for i in 0..<maps * configuration.hidden {
      memory.dropped[i] = rectified(memory.hidden[i]) * (factors?[offset + i] ?? 1)
    }
    lastDense.forward(
      memory.dropped.view(), rows: maps, weights: parameters.output.weight.values,
      bias: parameters.output.bias.values, to: memory.outputs.view())
  }

  /// Between a field `[pixel][map][channel]` and the same as `[map][pixel][channel]`: into the
  /// latter, or back.
  private func exchangeMaps(
    _ field: AlignedBuffer<T>?, with flat: AlignedBuffer<T>, maps: Int, toFlat: Bool
  ) {
    guard let field else { return }
    let inputs = configuration.denseInputs
    let channels = configuration.channels[configuration.channels.count - 1]
    for map in 0..<maps {
      let (byPixel, byMap) = (field.view(map * channels), flat.view(map * inputs))
      copyRows(
        rows: inputs / channels, columns: channels, from: toFlat ? byPixel : byMap,
        stride: toFlat ? maps * channels : channels, to: toFlat ? byMap : byPixel,
        stride: toFlat ? channels : maps * channels)
    }
  }

  /// offset + scale z of the maps of a shard, in their places.
  func writeOutputs(
    _ memory: PixelMemory<T>, _ state: PixelBuffers<T>, shard: Range<Int>,
    to outputs: BufferView<T>
  ) {
    let n = outputCount
    let (offset, scale) = (state.outputOffset.values, state.outputScale.values)
    for i in 0..<shard.count * n {
      outputs[shard.lowerBound * n + i] = offset[i % n] + scale[i % n] * memory.outputs[i]
    }
  }

  // MARK: - Backward

  /// What one differentiated pass gives.
  package struct Pass {
    package var value: Double
    package var outputs: [T]
    /// The gradient of the maps, in their layout, if it was asked for.
    package var inputGradient: [T]?
  }

  /// Forward and backward; adds the gradients of all parameters.
  ///
  /// `dropoutStep` is the step whose dropout is applied, nil for none; the gradient goes back to
  /// the maps if `wantsInputGradient` says so. The rest is as in `accumulateGradients`.
  package func differentiate(
    _ maps: [T], count: Int, dropoutStep: Int?, threads: Int,
    into gradients: inout [NamedTensor<T>], wantsInputGradient: Bool,
    loss: (_ outputs: [T]) -> (value: Double, gradient: [T])
  ) -> Pass {
    requireLayout(maps, count: count)
    let shards = shards(of: count)
    let (parameters, state) = (namedParameters, namedBuffers)
    let factors: [T]? = dropoutStep.map {
      dropoutFactors(
        probability: configuration.dropout, seed: seed, step: $0, layer: 0,
        count: count * configuration.hidden)
    }
    return pool.withWorkspace([1, shards.count]) {
      PixelWorkspace(configuration, memories: shards.count, shardSize: Self.shardSize)
    } _: { workspace in
      var outputs = [T](repeating: 0, count: count * outputCount)
      maps.withView { batch in
        outputs.withMutableView { outputs in
          parallelFor(shards.count, threads: threads) { index in
            let memory = workspace.memories[index]
            forward(
              memory, parameters, state, batch, count: count, shard: shards[index],
              factors: factors)
            writeOutputs(memory, state, shard: shards[index], to: outputs)
          }
        }
      }
      let (value, outputGradient) = loss(outputs)
      parallelFor(shards.count, threads: threads) { index in
        backward(
          workspace.memories[index], parameters, state, outputGradient, shard: shards[index],
          factors: factors, wantsInputGradient: wantsInputGradient)
      }
      add(workspace, to: &gradients)
      return Pass(
        value: value, outputs: outputs,
        inputGradient: wantsInputGradient
          ? inputGradient(workspace, shards: shards, count: count) : nil)
    }
  }

  /// The gradients of all shards, one after the other.
  private func add(_ workspace: PixelWorkspace<T>, to gradients: inout [NamedTensor<T>]) {
    for i in gradients.indices {
      let size = gradients[i].count
      gradients[i].values.withMutableView { sums in
        for memory in workspace.memories {
          addRows(rows: 1, columns: size, memory.parameterGradients.all[i].view(), to: sums)
        }
      }
    }
  }

  /// The gradients of a shard's parameters, from those of the batch's outputs.
  private func backward(
    _ memory: PixelMemory<T>, _ parameters: PixelParameters<T>, _ state: PixelBuffers<T>,
    _ gradient: [T], shard: Range<Int>, factors: [T]?, wantsInputGradient: Bool
  ) {
    let (maps, sums) = (shard.count, memory.parameterGradients)
    for sum in sums.all { sum.clear() }
    let (n, scale) = (outputCount, state.outputScale.values)
    for i in 0..<maps * n {
      memory.outputGradient[i] = scale[i % n] * gradient[shard.lowerBound * n + i]
    }
    denseBackward(memory, parameters, shard: shard, factors: factors)
    exchangeMaps(
      memory.inputGradients.last, with: memory.flatGradient, maps: maps, toFlat: false)
    for k in convolutions.indices.reversed() {
      poolings[k].backward(
        memory.inputGradients[k + 1].view(), replacing: memory.fields[k].view(), maps: maps)
      convolutions[k].backward(
        memory.fields[k].view(), saved: memory.inputs[k].view(), maps: maps,
        weights: parameters.blocks[k].weight.values,
        accumulatingInto: sums.blocks[k].weight.view(), sums.blocks[k].bias.view(),
        to: k > 0 || wantsInputGradient ? memory.inputGradients[k].view() : nil,
        scratch: memory.scratch.view())
    }
  }

  private func denseBackward(
    _ memory: PixelMemory<T>, _ parameters: PixelParameters<T>, shard: Range<Int>, factors: [T]?
  ) {
    let (maps, sums) = (shard.count, memory.parameterGradients)
    lastDense.backward(
      memory.outputGradient.view(), saved: memory.dropped.view(), rows: maps,
      weights: parameters.output.weight.values, accumulatingInto: sums.output.weight.view(),
      sums.output.bias.view(), to: memory.hiddenGradient.view())
    let offset = shard.lowerBound * configuration.hidden
    for i in 0..<maps * configuration.hidden {
      let factor = factors?[offset + i] ?? 1
      memory.hiddenGradient[i] = memory.hidden[i] <= 0 ? 0 : factor * memory.hiddenGradient[i]
    }
    firstDense.backward(
      memory.hiddenGradient.view(), saved: memory.flat.view(), rows: maps,
      weights: parameters.hidden.weight.values, accumulatingInto: sums.hidden.weight.view(),
      sums.hidden.bias.view(), to: memory.flatGradient.view())
  }

  private func inputGradient(
    _ workspace: PixelWorkspace<T>, shards: [Range<Int>], count: Int
  ) -> [T] {
    var gradient = [T](
      repeating: 0, count: ringOrder.count * count * configuration.inputChannels)
    gradient.withMutableView { target in
      for (memory, shard) in zip(workspace.memories, shards) {
        copyScaledMapsBack(
          table: ringOrder, from: memory.inputGradients[0].view(), maps: shard.count,
          scales: namedBuffers.inputScale.values, batch: target, batchMaps: count,
          first: shard.lowerBound)
      }
    }
    return gradient
  }
}
