import FileFormats

extension ConformanceCase {
  /// The names of the faults that a case catches: the answer of a program with the fault is out of
  /// ten times the tolerance.
  ///
  /// Where the answer would take long and the fault changes what is read, it is taken to be wrong
  /// without being computed.
  static func faults(
    _ operation: Operation, _ data: CaseData, _ expected: NamedTensors,
    _ outputs: [OutputDescription]
  ) throws -> [String] {
    try KnownFault.all.filter {
      try $0.isCaught(operation, data, expected, outputs)
    }.map(\.name)
  }
}

extension KnownFault {
  /// Coefficients times points times fields up to which answers are computed for flags.
  private static let mostProducts = 3_000_000

  /// Whether a program with the fault fails the case.
  func isCaught(
    _ operation: Operation, _ data: CaseData, _ expected: NamedTensors,
    _ outputs: [OutputDescription], always: Bool = false
  ) throws -> Bool {
    switch effect {
    case .stated(let rule): return try rule(operation, data)
    case .computed(let alter):
      guard let altered = try alter(operation, data) else { return try stated(operation, data) }
      guard
        try always || altered.isWritten(operation, data)
          || Self.products(data) <= Self.mostProducts
      else { return true }
      // What cannot be computed with the fault, such as a fit without a solution, is no answer.
      guard let wrong = try? altered.answer(operation, data, right: expected) else { return true }
      return try outputs.contains { output in
        try !Self.passes(wrong.tensor(output.name), expected.tensor(output.name), output, times: 10)
      }
    }
  }

  /// Whether a tensor is within so many tolerances of float64 of the expected one.
  static func passes(
    _ tensor: TensorData, _ expected: TensorData, _ output: OutputDescription, times factor: Double
  ) throws -> Bool {
    guard tensor.shape == expected.shape else { return false }
    if expected.dtype == .int64 { return try tensor.integers() == expected.integers() }
    let values = try tensor.doubles()
    guard values.allSatisfy(\.isFinite) else { return false }
    let error = output.measure.error(
      of: values, from: try expected.doubles(), rowLength: output.shape.last ?? 1,
      scale: output.scale)
    return error <= factor * (output.tolerance["F64"] ?? 0)
  }

  /// About how many products an operation on rings takes; 0 for others.
  private static func products(_ data: CaseData) throws -> Int {
    guard data.inputs["ring_count"] != nil, let lmax = try? data.integer("lmax") else { return 0 }
    let points = try data.indices("ring_count").reduce(0, +)
    // Modes have the table of all orders, with a field for each.
    let mmax =
      try data.inputs["m"].map { try $0.integers().max().map(Int.init) ?? 0 }
      ?? data.largestOrder()
    let stack = data.inputs.first { $0.tensor.shape.count > 1 }
    let lanes = stack?.tensor.shape.first ?? 1
    return points * (lmax + 1) * (mmax + 1) * max(lanes, 1)
  }
}
