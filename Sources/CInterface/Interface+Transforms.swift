import CSpectralSphere
import FileFormats
import FourierTransforms
import HarmonicTransforms
import Kernels
import SphereGrids

/// What `sphere_transform_apply` computes.
private enum TransformOperation: CaseIterable {
  case synthesis, analysis, adjointSynthesis, synthesisGradient, analysisGradient

  init(_ number: Int32) throws(InterfaceError) {
    switch Int(number) {
    case Int(SPHERE_SYNTHESIS): self = .synthesis
    case Int(SPHERE_ANALYSIS): self = .analysis
    case Int(SPHERE_ADJOINT_SYNTHESIS): self = .adjointSynthesis
    case Int(SPHERE_SYNTHESIS_GRADIENT): self = .synthesisGradient
    case Int(SPHERE_ANALYSIS_GRADIENT): self = .analysisGradient
    default:
      throw .number(
        argument: "operation", found: Int64(number),
        expected: "SPHERE_SYNTHESIS and so on, 1...5")
    }
  }

  /// Whether it makes fields of coefficients.
  var givesFields: Bool { self == .synthesis || self == .analysisGradient }
}

/// A transform behind a handle, of one type and of one or two components.
private protocol TransformThing: Sendable {
  /// Applies the transform.
  ///
  /// - Throws: `InterfaceError`, `HarmonicTransformError`.
  func apply(
    _ operation: TransformOperation, threads: Int, _ inputs: [ForeignArray],
    _ outputs: [ForeignArray]
  ) throws
}

/// The transform of spin 0 or of another spin in `T`.
private struct TypedTransform<T: FourierScalar>: TransformThing {
  let scalar: ScalarTransform<T>
  let spin: SpinTransform<T>?

  private var type: TensorData.DType { T.self == Double.self ? .float64 : .float32 }
  private var grid: any RingGrid { scalar.grid }
  private var coefficients: Int {
    coefficientCount(lmax: scalar.lmax, mmax: scalar.mmax)
  }

  /// - Throws: `HarmonicTransformError.notEnoughMemory`.
  init(grid: any RingGrid, spin: Int, lmax: Int, mmax: Int) throws {
    scalar = ScalarTransform(grid: grid, lmax: lmax, mmax: mmax)
    self.spin = spin == 0 ? nil : SpinTransform(scalar, spin: spin)
  }

  func apply(
    _ operation: TransformOperation, threads: Int, _ inputs: [ForeignArray],
    _ outputs: [ForeignArray]
  ) throws {
    let components = spin == nil ? 1 : 2
    guard inputs.count == components else {
      throw InterfaceError.number(
        argument: "count", found: Int64(inputs.count),
        expected: components == 1 ? "1 for spin 0" : "2 for spins other than 0")
    }
    let lanes = try lanes(inputs + outputs, fieldsFrom: operation.givesFields ? components : 0)
    if let spin {
      try spin.requireMemory(lanes: max(lanes, 1))
    } else {
      try scalar.requireMemory(lanes: max(lanes, 1))
    }
    let numbers = try inputs.map { try finite($0, lanes: lanes) }
    let results = try results(operation, numbers, lanes: lanes, threads: threads)
    for (output, values) in zip(outputs, results) {
      output.write(lanes == 1 ? values : values.transposed(rows: values.count / max(lanes, 1)))
    }
  }

  /// The size of the batch, the same for all arrays: fields from the index `fieldsFrom` on for as
  /// many as there are components, coefficients for the others.
  ///
  /// - Throws: `InterfaceError.array`.
  private func lanes(_ arrays: [ForeignArray], fieldsFrom first: Int) throws -> Int {
    var lanes: Int?
    for (k, array) in arrays.enumerated() {
      let isField = (first..<first + arrays.count / 2).contains(k)
      let tail: [(String, Int?)] =
        isField ? [("points", grid.pointCount)] : [("lm", coefficients), ("2", 2)]
      let hasBatch = array.shape.count > tail.count
      let own = try array.require(type, (hasBatch ? [("batch", nil)] : []) + tail).first ?? 1
      guard lanes == nil || lanes == own else {
        throw InterfaceError.array(
          name: array.name, found: "a batch of \(own)", expected: "a batch of \(lanes ?? 0)")
      }
      lanes = own
    }
    return lanes ?? 0
  }

