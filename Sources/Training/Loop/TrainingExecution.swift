import Foundation

/// How a run is carried out, as far as it changes no bit of the result.
public struct TrainingExecution: Sendable {
  /// Threads to use at most, for maps and for the network each.
  public var threads: Int
  /// Whether the next batch of maps is made while the present one is trained on.
  public var worksAhead: Bool
  /// Where to keep the checkpoint; nil: nowhere, and an interrupted run is lost.
  public var checkpoint: URL?
  /// Seconds between checkpoints within an epoch.
  public var checkpointSeconds: Double

  public init(
    threads: Int, worksAhead: Bool = true, checkpoint: URL? = nil, checkpointSeconds: Double = 60
  ) {
    self.threads = threads
    self.worksAhead = worksAhead
    self.checkpoint = checkpoint
    self.checkpointSeconds = checkpointSeconds
  }
}
