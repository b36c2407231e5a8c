import FileFormats
import SpectralNetworks
import Training

/// The expected values of the two networks: the tensors of a case in, the network by its
/// definition, and its numbers out as tensors.
enum NetworkDefinitions {
  static func published(_ data: CaseData) throws -> NamedTensors {
    let configuration = try data.publishedConfiguration()
    let network = try PublishedNetwork<Double>.byDefinition(
      configuration, state: try data.state(as: Double.self), isTraining: try data.isTraining())
    return try outputs(
      of: network, data, input: "maps", blocks: configuration.blockCount,
      withGradients: try data.integer("gradients") == 1)
  }

  static func isotropic(_ data: CaseData) throws -> NamedTensors {
    let configuration = try data.isotropicConfiguration()
    let input = try data.text("input")
    let network = try IsotropicNetwork<Double>.byDefinition(
      configuration, state: try data.state(as: Double.self), readsMaps: input == "maps",
      isTraining: try data.isTraining())
    return try outputs(
      of: network, data, input: input, blocks: configuration.channels.count, withGradients: true)
  }

  /// Outputs, loss and gradients as a case of the kit has them, the last stages first.
  private static func outputs(
    of network: StagedNetwork, _ data: CaseData, input: String, blocks: Int, withGradients: Bool
  ) throws -> NamedTensors {
    let (targets, shape) = (try data.values("target"), try data.shape("target"))
    let pass = try network.evaluate(try data.values(input), wantsGradients: withGradients) {
      Loss.meanSquared.evaluateByDefinition(outputs: $0, targets: targets)
    }
    var outputs: NamedTensors = [
      "output": tensor(pass.outputs, shape: shape), "loss": tensor([pass.value]),
    ]
    guard let gradients = pass.gradients else { return outputs }
    func add(_ isIncluded: (String) -> Bool) {
      for (kind, tensors) in [
        ("gradient", gradients.parameters), ("updated", gradients.updates),
      ] {
        for item in tensors where isIncluded(item.name) {
          outputs["\(kind).\(item.name)"] = tensor(item.values, shape: item.shape)
        }
      }
    }
    add { !$0.hasPrefix("blocks.") && !$0.hasPrefix("batchnorms.") }
    for k in (0..<blocks).reversed() {
      add { $0.hasPrefix("batchnorms.\(k).") }
      add { $0.hasPrefix("blocks.\(k).") }
    }
    outputs["gradient.\(input)"] = tensor(gradients.input, shape: try data.shape(input))
    return outputs
  }
}
