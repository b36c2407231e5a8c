import FileFormats
import HarmonicTransforms
import Numerics

/// What coefficients of an operation are to a transform: where a wrong normalisation acts.
enum CoefficientRole: Sendable {
  /// They are synthesised.
  case synthesised
  /// They come from analysis, which inverts synthesis.
  case analysed
  /// They are the gradient of what is synthesised, or of an adjoint.
  case synthesisedGradient
  /// They are the gradient of what is analysed.
  case analysedGradient

  /// The role of the coefficients of an operation, and whether they are inputs; nil for operations
  /// that are no transforms.
  static func of(_ operation: Operation) -> (role: CoefficientRole, isInput: Bool)? {
    if let map = operation.linearMap {
      switch map {
      case .synthesis, .maskedSynthesis: return (.synthesised, true)
      case .analysis, .iteratedAnalysis, .maskedAnalysis, .leastSquares: return (.analysed, false)
      case .adjointSynthesis, .synthesisGradient, .maskedSynthesisGradient:
        return (.synthesisedGradient, false)
      case .analysisGradient, .iteratedGradient, .maskedAnalysisGradient, .leastSquaresGradient:
        return (.analysedGradient, true)
      }
    }
    switch operation {
    case .scalarModes, .spinModes, .scalarDerivatives, .pointSynthesis, .spinPointSynthesis:
      return (.synthesised, true)
    case .scalarDerivativesGradient: return (.synthesisedGradient, false)
    case .pointSynthesisGradient, .spinPointSynthesisGradient:
      // Their inputs are synthesised too: see `KnownFault.onTransforms`.
      return (.synthesisedGradient, false)
    default: return nil
    }
  }
}

extension CaseData {
  /// (l, m) of the rows of a tensor of complex numbers `[..., rows, 2]`: from the lists of modes,
  /// or m-major.
  func degrees(_ operation: Operation) throws -> [(l: Int, m: Int)] {
    if operation == .scalarModes || operation == .spinModes {
      return zip(try indices("l"), try indices("m")).map { (l: $0, m: $1) }
    }
    let (lmax, mmax) = (try integer("lmax"), try largestOrder())
    return (0...mmax).flatMap { m in (m...lmax).map { (l: $0, m: m) } }
  }
}

extension NamedTensors {
  /// Names of tensors of coefficients among inputs and outputs.
  static let coefficientNames: Set<String> = [
    "coefficients", "e", "b", "amplitude", "coefficients_gradient", "e_gradient", "b_gradient",
    "rotated", "rotated_gradient", "smoothed", "laplacian",
  ]

  /// These tensors with other coefficients.
  ///
  /// - Parameters:
  ///   - degrees: (l, m) of the rows.
  ///   - names: which tensors; those that are not there are left out.
  ///   - body: the new value of a coefficient.
  /// - Returns: tensors of the same names and shapes.
  /// - Throws: `TensorError` of a tensor that is no floating one.
  func mappingCoefficients(
    _ degrees: [(l: Int, m: Int)], names: Set<String> = coefficientNames,
    _ body: (_ l: Int, _ m: Int, Complex<Double>) -> Complex<Double>
  ) throws -> NamedTensors {
    var result = self
    for name in self.names where names.contains(name) {
      let tensor = try tensor(name)
      var values = try tensor.doubles()
      for k in 0..<values.count / 2 {
        let (l, m) = degrees[k % degrees.count]
        let z = body(l, m, Complex(values[2 * k], values[2 * k + 1]))
        (values[2 * k], values[2 * k + 1]) = (z.real, z.imaginary)
      }
      result[name] = TensorData(values, shape: tensor.shape)
    }
    return result
  }

  /// These tensors with other numbers in some of them.
  func mapping(
    _ names: Set<String>, _ body: (_ index: Int, _ value: Double) -> Double
  ) throws -> NamedTensors {
    var result = self
    for name in self.names where names.contains(name) {
      result[name] = try tensor(name).mappingFloats(body)
    }
    return result
  }
}
