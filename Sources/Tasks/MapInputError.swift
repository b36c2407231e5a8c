import Faults

/// A map, or a table of true values, that does not suit a task or its model.
public enum MapInputError: UserError, Sendable, Equatable {
  /// The map has another resolution than the model.
  case wrongNside(file: String, found: Int, expected: Int)
  /// Pixels that the model reads are unobserved in the map.
  case maskedMap(file: String, masked: Int, pixelCount: Int)
  /// The map has infinite pixels.
  case infinitePixels(file: String, count: Int, first: Int)
  /// A table of true values is malformed.
  case badTruth(file: String, line: Int, found: String, expected: String)

  public var description: String {
    switch self {
    case .wrongNside(let file, let found, let expected):
      return "\(file): nside is \(found), expected \(expected), as the model was trained; "
        + "make the map at nside \(expected) or train a model for nside \(found)"
    case .maskedMap(let file, let masked, let pixelCount):
      return
        "\(file): \(masked) of the \(pixelCount) pixels that the model was trained with are masked "
        + "(UNSEEN, NaN or absent), expected none; fill the map or use a model trained "
        + "with this mask"
    case .infinitePixels(let file, let count, let first):
      return "\(file): \(count) pixels are infinite (the first is \(first)), expected finite "
        + "numbers; mark them UNSEEN or correct the map"
    case .badTruth(let file, let line, let found, let expected):
      return "\(file), line \(line): found \(found), expected \(expected); correct the table"
    }
  }
}

extension MapInputError {
  public var faultClass: FaultClass { .badInput }
}
