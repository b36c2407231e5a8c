/// What the pickle of a state dict can build. Containers live in tables of the interpreter and are
/// named by their index, so that no nesting, however deep or circular, is followed by recursion.
enum PickleValue {
  case none
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case global(PickleGlobal)
  /// Index into `PickleInterpreter.sequences`.
  case tuple(Int)
  case list(Int)
  /// Index into `PickleInterpreter.dictionaries`.
  case dictionary(Int)
  case storage(PickleStorage)
  case tensor(PickleTensor)
  /// A storage, or a tensor of it, with elements of a type that is not read, such as complex64.
  case unreadableStorage(type: String)
  case unreadableTensor(type: String)

  /// Whether it is a tensor, of any type.
  var isTensor: Bool {
    switch self {
    case .tensor, .unreadableTensor: return true
    default: return false
    }
  }

  /// The kind of value, for messages.
  var kind: String {
    switch self {
    case .none: return "None"
    case .boolean: return "a boolean"
    case .integer: return "an integer"
    case .real: return "a number"
    case .text: return "text"
    case .global: return "a class or function"
    case .tuple: return "a tuple"
    case .list: return "a list"
    case .dictionary: return "a dictionary"
    case .storage, .unreadableStorage: return "a storage"
    case .tensor: return "a tensor"
    case .unreadableTensor(let type): return "a tensor of \(type)"
    }
  }
}

extension TensorData.DType {
  /// The name of the storage class in module torch.
  var torchStorage: String {
    switch self {
    case .float64: return "DoubleStorage"
    case .float32: return "FloatStorage"
    case .float16: return "HalfStorage"
    case .bfloat16: return "BFloat16Storage"
    case .int64: return "LongStorage"
    case .int32: return "IntStorage"
    case .int16: return "ShortStorage"
    case .int8: return "CharStorage"
    case .uint8: return "ByteStorage"
    case .bool: return "BoolStorage"
    }
  }

  /// The name of the type in module torch.
  var torchName: String { "\(self)" }
}

/// Numbers in an entry of the archive, `data/<key>`.
struct PickleStorage {
  var key: String
  /// nil for an untyped storage, whose elements are bytes.
  var dtype: TensorData.DType?
  /// Number of elements.
  var count: Int
}

/// A view of a storage: element (i, j, ...) is number offset + i strides[0] + j strides[1] + ...
struct PickleTensor {
  var storage: PickleStorage
  var dtype: TensorData.DType
  var offset: Int
  var shape: [Int]
  var strides: [Int]
  /// PyTorch's negative bit: the elements are those of the storage with the sign changed.
  var isNegated = false
}
