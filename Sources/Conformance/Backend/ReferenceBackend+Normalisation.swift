import FileFormats
import FourierTransforms
import Kernels
import SpectralNetworks

extension ReferenceBackend {
  /// Every point of the grid is a part of its own.
  static func batchNormalisation<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let shape = try data.shape("x")
    let (maps, channels, points) = (shape[0], shape[1], shape[2])
    let normalisation = try data.batchNormalisation()
    let layer = FieldNormalisation(
      normalisation: normalisation,
      parts: try data.values("point_weights").enumerated().map {
        FieldNormalisation.Part(points: $0..<$0 + 1, weight: $1)
      }, maps: maps, channels: channels)
    let isTraining = try data.isTraining()
    let x = try data.lanes("x", axes: 2, as: type).values.doubles()
    let dy = try data.lanes("output_gradient", axes: 2, as: type).values.doubles()
    let (running, gamma) = (try data.runningStatistics(), try data.values("gamma"))
    let statistics = isTraining ? layer.statistics(x) : running
    let y = layer.forward(x, statistics, gamma: gamma, beta: try data.values("beta"))
    let gradients = layer.backward(
      dy, saved: x, statistics, gamma: gamma, isTraining: isTraining)
    func field(_ values: [Double]) -> TensorData {
      tensor(lanesLast: values.map { T($0) }, leading: [maps, channels], shape: [points])
    }
    var outputs: NamedTensors = [
      "output": field(y), "input_gradient": field(gradients.input),
      "gamma_gradient": tensor(rounding: gradients.gamma, to: type),
      "beta_gradient": tensor(rounding: gradients.beta, to: type),
    ]
    if isTraining {
      let updated = normalisation.updated(
        running: running, with: statistics, count: maps * points)
      outputs["updated_running_mean"] = tensor(rounding: updated.mean, to: type)
      outputs["updated_running_var"] = tensor(rounding: updated.variance, to: type)
    }
    return outputs
  }
}
