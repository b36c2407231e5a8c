/// Runs the instructions of a pickle that torch.save writes for a state dict [PEP3154].
///
/// A pickle is a program for a stack machine. The subset here builds numbers, text, tuples, lists,
/// dictionaries and tensors, and has no instruction that could do anything else. Memory stays
/// proportional to the length of the pickle: an instruction adds at most one value.
struct PickleInterpreter {
  private var reader: ByteReader
  private var stack: [PickleValue] = []
  /// Heights of the stack at each open mark; nothing below the last one may be taken.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private(set) var sequences: [[PickleValue]] = []
  private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []

  init(_ pickle: ArraySlice<UInt8>) { reader = ByteReader(Array(pickle)) }

  /// Runs the program and returns what it leaves on the stack.
  mutating func run() throws(PyTorchFault) -> PickleValue {
    while true {
      let position = reader.position
      let opcode = try operand(reader.byte())
      if opcode == UInt8(ascii: ".") { return try pop() }
      if try pushConstant(opcode) { continue }
      if try useMemo(opcode) { continue }
      if try collect(opcode) { continue }
      guard try construct(opcode) else {
        throw PyTorchFault.unsupportedInstruction(position: position, opcode: opcode)
      }
    }
  }

  // MARK: - The machine

  private func fault(_ problem: String) -> PyTorchFault {
    .damagedPickle(position: reader.position, problem: problem)
  }

  private func operand<T>(_ value: T?) throws(PyTorchFault) -> T {
    guard let value else { throw fault("an operand is cut off or wrong") }
    return value
  }

