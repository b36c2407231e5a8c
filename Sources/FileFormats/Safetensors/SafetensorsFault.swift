import Faults

/// What is wrong with a safetensors file.
public enum SafetensorsFault: UserError, Equatable {
  /// The file ends inside the length or the header.
  case truncated(found: Int, expected: Int)
  /// The header's length is absurd: usually the file is of another format.
  case headerTooLong(found: UInt64, limit: Int)
  /// The header is not the JSON that the format allows.
  case malformedHeader(position: Int, found: String, expected: String)
  /// A name occurs twice.
  case duplicateName(String)
  /// A tensor's description has a field that the format does not know.
  case unknownField(tensor: String, field: String)
  /// A tensor's description lacks dtype, shape or data_offsets.
  case incompleteEntry(tensor: String)
  /// The element type is not one that this program reads.
  case unknownType(tensor: String, found: String)
  /// data_offsets is not a pair [begin, end] with begin <= end.
  case badOffsets(tensor: String, found: [Int])
  /// The offsets do not span as many bytes as type and shape need.
  case sizeMismatch(tensor: String, dtype: TensorData.DType, shape: [Int], found: Int)
  /// A tensor begins before the previous one ends, or after a gap.
  case notContiguous(tensor: String, found: Int, expected: Int)
  /// The file ends before the last tensor does.
  case dataTruncated(found: Int, expected: Int)
  /// There are bytes after the last tensor.
  case trailingBytes(found: Int, expected: Int)
  /// A tensor to be written has the name that the format reserves for metadata, or a metadata entry
  /// that of the digest.
  case reservedName
  /// The contents are not those that were written: bits have changed.
  case digestMismatch(found: String, expected: String)
  /// The digest that files of this kind carry is not there.
  case digestMissing

  public var description: String {
    switch self {
    case .truncated(let found, let expected):
      return "found \(found) bytes, expected at least \(expected) to hold the header; "
        + "the file is truncated: copy it again"
    case .headerTooLong(let found, let limit):
      return "the first 8 bytes announce a header of \(found) bytes, expected at most \(limit); "
        + "this is not a safetensors file"
    case .malformedHeader(let position, let found, let expected):
      return "found \(found) at byte \(position) of the header, expected \(expected); "
        + "the file is damaged or not a safetensors file"
    case .duplicateName(let name):
      return "the header has \(name) twice, expected once; write the file again"
    case .unknownField(let tensor, let field):
      return "tensor \(tensor) has a field \(field), expected dtype, shape and data_offsets only; "
        + "write the file again with a safetensors library"
    case .incompleteEntry(let tensor):
      return "tensor \(tensor) lacks one of dtype, shape, data_offsets; write the file again"
    case .unknownType(let tensor, let found):
      let known = TensorData.DType.allCases.map(\.rawValue).joined(separator: ", ")
      return "tensor \(tensor) has type \(found), expected one of \(known); convert it first"
    case .badOffsets(let tensor, let found):
      return "tensor \(tensor) has data_offsets \(found), expected [begin, end] with "
        + "begin <= end; write the file again"
    case .sizeMismatch(let tensor, let dtype, let shape, let found):
      let expected = TensorData.byteCount(dtype: dtype, shape: shape).map(String.init)
      return "tensor \(tensor) of type \(dtype) and shape \(shape) has \(found) bytes, expected "
        + "\(expected ?? "fewer than 2^63"); write the file again"
    case .notContiguous(let tensor, let found, let expected):
      return "tensor \(tensor) begins at byte \(found) of the data, expected \(expected) "
        + "(\(found < expected ? "it overlaps the previous one" : "there is a gap before it")); "
        + "write the file again"
    case .dataTruncated(let found, let expected):
      return "found \(found) bytes of data, expected \(expected); "
        + "the file is truncated: copy it again"
    case .trailingBytes(let found, let expected):
      return "found \(found) bytes of data, expected \(expected); "
        + "something was appended: write the file again"
    case .reservedName:
      return
        "a tensor is called \(SafetensorsHeader.metadataKey), or a metadata entry "
        + "\(SafetensorsFile.digestKey): names with a meaning of their own; rename it"
    case .digestMismatch(let found, let expected):
      return "the file is damaged: the SHA-256 of its contents is \(found.prefix(16))..., expected "
        + "\(expected.prefix(16))..., as it was when the file was written; copy it again"
    case .digestMissing:
      return "the file is damaged or was changed: it has no metadata entry "
        + "\(SafetensorsFile.digestKey), which files of this kind carry; copy it again"
    }
  }
}

extension SafetensorsFault {
  public var faultClass: FaultClass { .badInput }
}
