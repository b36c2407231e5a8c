/// A network as the list of its stages: the definition of a network.
///
/// Nothing in it is shared with the networks that train but λ_lm, quadrature rules and the
/// functions of pixels.
/// Checked by: NetworkDefinitionTests, which compares both; the conformance kit, whose expected
///             values it gives.
package struct StagedNetwork: Sendable {
  /// The stages, from the input to the outputs.
  package let stages: [NetworkStage]

  /// What one forward and backward pass gives.
  package struct Pass: Sendable {
    /// What the last stage gives.
    package let outputs: [Double]
    /// The loss.
    package let value: Double
    /// Gradients of the loss, or nil if they were not asked for.
    package let gradients: StageGradients?
  }

  /// Forward and, if gradients are wanted, backward.
  ///
  /// - Parameters:
  ///   - x: the input of the first stage.
  ///   - wantsGradients: whether the stages run backward.
  ///   - loss: the loss and its gradient in the outputs.
  /// - Returns: outputs, loss and, if wanted, gradients.
  /// - Throws: what a stage throws.
  package func evaluate(
    _ x: [Double], wantsGradients: Bool = true,
    loss: (_ outputs: [Double]) -> (value: Double, gradient: [Double])
  ) throws -> Pass {
    var saved = [x]
    for stage in stages { saved.append(try stage.forward(saved[saved.count - 1])) }
    let outputs = saved[stages.count]
    let (value, gradient) = loss(outputs)
    guard wantsGradients else { return Pass(outputs: outputs, value: value, gradients: nil) }
    var gradients = StageGradients(input: gradient)
    for (stage, x) in zip(stages, saved).reversed() {
      let found = try stage.backward(gradients.input, x)
      gradients.input = found.input
      gradients.parameters = found.parameters + gradients.parameters
      gradients.updates = found.updates + gradients.updates
    }
    return Pass(outputs: outputs, value: value, gradients: gradients)
  }
}
