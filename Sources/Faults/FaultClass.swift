/// What kind of thing went wrong: what a program tells by its exit code.
public enum FaultClass: Sendable, Hashable, CaseIterable {
  /// The command line or the arguments of a call ask for what cannot be.
  case usage
  /// A file or a table that was read is unusable.
  case badInput
  /// Something that was to be read is not there.
  case missingInput
  /// The output cannot be written.
  case cannotWrite
  /// The computation failed.
  case failure
  /// Somebody asked for a stop.
  case interruption
}
