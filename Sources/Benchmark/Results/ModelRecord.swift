import Baselines
import SkyModels
import Tasks
import TrainingRuns

/// The record of a run whose model is not in the folder.
package struct ModelRecord: Sendable {
  /// The record's file without folder and ending.
  package let name: String
  /// The row of the benchmark.
  package let settings: TaskSettings
  /// What was run and measured then.
  package let record: RunRecord

  /// A record with its place in the benchmark.
  package init(name: String, settings: TaskSettings, record: RunRecord) {
    self.name = name
    self.settings = settings
    self.record = record
  }
}
