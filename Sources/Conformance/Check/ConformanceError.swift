import Faults

/// Why a kit cannot be made or used. Faults of a backend's outputs are results of the check
/// instead.
public enum ConformanceError: UserError, Equatable {
  /// `manifest.json` is no manifest of this version.
  case notAManifest(path: String, reason: String)
  /// A file of the kit lacks a tensor or has another one than the manifest or its parameters say.
  case damagedKit(file: String, tensor: String, found: String, expected: String)
  /// No case matches a pattern.
  case nothingMatches(pattern: String, available: Int)
  /// A parameter is missing, of another type or outside its range.
  case parameter(name: String, found: String, expected: String)
  /// An operation that this program does not have.
  case unknownOperation(name: String)
  /// A network that cannot be built from the case.
  case unusableCase(operation: String, reason: String)
  /// A file stands where the folder of outputs is expected.
  case notAFolder(path: String)

  public var description: String {
    switch self {
    case .notAManifest(let path, let reason):
      return "\(path): is no manifest of a conformance kit (\(reason)); export the kit again"
    case .damagedKit(let file, let tensor, let found, let expected):
      return "\(file): \(tensor) is \(found), expected \(expected); export the kit again"
    case .nothingMatches(let pattern, let available):
      return "no case matches '\(pattern)', expected a pattern of one of the \(available) ids in "
        + "the manifest, such as 'scalar-*'"
    case .parameter(let name, let found, let expected):
      return "the parameter \(name) is \(found), expected \(expected); export the kit again"
    case .unknownOperation(let name):
      return
        "the operation \(name) is unknown to this program; use the program that exported the kit"
    case .unusableCase(let operation, let reason):
      return "the case of \(operation) cannot be run: \(reason); export the kit again"
    case .notAFolder(let path):
      return "\(path): found a file, expected a folder of outputs; name the folder"
    }
  }

  /// The same fault with the case that has it.
  func located(in description: CaseDescription) -> ConformanceError {
    switch self {
    case .parameter(let name, let found, let expected):
      return .parameter(name: "\(name) of \(description.id)", found: found, expected: expected)
    case .damagedKit(_, let tensor, let found, let expected):
      return .damagedKit(
        file: description.file, tensor: tensor, found: found, expected: expected)
    default: return self
    }
  }
}

extension ConformanceError {
  public var faultClass: FaultClass {
    switch self {
    case .nothingMatches: return .usage
    default: return .badInput
    }
  }
}
