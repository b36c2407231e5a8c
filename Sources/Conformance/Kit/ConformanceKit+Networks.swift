import FileFormats
import Foundation
import HarmonicTransforms
import SpectralNetworks
import SphereGrids

/// The sizes of one case of the published network.
private struct PublishedSetting {
  let name: String
  var nside = 4
  var latitudes = 8
  var longitudes = 16
  var lmax = 9
  var mmax = 8
  var inputChannels = 1
  var hiddenChannels = 4
  var blocks = 2
  var denseWidth = 6
  var outputCount = 2
  var maps = 3
  var inpaints = false
  var mode = "training"
  var hasGradients = true

  var parameters: [String: ParameterValue] {
    [
      "nside": .integer(nside), "latitudes": .integer(latitudes),
      "longitudes": .integer(longitudes), "lmax": .integer(lmax), "mmax": .integer(mmax),
      "input_channels": .integer(inputChannels), "hidden_channels": .integer(hiddenChannels),
      "blocks": .integer(blocks), "dense_width": .integer(denseWidth),
      "output_count": .integer(outputCount), "inpainting": .integer(inpaints ? 1 : 0),
      "mode": .text(mode), "gradients": .integer(hasGradients ? 1 : 0),
    ]
  }
}

extension ConformanceKit {
  // MARK: - The published network

  static func publishedCases(seed: UInt64) -> [CaseDraft] {
    [
      PublishedSetting(name: "training"),
      PublishedSetting(name: "inpainting-training", inputChannels: 3, inpaints: true),
      PublishedSetting(name: "inference", mode: "inference"),
      PublishedSetting(
        name: "t1-inference", nside: 16, latitudes: 32, longitudes: 64, lmax: 46, mmax: 32,
        hiddenChannels: 2, blocks: 3, denseWidth: 64, outputCount: 1, maps: 1, mode: "inference",
        hasGradients: false),
    ].map { setting in
      let numbers = CaseNumbers(seed: seed, id: "published-network-\(setting.name)")
      return CaseDraft(
        numbers.id, .publishedNetwork,
        CaseData(parameters: setting.parameters, inputs: publishedInputs(setting, numbers)),
        by: NetworkDefinitions.published)
    }
  }

  private static func publishedInputs(
    _ setting: PublishedSetting, _ numbers: CaseNumbers
  ) -> NamedTensors {
    let (hidden, pixels) = (setting.hiddenChannels, 12 * setting.nside * setting.nside)
    var maps = numbers.normals("maps", count: setting.maps * setting.inputChannels * pixels)
    if setting.inpaints {
      // The last channel is a mask: a third of the sky from pixel 0 is hidden.
      for map in 0..<setting.maps {
        let first = (map * setting.inputChannels + setting.inputChannels - 1) * pixels
        for p in 0..<pixels { maps[first + p] = p < pixels / 3 ? 0 : 1 }
      }
    }
    var inputs: NamedTensors = [
      "maps": TensorData(maps, shape: [setting.maps, setting.inputChannels, pixels]),
      "target": numbers.tensor(
        "target", [setting.maps, setting.outputCount], mean: 8, deviation: 3),
    ]
    func add(_ name: String, _ shape: [Int], mean: Double = 0, deviation: Double) {
      inputs["state.\(name)"] = numbers.tensor(name, shape, mean: mean, deviation: deviation)
    }
    for k in 0..<setting.blocks {
      let channels = k == 0 ? setting.inputChannels : hidden
      let shape = [hidden, channels, setting.lmax + 1, setting.mmax + 1]
      let deviation = 1 / Double(channels).squareRoot()
      add("blocks.\(k).weight_real", shape, deviation: deviation)
      add("blocks.\(k).weight_imag", shape, deviation: deviation)
      add("batchnorms.\(k).weight", [hidden], mean: 1, deviation: 0.2)
      add("batchnorms.\(k).bias", [hidden], deviation: 0.5)
      add("batchnorms.\(k).running_mean", [hidden], deviation: 0.3)
      inputs["state.batchnorms.\(k).running_var"] = TensorData(
        (0..<hidden).map { 1 + 0.25 * Double($0) })
    }
    add("fc.0.weight", [setting.denseWidth, hidden], deviation: 1)
    add("fc.0.bias", [setting.denseWidth], deviation: 0.5)
    add("fc.3.weight", [setting.outputCount, setting.denseWidth], deviation: 1)
    add("fc.3.bias", [setting.outputCount], mean: 8, deviation: 1)
    return inputs
  }

