import Faults

/// A file that is not a valid safetensors file, or a tensor that cannot be put into one.
public struct SafetensorsError: UserError, Equatable {
  /// The file's path, or what the caller calls data in memory.
  public let file: String
  public let fault: SafetensorsFault

  public var description: String { "\(file): \(fault)" }
}

extension SafetensorsError {
  public var faultClass: FaultClass { .badInput }
}
