import FileFormats

/// One stage of a network by its definition: what it computes and what its gradient is.
struct NetworkStep {
  /// y from x.
  let forward: (_ x: TensorData) throws -> TensorData
  /// x̄ from x and ȳ, with everything else that training needs: `gradient.<name>`,
  /// `updated.<name>`.
  let backward:
    (_ x: TensorData, _ outputGradient: TensorData) throws -> (
      inputGradient: TensorData, others: NamedTensors
    )
}

extension NetworkStep {
  /// A stage without weights.
  init(
    _ forward: @escaping (TensorData) throws -> TensorData,
    gradient: @escaping (_ x: TensorData, _ outputGradient: TensorData) throws -> TensorData
  ) {
    self.init(forward: forward) { (try gradient($0, $1), [:]) }
  }

  /// A layer of `LayerDefinitions`, which takes x and ȳ together and returns y, x̄ and gradients.
  ///
  /// - Parameters:
  ///   - data: parameters and weights.
  ///   - outputShape: shape of y, from that of x.
  ///   - names: names of gradients and updates, by those of the layer; others are left out.
  ///   - body: the layer.
  init(
    layer data: CaseData, outputShape: @escaping ([Int]) -> [Int], names: [String: String],
    _ body: @escaping (CaseData) throws -> NamedTensors
  ) {
    func run(_ x: TensorData, _ gradient: TensorData?) throws -> NamedTensors {
      var full = data
      let shape = outputShape(x.shape)
      full.inputs["x"] = x
      full.inputs["output_gradient"] =
        gradient ?? TensorData([Double](repeating: 0, count: shape.reduce(1, *)), shape: shape)
      return try body(full)
    }
    self.init { x in
      try run(x, nil).tensor("output")
    } backward: { x, gradient in
      let found = try run(x, gradient)
      var others = NamedTensors()
      for (name, tensor) in found { if let key = names[name] { others[key] = tensor } }
      return (try found.tensor("input_gradient"), others)
    }
  }

  /// max(0, x), whose derivative at 0 is 0; NaN passes.
  static var rectified: NetworkStep {
    NetworkStep { x in
      TensorData(try x.doubles().map { $0 <= 0 ? 0 : $0 }, shape: x.shape)
    } gradient: { x, dy in
      TensorData(zip(try x.doubles(), try dy.doubles()).map { $0 <= 0 ? 0 : $1 }, shape: x.shape)
    }
  }

  /// The mean over the points of `[maps, channels, points]`.
  static var pooled: NetworkStep {
    NetworkStep { x in
      let (points, values) = (x.shape[2], try x.doubles())
      return TensorData(
        (0..<x.shape[0] * x.shape[1]).map { lane in
          values[lane * points..<(lane + 1) * points].reduce(0, +) / Double(points)
        }, shape: [x.shape[0], x.shape[1]])
    } gradient: { x, dy in
      let points = x.shape[2]
      return TensorData(
        try dy.doubles().flatMap { [Double](repeating: $0 / Double(points), count: points) },
        shape: x.shape)
    }
  }
}

/// A network as the list of its stages.
struct NetworkDefinition {
  let steps: [NetworkStep]

  /// Outputs, loss and gradients as a case of the kit has them; `input` is the name of the first x.
  func outputs(_ data: CaseData, input: String, withGradients: Bool) throws -> NamedTensors {
    var saved = [try data.inputs.tensor(input)]
    for step in steps { saved.append(try step.forward(saved[saved.count - 1])) }
    let output = saved[steps.count]
    let differences = zip(try output.doubles(), try data.values("target")).map { $0 - $1 }
    let n = Double(differences.count)
    var outputs: NamedTensors = [
      "output": output, "loss": TensorData([differences.reduce(0) { $0 + $1 * $1 } / n]),
    ]
    guard withGradients else { return outputs }
    var gradient = TensorData(differences.map { 2 * $0 / n }, shape: output.shape)
    for (step, x) in zip(steps, saved).reversed() {
      let found = try step.backward(x, gradient)
      gradient = found.inputGradient
      for (name, tensor) in found.others { outputs[name] = tensor }
    }
    outputs["gradient.\(input)"] = gradient
    return outputs
  }
}
