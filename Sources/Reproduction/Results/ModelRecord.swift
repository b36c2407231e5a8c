import Baselines
import BenchmarkTasks
import SkyModels
import Training

/// The record of a run whose model is not in the folder.
public struct ModelRecord: Sendable {
  /// The record's file without folder and ending.
  public let name: String
  /// The row of the benchmark.
  public let settings: TaskSettings
  /// What was run and measured then.
  public let record: RunRecord

  /// A record with its place in the benchmark.
  public init(name: String, settings: TaskSettings, record: RunRecord) {
    self.name = name
    self.settings = settings
    self.record = record
  }
}
