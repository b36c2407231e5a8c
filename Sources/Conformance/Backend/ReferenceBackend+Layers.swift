import FileFormats
import FourierTransforms
import HarmonicTransforms
import Kernels
import Numerics
import SpectralNetworks
import Training

extension ReferenceBackend {
  static func layer<T: FourierScalar>(
    _ operation: Operation, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    switch operation {
    case .meanInpainting: return try meanInpainting(data, as: type)
    case .degreewiseMixing: return try degreewiseMixing(data, as: type)
    case .orderwiseMixing: return try orderwiseMixing(data, as: type)
    case .bandPowers: return try bandPowers(data, as: type)
    case .batchNormalisation: return try batchNormalisation(data, as: type)
    case .denseLayers: return try denseLayers(data, as: type)
    default: return try adam(data, as: type)
    }
  }

  private static func meanInpainting<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let shape = try data.shape("x")
    let layer = MeanInpainting(channels: shape[1])
    let x = try data.lanes("x", axes: 2, as: type).values
    let gradient = try data.lanes("output_gradient", axes: 2, as: type).values
    func output(_ values: [T]) -> TensorData {
      tensor(lanesLast: values, leading: [shape[0], shape[1]], shape: [shape[2]])
    }
    return [
      "output": output(layer.forward(x, maps: shape[0])),
      "input_gradient": output(layer.backward(gradient, saved: x, maps: shape[0])),
    ]
  }

  // MARK: - Mixing

  private static func degreewiseMixing<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let shape = try data.shape("weights")
    let mixing = DegreewiseMixing<T>(
      inputChannels: shape[1], outputChannels: shape[2], lmax: shape[0] - 1, mmax: shape[0] - 1)
    let result = try mixed(mixing, data, weights: try data.values("weights", as: type))
    return [
      "output": result.output, "input_gradient": result.inputGradient,
      "weights_gradient": tensor(result.weightsGradient, shape: shape),
    ]
  }

  private static func orderwiseMixing<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let shape = try data.shape("weight_real")
    let mixing = OrderwiseMixing<T>(
      inputChannels: shape[1], outputChannels: shape[0], lmax: shape[2] - 1, mmax: shape[3] - 1)
    let published = zip(try data.values("weight_real"), try data.values("weight_imag")).map {
      Complex($0, $1)
    }
    let result = try mixed(mixing, data, weights: mixing.weights(published: published))
    let gradients = mixing.publishedWeights(result.weightsGradient)
    return [
      "output": result.output, "input_gradient": result.inputGradient,
      "weight_real_gradient": tensor(rounding: gradients.map(\.real), shape: shape, to: type),
      "weight_imag_gradient": tensor(rounding: gradients.map(\.imaginary), shape: shape, to: type),
    ]
  }

  /// Forward and backward of a mixing.
  private static func mixed<M: SpectralMixing>(
    _ mixing: M, _ data: CaseData, weights: [M.Scalar]
  ) throws -> (output: TensorData, inputGradient: TensorData, weightsGradient: [M.Scalar])
  where M.Scalar: FourierScalar {
    let maps = try data.shape("x")[0]
    let x = try data.lanes("x", axes: 2, as: M.Scalar.self).values
    let dy = try data.lanes("output_gradient", axes: 2, as: M.Scalar.self).values
    var dw = [M.Scalar](repeating: 0, count: weights.count)
    let y = mixing.forward(x, maps: maps, weights: weights)
    let dx = mixing.backward(dy, saved: x, maps: maps, weights: weights, accumulatingInto: &dw)
    let count = coefficientCount(lmax: mixing.lmax, mmax: mixing.mmax)
    return (
      tensor(lanesLast: y, leading: [maps, mixing.outputChannels], shape: [count, 2]),
      tensor(lanesLast: dx, leading: [maps, mixing.inputChannels], shape: [count, 2]), dw
    )
  }

  private static func bandPowers<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let lmax = try data.integer("lmax")
    let (shape, weightShape) = (try data.shape("x"), try data.shape("weights"))
    let (maps, channels, bands) = (shape[0], shape[1], weightShape[2])
    let layer = BandPowers<T>(lmax: lmax, channels: channels, bands: channels * bands)
    let x = try data.coefficients("x", lmax: lmax, axes: 2, as: type)
    let weights = try data.values("weights", as: type)
    let (powers, spectra) = layer.forward(x, weights: weights, threads: 1)
    var dw = [T](repeating: 0, count: weights.count)
    let dx = layer.backward(
      try data.values("output_gradient"), saved: x, spectra, weights: weights,
      accumulatingInto: &dw, threads: 1)
    return [
      "output": tensor(rounding: powers, shape: [maps, channels, bands], to: type),
      "input_gradient": tensor(dx, leading: [maps, channels]),
      "weights_gradient": tensor(dw, shape: weightShape),
    ]
  }

  // MARK: - Dense layers and the optimiser

  private static func denseLayers<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let (shape, rows) = (try data.shape("fc.3.weight"), try data.shape("x")[0])
    let (hidden, outputs) = (shape[1], shape[0])
    let first = LinearLayer(inputCount: try data.shape("x")[1], outputCount: hidden)
    let second = LinearLayer(inputCount: hidden, outputCount: outputs)
    func values(_ name: String) throws -> [T] { try data.values(name, as: type) }
    let x = try values("x")
    let (w0, w3) = (try values("fc.0.weight"), try values("fc.3.weight"))
    let between = first.forward(x, weights: w0, bias: try values("fc.0.bias"))
    let active = RectifiedLinear.forward(between)
    let y = second.forward(active, weights: w3, bias: try values("fc.3.bias"))
    var (dw0, db0) = ([T](repeating: 0, count: w0.count), [T](repeating: 0, count: hidden))
    var (dw3, db3) = ([T](repeating: 0, count: w3.count), [T](repeating: 0, count: outputs))
    var gradient = second.backward(
      try values("output_gradient"), saved: active, weights: w3, accumulatingInto: &dw3, &db3)
    gradient = RectifiedLinear.backward(gradient, saved: between)
    let dx = first.backward(gradient, saved: x, weights: w0, accumulatingInto: &dw0, &db0)
    return [
      "output": tensor(y, shape: [rows, outputs]),
      "input_gradient": tensor(dx, shape: try data.shape("x")),
      "gradient.fc.0.weight": tensor(dw0, shape: try data.shape("fc.0.weight")),
      "gradient.fc.0.bias": tensor(db0),
      "gradient.fc.3.weight": tensor(dw3, shape: shape), "gradient.fc.3.bias": tensor(db3),
    ]
  }

  private static func adam<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let (steps, after) = (try data.shape("gradients")[0], try data.integers("after_steps"))
    let count = try data.shape("parameters")[0]
    let all = try data.values("gradients", as: type)
    var parameters = [
      NamedTensor<T>(
        name: "parameters", shape: [count], values: try data.values("parameters", as: type))
    ]
    var optimiser = Adam(options: try data.adamOptions(), parameters: parameters)
    let rate = try data.number("learning_rate")
    var rows: [T] = []
    for step in 1...steps {
      var gradients = parameters
      gradients[0].values = Array(all[(step - 1) * count..<step * count])
      _ = optimiser.update(&parameters, gradients: &gradients, learningRate: rate, threads: 1)
      if after.contains(step) { rows += parameters[0].values }
    }
    return ["parameters": tensor(rows, shape: [after.count, count])]
  }
}
