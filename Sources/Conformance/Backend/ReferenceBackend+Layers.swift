import FileFormats
import FourierTransforms
import HarmonicTransforms
import Kernels
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

  /// Our weights are `[(l, m)][re, im][input][output]`, the published ones `[output][input][l][m]`.
  private static func orderwiseMixing<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let shape = try data.shape("weight_real")
    let (outputs, inputs, degrees, orders) = (shape[0], shape[1], shape[2], shape[3])
    let mixing = OrderwiseMixing<T>(
      inputChannels: inputs, outputChannels: outputs, lmax: degrees - 1, mmax: orders - 1)
    func forEachWeight(_ body: (_ ours: Int, _ published: Int) -> Void) {
      for m in 0..<orders {
        for l in m..<degrees {
          let first = 2 * coefficientIndex(l: l, m: m, lmax: degrees - 1) * inputs * outputs
          for i in 0..<inputs {
            for o in 0..<outputs {
              body(
                first + i * outputs + o, ((o * inputs + i) * degrees + l) * orders + m)
            }
          }
        }
      }
    }
    let published = [
      try data.values("weight_real", as: type), try data.values("weight_imag", as: type),
    ]
    var weights = [T](repeating: 0, count: mixing.weightCount)
    forEachWeight { ours, place in
      for part in 0...1 { weights[ours + part * inputs * outputs] = published[part][place] }
    }
    let result = try mixed(mixing, data, weights: weights)
    var gradients = published.map { [T](repeating: 0, count: $0.count) }
    forEachWeight { ours, place in
      for part in 0...1 {
        gradients[part][place] = result.weightsGradient[ours + part * inputs * outputs]
      }
    }
    return [
      "output": result.output, "input_gradient": result.inputGradient,
      "weight_real_gradient": tensor(gradients[0], shape: shape),
      "weight_imag_gradient": tensor(gradients[1], shape: shape),
    ]
  }

  /// Forward and backward of a mixing, order by order.
  private static func mixed<M: SpectralMixing>(
    _ mixing: M, _ data: CaseData, weights: [M.Scalar]
  ) throws -> (output: TensorData, inputGradient: TensorData, weightsGradient: [M.Scalar])
  where M.Scalar: FourierScalar {
    typealias T = M.Scalar
    let maps = try data.shape("x")[0]
    let x = try data.lanes("x", axes: 2, as: T.self).values
    let dy = try data.lanes("output_gradient", axes: 2, as: T.self).values
    var y = [T](repeating: 0, count: dy.count)
    var dx = [T](repeating: 0, count: x.count)
    var dw = [T](repeating: 0, count: weights.count)
    func panel(_ view: BufferView<T>, _ m: Int, _ channels: Int) -> Panel<T> {
      let place = coefficientIndex(l: m, m: m, lmax: mixing.lmax)
      return Panel(view.at(place * 2 * maps * channels), stride: maps * channels)
    }
    x.withView { x in
      weights.withView { weights in
        y.withMutableView { y in
          for m in 0...mixing.mmax {
            mixing.forward(
              order: m, maps: maps, panel(x, m, mixing.inputChannels),
              to: panel(y, m, mixing.outputChannels), weights: weights)
          }
        }
        dy.withView { dy in
          dx.withMutableView { dx in
            dw.withMutableView { dw in
              for m in 0...mixing.mmax {
                mixing.backward(
                  order: m, maps: maps, panel(x, m, mixing.inputChannels),
                  panel(dy, m, mixing.outputChannels), to: panel(dx, m, mixing.inputChannels),
                  weights: weights, accumulatingInto: dw)
              }
            }
          }
        }
      }
    }
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
    let a = try data.coefficients("x", lmax: lmax, axes: 2, as: type)
    let stride = paddedLaneStride(a.lanes, of: type)
    let rows = a.values.count / a.lanes
    let panel = AlignedBuffer<T>(count: rows * stride)
    for row in 0..<rows {
      for lane in 0..<a.lanes { panel[row * stride + lane] = a.values[row * a.lanes + lane] }
    }
    let weights = try data.values("weights", as: type)
    let spectra = layer.spectra(panel.view(), laneStride: stride, lanes: a.lanes, threads: 1)
    var dw = [T](repeating: 0, count: weights.count)
    let factors = layer.backward(
      try data.values("output_gradient"), saved: spectra, weights: weights, accumulatingInto: &dw)
    layer.inputGradient(factors, panel.view(), laneStride: stride, threads: 1)
    var gradient = a
    for row in 0..<rows {
      for lane in 0..<a.lanes { gradient.values[row * a.lanes + lane] = panel[row * stride + lane] }
    }
    return [
      "output": tensor(
        rounding: layer.forward(spectra, weights: weights), shape: [maps, channels, bands],
        to: type),
      "input_gradient": tensor(gradient, leading: [maps, channels]),
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
    var optimiser = Adam(
      options: AdamOptions(
        beta1: try data.number("beta1"), beta2: try data.number("beta2"),
        epsilon: try data.number("epsilon")), parameters: parameters)
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
