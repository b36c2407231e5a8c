import FileFormats
import HarmonicTransforms
import Resampling
import SphereGrids

extension ConformanceKit {
  // MARK: - Resampling

  static func resamplingCases(seed: UInt64) -> [CaseDraft] {
    let operations: [(String, Operation, isTranspose: Bool, isCopy: Bool)] = [
      ("containing-pixel", .resampleContainingPixel, false, true),
      ("containing-pixel-transpose", .resampleContainingPixelTranspose, true, true),
      ("bilinear", .resampleBilinear, false, false),
      ("bilinear-transpose", .resampleBilinearTranspose, true, false),
    ]
    let nside = 4
    let points = published(latitudes: 8, longitudes: 16)
    return operations.map { name, operation, isTranspose, isCopy in
      let id = "resample-\(name)"
      var inputs = points
      let numbers = CaseNumbers(seed: seed, id: id)
      if isTranspose {
        inputs["values_gradient"] = numbers.tensor("values_gradient", [2, 128])
      } else {
        inputs["field"] = numbers.tensor("field", [2, 12 * nside * nside])
      }
      return CaseDraft(
        id, operation, CaseData(parameters: ["nside": .integer(nside)], inputs: inputs)
      ) { data in
        try resampled(data, nside: nside, isTranspose: isTranspose, isCopy: isCopy)
      }
    }
  }

  /// y = W x or x = Wᵀ y, `ResamplingMethod` by its definition.
  private static func resampled(
    _ data: CaseData, nside: Int, isTranspose: Bool, isCopy: Bool
  ) throws -> NamedTensors {
    let grid = try HealpixGrid(nside: nside)
    let method: ResamplingMethod = isCopy ? .containingPixel : .bilinear
    let points = zip(try data.values("theta"), try data.values("phi")).map {
      Direction(theta: $0, phi: $1)
    }
    let name = isTranspose ? "values_gradient" : "field"
    let (x, lanes) = (try data.values(name), try data.shape(name)[0])
    return isTranspose
      ? [
        "field_gradient": tensor(
          try method.transposedByDefinition(x, from: grid, to: points),
          shape: [lanes, grid.pointCount])
      ]
      : [
        "values": tensor(
          try method.appliedByDefinition(x, from: grid, to: points), shape: [lanes, points.count])
      ]
  }

  // MARK: - Layers

  static func layerCases(seed: UInt64) -> [CaseDraft] {
    [
      inpaintingCase("mean-inpainting-mask", seed: seed, channels: 3),
      inpaintingCase("mean-inpainting-zeros", seed: seed, channels: 1),
      degreewiseCase(seed: seed), orderwiseCase(seed: seed), bandPowerCase(seed: seed),
      denseCase(seed: seed),
      inpaintingCase(
        "mean-inpainting-fractional-mask", seed: seed, channels: 3, observed: [1, 0.5, 0.25]),
      degreewiseCase("degreewise-mixing-narrow", seed: seed, lmax: 5, maps: 2, channels: (3, 1)),
      orderwiseCase(
        "orderwise-mixing-all-orders", seed: seed, lmax: 5, mmax: 5, maps: 2, channels: (3, 2)),
      denseZeroCase(seed: seed),
    ]
  }

  /// Mean-inpainting of random maps. Points that are not hidden have the values `observed` in the
  /// mask channel, in turn.
  private static func inpaintingCase(
    _ id: String, seed: UInt64, channels: Int, observed: [Double] = [1]
  ) -> CaseDraft {
    let numbers = CaseNumbers(seed: seed, id: id)
    let (maps, points) = (2, 60)
    var x = numbers.normals("x", count: maps * channels * points, mean: 1)
    let hidden = numbers.uniforms("hidden", count: points, 0, 1).map { $0 < 0.4 }
    for map in 0..<maps {
      for p in 0..<points {
        let mask = (map * channels + channels - 1) * points + p
        if hidden[p] { x[mask] = 0 } else if channels > 1 { x[mask] = observed[p % observed.count] }
      }
    }
    let shape = [maps, channels, points]
    return CaseDraft(
      id, .meanInpainting,
      CaseData(inputs: [
        "x": TensorData(x, shape: shape),
        "output_gradient": numbers.tensor("output_gradient", shape),
      ]), by: LayerDefinitions.meanInpainting)
  }

