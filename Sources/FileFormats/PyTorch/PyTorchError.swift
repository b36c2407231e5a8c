/// A file that is not a state dict written by torch.save, or one with contents that are not read.
public struct PyTorchError: Error, Equatable, CustomStringConvertible {
  /// The file's path, or what the caller calls data in memory.
  public let file: String
  public let fault: PyTorchFault

  public var description: String { "\(file): \(fault)" }
}
