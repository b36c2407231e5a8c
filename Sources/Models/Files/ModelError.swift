import Faults
import FileFormats
import Tasks

/// A model file that cannot be used, or a map that does not suit its model.
public enum ModelError: UserError, Sendable, Equatable {
  /// A safetensors file of another kind.
  case notAModel(file: String, found: String)
  /// A metadata entry is missing or cannot be understood.
  case badMetadata(file: String, key: String, found: String, expected: String)
  /// The tensors are not those of the network.
  case badTensors(file: String, reason: String)
  /// An element of a tensor is not finite, or a running variance is below 0.
  case unusableWeight(
    file: String, tensor: String, element: Int, found: Double, expected: String)
  /// The network would need more bytes of memory than the machine has.
  case tooLarge(file: String, needed: Double, available: Double)
  /// The file is not the one that the list of digests beside it names.
  case digestDiffers(file: String, list: String, found: String, expected: String)
  /// A state dict holds a network for other maps than temperature, or Q, U and a mask.
  case unknownInputs(file: String, inputs: Int)
  /// Other outputs were named than the network has, or than the model file names.
  case wrongOutputs(file: String, found: [String], expected: String)
  /// The model file says itself whether masked pixels are filled with the mean.
  case inpaintingKnown(file: String)
  /// The model is of no task of the benchmark.
  case noTask(model: String)
  /// A mask was given to a model that was trained without one.
  case maskNotSupported(model: String)
  /// The description of good maps belongs to another network.
  case likenessOfAnotherModel
  /// A description of good maps cannot be used.
  case badLikeness(file: String, reason: String)

  public var description: String {
    switch self {
    case .notAModel(let file, let found):
      return "\(file): found \(found), expected a model of this program or the state dict of a "
        + "published network; name the model file"
    case .badMetadata(let file, let key, let found, let expected):
      return "\(file): the metadata entry \(key) is \(found), expected \(expected); "
        + "the file is damaged or of another version: copy it again or train the model again"
    case .badTensors(let file, let reason):
      return "\(file): \(reason); check that this is the state dict of the network in question"
    case .unusableWeight(let file, let tensor, let element, let found, let expected):
      return "\(file): element \(element) of tensor \(tensor) is \(found), expected \(expected); "
        + "such a network predicts nothing: train it again or copy the file again"
    case .tooLarge(let file, let needed, let available):
      return
        "\(file): the network needs about \(NumberText.short(needed / 1e9)) GB of memory, expected "
        + "at most the \(NumberText.short(available / 1e9)) GB of this machine"
    case .digestDiffers(let file, let list, let found, let expected):
      return "\(file): the file is damaged: its SHA-256 is \(found.prefix(16))..., expected "
        + "\(expected.prefix(16))..., as \(list) beside it says; copy it again"
    case .unknownInputs(let file, let inputs):
      return "\(file): found a network with \(inputs) input fields, expected 1 (temperature) or "
        + "3 (Q, U and the mask)"
    case .wrongOutputs(let file, let found, let expected):
      return "\(file): found the names \(found.joined(separator: ", ")) for the outputs, expected "
        + expected
    case .inpaintingKnown(let file):
      return
        "\(file): the model file says itself that the network does not fill masked pixels with the "
        + "mean, expected a state dict, which cannot say it"
    case .noTask(let model):
      return "\(model): the model is of no task of the benchmark, expected one of "
        + BenchmarkTask.knownNames.joined(separator: ", ")
        + " to make or read maps with known parameters; it can be used to predict only"
    case .maskNotSupported(let model):
      return "\(model): the model was trained without a mask and takes none; leave the mask out"
    case .likenessOfAnotherModel:
      return
        "the description of good maps has other sizes than the model, expected the one measured "
        + "with this model; measure it again"
    case .badLikeness(let file, let reason):
      return "\(file): found no usable description of good maps (\(reason)), expected one that "
        + "'sphere calibrate' wrote for this model; write it again or move it away"
    }
  }
}

extension ModelError {
  public var faultClass: FaultClass {
    switch self {
    case .maskNotSupported, .wrongOutputs, .inpaintingKnown, .noTask: return .usage
    default: return .badInput
    }
  }
}
