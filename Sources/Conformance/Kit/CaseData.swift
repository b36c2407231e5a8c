import FileFormats
import FourierTransforms
import HarmonicTransforms
import Kernels
import SphereGrids

/// The parameters and input tensors of one case, as a backend reads them.
public struct CaseData: Sendable, Equatable {
  /// What the operation needs beside tensors.
  public var parameters: [String: ParameterValue]
  /// The input tensors, without `input.` in their names.
  public var inputs: NamedTensors

  /// Parameters and inputs; none unless given.
  public init(parameters: [String: ParameterValue] = [:], inputs: NamedTensors = [:]) {
    self.parameters = parameters
    self.inputs = inputs
  }

  // MARK: - Parameters

  func integer(_ name: String) throws(ConformanceError) -> Int {
    guard case .integer(let value)? = parameters[name] else {
      throw .parameter(name: name, found: found(name), expected: "an integer")
    }
    return value
  }

  func number(_ name: String) throws(ConformanceError) -> Double {
    switch parameters[name] {
    case .number(let value)?: return value
    case .integer(let value)?: return Double(value)
    default: throw .parameter(name: name, found: found(name), expected: "a number")
    }
  }

  func text(_ name: String) throws(ConformanceError) -> String {
    guard case .text(let value)? = parameters[name] else {
      throw .parameter(name: name, found: found(name), expected: "a text")
    }
    return value
  }

  func integers(_ name: String) throws(ConformanceError) -> [Int] {
    guard case .integers(let values)? = parameters[name] else {
      throw .parameter(name: name, found: found(name), expected: "a list of integers")
    }
    return values
  }

  /// `mmax`, or lmax where a case has none.
  func largestOrder() throws(ConformanceError) -> Int {
    try parameters["mmax"] == nil ? integer("lmax") : integer("mmax")
  }

  /// `iterations`, or 0 where a case has none.
  func iterations() throws(ConformanceError) -> Int {
    try parameters["iterations"] == nil ? 0 : integer("iterations")
  }

  /// `nyquist`; evaluated where a case does not say.
  func nyquist() throws(ConformanceError) -> NyquistOrder {
    switch try parameters["nyquist"] == nil ? "evaluated" : text("nyquist") {
    case "once": return .once
    case "evaluated": return .evaluated
    case let other:
      throw .parameter(name: "nyquist", found: other, expected: "once or evaluated")
    }
  }

  /// `complex_gradient`; ∂L/∂Re + i ∂L/∂Im where a case does not say.
  func complexGradient() throws(ConformanceError) -> ComplexGradient {
    guard parameters["complex_gradient"] != nil else { return .plain }
    let name = try text("complex_gradient")
    guard let convention = ComplexGradient(rawValue: name) else {
      throw .parameter(
        name: "complex_gradient", found: name,
        expected: ComplexGradient.allCases.map(\.rawValue).joined(separator: " or "))
    }
    return convention
  }

  /// The same case with the conjugates of all gradients of complex numbers.
  func conjugatingGradients() throws -> CaseData {
    CaseData(parameters: parameters, inputs: try inputs.conjugatingGradients())
  }

  private func found(_ name: String) -> String { parameters[name].map { "\($0)" } ?? "missing" }

  // MARK: - Tensors

  /// The numbers of a floating tensor.
  func values(_ name: String) throws -> [Double] { try inputs.tensor(name).doubles() }

  /// The numbers of a floating tensor, rounded to `T`.
  func values<T: LaneScalar>(_ name: String, as type: T.Type) throws -> [T] {
    try values(name).map { T($0) }
  }

  /// The numbers of an integer tensor.
  func indices(_ name: String) throws -> [Int] { try inputs.tensor(name).integers().map(Int.init) }

  func shape(_ name: String) throws -> [Int] { try inputs.tensor(name).shape }

  /// A tensor `[lanes..., n]` with n numbers per lane as `[n][lane]`.
  ///
  /// `axes` of its axes count lanes.
  func lanes<T: LaneScalar>(
    _ name: String, axes: Int = 1, as type: T.Type
  ) throws -> (values: [T], lanes: Int) {
    let lanes = try shape(name).prefix(axes).reduce(1, *)
    let values = try values(name, as: T.self)
    return (values.transposed(rows: lanes), lanes)
  }

  /// A tensor `[lanes, lm, 2]`.
  func coefficients<T: LaneScalar>(
    _ name: String, lmax: Int, mmax: Int? = nil, axes: Int = 1, as type: T.Type
  ) throws -> CoefficientStack<T> {
    let (values, lanes) = try lanes(name, axes: axes, as: T.self)
    return CoefficientStack(lmax: lmax, mmax: mmax ?? lmax, lanes: lanes, values: values)
  }

