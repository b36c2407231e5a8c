/// The tests of the benchmark: what is estimated from which maps.
public enum BenchmarkTask: String, Codable, Sendable, CaseIterable {
  /// The peak l_p of the spectrum of a temperature map.
  case t1
  /// The peaks of the E and B spectra of a polarisation map.
  case t2
  /// The optical depth tau from a polarisation map.
  case t3

  /// A task by its name.
  ///
  /// - Throws: `TaskError.unknownTask`.
  public init(name: String) throws(TaskError) {
    guard let task = BenchmarkTask(rawValue: name) else {
      throw .unknownTask(found: name, known: BenchmarkTask.allCases.map(\.rawValue))
    }
    self = task
  }

  /// Fields of a map: T, or Q and U.
  public var fieldCount: Int { self == .t1 ? 1 : 2 }

  /// Names of the parameters in files and tables, in the order of a network's outputs.
  public var parameterNames: [String] {
    switch self {
    case .t1: return ["ell_peak"]
    case .t2: return ["ell_e", "ell_b"]
    case .t3: return ["tau"]
    }
  }
}
