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
  /// Types of elements that PyTorch has and `TensorData` has not, by the storage class of module
  /// torch.
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
