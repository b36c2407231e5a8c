import Faults

/// A file whose contents are no table of spectra in tau.
public struct OpticalDepthFileError: UserError, Sendable, Hashable {
  /// The file as the caller named it.
  public let file: String
  public let fault: OpticalDepthError

  public var description: String { "\(file): \(fault)" }
}

extension OpticalDepthFileError {
  public var faultClass: FaultClass { .badInput }
}
