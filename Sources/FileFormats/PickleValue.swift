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
    case .storage: return "a storage"
    case .tensor: return "a tensor"
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
  case storageClass(TensorData.DType)
  case untypedStorageClass
  case dtype(TensorData.DType)

  /// - Throws: `PyTorchFault.unsupportedGlobal` for every other name.
  init(module: String, name: String) throws(PyTorchFault) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTypedTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch.storage", "UntypedStorage"): self = .untypedStorageClass
    case ("torch", let name):
      if let dtype = TensorData.DType.allCases.first(where: { $0.torchStorage == name }) {
        self = .storageClass(dtype)
      } else if let dtype = TensorData.DType.allCases.first(where: { $0.torchName == name }) {
        self = .dtype(dtype)
      } else {
        throw PyTorchFault.unsupportedGlobal(name: "\(module).\(name)")
      }
    default:
      throw PyTorchFault.unsupportedGlobal(name: "\(module).\(name)")
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
}
