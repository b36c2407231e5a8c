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

/// The classes and functions that a state dict may name. Each stands for an operation written here:
/// nothing is looked up by name and nothing of Python is run.
enum PickleGlobal {
  case orderedDictionary
  case rebuildTensor
  /// As `rebuildTensor`, with the element type as an argument and an untyped storage.
  case rebuildTypedTensor
  case rebuildParameter
  /// As `rebuildParameter`, with the attributes of the parameter at the end.
  case rebuildParameterWithState
  /// Applies another of these functions and gives the result a class and attributes.
  case rebuildFromType
  /// A class of tensors whose elements are all there is to it.
  case tensorClass
  case storageClass(TensorData.DType)
  case untypedStorageClass
  case dtype(TensorData.DType)
  /// Element types that are not read, by the name of their type.
  case unreadableStorageClass(String)
  case unreadableType(String)

  /// - Throws: `PyTorchFault.unsupportedGlobal` for every other name.
  init(module: String, name: String) throws(PyTorchFault) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTypedTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch._utils", "_rebuild_parameter_with_state"): self = .rebuildParameterWithState
    case ("torch._tensor", "_rebuild_from_type_v2"): self = .rebuildFromType
    case ("torch", "Tensor"), ("torch.nn.parameter", "Parameter"),
      ("torch.nn.parameter", "Buffer"):
      self = .tensorClass
    case ("torch.storage", "UntypedStorage"): self = .untypedStorageClass
    case ("torch", let name):
      if let dtype = TensorData.DType.allCases.first(where: { $0.torchStorage == name }) {
        self = .storageClass(dtype)
      } else if let dtype = TensorData.DType.allCases.first(where: { $0.torchName == name }) {
        self = .dtype(dtype)
      } else if let type = Self.unreadableStorages[name] {
        self = .unreadableStorageClass(type)
      } else if Self.unreadableTypes.contains(name) {
        self = .unreadableType(name)
      } else {
        throw PyTorchFault.unsupportedGlobal(name: "\(module).\(name)")
      }
    default:
      throw PyTorchFault.unsupportedGlobal(name: "\(module).\(name)")
    }
  }
}

extension PickleGlobal {
  /// Types of elements that PyTorch has and `TensorData` has not, by the storage class of module torch.
  fileprivate static let unreadableStorages = [
    "ComplexFloatStorage": "complex64", "ComplexDoubleStorage": "complex128",
    "QUInt8Storage": "quint8", "QInt8Storage": "qint8", "QInt32Storage": "qint32",
    "QUInt4x2Storage": "quint4x2", "QUInt2x4Storage": "quint2x4",
  ]
  /// The same by their names in module torch.
  fileprivate static let unreadableTypes: Set<String> = [
    "complex32", "complex64", "complex128", "uint16", "uint32", "uint64", "float8_e4m3fn",
    "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu",
  ]
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
