import FileFormats
import HarmonicTransforms

/// Iterated analyses and fits of a program whose synthesis and analysis have a fault.
///
/// Definition:  a_0 = A f, a_{k+1} = a_k + A (f − S a_k); argmin_a ‖f − S a‖²; their transposes,
///              where S and A are those of the program.
/// Method:      the sums as they stand; fits by conjugate gradients on Sᵀ S a = Sᵀ f.
/// Accuracy:    fits to about the square of the condition number, 64 for grids that determine all
///              coefficients, times a rounding error.
/// Checked by:  KnownFaultTests (without a fault it gives the right answer).
struct ComposedTransform {
  /// What the program answers for synthesis, analysis and their gradients.
  typealias Plain = (LinearMap, CaseData) throws -> NamedTensors

  private let isSpin: Bool
  private let iterations: Int
  private let setting: CaseData
  private let inputs: NamedTensors
  private let degrees: [(l: Int, m: Int)]
  private let shapes: (coefficients: [Int], fields: [Int])
  /// Whether a fit has the coefficient; fits leave all others at 0.
  private let fits: (_ l: Int, _ m: Int) -> Bool
  private let plain: Plain

  init(
    _ operation: Operation, _ data: CaseData, fits: @escaping (_ l: Int, _ m: Int) -> Bool,
    plain: @escaping Plain
  ) throws {
    isSpin = operation.isSpin
    iterations = try data.iterations()
    var setting = data
    setting.parameters["iterations"] = nil
    setting.inputs = [:]
    for (name, tensor) in data.inputs where name.hasPrefix("ring_") {
      setting.inputs[name] = tensor
    }
    self.setting = setting
    inputs = data.inputs
    degrees = try data.degrees(operation)
    let lanes = data.inputs.first { $0.tensor.shape.count > 1 }?.tensor.shape[0] ?? 0
    shapes = (
      [lanes, degrees.count, 2], [lanes, try data.indices("ring_count").reduce(0, +)]
    )
    let first = isSpin ? try data.integer("spin") : 0
    self.fits = { l, m in l >= first && fits(l, m) }
    self.plain = plain
  }

  /// The answer to a case of an iterated analysis, of a fit, or of the gradient of one of them.
  func answer(_ map: LinearMap) throws -> NamedTensors {
    let (from, to) = names(map)
    let x = try from.map { try inputs.tensor($0).doubles() }
    let values: [[Double]]
    switch map {
    case .iteratedAnalysis: values = try iterated(x)
    case .iteratedGradient: values = try iteratedGradient(x)
    case .leastSquares: values = try fitted(apply(.synthesisGradient, x))
    case .leastSquaresGradient: values = try apply(.synthesis, fitted(x))
    default: preconditionFailure("\(map) is no composed transform")
    }
    let shape = map.isFromCoefficients ? shapes.fields : shapes.coefficients
    var outputs: NamedTensors = [:]
    for (name, own) in zip(to, values) { outputs[name] = TensorData(own, shape: shape) }
    return outputs
  }

  // MARK: - Iterations

  private func iterated(_ f: [[Double]]) throws -> [[Double]] {
    var a = try apply(.analysis, f)
    for _ in 0..<iterations {
      a = sum(a, 1, try apply(.analysis, sum(f, -1, try apply(.synthesis, a))))
    }
    return a
  }

  /// Aᵀ Σ_k (1 − Sᵀ Aᵀ)^k, the transpose of Σ_k (1 − A S)^k A.
  private func iteratedGradient(_ a: [[Double]]) throws -> [[Double]] {
    var (term, total) = (a, a)
    for _ in 0..<iterations {
      term = sum(term, -1, try apply(.synthesisGradient, apply(.analysisGradient, term)))
      total = sum(total, 1, term)
    }
    return try apply(.analysisGradient, total)
  }

  // MARK: - Fits

