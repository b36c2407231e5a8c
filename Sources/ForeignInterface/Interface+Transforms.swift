import CSpectralSphere
import FileFormats
import FourierTransforms
import HarmonicTransforms
import Kernels
import SphereGrids

/// What `sphere_transform_apply` computes.
private enum TransformOperation {
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
  /// Refuses a batch that does not fit the memory.
  ///
  /// - Throws: `HarmonicTransformError.notEnoughMemory`.
  func requireMemory(lanes: Int) throws

  /// Applies the transform.
  ///
  /// - Throws: `InterfaceError`, `HarmonicTransformError`.
  func apply(
    _ operation: TransformOperation, threads: Int, _ inputs: [ForeignArray],
    _ outputs: [ForeignArray]
  ) throws
}

/// The stacks of one call, kept for the next: fresh memory would cost as much as a small transform.
private final class CallStacks<T: FourierScalar> {
  var coefficients: SpinCoefficients<T>
  var fields: SpinFields<T>

  /// E alone is used for spin 0, and Q; the memory of the others is not touched then.
  init(_ scalar: ScalarTransform<T>, lanes: Int) {
    let zero = CoefficientStack<T>(lmax: scalar.lmax, mmax: scalar.mmax, lanes: lanes)
    coefficients = SpinCoefficients(e: zero, b: zero)
    fields = SpinFields(grid: scalar.grid, lanes: lanes)
  }
}

/// The transform of spin 0 or of another spin in `T`.
private struct TypedTransform<T: FourierScalar>: TransformThing {
  private let scalar: ScalarTransform<T>
  private let spin: SpinTransform<T>?
  private let pool = WorkspacePool<CallStacks<T>>()

  private var type: TensorData.DType { T.self == Double.self ? .float64 : .float32 }
  private var grid: any RingGrid { scalar.grid }

  /// Transforms that take less than this ask nobody for memory: that takes longer than a small one.
  private static var smallestChecked: Int { 1 << 28 }

  init(grid: any RingGrid, spin: Int, lmax: Int, mmax: Int) {
    scalar = ScalarTransform(grid: grid, lmax: lmax, mmax: mmax)
    self.spin = spin == 0 ? nil : SpinTransform(scalar, spin: spin)
  }

  /// Refuses a batch that does not fit the memory.
  ///
  /// - Throws: `HarmonicTransformError.notEnoughMemory`.
  func requireMemory(lanes: Int) throws {
    if let spin {
      guard spin.memory(lanes: lanes) >= Self.smallestChecked else { return }
      try spin.requireMemory(lanes: lanes)
    } else {
      guard scalar.memory(lanes: lanes) >= Self.smallestChecked else { return }
      try scalar.requireMemory(lanes: lanes)
    }
  }

  // A call through the protocol would else look up the types of everything generic that it uses.
  @_specialize(where T == Double)
  @_specialize(where T == Float)
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
    try requireMemory(lanes: max(lanes, 1))
    guard lanes > 0 else { return }
    try pool.withWorkspace(
      [lanes], make: { CallStacks(scalar, lanes: lanes) }
    ) { stacks in
      if operation.givesFields {
        try read(inputs[0], into: &stacks.coefficients.e.values, lanes)
        if spin != nil { try read(inputs[1], into: &stacks.coefficients.b.values, lanes) }
      } else {
        try read(inputs[0], into: &stacks.fields.q.values, lanes)
        if spin != nil { try read(inputs[1], into: &stacks.fields.u.values, lanes) }
      }
      if let spin {
        try apply(operation, spin, stacks, threads: threads)
      } else {
        try apply(operation, stacks, threads: threads)
      }
      if operation.givesFields {
        write([stacks.fields.q.values, stacks.fields.u.values], to: outputs, lanes)
      } else {
        write([stacks.coefficients.e.values, stacks.coefficients.b.values], to: outputs, lanes)
      }
    }
  }

  /// The size of the batch, the same for all arrays: as many fields as there are components from
  /// the index `fieldsFrom` on, coefficients for the others.
  ///
  /// - Throws: `InterfaceError.array`.
  private func lanes(_ arrays: [ForeignArray], fieldsFrom first: Int) throws -> Int {
    let coefficients = coefficientCount(lmax: scalar.lmax, mmax: scalar.mmax)
    var lanes: Int?
    for (k, array) in arrays.enumerated() {
      let isField = (first..<first + arrays.count / 2).contains(k)
      let fits =
        isField
        ? array.fits(type, batchAxes: 0, grid.pointCount)
        : array.fits(type, batchAxes: 0, coefficients, 2)
      if fits, lanes ?? 1 == 1 {
        lanes = 1
        continue
      }
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

  /// Reads an array, lanes last.
  ///
  /// - Throws: `InterfaceError.array` for numbers that are not finite.
  private func read(_ array: ForeignArray, into values: inout [T], _ lanes: Int) throws {
    if lanes == 1 {
      array.read(into: &values)
    } else {
      values = array.values(as: T.self).transposed(rows: lanes)
    }
    if let bad = firstNotFinite(values) {
      throw InterfaceError.array(
        name: array.name, found: "\(values[bad]) in number \(bad / lanes) of a field",
        expected: "finite numbers")
    }
  }

  private func write(_ values: [[T]], to arrays: [ForeignArray], _ lanes: Int) {
    for (array, values) in zip(arrays, values) {
      array.write(lanes == 1 ? values : values.transposed(rows: values.count / lanes))
    }
  }

  private func apply(
    _ operation: TransformOperation, _ stacks: CallStacks<T>, threads: Int
  ) throws {
    switch operation {
    case .synthesis:
      scalar.synthesis(stacks.coefficients.e, into: &stacks.fields.q, threads: threads)
    case .analysisGradient:
      stacks.fields.q = scalar.analysisGradient(stacks.coefficients.e, threads: threads)
    case .analysis:
      try scalar.analysis(
        stacks.fields.q, .lossy, into: &stacks.coefficients.e, threads: threads)
    case .adjointSynthesis:
      stacks.coefficients.e = try scalar.adjointSynthesis(stacks.fields.q, threads: threads)
    case .synthesisGradient:
      stacks.coefficients.e = scalar.synthesisGradient(stacks.fields.q, threads: threads)
    }
  }

  private func apply(
    _ operation: TransformOperation, _ spin: SpinTransform<T>, _ stacks: CallStacks<T>,
    threads: Int
  ) throws {
    switch operation {
    case .synthesis:
      spin.synthesis(stacks.coefficients, into: &stacks.fields, threads: threads)
    case .analysisGradient:
      stacks.fields = spin.analysisGradient(stacks.coefficients, threads: threads)
    case .analysis:
      try spin.analysis(stacks.fields, .lossy, into: &stacks.coefficients, threads: threads)
    case .adjointSynthesis:
      stacks.coefficients = try spin.adjointSynthesis(stacks.fields, threads: threads)
    case .synthesisGradient:
      stacks.coefficients = spin.synthesisGradient(stacks.fields, threads: threads)
    }
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
    try thing.requireMemory(lanes: 1)
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