  /// The numbers of an array with lanes last.
  ///
  /// - Throws: `InterfaceError.array` for one that is not finite.
  private func finite(_ array: ForeignArray, lanes: Int) throws -> [T] {
    let values = array.values(as: T.self)
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw InterfaceError.array(
        name: array.name, found: "\(values[bad]) at its number \(bad)", expected: "finite numbers")
    }
    return lanes == 1 ? values : values.transposed(rows: lanes)
  }

  private func results(
    _ operation: TransformOperation, _ numbers: [[T]], lanes: Int, threads: Int
  ) throws -> [[T]] {
    let stacks = { (values: [T]) in
      CoefficientStack(
        lmax: self.scalar.lmax, mmax: self.scalar.mmax, lanes: lanes, values: values)
    }
    let fields = { (values: [T]) in FieldStack(grid: self.grid, lanes: lanes, values: values) }
    guard let spin else {
      switch operation {
      case .synthesis: return [scalar.synthesis(stacks(numbers[0]), threads: threads).values]
      case .analysisGradient:
        return [scalar.analysisGradient(stacks(numbers[0]), threads: threads).values]
      case .analysis:
        return [try scalar.analysis(fields(numbers[0]), .lossy, threads: threads).values]
      case .adjointSynthesis:
        return [try scalar.adjointSynthesis(fields(numbers[0]), threads: threads).values]
      case .synthesisGradient:
        return [scalar.synthesisGradient(fields(numbers[0]), threads: threads).values]
      }
    }
    if operation.givesFields {
      let a = SpinCoefficients(e: stacks(numbers[0]), b: stacks(numbers[1]))
      let f =
        operation == .synthesis
        ? spin.synthesis(a, threads: threads) : spin.analysisGradient(a, threads: threads)
      return [f.q.values, f.u.values]
    }
    let f = SpinFields(q: fields(numbers[0]), u: fields(numbers[1]))
    let a: SpinCoefficients<T>
    switch operation {
    case .analysis: a = try spin.analysis(f, .lossy, threads: threads)
    case .adjointSynthesis: a = try spin.adjointSynthesis(f, threads: threads)
    default: a = spin.synthesisGradient(f, threads: threads)
    }
    return [a.e.values, a.b.values]
  }
}

@implementation @c
public func sphere_transform_create(
  _ grid: sphere_handle, _ spin: Int64, _ lmax: Int64, _ mmax: Int64, _ type: Int32,
  _ transform: UnsafeMutablePointer<sphere_handle>!,
  _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    guard let transform else { throw InterfaceError.null(argument: "transform") }
    transform.pointee = 0
    let grid = try GridThing.behind(grid).grid
    let spin = try number(spin, "spin", in: 0...8)
    let lmax = try number(lmax, "lmax", in: Int64(spin)...16_384)
    let mmax = try number(mmax, "mmax", in: 0...Int64(lmax))
    let thing: any TransformThing =
      try isDouble(type)
      ? TypedTransform<Double>(grid: grid, spin: spin, lmax: lmax, mmax: mmax)
      : TypedTransform<Float>(grid: grid, spin: spin, lmax: lmax, mmax: mmax)
    transform.pointee = Handles.insert(thing)
  }
}

@implementation @c
public func sphere_transform_apply(
  _ transform: sphere_handle, _ operation: Int32, _ threads: Int64, _ count: Int64,
  _ inputs: UnsafePointer<sphere_array>!, _ outputs: UnsafePointer<sphere_array>!,
  _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    let thing = try Handles.thing(
      transform, "transform", as: (any TransformThing).self, "a transform")
    try thing.apply(
      try TransformOperation(operation), threads: try number(threads, "threads", in: 1...1024),
      try foreignArrays(inputs, count: count, "inputs"),
      try foreignArrays(outputs, count: count, "outputs"))
  }
}
