import FileFormats
import Foundation
import HarmonicTransforms
import SphereGrids

/// The two networks of the kit, composed of direct sums and of layers by their formulas.
///
/// Nothing here is shared with `PublishedNetwork` and `IsotropicNetwork` but λ_lm, the quadrature
/// rules and the pixel functions.
enum NetworkDefinitions {
  // MARK: - The published network

  static func published(_ data: CaseData) throws -> NamedTensors {
    let (latitudes, longitudes) = (try data.integer("latitudes"), try data.integer("longitudes"))
    let (lmax, mmax) = (try data.integer("lmax"), try data.integer("mmax"))
    let nodes = ClenshawCurtisGrid(ringCount: latitudes, longitudeCount: longitudes)
    let transform = TransformDefinitions(
      grid: nodes, lmax: lmax, mmax: mmax,
      onceOrder: 2 * mmax >= longitudes && longitudes % 2 == 0 ? longitudes / 2 : nil)
    var steps = [try sampling(data, latitudes: latitudes, longitudes: longitudes)]
    if try data.integer("inpainting") == 1 {
      steps.append(
        NetworkStep(
          layer: CaseData(), outputShape: { $0 }, names: [:], LayerDefinitions.meanInpainting))
    }
    let blocks = try data.integer("blocks")
    for k in 0..<blocks {
      steps += [
        transform.analysisStep, try orderwise(data, block: k), transform.synthesisStep,
        try normalisation(
          data, block: k, "equal",
          weights: nodes.rings.flatMap {
            [Double](repeating: 1, count: $0.count)
          }),
      ]
      if k < blocks - 1 { steps.append(.rectified) }
    }
    steps += [.pooled, try dense(data)]
    return try NetworkDefinition(steps: steps).outputs(
      data, input: "maps", withGradients: try data.integer("gradients") == 1)
  }

  /// The pixel that contains each point θ_j = jπ/latitudes, φ_k = 2πk/longitudes.
  private static func sampling(
    _ data: CaseData, latitudes: Int, longitudes: Int
  ) throws -> NetworkStep {
    let grid = try HealpixGrid(nside: try data.integer("nside"))
    let pixels = try (0..<latitudes * longitudes).map {
      try grid.pixel(
        theta: Double($0 / longitudes) * .pi / Double(latitudes),
        phi: 2 * .pi * Double($0 % longitudes) / Double(longitudes))
    }
    return NetworkStep { x in
      let (values, count) = (try x.doubles(), x.shape[2])
      return TensorData(
        (0..<x.shape[0] * x.shape[1]).flatMap { lane in pixels.map { values[lane * count + $0] } },
        shape: [x.shape[0], x.shape[1], pixels.count])
    } gradient: { x, dy in
      var dx = [Double](repeating: 0, count: x.count)
      for (index, value) in try dy.doubles().enumerated() {
        dx[index / pixels.count * x.shape[2] + pixels[index % pixels.count]] += value
      }
      return TensorData(dx, shape: x.shape)
    }
  }

  private static func orderwise(_ data: CaseData, block k: Int) throws -> NetworkStep {
    let weights = "blocks.\(k).weight"
    let real = try data.inputs.tensor("state.\(weights)_real")
    let imaginary = try data.inputs.tensor("state.\(weights)_imag")
    return NetworkStep(
      layer: CaseData(
        parameters: data.parameters, inputs: ["weight_real": real, "weight_imag": imaginary]),
      outputShape: { [$0[0], real.shape[0], $0[2], 2] },
      names: [
        "weight_real_gradient": "gradient.\(weights)_real",
        "weight_imag_gradient": "gradient.\(weights)_imag",
      ], LayerDefinitions.orderwiseMixing)
  }

  private static func dense(_ data: CaseData) throws -> NetworkStep {
    let names = ["fc.0.weight", "fc.0.bias", "fc.3.weight", "fc.3.bias"]
    var inputs = NamedTensors()
    for name in names { inputs[name] = try data.inputs.tensor("state.\(name)") }
    let outputs = try inputs.tensor("fc.3.bias").count
    return NetworkStep(
      layer: CaseData(inputs: inputs), outputShape: { [$0[0], outputs] },
      names: Dictionary(uniqueKeysWithValues: names.map { ("gradient.\($0)", "gradient.\($0)") }),
      LayerDefinitions.denseLayers)
  }

