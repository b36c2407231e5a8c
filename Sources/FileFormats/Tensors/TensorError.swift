import Faults

/// A conversion of tensor elements, or a look-up of a tensor, that cannot be done.
public enum TensorError: UserError, Equatable {
  /// Element `index` has a value that the target type does not hold.
  case inexact(index: Int, value: String, from: TensorData.DType, to: String)
  /// Element `index` is finite and rounds to infinity in the target type.
  case overflow(index: Int, value: Double, to: TensorData.DType)
  /// A boolean that is neither 0 nor 1.
  case notABoolean(index: Int, byte: UInt8)
  /// There is no tensor of this name.
  case missing(name: String, available: [String])

  public var description: String {
    switch self {
    case .inexact(let index, let value, let from, let to):
      return "element \(index) is \(value) (\(from)), which \(to) cannot hold exactly; "
        + "read it in its own type, or round it on purpose"
    case .overflow(let index, let value, let to):
      return "element \(index) is \(value), beyond the largest finite \(to); "
        + "keep this tensor in a wider type"
    case .notABoolean(let index, let byte):
      return "element \(index) of a boolean tensor is \(byte), expected 0 or 1; "
        + "the file is damaged: write it again"
    case .missing(let name, let available):
      return "there is no tensor \(name); found \(available.isEmpty ? "none" : "")"
        + available.prefix(12).joined(separator: ", ") + (available.count > 12 ? ", ..." : "")
        + "; check that the file belongs to this model"
    }
  }
}

extension TensorError {
  public var faultClass: FaultClass { .badInput }
}
