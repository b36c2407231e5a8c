import FileFormats
import FourierTransforms
import HarmonicTransforms
import Kernels
import SpectralNetworks
import Training

extension ReferenceBackend {
  /// The mean squared error and its gradient.
  private static func meanSquaredError<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> ([T]) -> (value: Double, gradient: [T]) {
    let targets = try data.values("target", as: type)
    return { Loss.meanSquared.evaluate(outputs: $0, targets: targets) }
  }

  /// The running statistics of every block after a training step.
  private static func updatedStatistics<T: FourierScalar>(
    _ weighting: PointWeighting, _ batches: [BatchNormalisation.Statistics], count: Int,
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let normalisation = BatchNormalisation(weighting: weighting)
    var outputs: NamedTensors = [:]
    for (k, batch) in batches.enumerated() {
      let name = "batchnorms.\(k)"
      let updated = normalisation.updated(
        running: try data.runningStatistics("state.\(name)."), with: batch, count: count)
      outputs["updated.\(name).running_mean"] = tensor(rounding: updated.mean, to: type)
      outputs["updated.\(name).running_var"] = tensor(rounding: updated.variance, to: type)
    }
    return outputs
  }

  static func publishedNetwork<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let configuration = try data.publishedConfiguration()
    var network = try PublishedNetwork<T>(configuration, seed: 1)
    try network.load(publishedState: try data.state(as: type), pixelIndices: nil)
    let shape = try data.shape("maps")
    let isTraining = try data.isTraining()
    var gradients = network.parameters.map(\.zeros)
    let result = network.differentiate(
      try data.lanes("maps", axes: 2, as: type).values, count: shape[0], isTraining: isTraining,
      dropoutStep: nil, threads: 1, into: &gradients, wantsInputGradient: true,
      loss: try meanSquaredError(data, as: type))
    var outputs: NamedTensors = [
      "output": tensor(result.outputs, shape: [shape[0], configuration.outputCount]),
      "loss": tensor(rounding: [result.value], to: type),
    ]
    guard try data.integer("gradients") == 1 else { return outputs }
    outputs["gradient.maps"] = tensor(
      lanesLast: result.inputGradient ?? [], leading: [shape[0], shape[1]], shape: [shape[2]])
    for gradient in network.publishedTensors(gradients) {
      outputs["gradient.\(gradient.name)"] = tensor(gradient.values, shape: gradient.shape)
    }
    if isTraining {
      let points = configuration.latitudeCount * configuration.longitudeCount
      for (name, tensor) in try updatedStatistics(
        .equal, result.statistics, count: shape[0] * points, data, as: type)
      {
        outputs[name] = tensor
      }
    }
    return outputs
  }

  // MARK: - Isotropic network

  static func isotropicNetwork<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let network = try loadedIsotropicNetwork(data, as: type)
    let name = try data.text("input")
    let shape = try data.shape(name)
    let values = try data.lanes(name, axes: 2, as: type).values
    let isTraining = try data.isTraining()
    var gradients = network.parameters.map(\.zeros)
    let result = network.differentiate(
      name == "maps" ? .maps(values) : .coefficients(values), count: shape[0],
      isTraining: isTraining, threads: 1, into: &gradients, wantsInputGradient: true,
      loss: try meanSquaredError(data, as: type))
    var outputs: NamedTensors = [
      "output": tensor(result.outputs, shape: [shape[0], network.outputCount]),
      "loss": tensor(rounding: [result.value], to: type),
      "gradient.\(name)": tensor(
        lanesLast: result.inputGradient ?? [], leading: [shape[0], shape[1]],
        shape: Array(shape.dropFirst(2))),
    ]
    for gradient in gradients {
      outputs["gradient.\(gradient.name)"] = tensor(gradient.values, shape: gradient.shape)
    }
    if isTraining {
      let points = try data.integer("grid_rings") * data.integer("longitudes")
      for (name, tensor) in try updatedStatistics(
        .area, result.statistics, count: shape[0] * points, data, as: type)
      {
        outputs[name] = tensor
      }
    }
    return outputs
  }

  private static func loadedIsotropicNetwork<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> IsotropicNetwork<T> {
    var network = try IsotropicNetwork<T>(try data.isotropicConfiguration(), seed: 1)
    for tensor in try data.state(as: type) {
      if let index = network.parameters.firstIndex(where: { $0.name == tensor.name }),
        network.parameters[index].shape == tensor.shape
      {
        network.parameters[index] = tensor
      } else if let index = network.buffers.firstIndex(where: { $0.name == tensor.name }),
        network.buffers[index].shape == tensor.shape
      {
        network.buffers[index] = tensor
      } else {
        throw ConformanceError.unusableCase(
          operation: Operation.isotropicNetwork.rawValue,
          reason: "the network has no tensor \(tensor.name) of shape \(tensor.shape)")
      }
    }
    return network
  }
}
