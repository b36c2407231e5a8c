/// A model file that cannot be used, or a map that does not suit its model.
public enum ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A safetensors file of another kind.
  case notAModel(file: String, found: String)
  /// A metadata entry is missing or cannot be understood.
  case badMetadata(file: String, key: String, found: String, expected: String)
  /// The tensors are not those of the network.
  case badTensors(file: String, reason: String)
  /// A `.pt` file holds a network for other inputs or outputs than any task's.
  case unknownTask(file: String, inputs: Int, outputs: Int)
  /// The map has another resolution than the model.
  case wrongNside(file: String, found: Int, expected: Int)
  /// Pixels that the model reads are unobserved in the map.
  case maskedMap(file: String, masked: Int, pixelCount: Int)
  /// A mask was given to a model that was trained without one.
  case maskNotSupported(model: String)
  /// The map has infinite pixels.
  case infinitePixels(file: String, count: Int, first: Int)
  /// A table of true values is malformed.
  case badTruth(file: String, line: Int, found: String, expected: String)

  public var description: String {
    switch self {
    case .notAModel(let file, let found):
      return "\(file): found \(found), expected a model written by 'sphere train' or a published "
        + ".pt file; name the model file"
    case .badMetadata(let file, let key, let found, let expected):
      return "\(file): the metadata entry \(key) is \(found), expected \(expected); "
        + "the file is damaged or of another version: copy it again or train the model again"
    case .badTensors(let file, let reason):
      return "\(file): \(reason); check that this is the state dict of the network in question"
    case .unknownTask(let file, let inputs, let outputs):
      return
        "\(file): found a network with \(inputs) input fields and \(outputs) outputs, expected "
        + "1 and 1 (t1), 3 and 2 (t2) or 3 and 1 (t3)"
    case .wrongNside(let file, let found, let expected):
      return "\(file): nside is \(found), expected \(expected), as the model was trained; "
        + "make the map at nside \(expected) or train a model at nside \(found)"
    case .maskedMap(let file, let masked, let pixelCount):
      return
        "\(file): \(masked) of the \(pixelCount) pixels that the model was trained with are masked "
        + "(UNSEEN, NaN or absent), expected none; fill the map or use a model trained "
        + "with this mask"
    case .maskNotSupported(let model):
      return "\(model): the model was trained without a mask and takes none; leave the mask out"
    case .infinitePixels(let file, let count, let first):
      return "\(file): \(count) pixels are infinite (the first is \(first)), expected finite "
        + "numbers; mark them UNSEEN or correct the map"
    case .badTruth(let file, let line, let found, let expected):
      return "\(file), line \(line): found \(found), expected \(expected); correct the table"
    }
  }
}