  static func normalisation(
    _ data: CaseData, block k: Int, _ weighting: String, weights: [Double]
  ) throws -> NetworkStep {
    let name = "batchnorms.\(k)"
    func state(_ part: String) throws -> TensorData {
      try data.inputs.tensor("state.\(name).\(part)")
    }
    return NetworkStep(
      layer: CaseData(
        parameters: [
          "mode": .text(try data.text("mode")), "weighting": .text(weighting), "epsilon": 1e-5,
          "momentum": 0.1,
        ],
        inputs: [
          "point_weights": TensorData(weights), "gamma": try state("weight"),
          "beta": try state("bias"), "running_mean": try state("running_mean"),
          "running_var": try state("running_var"),
        ]), outputShape: { $0 },
      names: [
        "gamma_gradient": "gradient.\(name).weight", "beta_gradient": "gradient.\(name).bias",
        "updated_running_mean": "updated.\(name).running_mean",
        "updated_running_var": "updated.\(name).running_var",
      ], LayerDefinitions.batchNormalisation)
  }

  // MARK: - The isotropic network

  static func isotropic(_ data: CaseData) throws -> NamedTensors {
    let (lmax, rings) = (try data.integer("lmax"), try data.integer("grid_rings"))
    let grid = GaussLegendreGrid(
      ringCount: rings, longitudeCount: try data.integer("longitudes"))
    let weights = grid.rings.flatMap { [Double](repeating: $0.weight, count: $0.count) }
    let transform = TransformDefinitions(grid: grid, lmax: lmax)
    let input = try data.text("input")
    var steps: [NetworkStep] = []
    if input == "maps" {
      let sky = TransformDefinitions(
        grid: try HealpixGrid(nside: try data.integer("nside")), lmax: lmax)
      steps.append(try sky.leastSquaresStep())
    }
    let blocks = try data.integers("channels").count
    for k in 0..<blocks {
      let weightsOfBlock = try data.inputs.tensor("state.blocks.\(k).weights")
      steps.append(
        NetworkStep(
          layer: CaseData(parameters: data.parameters, inputs: ["weights": weightsOfBlock]),
          outputShape: { [$0[0], weightsOfBlock.shape[2], $0[2], 2] },
          names: ["weights_gradient": "gradient.blocks.\(k).weights"],
          LayerDefinitions.degreewiseMixing))
      guard k < blocks - 1 else { break }
      steps += [
        transform.synthesisStep, try normalisation(data, block: k, "area", weights: weights),
        .rectified, transform.analysisStep,
      ]
    }
    steps += [.bandLogarithms(lmax: lmax), try ReadoutDefinition(data).step]
    var outputs = try NetworkDefinition(steps: steps).outputs(
      data, input: input, withGradients: true)
    // Im a_l0 of a real field is no degree of freedom.
    if input == "coefficients" {
      let gradient = try outputs.tensor("gradient.coefficients")
      let count = 2 * coefficientCount(lmax: lmax, mmax: lmax)
      outputs["gradient.coefficients"] = TensorData(
        try gradient.doubles().enumerated().map { index, value in
          let place = index % count
          return place < 2 * (lmax + 1) && place % 2 == 1 ? 0 : value
        }, shape: gradient.shape)
    }
    return outputs
  }
}

extension NetworkStep {
  /// z = ln p, p = 1/4π Σ_{m ≥ 0} (2 − δ_m0) |y_lm|² without Im y_l0,
  /// from `[maps, channels, lm, 2]`.
  static func bandLogarithms(lmax: Int) -> NetworkStep {
    /// (2 − δ_m0), or 0 for Im y_l0.
    let factors = (0...lmax).flatMap { m in
      (m...lmax).flatMap { _ in m == 0 ? [1.0, 0.0] : [2.0, 2.0] }
    }
    func powers(_ y: [Double]) -> [Double] {
      stride(from: 0, to: y.count, by: factors.count).map { first in
        var sum = 0.0
        for (i, factor) in factors.enumerated() { sum += factor * y[first + i] * y[first + i] }
        return sum / (4 * .pi)
      }
    }
    return NetworkStep { y in
      TensorData(powers(try y.doubles()).map { log($0) }, shape: [y.shape[0], y.shape[1]])
    } gradient: { y, dz in
      let (values, gradient) = (try y.doubles(), try dz.doubles())
      let p = powers(values)
      return TensorData(
        values.indices.map { (i: Int) -> Double in
          let lane = i / factors.count
          let factor = factors[i % factors.count] / (2 * Double.pi)
          return gradient[lane] / p[lane] * factor * values[i]
        }, shape: y.shape)
    }
  }
}
