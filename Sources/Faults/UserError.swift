/// An error that a user can cause, or has to be told of.
///
/// Its description says what was found, what was expected, where, and what to do.
public protocol UserError: Error, CustomStringConvertible {
  /// What kind of thing went wrong.
  var faultClass: FaultClass { get }
}

/// Whether an error says that a stop was asked for.
public func isInterruption(_ error: any Error) -> Bool {
  (error as? any UserError)?.faultClass == .interruption
}
