/// What a check found.
public struct CheckReport: Sendable {
  /// Why an output or a file cannot be compared.
  public enum Fault: Sendable, Equatable, CustomStringConvertible {
    /// A demanded case has no file.
    case missingFile
    /// The file is no safetensors file.
    case unreadableFile(reason: String)
    /// A file that belongs to no case of the kit.
    case unknownCase
    /// The file lacks an output.
    case missingTensor
    /// The file has a tensor that is no output of the case.
    case unlistedTensor
    /// An output of another shape.
    case shape(found: [Int], expected: [Int])
    /// An output of a type without tolerance.
    case dtype(found: String, expected: String)
    /// An output with NaN or infinities; the first of them.
    case notFinite(index: Int, value: Double)

    public var description: String {
      switch self {
      case .missingFile: return "the file is missing; write one per case"
      case .unreadableFile(let reason): return "the file cannot be read: \(reason)"
      case .unknownCase: return "the kit has no case of this name; remove the file or rename it"
      case .missingTensor: return "the tensor is missing from the file"
      case .unlistedTensor: return "the manifest lists no such output of this case; leave it out"
      case .shape(let found, let expected):
        return "the shape is \(found), expected \(expected)"
      case .dtype(let found, let expected): return "the type is \(found), expected \(expected)"
      case .notFinite(let index, let value): return "element \(index) is \(value)"
      }
    }
  }

  /// The verdict on one output, or on a file as a whole.
  public struct Row: Sendable {
    /// The case's id, or the name of a file without a case.
    public let id: String
    /// Empty for a file without a case.
    public let operation: String
    /// The output; empty when the file as a whole is at fault.
    public let output: String
    /// How the error was measured.
    public let measure: Measure?
    /// The type that the backend wrote.
    public let dtype: String?
    /// The measured error, nil when there is a fault.
    public let error: Double?
    /// The largest error that passes for that type.
    public let tolerance: Double?
    /// Why there is no error to compare, or nil.
    public let fault: Fault?
    /// Where an output is worst that misses its tolerance, and what it is instead; nil for the
    /// others and for random samples.
    public internal(set) var deviation: Deviation?

    /// Whether the output is within its tolerance.
    public var passes: Bool {
      guard let error, let tolerance, fault == nil else { return false }
      return error <= tolerance
    }
  }

  /// How many cases of an operation pass.
  public struct Count: Sendable, Equatable {
    /// The operation.
    public let operation: String
    /// Cases all of whose outputs pass.
    public let passed: Int
    /// Demanded cases.
    public let total: Int
  }

  /// All verdicts, in the order of the manifest; files without a case last.
  public let rows: [Row]
  /// Cases of the kit that were not asked for.
  public let undemanded: Int
  /// Which known faults the failures point to.
  public internal(set) var diagnosis = Diagnosis(findings: [])

  /// Whether every demanded output passes and nothing else is there.
  public var passes: Bool { rows.allSatisfy(\.passes) }

  /// Cases per operation, in the order of the manifest; files without a case are not among them.
  public var counts: [Count] {
    var order: [String] = []
    var verdicts: [String: [String: Bool]] = [:]
    for row in rows where !row.operation.isEmpty {
      if verdicts[row.operation] == nil { order.append(row.operation) }
      verdicts[row.operation, default: [:]][row.id, default: true] =
        (verdicts[row.operation]?[row.id] ?? true) && row.passes
    }
    return order.map { operation in
      let cases = verdicts[operation] ?? [:]
      return Count(
        operation: operation, passed: cases.values.reduce(0) { $0 + ($1 ? 1 : 0) },
        total: cases.count)
    }
  }
}