  /// A tensor `[lanes, points]`.
  func field<T: LaneScalar>(
    _ name: String, grid: any RingGrid, as type: T.Type
  ) throws -> FieldStack<T> {
    let (values, lanes) = try lanes(name, as: T.self)
    return FieldStack(grid: grid, lanes: lanes, values: values)
  }

  /// E and B of the inputs `e<suffix>` and `b<suffix>`.
  func spinCoefficients<T: LaneScalar>(
    _ suffix: String, lmax: Int, mmax: Int, as type: T.Type
  ) throws -> SpinCoefficients<T> {
    SpinCoefficients(
      e: try coefficients("e\(suffix)", lmax: lmax, mmax: mmax, as: type),
      b: try coefficients("b\(suffix)", lmax: lmax, mmax: mmax, as: type))
  }

  /// Q and U of the inputs `q<suffix>` and `u<suffix>`.
  func spinFields<T: LaneScalar>(
    _ suffix: String, grid: any RingGrid, as type: T.Type
  ) throws -> SpinFields<T> {
    SpinFields(
      q: try field("q\(suffix)", grid: grid, as: type),
      u: try field("u\(suffix)", grid: grid, as: type))
  }

  /// The grid of the inputs `ring_theta`, `ring_phi0`, `ring_count`, `ring_weight`.
  func grid() throws -> GivenRings {
    GivenRings(
      theta: try values("ring_theta"), phi0: try values("ring_phi0"),
      counts: try indices("ring_count"), weights: try values("ring_weight"))
  }
}

/// Values in the type of a backend, as a tensor of a file.
func tensor<T: LaneScalar>(_ values: [T], shape: [Int]? = nil) -> TensorData {
  T.self == Float.self
    ? TensorData(values.map { Float($0) }, shape: shape)
    : TensorData(values.map { Double($0) }, shape: shape)
}

/// Numbers computed in `Double`, rounded once to `T`.
func tensor<T: LaneScalar>(
  rounding values: [Double], shape: [Int]? = nil, to type: T.Type
) -> TensorData {
  tensor(values.map { T($0) }, shape: shape)
}

/// Integers as a tensor of a file.
func tensor(_ values: [Int], shape: [Int]? = nil) -> TensorData {
  TensorData(values.map(Int64.init), shape: shape)
}

/// Coefficients as a tensor `[lanes..., lm, 2]`; `leading` are the axes that count lanes.
func tensor<T: LaneScalar>(_ a: CoefficientStack<T>, leading: [Int]? = nil) -> TensorData {
  let count = coefficientCount(lmax: a.lmax, mmax: a.mmax)
  return tensor(
    a.values.transposed(rows: 2 * count), shape: (leading ?? [a.lanes]) + [count, 2])
}

/// Fields as a tensor `[lanes, points]`.
func tensor<T: LaneScalar>(_ f: FieldStack<T>) -> TensorData {
  tensor(
    f.values.transposed(rows: f.grid.pointCount), shape: [f.lanes, f.grid.pointCount])
}

/// `[n][lane]` as a tensor `[lanes..., n]`.
func tensor<T: LaneScalar>(lanesLast values: [T], leading: [Int], shape: [Int]) -> TensorData {
  let lanes = leading.reduce(1, *)
  return tensor(values.transposed(rows: values.count / lanes), shape: leading + shape)
}

/// What the gradient of a stored complex number z is.
enum ComplexGradient: String, CaseIterable {
  /// ∂L/∂Re z + i ∂L/∂Im z: PyTorch's.
  case plain = "re+im"
  /// ∂L/∂Re z − i ∂L/∂Im z: what `grad` of JAX returns.
  case conjugate = "re-im"
}

extension NamedTensors {
  /// Names of gradients of coefficients `[..., lm, 2]`.
  private static let gradientNames: Set<String> = [
    "coefficients_gradient", "e_gradient", "b_gradient", "rotated_gradient",
  ]

  /// The same tensors, those of gradients of coefficients conjugated.
  func conjugatingGradients() throws -> NamedTensors {
    var result = self
    for name in names where Self.gradientNames.contains(name) {
      result[name] = try tensor(name).mappingFloats { $0 % 2 == 0 ? $1 : -$1 }
    }
    return result
  }
}

extension TensorData {
  /// A floating tensor of the same type and shape with other numbers.
  func mappingFloats(_ body: (_ index: Int, _ value: Double) -> Double) throws -> TensorData {
    let values = try doubles().enumerated().map { body($0.offset, $0.element) }
    return dtype == .float32
      ? TensorData(values.map { Float($0) }, shape: shape) : TensorData(values, shape: shape)
  }
}