  private static func degreewiseCase(
    _ id: String = "degreewise-mixing", seed: UInt64, lmax: Int = 7, maps: Int = 3,
    channels: (in: Int, out: Int) = (2, 4)
  ) -> CaseDraft {
    let numbers = CaseNumbers(seed: seed, id: id)
    let count = coefficientCount(lmax: lmax, mmax: lmax)
    return CaseDraft(
      numbers.id, .degreewiseMixing,
      CaseData(
        parameters: ["lmax": .integer(lmax)],
        inputs: [
          "x": numbers.tensor("x", [maps, channels.in, count, 2]),
          "weights": numbers.tensor("weights", [lmax + 1, channels.in, channels.out]),
          "output_gradient": numbers.tensor("output_gradient", [maps, channels.out, count, 2]),
        ]), by: LayerDefinitions.degreewiseMixing)
  }

  private static func orderwiseCase(
    _ id: String = "orderwise-mixing", seed: UInt64, lmax: Int = 7, mmax: Int = 5, maps: Int = 3,
    channels: (in: Int, out: Int) = (2, 4)
  ) -> CaseDraft {
    let numbers = CaseNumbers(seed: seed, id: id)
    let count = coefficientCount(lmax: lmax, mmax: mmax)
    let shape = [channels.out, channels.in, lmax + 1, mmax + 1]
    return CaseDraft(
      numbers.id, .orderwiseMixing,
      CaseData(
        parameters: ["lmax": .integer(lmax), "mmax": .integer(mmax)],
        inputs: [
          "x": numbers.tensor("x", [maps, channels.in, count, 2]),
          "weight_real": numbers.tensor("weight_real", shape),
          "weight_imag": numbers.tensor("weight_imag", shape),
          "output_gradient": numbers.tensor("output_gradient", [maps, channels.out, count, 2]),
        ]), by: LayerDefinitions.orderwiseMixing)
  }

  private static func bandPowerCase(seed: UInt64) -> CaseDraft {
    let numbers = CaseNumbers(seed: seed, id: "band-powers")
    let (lmax, maps, channels, bands) = (7, 3, 2, 4)
    return CaseDraft(
      numbers.id, .bandPowers,
      CaseData(
        parameters: ["lmax": .integer(lmax)],
        inputs: [
          "x": realFieldCoefficients(numbers, "x", leading: [maps, channels], lmax: lmax),
          "weights": numbers.tensor("weights", [lmax + 1, channels, bands]),
          "output_gradient": numbers.tensor("output_gradient", [maps, channels, bands]),
        ]), by: LayerDefinitions.bandPowers)
  }

  private static func denseCase(seed: UInt64) -> CaseDraft {
    let numbers = CaseNumbers(seed: seed, id: "dense-layers")
    let (rows, inputs, hidden, outputs) = (5, 6, 8, 2)
    return CaseDraft(
      numbers.id, .denseLayers,
      CaseData(inputs: [
        "x": numbers.tensor("x", [rows, inputs]),
        "fc.0.weight": numbers.tensor("fc.0.weight", [hidden, inputs]),
        "fc.0.bias": numbers.tensor("fc.0.bias", [hidden]),
        "fc.3.weight": numbers.tensor("fc.3.weight", [outputs, hidden]),
        "fc.3.bias": numbers.tensor("fc.3.bias", [outputs]),
        "output_gradient": numbers.tensor("output_gradient", [rows, outputs]),
      ]), by: LayerDefinitions.denseLayers)
  }