  private mutating func pop() throws(PyTorchFault) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw fault("a value is missing on the stack")
    }
    return value
  }

  private mutating func popToMark() throws(PyTorchFault) -> [PickleValue] {
    guard let height = marks.popLast() else { throw fault("a mark is missing on the stack") }
    defer { stack.removeSubrange(height...) }
    return Array(stack[height...])
  }

  private mutating func pop(_ count: Int) throws(PyTorchFault) -> [PickleValue] {
    var values: [PickleValue] = []
    for _ in 0..<count { values.append(try pop()) }
    return values.reversed()
  }

  private func top() throws(PyTorchFault) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw fault("a value is missing on the stack")
    }
    return value
  }

  private mutating func text(count: Int?) throws(PyTorchFault) -> String {
    let bytes = try operand(reader.run(try operand(count)))
    return try operand(String(validating: bytes, as: UTF8.self))
  }

  // MARK: - Constants

  /// Instructions that push a value written in the pickle.
  private mutating func pushConstant(_ opcode: UInt8) throws(PyTorchFault) -> Bool {
    switch opcode {
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.boolean(true))
    case 0x89: stack.append(.boolean(false))
    case UInt8(ascii: "J"):
      let bits = try operand(reader.integer(UInt32.self))
      stack.append(.integer(Int(Int32(bitPattern: bits))))
    case UInt8(ascii: "K"): stack.append(.integer(Int(try operand(reader.byte()))))
    case UInt8(ascii: "M"): stack.append(.integer(Int(try operand(reader.integer(UInt16.self)))))
    case 0x8a: stack.append(.integer(try longInteger()))
    case UInt8(ascii: "G"):
      let bits = try operand(reader.integer(UInt64.self)).byteSwapped
      stack.append(.real(Double(bitPattern: bits)))
    case UInt8(ascii: "X"):
      let count = reader.integer(UInt32.self).map { Int($0) }
      stack.append(.text(try text(count: count)))
    case 0x8c: stack.append(.text(try text(count: reader.byte().map { Int($0) })))
    case 0x8d:
      let count = reader.integer(UInt64.self).flatMap(Int.init(exactly:))
      stack.append(.text(try text(count: count)))
    default: return false
    }
    return true
  }

  /// LONG1: a count and as many bytes of two's complement.
  private mutating func longInteger() throws(PyTorchFault) -> Int {
    let count = Int(try operand(reader.byte()))
    let bytes = try operand(reader.run(count))
    guard count <= 8 else { throw fault("an integer exceeds 64 bits") }
    guard let last = bytes.last else { return 0 }
    let signBits = last >= 0x80 ? -1 : 0
    return bytes.reversed().reduce(signBits) { $0 << 8 | Int($1) }
  }

  // MARK: - Memo and framing

  /// Instructions that store and recall values, and those that only structure the stream.
  private mutating func useMemo(_ opcode: UInt8) throws(PyTorchFault) -> Bool {
    switch opcode {
    case 0x80:
      guard let version = reader.byte(), 2...5 ~= version else {
        throw fault("the protocol is not 2...5")
      }
    case 0x95: _ = try operand(reader.integer(UInt64.self))
    case UInt8(ascii: "q"): memo[Int(try operand(reader.byte()))] = try top()
    case UInt8(ascii: "r"): memo[Int(try operand(reader.integer(UInt32.self)))] = try top()
    case 0x94: memo[memo.count] = try top()
    case UInt8(ascii: "h"): stack.append(try operand(memo[Int(try operand(reader.byte()))]))
    case UInt8(ascii: "j"):
      stack.append(try operand(memo[Int(try operand(reader.integer(UInt32.self)))]))
    default: return false
    }
    return true
  }

  // MARK: - Containers

  /// Instructions that make and fill tuples, lists and dictionaries.
  private mutating func collect(_ opcode: UInt8) throws(PyTorchFault) -> Bool {
    switch opcode {
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: ")"): pushTuple([])
    case 0x85: pushTuple(try pop(1))
    case 0x86: pushTuple(try pop(2))
    case 0x87: pushTuple(try pop(3))
    case UInt8(ascii: "t"): pushTuple(try popToMark())
    case UInt8(ascii: "]"):
      sequences.append([])
      stack.append(.list(sequences.count - 1))
    case UInt8(ascii: "a"): try appendToList(try pop(1))
    case UInt8(ascii: "e"): try appendToList(try popToMark())
    case UInt8(ascii: "}"): pushDictionary()
    case UInt8(ascii: "s"): try insert(try pop(2))
    case UInt8(ascii: "u"): try insert(try popToMark())
    default: return false
    }
    return true
  }

  private mutating func pushTuple(_ items: [PickleValue]) {
    sequences.append(items)
    stack.append(.tuple(sequences.count - 1))
  }

  private mutating func pushDictionary() {
    dictionaries.append([])
    stack.append(.dictionary(dictionaries.count - 1))
  }

  private mutating func appendToList(_ items: [PickleValue]) throws(PyTorchFault) {
    guard case .list(let index) = try top() else { throw fault("a list is missing") }
    sequences[index] += items
  }

  private mutating func insert(_ items: [PickleValue]) throws(PyTorchFault) {
    guard case .dictionary(let index) = try top(), items.count % 2 == 0 else {
      throw fault("a dictionary or a value for it is missing")
    }
    for k in stride(from: 0, to: items.count, by: 2) {
      dictionaries[index].append((key: items[k], value: items[k + 1]))
    }
  }

  // MARK: - Objects

  /// Instructions that name classes and functions and apply them.
  private mutating func construct(_ opcode: UInt8) throws(PyTorchFault) -> Bool {
    switch opcode {
    case UInt8(ascii: "c"):
      let newline = UInt8(ascii: "\n")
      let module = try operand(reader.run(before: newline))
      let name = try operand(reader.run(before: newline))
      stack.append(
        .global(
          try PickleGlobal(
            module: String(decoding: module, as: UTF8.self),
            name: String(decoding: name, as: UTF8.self))))
    case 0x93:
      let names = try pop(2)
      guard case .text(let module) = names[0], case .text(let name) = names[1] else {
        throw fault("the name of a class or function is missing")
      }
      stack.append(.global(try PickleGlobal(module: module, name: name)))
    case UInt8(ascii: "R"):
      let parts = try pop(2)
      guard case .global(let global) = parts[0], case .tuple(let index) = parts[1] else {
        throw fault("a call lacks its function or its arguments")
      }
      try apply(global, to: sequences[index])
    case UInt8(ascii: "Q"):
      guard case .tuple(let index) = try pop() else { throw fault("a storage's name is no tuple") }
      stack.append(try storage(sequences[index]))
    case UInt8(ascii: "b"):
      // Attributes of an OrderedDict: _metadata, the versions of the modules.
      _ = try pop()
      guard case .dictionary = try top() else { throw fault("attributes without a dictionary") }
    default: return false
    }
    return true
  }

  private mutating func apply(
    _ global: PickleGlobal, to arguments: [PickleValue]
  ) throws(PyTorchFault) {
    switch global {
    case .orderedDictionary:
      guard arguments.isEmpty else { throw fault("OrderedDict has arguments") }
      pushDictionary()
    case .rebuildTensor, .rebuildTypedTensor:
      stack.append(try rebuilt(global, arguments))
    case .rebuildParameter, .rebuildParameterWithState:
      let count: Int
      if case .rebuildParameter = global { count = 3 } else { count = 4 }
      guard arguments.count == count, arguments[0].isTensor else {
        throw fault("a parameter has wrong arguments")
      }
      stack.append(arguments[0])
    case .rebuildFromType:
      // (function, class, arguments of the function, attributes): the attributes of a buffer or a
      // parameter say nothing of its numbers.
      guard arguments.count == 4, case .global(let function) = arguments[0],
        case .global(.tensorClass) = arguments[1], case .tuple(let index) = arguments[2]
      else { throw fault("a tensor of another class has wrong arguments") }
      stack.append(try rebuilt(function, sequences[index]))
    case .tensorClass, .storageClass, .untypedStorageClass, .dtype, .unreadableStorageClass,
      .unreadableType:
      throw fault("a type is called like a function")
    }
  }

  /// The tensor that `_rebuild_tensor_v2` or `_rebuild_tensor_v3` makes.
  private func rebuilt(
    _ function: PickleGlobal, _ arguments: [PickleValue]
  ) throws(PyTorchFault) -> PickleValue {
    var dtype: TensorData.DType?
    var metadata: PickleValue?
    switch function {
    case .rebuildTensor where 6...7 ~= arguments.count:
      metadata = arguments.count == 7 ? arguments[6] : nil
    case .rebuildTypedTensor where 7...8 ~= arguments.count:
      metadata = arguments.count == 8 ? arguments[7] : nil
      switch arguments[6] {
      case .global(.dtype(let found)): dtype = found
      case .global(.unreadableType(let type)): return .unreadableTensor(type: type)
      default: throw fault("a tensor has wrong arguments")
      }
    default: throw fault("a tensor has wrong arguments")
    }
    if case .unreadableStorage(let type) = arguments[0] { return .unreadableTensor(type: type) }
    var result = try tensor(arguments, dtype: dtype)
    result.isNegated = try isNegated(metadata, dtype: result.dtype)
    return .tensor(result)
  }

  /// Whether the metadata of a tensor set its negative bit. The conjugate bit is of complex tensors
  /// alone.
  private func isNegated(
    _ metadata: PickleValue?, dtype: TensorData.DType
  ) throws(PyTorchFault) -> Bool {
    guard let metadata else { return false }
    if case .none = metadata { return false }
    guard case .dictionary(let index) = metadata else {
      throw fault("a tensor's metadata are no dictionary")
    }
    var isNegated = false
    for (key, value) in dictionaries[index] {
      guard case .text(let name) = key, case .boolean(let isSet) = value,
        !isSet || (name == "neg" && dtype.isFloatingPoint)
      else { throw fault("a tensor has metadata of unknown meaning") }
      if name == "neg" { isNegated = isSet }
    }
    return isNegated
  }

  /// ('storage', class, key, device, number of elements); the device does not matter.
  private func storage(_ items: [PickleValue]) throws(PyTorchFault) -> PickleValue {
    guard 5...6 ~= items.count, case .text("storage") = items[0],
      case .global(let storageClass) = items[1], case .text(let key) = items[2],
      case .text = items[3], case .integer(let count) = items[4], count >= 0
    else { throw fault("a storage is not named as torch.save does") }
    switch storageClass {
    case .storageClass(let dtype):
      return .storage(PickleStorage(key: key, dtype: dtype, count: count))
    case .untypedStorageClass: return .storage(PickleStorage(key: key, dtype: nil, count: count))
    case .unreadableStorageClass(let type): return .unreadableStorage(type: type)
    default: throw fault("a storage is not named as torch.save does")
    }
  }

  /// (storage, offset, shape, strides, requires_grad, hooks, ...).
  private func tensor(
    _ arguments: [PickleValue], dtype: TensorData.DType?
  ) throws(PyTorchFault) -> PickleTensor {
    guard case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
      case .tuple(let shapeIndex) = arguments[2], case .tuple(let strideIndex) = arguments[3],
      let shape = integers(shapeIndex), let strides = integers(strideIndex),
      shape.count == strides.count, let dtype = dtype ?? storage.dtype,
      storage.dtype == nil || storage.dtype == dtype
    else { throw fault("a tensor has wrong arguments") }
    return PickleTensor(
      storage: storage, dtype: dtype, offset: offset, shape: shape, strides: strides)
  }

  /// A tuple of at most 64 numbers: many tensors may share a tuple, so a longer one could make a
  /// short pickle ask for much memory.
  private func integers(_ index: Int) -> [Int]? {
    guard sequences[index].count <= 64 else { return nil }
    var values: [Int] = []
    for item in sequences[index] {
      guard case .integer(let value) = item, value >= 0 else { return nil }
      values.append(value)
    }
    return values
  }
}
