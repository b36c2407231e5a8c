import Faults

/// Why the benchmark cannot be reproduced from a folder.
package enum ModelFolderError: UserError, Sendable, Hashable {
  /// The folder has neither models nor records.
  case noModels(folder: String)
  /// A model without record cannot be trained again.
  case noRecord(model: String, file: String)
  /// The model that is there already was trained in another way.
  case otherRun(path: String)

  package var description: String {
    switch self {
    case .noModels(let folder):
      return
        "\(folder): found no model, expected files named .safetensors with records named .json "
        + "beside them; name the folder of the models"
    case .noRecord(let model, let file):
      return "\(model): found no record, expected \(file), which says how the model was trained; "
        + "copy it beside the model, or evaluate without training"
    case .otherRun(let path):
      return "\(path): found a model of another run, expected the one that the record describes; "
        + "choose another folder or move it away"
    }
  }
}

extension ModelFolderError {
  package var faultClass: FaultClass {
    switch self {
    case .noModels, .noRecord: return .missingInput
    case .otherRun: return .cannotWrite
    }
  }
}
