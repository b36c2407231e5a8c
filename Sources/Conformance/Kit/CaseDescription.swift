import FileFormats

/// One case of a kit.
public struct CaseDescription: Codable, Sendable, Equatable {
  /// Where expected values come from.
  public enum Origin: String, Codable, Sendable {
    /// Ball arithmetic with a proven radius: the stored numbers are the correctly rounded ones.
    case certified
    /// Plain loops over the defining sum.
    case definition
    /// This program in double precision, which is checked against independent programs.
    case implementation
  }

  /// The name: lower-case letters, digits and hyphens.
  public var id: String
  /// What is to be computed.
  public var operation: String
  /// What the operation needs beside tensors.
  public var parameters: [String: ParameterValue]
  /// `<id>.safetensors`, the file beside the manifest with the tensors `input.<name>` and
  /// `expected.<name>`.
  public var file: String
  /// Where the expected values come from.
  public var origin: Origin
  /// What is given.
  public var inputs: [TensorDescription]
  /// What is asked for.
  public var outputs: [OutputDescription]
  /// The faults that the case catches, names of the manifest's list; nil in version 1.
  public var faults: [String]?

  /// What is wrong with the names of a case, or nil: they become names of files and of tensors.
  var fault: String? {
    guard id.wholeMatch(of: /[a-z0-9\-]+/) != nil else {
      return "'\(id)' is no id of a case, expected lower-case letters, digits and hyphens"
    }
    guard file == "\(id).safetensors" else {
      return "the file of \(id) is '\(file)', expected \(id).safetensors"
    }
    if outputs.isEmpty { return "the case \(id) has no outputs" }
    for (kind, names) in [("input", inputs.map(\.name)), ("output", outputs.map(\.name))] {
      var seen = Set<String>()
      for name in names where !seen.insert(name).inserted {
        return "the \(kind) \(name) of \(id) occurs twice"
      }
    }
    return nil
  }
}
