import FileFormats
import FourierTransforms
import Kernels
import SpectralNetworks

extension ReferenceBackend {
  static func batchNormalisation<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let shape = try data.shape("x")
    let (maps, channels, points) = (shape[0], shape[1], shape[2])
    let lanes = maps * channels
    let layer = BatchNormalisation(
      weighting: try weighting(data), epsilon: try data.number("epsilon"),
      momentum: try data.number("momentum"))
    let isTraining = try data.text("mode") == "training"
    let x = try data.lanes("x", axes: 2, as: type).values.doubles()
    let dy = try data.lanes("output_gradient", axes: 2, as: type).values.doubles()
    let pointWeights = try data.values("point_weights")
    let running = BatchNormalisation.Statistics(
      mean: try data.values("running_mean"), variance: try data.values("running_var"))
    let statistics =
      isTraining
      ? layer.statistics(
        means: (0..<points).map { Array(x[$0 * lanes..<($0 + 1) * lanes]) },
        squares: [[Double]](repeating: [Double](repeating: 0, count: lanes), count: points),
        weights: pointWeights, counts: [Int](repeating: 1, count: points), maps: maps,
        channels: channels) : running
    let gamma = try data.values("gamma")
    let (scale, shift) = layer.affine(statistics, gamma: gamma, beta: try data.values("beta"))
    let y = x.indices.map { scale[$0 % channels] * x[$0] + shift[$0 % channels] }
    let back = normalisationGradients(
      layer, statistics, gamma: gamma, x: x, dy: dy, channels: channels,
      shares: shares(pointWeights, maps: maps), isTraining: isTraining)
    func field(_ values: [Double]) -> TensorData {
      tensor(lanesLast: values.map { T($0) }, leading: [maps, channels], shape: [points])
    }
    var outputs: NamedTensors = [
      "output": field(y), "input_gradient": field(back.input),
      "gamma_gradient": tensor(rounding: back.gamma, to: type),
      "beta_gradient": tensor(rounding: back.beta, to: type),
    ]
    if isTraining {
      let updated = layer.updated(running: running, with: statistics, count: maps * points)
      outputs["updated_running_mean"] = tensor(rounding: updated.mean, to: type)
      outputs["updated_running_var"] = tensor(rounding: updated.variance, to: type)
    }
    return outputs
  }

  private static func weighting(_ data: CaseData) throws -> PointWeighting {
    let text = try data.text("weighting")
    guard let weighting = PointWeighting(rawValue: text) else {
      throw ConformanceError.parameter(name: "weighting", found: text, expected: "equal or area")
    }
    return weighting
  }

  /// ŵ_p = w_p / (B Σ_q w_q).
  static func shares(_ weights: [Double], maps: Int) -> [Double] {
    let total = Double(maps) * weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  /// x̄, γ̄ and β̄ by `backwardCoefficients`, fields `[point][map * channels + channel]`.
  private static func normalisationGradients(
    _ layer: BatchNormalisation, _ statistics: BatchNormalisation.Statistics, gamma: [Double],
    x: [Double], dy: [Double], channels: Int, shares: [Double], isTraining: Bool
  ) -> (input: [Double], gamma: [Double], beta: [Double]) {
    var sums = [Double](repeating: 0, count: channels)
    var products = sums
    for i in x.indices {
      let c = i % channels
      sums[c] += dy[i]
      products[c] +=
        dy[i] * (x[i] - statistics.mean[c])
        / (statistics.variance[c] + layer.epsilon).squareRoot()
    }
    let (a, b, c) = layer.backwardCoefficients(
      statistics, gamma: gamma, gradientSum: sums, gradientProduct: products,
      isTraining: isTraining)
    let lanes = x.count / shares.count
    let input = x.indices.map { i in
      let k = i % channels
      return a[k] * dy[i] + shares[i / lanes] * (b[k] * x[i] + c[k])
    }
    return (input, products, sums)
  }
}
