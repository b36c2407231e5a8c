import Kernels

extension Adam<Double> {
  /// The parameters after every step from p by the formula of `Adam`, element by element
  /// (`adamUpdateByDefinition`): the slow twin of `update`.
  ///
  /// - Parameters:
  ///   - parameters: p before the first step.
  ///   - gradients: g of every step.
  ///   - options: β₁, β₂ and ε.
  ///   - learningRate: η of every step.
  /// - Returns: p after step 1, 2, ...
  package static func trajectoryByDefinition(
    _ parameters: [Double], gradients: [[Double]], options: AdamOptions,
    learningRate: (_ step: Int) -> Double
  ) -> [[Double]] {
    var p = parameters
    var (m, v) = (p.map { _ in 0.0 }, p.map { _ in 0.0 })
    return gradients.enumerated().map { step, gradient in
      adamUpdateByDefinition(
        parameters: &p, gradients: gradient, firstMoments: &m, secondMoments: &v,
        number: step + 1, learningRate: learningRate(step + 1), beta1: options.beta1,
        beta2: options.beta2, epsilon: options.epsilon)
      return p
    }
  }
}
