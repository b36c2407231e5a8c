import Baselines
import SkyModels
import Tasks
import TrainingRuns

/// A model evaluated on fresh maps.
package struct ModelScore: Sendable {
  /// The model's file without folder and ending.
  package let name: String
  /// The row of the benchmark: task, protocol, noise, mask.
  package let settings: TaskSettings
  /// The name of the architecture.
  package let architecture: String
  /// Number of trained parameters.
  package let parameterCount: Int
  /// Maps used for training in every sense; nil where the file does not say.
  package let mapsSeen: Int?
  /// The record beside the model, if there is one.
  package let record: RunRecord?
  /// One per parameter of the task.
  package let parameters: [ParameterScore]
  /// Number of maps with a warning.
  package let warningCount: Int

  /// Number of maps.
  package var mapCount: Int { parameters[0].truths.count }
  /// Number of maps with an optimal estimate, counted from the first map; 0 where there is no
  /// optimal estimator.
  package var optimalMapCount: Int { parameters[0].optimal.count }

  /// A score from its parts.
  package init(
    name: String, settings: TaskSettings, architecture: String, parameterCount: Int,
    mapsSeen: Int? = nil, record: RunRecord? = nil, parameters: [ParameterScore],
    warningCount: Int = 0
  ) {
    precondition(!parameters.isEmpty, "a score of no parameter")
    self.name = name
    self.settings = settings
    self.architecture = architecture
    self.parameterCount = parameterCount
    self.mapsSeen = mapsSeen
    self.record = record
    self.parameters = parameters
    self.warningCount = warningCount
  }
}
