import Faults

/// A FITS file whose contents cannot be used, or a map that cannot be put into one.
public struct FitsError: UserError, Equatable {
  /// The file's path.
  public let file: String
  public let fault: FitsFault

  package init(file: String, fault: FitsFault) {
    self.file = file
    self.fault = fault
  }

  public var description: String { "\(file): \(fault)" }
}

extension FitsError {
  public var faultClass: FaultClass { .badInput }
}
