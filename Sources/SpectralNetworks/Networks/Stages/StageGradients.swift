/// What the backward step of a stage, or of a network of stages, gives.
package struct StageGradients: Sendable {
  /// x̄.
  package var input: [Double]
  /// w̄ of every parameter, under the parameter's name and in its shape.
  package var parameters: [NamedTensor<Double>] = []
  /// Running statistics as they are after a training step, under their names.
  package var updates: [NamedTensor<Double>] = []

  /// Gradients of the input alone, or with those of parameters and with updates.
  package init(
    input: [Double], parameters: [NamedTensor<Double>] = [], updates: [NamedTensor<Double>] = []
  ) {
    self.input = input
    self.parameters = parameters
    self.updates = updates
  }
}
