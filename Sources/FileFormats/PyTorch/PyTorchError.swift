import Faults

/// A file that is not a state dict written by torch.save, or one with contents that are not read.
public struct PyTorchError: UserError, Equatable {
  /// The file's path, or what the caller calls data in memory.
  public let file: String
  public let fault: PyTorchFault

  public var description: String { "\(file): \(fault)" }
}

extension PyTorchError {
  public var faultClass: FaultClass { .badInput }
}
