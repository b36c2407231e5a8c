import Faults

/// A file whose contents are no usable mask.
public struct SkyMaskFileError: UserError, Sendable, Hashable {
  /// The file as the caller named it.
  public let file: String
  /// What is wrong with its contents.
  public let fault: SkyMaskError

  /// The file, then the fault.
  public var description: String { "\(file): \(fault)" }
}

extension SkyMaskFileError {
  public var faultClass: FaultClass { .badInput }
}