  // MARK: - The isotropic network

  static func isotropicCases(seed: UInt64) -> [CaseDraft] {
    [
      ("coefficients-training", "coefficients", "training", 1),
      ("coefficients-inference", "coefficients", "inference", 2),
      ("maps-training", "maps", "training", 3),
    ].map { name, input, mode, degree in
      let numbers = CaseNumbers(seed: seed, id: "isotropic-network-\(name)")
      return isotropicCase(numbers, input: input, mode: mode, degree: degree)
    }
  }

  private static func isotropicCase(
    _ numbers: CaseNumbers, input: String, mode: String, degree: Int
  ) -> CaseDraft {
    let (lmax, rings, channels, maps, outputs) = (6, 8, [3, 4], 3, 2)
    let inputChannels = input == "maps" ? 1 : 2
    var parameters: [String: ParameterValue] = [
      "lmax": .integer(lmax), "grid_rings": .integer(rings),
      "longitudes": .integer(GaussLegendreGrid(lmax: rings - 1).longitudeCount),
      "input_channels": .integer(inputChannels), "channels": .integers(channels),
      "power_function": "logarithm", "readout_degree": .integer(degree),
      "output_count": .integer(outputs), "mode": .text(mode), "input": .text(input),
    ]
    if input == "maps" { parameters["nside"] = 4 }
    var inputs: NamedTensors = [
      input: input == "maps"
        ? numbers.tensor("maps", [maps, inputChannels, 192])
        : realFieldCoefficients(
          numbers, "coefficients", leading: [maps, inputChannels], lmax: lmax),
      "target": numbers.tensor("target", [maps, outputs]),
    ]
    for (k, width) in channels.enumerated() {
      let entering = k == 0 ? inputChannels : channels[k - 1]
      inputs["state.blocks.\(k).weights"] = numbers.tensor(
        "blocks.\(k)", [lmax + 1, entering, width],
        deviation: (2 / Double(entering)).squareRoot())
      guard k < channels.count - 1 else { continue }
      let name = "state.batchnorms.\(k)"
      inputs["\(name).weight"] = numbers.tensor("\(name).weight", [width], mean: 1, deviation: 0.2)
      inputs["\(name).bias"] = numbers.tensor("\(name).bias", [width], deviation: 0.5)
      inputs["\(name).running_mean"] = numbers.tensor("\(name).mean", [width], deviation: 0.3)
      inputs["\(name).running_var"] = TensorData((0..<width).map { 1 + 0.25 * Double($0) })
    }
    let bands = channels[channels.count - 1]
    let features = PolynomialFeatures(variables: bands, degree: degree).count
    inputs["state.readout.mean"] = numbers.tensor("readout.mean", [bands], deviation: 0.3)
    inputs["state.readout.rotation"] = numbers.tensor(
      "readout.rotation", [bands, bands], deviation: 0.5)
    inputs["state.readout.weight"] = numbers.tensor("readout.weight", [outputs, features])
    inputs["state.readout.bias"] = numbers.tensor("readout.bias", [outputs])
    return CaseDraft(
      numbers.id, .isotropicNetwork, CaseData(parameters: parameters, inputs: inputs),
      by: NetworkDefinitions.isotropic)
  }

  // MARK: - Random fields

  /// A peaked spectrum, exact in `Float`.
  static func fieldCases() -> [CaseDraft] {
    let cl = (0...12).map { l in
      let distance = Double(l) - 6
      return Double(Float(exp(-distance * distance / 20) + 0.01))
    }
    return [
      CaseDraft(
        "gaussian-field", .gaussianField,
        CaseData(
          parameters: ["lmax": 12, "draws": 256], inputs: ["cl": TensorData(cl)])),
      CaseDraft(
        "gaussian-field-many", .gaussianField,
        CaseData(
          parameters: ["lmax": 6, "draws": 4096],
          inputs: ["cl": TensorData(Array(cl.prefix(7)))])),
    ]
  }
}
