import FileFormats
import HarmonicTransforms
import Numerics
import SpectralNetworks
import Training

/// The expected values of layers: the tensors of a case in, the slow twin of the layer, and its
/// numbers out as tensors.
enum LayerDefinitions {
  static func meanInpainting(_ data: CaseData) throws -> NamedTensors {
    let shape = try data.shape("x")
    let layer = MeanInpainting(channels: shape[1])
    let x = try data.values("x")
    let dx = layer.backwardByDefinition(
      try data.values("output_gradient"), saved: x, maps: shape[0])
    return [
      "output": tensor(layer.forwardByDefinition(x, maps: shape[0]), shape: shape),
      "input_gradient": tensor(dx, shape: shape),
    ]
  }

  // MARK: - Coefficients

  static func degreewiseMixing(_ data: CaseData) throws -> NamedTensors {
    let (shape, lmax) = (try data.shape("weights"), try data.integer("lmax"))
    let layer = DegreewiseMixing<Double>(
      inputChannels: shape[1], outputChannels: shape[2], lmax: lmax, mmax: lmax)
    let (maps, weights) = (try data.shape("x")[0], try data.values("weights"))
    let (x, dy) = (try data.complexNumbers("x"), try data.complexNumbers("output_gradient"))
    let y = layer.forwardByDefinition(x, maps: maps, weights: weights)
    let gradients = layer.backwardByDefinition(dy, saved: x, maps: maps, weights: weights)
    return [
      "output": tensor(y.realPairs, shape: try data.shape("output_gradient")),
      "input_gradient": tensor(gradients.input.realPairs, shape: try data.shape("x")),
      "weights_gradient": tensor(gradients.weights, shape: shape),
    ]
  }

  static func orderwiseMixing(_ data: CaseData) throws -> NamedTensors {
    let shape = try data.shape("weight_real")
    let layer = OrderwiseMixing<Double>(
      inputChannels: shape[1], outputChannels: shape[0], lmax: try data.integer("lmax"),
      mmax: try data.integer("mmax"))
    let maps = try data.shape("x")[0]
    let weights = zip(try data.values("weight_real"), try data.values("weight_imag")).map {
      Complex($0, $1)
    }
    let (x, dy) = (try data.complexNumbers("x"), try data.complexNumbers("output_gradient"))
    let y = layer.forwardByDefinition(x, maps: maps, weights: weights)
    let gradients = layer.backwardByDefinition(dy, saved: x, maps: maps, weights: weights)
    return [
      "output": tensor(y.realPairs, shape: try data.shape("output_gradient")),
      "input_gradient": tensor(gradients.input.realPairs, shape: try data.shape("x")),
      "weight_real_gradient": tensor(gradients.weights.map(\.real), shape: shape),
      "weight_imag_gradient": tensor(gradients.weights.map(\.imaginary), shape: shape),
    ]
  }

  static func bandPowers(_ data: CaseData) throws -> NamedTensors {
    let (shape, weightShape) = (try data.shape("x"), try data.shape("weights"))
    let layer = BandPowers<Double>(
      lmax: try data.integer("lmax"), channels: shape[1], bands: shape[1] * weightShape[2])
    let (x, weights) = (try data.complexNumbers("x"), try data.values("weights"))
    let powers = layer.forwardByDefinition(x, maps: shape[0], weights: weights)
    let gradients = layer.backwardByDefinition(
      try data.values("output_gradient"), saved: x, maps: shape[0], weights: weights)
    return [
      "output": tensor(powers, shape: try data.shape("output_gradient")),
      "input_gradient": tensor(gradients.input.realPairs, shape: shape),
      "weights_gradient": tensor(gradients.weights, shape: weightShape),
    ]
  }

  // MARK: - Normalisation

  static func batchNormalisation(_ data: CaseData) throws -> NamedTensors {
    let shape = try data.shape("x")
    let (maps, x, weights) = (shape[0], try data.values("x"), try data.values("point_weights"))
    let layer = try data.batchNormalisation()
    let isTraining = try data.isTraining()
    let running = try data.runningStatistics()
    let gamma = try data.values("gamma")
    let statistics =
      isTraining
      ? layer.statisticsByDefinition(x, maps: maps, pointWeights: weights) : running
    let y = layer.forwardByDefinition(
      x, maps: maps, statistics, gamma: gamma, beta: try data.values("beta"))
    let gradients = layer.backwardByDefinition(
      try data.values("output_gradient"), saved: x, maps: maps, pointWeights: weights, statistics,
      gamma: gamma, isTraining: isTraining)
    var outputs: NamedTensors = [
      "output": tensor(y, shape: shape), "input_gradient": tensor(gradients.input, shape: shape),
      "gamma_gradient": tensor(gradients.gamma), "beta_gradient": tensor(gradients.beta),
    ]
    if isTraining {
      let updated = layer.updatedByDefinition(
        running: running, with: statistics, maps: maps, points: shape[2])
      outputs["updated_running_mean"] = tensor(updated.mean)
      outputs["updated_running_var"] = tensor(updated.variance)
    }
    return outputs
  }

  // MARK: - Dense layers and Adam

  /// fc.3(relu(fc.0(x))).
  static func denseLayers(_ data: CaseData) throws -> NamedTensors {
    let (inner, outer) = (try data.shape("fc.0.weight"), try data.shape("fc.3.weight"))
    let first = LinearLayer(inputCount: inner[1], outputCount: inner[0])
    let second = LinearLayer(inputCount: outer[1], outputCount: outer[0])
    let (w0, w3) = (try data.values("fc.0.weight"), try data.values("fc.3.weight"))
    let x = try data.values("x")
    let hidden = first.forwardByDefinition(x, weights: w0, bias: try data.values("fc.0.bias"))
    let active = RectifiedLinear.forwardByDefinition(hidden)
    let y = second.forwardByDefinition(active, weights: w3, bias: try data.values("fc.3.bias"))
    let upper = second.backwardByDefinition(
      try data.values("output_gradient"), saved: active, weights: w3)
    let lower = first.backwardByDefinition(
      RectifiedLinear.backwardByDefinition(upper.input, saved: hidden), saved: x, weights: w0)
    return [
      "output": tensor(y, shape: try data.shape("output_gradient")),
      "input_gradient": tensor(lower.input, shape: try data.shape("x")),
      "gradient.fc.0.weight": tensor(lower.weights, shape: inner),
      "gradient.fc.0.bias": tensor(lower.bias),
      "gradient.fc.3.weight": tensor(upper.weights, shape: outer),
      "gradient.fc.3.bias": tensor(upper.bias),
    ]
  }

  static func adam(_ data: CaseData) throws -> NamedTensors {
    let shape = try data.shape("gradients")
    let (after, rate) = (try data.integers("after_steps"), try data.number("learning_rate"))
    let gradients = try data.values("gradients")
    let trajectory = Adam<Double>.trajectoryByDefinition(
      try data.values("parameters"),
      gradients: (0..<shape[0]).map { Array(gradients[$0 * shape[1]..<($0 + 1) * shape[1]]) },
      options: try data.adamOptions(), learningRate: { _ in rate })
    return [
      "parameters": tensor(
        after.flatMap { trajectory[$0 - 1] }, shape: [after.count, shape[1]])
    ]
  }
}
