import FileFormats
import SphereGrids

/// One case with its numbers: what is given and what is expected.
struct ConformanceCase: Sendable {
  private(set) var description: CaseDescription
  let data: CaseData
  private(set) var expected: NamedTensors

  /// A case whose expected values this program computes in `Double`; with the flags of another case
  /// if they are given.
  init(
    _ id: String, _ operation: Operation, _ data: CaseData, faults: [String]? = nil
  ) throws {
    try self.init(
      id, operation, data, origin: .implementation,
      expected: ReferenceBackend.outputs(operation, data, as: Double.self), faults: faults)
  }

  /// A case whose expected values follow from the definition.
  init(
    _ id: String, _ operation: Operation, _ data: CaseData, expected: NamedTensors
  ) throws {
    try self.init(id, operation, data, origin: .definition, expected: expected)
  }

  private init(
    _ id: String, _ operation: Operation, _ data: CaseData, origin: CaseDescription.Origin,
    expected: NamedTensors, faults: [String]? = nil
  ) throws {
    self.data = data
    // The numbers of a random field are the backend's own: nothing is expected but their shape.
    self.expected = operation == .gaussianField ? [:] : expected
    description = CaseDescription(
      id: id, operation: operation.rawValue, parameters: data.parameters,
      file: "\(id).safetensors", origin: origin,
      inputs: data.inputs.map {
        TensorDescription(name: $0.name, dtype: $0.tensor.dtype.rawValue, shape: $0.tensor.shape)
      },
      outputs: try expected.map { name, tensor in
        let rule = try OutputRule(operation, output: name, isInteger: tensor.dtype == .int64, data)
        return OutputDescription(
          name: name, dtype: tensor.dtype.rawValue, shape: tensor.shape, measure: rule.measure,
          scale: try Self.scale(operation, output: name, expected),
          tolerance: rule.tolerance(isInteger: tensor.dtype == .int64), reason: rule.reason)
      }, faults: nil)
    description.faults =
      try faults ?? Self.faults(operation, data, expected, description.outputs)
  }

  /// The same case with certified values.
  func certified(_ values: NamedTensors) -> ConformanceCase {
    var result = self
    result.expected = values
    result.description.origin = .certified
    return result
  }

  /// What the gradients of the published network are measured by, if it is more than their own
  /// norm: the gradient that enters the last block, which is its β̄ for each channel.
  ///
  /// In training, normalisation takes away the part that all maps have in common and leaves the
  /// rounding of what it took; in inference the imaginary weights of the last block have no
  /// gradient but rounding. A power of two, so that it does not depend on last bits.
  private static func scale(
    _ operation: Operation, output: String, _ expected: NamedTensors
  ) throws -> Double? {
    guard operation == .publishedNetwork, output.hasPrefix("gradient.") else { return nil }
    let last = expected.names.filter {
      $0.hasPrefix("gradient.batchnorms.") && $0.hasSuffix(".bias")
    }.max()
    guard let last else { return nil }
    let squares = try expected.tensor(last).doubles().reduce(0) { $0 + $1 * $1 }
    return squares.squareRoot().binade
  }

  /// The file of the case.
  var file: SafetensorsFile {
    var tensors = NamedTensors()
    for (name, tensor) in data.inputs { tensors["input.\(name)"] = tensor }
    for (name, tensor) in expected { tensors["expected.\(name)"] = tensor }
    return SafetensorsFile(tensors: tensors)
  }
}

extension NamedTensors {
  /// These tensors and the four of a grid.
  func adding(_ grid: any RingGrid) -> NamedTensors {
    var result = self
    result["ring_theta"] = TensorData(grid.rings.map(\.theta))
    result["ring_phi0"] = TensorData(grid.rings.map(\.phi0))
    result["ring_count"] = TensorData(grid.rings.map { Int64($0.count) })
    result["ring_weight"] = TensorData(grid.rings.map(\.weight))
    return result
  }
}
