import Baselines
import BenchmarkTasks
import SkyModels
import Training

/// A model evaluated on fresh maps.
public struct ModelScore: Sendable {
  /// The model's file without folder and ending.
  public let name: String
  /// The row of the benchmark: task, protocol, noise, mask.
  public let settings: TaskSettings
  /// The name of the architecture.
  public let architecture: String
  /// Number of trained parameters.
  public let parameterCount: Int
  /// Maps used for training in every sense; nil where the file does not say.
  public let mapsSeen: Int?
  /// The record beside the model, if there is one.
  public let record: RunRecord?
  /// One per parameter of the task.
  public let parameters: [ParameterScore]
  /// Number of maps with a warning.
  public let warningCount: Int

  /// Number of maps.
  public var mapCount: Int { parameters[0].truths.count }
  /// Number of maps with an optimal estimate, the first ones; 0 where there is no optimal
  /// estimator.
  public var optimalMapCount: Int { parameters[0].optimal.count }

  /// A score from its parts.
  public init(
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