  /// Whole numbers, so that what enters the ReLU is exact, and biases that make it exactly 0 for
  /// every hidden unit in one row: its derivative there is 0.
  private static func denseZeroCase(seed: UInt64) -> CaseDraft {
    let numbers = CaseNumbers(seed: seed, id: "dense-layers-zeros")
    let (rows, inputs, hidden, outputs) = (5, 6, 8, 2)
    func whole(_ name: String, count: Int) -> [Double] {
      numbers.uniforms(name, count: count, -3, 4).map { $0.rounded(.down) }
    }
    let x = whole("x", count: rows * inputs)
    let weights = whole("fc.0.weight", count: hidden * inputs)
    let bias = (0..<hidden).map { h in
      -(0..<inputs).reduce(0) { $0 + weights[h * inputs + $1] * x[h % rows * inputs + $1] }
    }
    return CaseDraft(
      numbers.id, .denseLayers,
      CaseData(inputs: [
        "x": TensorData(x, shape: [rows, inputs]),
        "fc.0.weight": TensorData(weights, shape: [hidden, inputs]),
        "fc.0.bias": TensorData(bias),
        "fc.3.weight": numbers.tensor("fc.3.weight", [outputs, hidden]),
        "fc.3.bias": numbers.tensor("fc.3.bias", [outputs]),
        "output_gradient": numbers.tensor("output_gradient", [rows, outputs]),
      ]), by: LayerDefinitions.denseLayers)
  }

  // MARK: - Normalisation and optimiser

  static func normalisationCases(seed: UInt64) -> [CaseDraft] {
    ["equal", "area"].flatMap { weighting in
      ["training", "inference"].map { mode in
        normalisationCase(
          "batch-normalisation-\(weighting)-\(mode)", seed: seed, weighting: weighting, mode: mode)
      }
    }
      // Values whose deviation is a 4096th of their mean: the difference of a mean square and a
      // squared mean has no digit left in single precision.
      + ["equal", "area"].map { weighting in
        normalisationCase(
          "batch-normalisation-narrow-\(weighting)", seed: seed, weighting: weighting,
          mode: "training", deviation: 0x1p-12, epsilon: 0x1p-40)
      }
  }

  private static func normalisationCase(
    _ id: String, seed: UInt64, weighting: String, mode: String, deviation: Double = 2,
    epsilon: Double = 1e-5
  ) -> CaseDraft {
    let grid = GaussLegendreGrid(lmax: 5)
    let area = grid.rings.flatMap { [Double](repeating: $0.weight, count: $0.count) }
    let (maps, channels) = (3, 2)
    let shape = [maps, channels, grid.pointCount]
    let numbers = CaseNumbers(seed: seed, id: id)
    let weights = weighting == "equal" ? area.map { _ in 1.0 } : area
    return CaseDraft(
      numbers.id, .batchNormalisation,
      CaseData(
        parameters: [
          "mode": .text(mode), "weighting": .text(weighting), "epsilon": .number(epsilon),
          "momentum": 0.1,
        ],
        inputs: [
          "x": numbers.tensor("x", shape, mean: 1, deviation: deviation),
          "point_weights": TensorData(weights),
          "gamma": numbers.tensor("gamma", [channels], mean: 1, deviation: 0.3),
          "beta": numbers.tensor("beta", [channels]),
          "running_mean": numbers.tensor("running_mean", [channels]),
          "running_var": TensorData([2.5, 0.75]),
          "output_gradient": numbers.tensor("output_gradient", shape),
        ]), by: LayerDefinitions.batchNormalisation)
  }

  static func optimiserCases(seed: UInt64) -> [CaseDraft] {
    let numbers = CaseNumbers(seed: seed, id: "adam-50-steps")
    let (steps, count) = (50, 12)
    // Half of the parameters have gradients of 1e-6 and less, beside which epsilon counts.
    let gradients = numbers.normals("gradients", count: steps * count).enumerated().map {
      $0.offset % count < count / 2 ? $0.element : 0x1p-20 * $0.element
    }
    return [
      CaseDraft(
        numbers.id, .adam,
        CaseData(
          parameters: [
            "learning_rate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8,
            "after_steps": [1, 2, 5, 10, 20, 50],
          ],
          inputs: [
            "parameters": numbers.tensor("parameters", [count]),
            "gradients": TensorData(gradients, shape: [steps, count]),
          ]), by: LayerDefinitions.adam)
    ]
  }
}
