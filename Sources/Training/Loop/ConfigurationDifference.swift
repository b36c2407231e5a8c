/// A value that differs between a checkpoint and the run that wants to resume from it.
public struct ConfigurationDifference: Sendable, Hashable, CustomStringConvertible {
  /// The path of the value, as `schedule.oneCycle.maximum`.
  public let key: String
  /// The value in the checkpoint, or "nothing".
  public let checkpoint: String
  /// The value of this run, or "nothing".
  public let run: String

  public var description: String { "\(key) (checkpoint \(checkpoint), this run \(run))" }
}