  /// (Sᵀ S)⁻¹ b on the coefficients that are fitted.
  private func fitted(_ b: [[Double]]) throws -> [[Double]] {
    var rest = projected(b)
    var solution = rest.map { $0.map { _ in 0.0 } }
    var direction = rest
    var square = product(rest, rest)
    let goal = 1e-32 * square
    for _ in 0..<4 * degrees.count where square > goal {
      let image = projected(try apply(.synthesisGradient, apply(.synthesis, direction)))
      let curvature = product(direction, image)
      guard curvature > 0 else { break }
      let step = square / curvature
      solution = sum(solution, step, direction)
      rest = sum(rest, -step, image)
      let next = product(rest, rest)
      direction = sum(rest, next / square, direction)
      square = next
    }
    return solution
  }

  /// Without the coefficients that are not fitted, and without Im a_l0.
  private func projected(_ a: [[Double]]) -> [[Double]] {
    a.map { values in
      values.indices.map { i in
        let (l, m) = degrees[i / 2 % degrees.count]
        return fits(l, m) && (m > 0 || i % 2 == 0) ? values[i] : 0
      }
    }
  }

  // MARK: - Tensors as vectors

  private func names(_ map: LinearMap) -> (from: [String], to: [String]) {
    let suffix = map.isGradient ? "_gradient" : ""
    let coefficients = (isSpin ? ["e", "b"] : ["coefficients"]).map { $0 + suffix }
    let fields = (isSpin ? ["q", "u"] : ["field"]).map { $0 + suffix }
    return map.isFromCoefficients ? (coefficients, fields) : (fields, coefficients)
  }

  private func apply(_ map: LinearMap, _ x: [[Double]]) throws -> [[Double]] {
    let (from, to) = names(map)
    let shape = map.isFromCoefficients ? shapes.coefficients : shapes.fields
    var data = setting
    for (name, values) in zip(from, x) { data.inputs[name] = TensorData(values, shape: shape) }
    let outputs = try plain(map, data)
    return try to.map { try outputs.tensor($0).doubles() }
  }

  /// x + factor · y.
  private func sum(_ x: [[Double]], _ factor: Double, _ y: [[Double]]) -> [[Double]] {
    zip(x, y).map { zip($0, $1).map { $0 + factor * $1 } }
  }

  private func product(_ x: [[Double]], _ y: [[Double]]) -> Double {
    zip(x, y).reduce(0) { $0 + zip($1.0, $1.1).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}

extension LinearMap {
  /// Whether it is made of several transforms.
  var isComposed: Bool {
    switch self {
    case .iteratedAnalysis, .iteratedGradient, .leastSquares, .leastSquaresGradient: return true
    default: return false
    }
  }

  /// Whether it is a fit by least squares, or its gradient.
  var isFit: Bool { self == .leastSquares || self == .leastSquaresGradient }
}

extension KnownFault {
  /// A program that has a fault in what transforms are made of: `alter` says what becomes of the
  /// transforms as they are, and iterated analyses and fits are made of those.
  static func composing(
    _ operation: Operation, _ data: CaseData, fits: @escaping (_ l: Int, _ m: Int) -> Bool,
    _ alter: @escaping (Operation, CaseData) throws -> Altered?
  ) -> Altered? {
    guard let map = operation.linearMap, map.isComposed else { return nil }
    return Altered(
      operation: operation, data: data,
      own: {
        try ComposedTransform(operation, data, fits: fits) { map, given in
          let plain = map.operation(isSpin: operation.isSpin)
          return try (alter(plain, given) ?? Altered(operation: plain, data: given))
            .answer(plain, given)
        }.answer(map)
      })
  }

  /// The two networks.
  static func isNetwork(_ operation: Operation, _ data: CaseData) -> Bool {
    operation == .publishedNetwork || operation == .isotropicNetwork
  }

  /// The published network.
  static func isPublished(_ operation: Operation, _ data: CaseData) -> Bool {
    operation == .publishedNetwork
  }

  /// The isotropic network on coefficients.
  static func isCoefficientNetwork(_ operation: Operation, _ data: CaseData) -> Bool {
    operation == .isotropicNetwork && data.parameters["input"] == "coefficients"
  }

  /// The isotropic network on maps, which it fits first.
  static func isFittingNetwork(_ operation: Operation, _ data: CaseData) -> Bool {
    operation == .isotropicNetwork && data.parameters["input"] == "maps"
  }
}
