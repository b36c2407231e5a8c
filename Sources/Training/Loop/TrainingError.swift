import Faults

/// Why a training run cannot start, resume or go on.
public enum TrainingError: UserError, Sendable, Hashable {
  /// A value of the configuration makes no sense.
  case invalidConfiguration(key: String, found: String, expected: String)
  /// A relative loss or a percentage error met a target that is 0.
  case zeroTarget(purpose: MapPurpose, map: Int)
  /// Loss or gradient is infinite or not a number; the checkpoint, if one is kept, is from before.
  case diverged(step: Int, loss: Double, checkpoint: String?)
  /// A new run would overwrite the checkpoint of another one.
  case checkpointExists(path: String)
  /// The file is a safetensors file of another kind.
  case notACheckpoint(path: String, found: String)
  /// A tensor is missing, or not of the network's shape or precision.
  case checkpointTensorDiffers(path: String, tensor: String, found: String, expected: String)
  /// The checkpoint's bits are not those that were written, or it describes no state of this run.
  case damagedCheckpoint(path: String, reason: String)
  /// The checkpoint was written by a version of the program whose checkpoints had no digest.
  case outdatedCheckpoint(path: String, found: String)
  /// The checkpoint belongs to a run with another configuration.
  case configurationDiffers(path: String, differences: [ConfigurationDifference])

  public var description: String {
    switch self {
    case .invalidConfiguration(let key, let found, let expected):
      return "training configuration: \(key) is \(found), expected \(expected)"
    case .zeroTarget(let purpose, let map):
      return "\(purpose.rawValue) map \(map) has the target 0, of which no relative error can be "
        + "taken; use an absolute loss and metric, or a prior without 0"
    case .diverged(let step, let loss, let checkpoint):
      let advice =
        checkpoint.map {
          "the checkpoint \($0) is from before, and a run resumed from it diverges again; "
        } ?? "no checkpoint was kept; "
      return "training diverged at step \(step): the loss is \(loss), or a gradient overflows; "
        + advice + "train again with a smaller learning rate"
    case .checkpointExists(let path):
      return "\(path): a checkpoint is there already; resume from it, or move it away first"
    case .notACheckpoint(let path, let found):
      return "\(path): found \(found), expected a training checkpoint; name the checkpoint file"
    case .checkpointTensorDiffers(let path, let tensor, let found, let expected):
      return "\(path): tensor \(tensor): found \(found), expected \(expected); "
        + "the checkpoint belongs to another network"
    case .damagedCheckpoint(let path, let reason):
      return "\(path): the checkpoint is damaged: \(reason); "
        + "put an older copy of it in its place, or remove it and start the run again"
    case .outdatedCheckpoint(let path, let found):
      return "\(path): the checkpoint is of the format '\(found)', which has no digest, so that "
        + "damage would go unseen; finish the run with the version of the program that began it, "
        + "or remove the checkpoint and start again"
    case .configurationDiffers(let path, let differences):
      return "\(path): the checkpoint belongs to another run: "
        + differences.map(\.description).joined(separator: ", ")
        + "; resume with the values of the checkpoint, or start a new run elsewhere"
    }
  }
}

extension TrainingError {
  public var faultClass: FaultClass {
    switch self {
    case .invalidConfiguration, .configurationDiffers: return .usage
    case .zeroTarget, .notACheckpoint, .checkpointTensorDiffers, .damagedCheckpoint,
      .outdatedCheckpoint:
      return .badInput
    case .diverged: return .failure
    case .checkpointExists: return .cannotWrite
    }
  }
}
