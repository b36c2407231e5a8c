import FileFormats
import FourierTransforms
import HarmonicTransforms
import Kernels
import SpectralNetworks
import SphereGrids

extension ReferenceBackend {
  /// Σ (output − target)²/n and its gradient.
  private static func meanSquaredError<T: FourierScalar>(
    _ target: [Double]
  ) -> ([T]) -> (value: Double, gradient: [T]) {
    { outputs in
      let n = Double(outputs.count)
      let differences = zip(outputs, target).map { Double($0) - $1 }
      return (
        differences.reduce(0) { $0 + $1 * $1 } / n, differences.map { T(2 * $0 / n) }
      )
    }
  }

  /// The inputs `state.<name>` without their prefix.
  private static func state<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> [NamedTensor<T>] {
    try data.inputs.names.filter { $0.hasPrefix("state.") }.map { name in
      NamedTensor(
        name: String(name.dropFirst("state.".count)), shape: try data.shape(name),
        values: try data.values(name, as: type))
    }
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
      let running = BatchNormalisation.Statistics(
        mean: try data.values("state.\(name).running_mean"),
        variance: try data.values("state.\(name).running_var"))
      let updated = normalisation.updated(running: running, with: batch, count: count)
      outputs["updated.\(name).running_mean"] = tensor(rounding: updated.mean, to: type)
      outputs["updated.\(name).running_var"] = tensor(rounding: updated.variance, to: type)
    }
    return outputs
  }

  static func publishedNetwork<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let configuration = PublishedConfiguration(
      nside: try data.integer("nside"), latitudeCount: try data.integer("latitudes"),
      longitudeCount: try data.integer("longitudes"), lmax: try data.integer("lmax"),
      mmax: try data.integer("mmax"), inputChannels: try data.integer("input_channels"),
      hiddenChannels: try data.integer("hidden_channels"), blockCount: try data.integer("blocks"),
      denseWidth: try data.integer("dense_width"), outputCount: try data.integer("output_count"),
      inpaints: try data.integer("inpainting") == 1, dropout: 0)
    var network = try PublishedNetwork<T>(configuration, seed: 1)
    try network.load(publishedState: try state(data, as: type), pixelIndices: nil)
    let shape = try data.shape("maps")
    let isTraining = try data.text("mode") == "training"
    var gradients = network.parameters.map(\.zeros)
    let result = network.differentiate(
      try data.lanes("maps", axes: 2, as: type).values, count: shape[0], isTraining: isTraining,
      dropoutStep: nil, threads: 1, into: &gradients, wantsInputGradient: true,
      loss: meanSquaredError(try data.values("target")))
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
    let isTraining = try data.text("mode") == "training"
    var gradients = network.parameters.map(\.zeros)
    let result = network.differentiate(
      name == "maps" ? .maps(values) : .coefficients(values), count: shape[0],
      isTraining: isTraining, threads: 1, into: &gradients, wantsInputGradient: true,
      loss: meanSquaredError(try data.values("target")))
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
    let (lmax, rings) = (try data.integer("lmax"), try data.integer("grid_rings"))
    let longitudes = GaussLegendreGrid(lmax: rings - 1).longitudeCount
    guard try data.integer("longitudes") == longitudes else {
      throw ConformanceError.parameter(
        name: "longitudes", found: "\(try data.integer("longitudes"))", expected: "\(longitudes)")
    }
    let function = try data.text("power_function")
    guard let power = PowerFunction(rawValue: function) else {
      throw ConformanceError.parameter(
        name: "power_function", found: function, expected: "logarithm")
    }
    // Coefficients need no map; any nside that determines them will do.
    let nside = try data.text("input") == "maps" ? try data.integer("nside") : lmax / 2 + 1
    var network = try IsotropicNetwork<T>(
      IsotropicConfiguration(
        nside: nside, lmax: lmax, inputChannels: try data.integer("input_channels"),
        channels: try data.integers("channels"), gridRings: rings, powerFunction: power,
        readoutDegree: try data.integer("readout_degree"),
        outputCount: try data.integer("output_count")), seed: 1)
    for tensor in try state(data, as: type) {
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
