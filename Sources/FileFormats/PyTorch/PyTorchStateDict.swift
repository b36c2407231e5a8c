import Foundation

/// The tensors of a `.pt` file that torch.save wrote from a state dict [PyTorchSerialization].
///
/// Layout:  a zip archive `<folder>/data.pkl`, `<folder>/byteorder`, `<folder>/data/<key>`: a
///          pickle that describes the tensors, and their numbers.
/// Reading: a dictionary from names to tensors (dict or OrderedDict, parameters and buffers
///          included), or a checkpoint of which one entry alone is such a dictionary (`state_dict`,
///          `model_state_dict`, ...); the others, an epoch or the optimiser's state, are not read,
///          and `notes` says so. The pickle is interpreted by a machine that knows nothing but
///          tensors and dictionaries: reading a file never runs code. Views are gathered, so every
///          tensor comes out contiguous, and the negative bit of a view (`w.conj().imag` has it)
///          changes the signs; devices are ignored.
/// Writing: a plain dict that `torch.load(weights_only=True)` reads. The same tensors give the same
///          bytes.
/// Checked by: PyTorchFixtureTests, PyTorchErrorTests, PyTorchPropertyTests,
///          WrittenFilesFixtureTests.
public struct PyTorchStateDict: Sendable, Equatable {
  /// The tensors in the order of the dictionary.
  public var tensors: NamedTensors
  /// What was chosen while reading, one sentence each.
  public private(set) var notes: [String] = []

  /// A file of these tensors.
  public init(tensors: NamedTensors = NamedTensors()) { self.tensors = tensors }

  /// Reads a file.
  ///
  /// - Throws: `FileError`, `PyTorchError`.
  public init(contentsOf url: URL) throws {
    try self.init(data: try FileFormats.contents(of: url), name: url.path)
  }

  /// Reads a file that is in memory; `name` is what messages call it.
  ///
  /// - Throws: `PyTorchError`.
  public init(data: Data, name: String = "state dict") throws(PyTorchError) {
    do {
      (tensors, notes) = try PyTorchStateDict.read([UInt8](data))
    } catch {
      throw PyTorchError(file: name, fault: error)
    }
  }

  /// Writes the file, complete or not at all (`AtomicFile`).
  ///
  /// - Throws: `FileError`; `PyTorchError` beyond 4 GiB.
  public func write(to url: URL) throws {
    try AtomicFile.write(try data(name: url.path), to: url)
  }

  /// The bytes of the file.
  ///
  /// - Throws: `PyTorchError` beyond 4 GiB.
  public func data(name: String = "state dict") throws(PyTorchError) -> Data {
    var entries: [(name: String, bytes: [UInt8])] = [
      ("archive/data.pkl", pickled(tensors)),
      ("archive/byteorder", Array("little".utf8)),
    ]
    for (index, (_, tensor)) in tensors.enumerated() {
      entries.append(("archive/data/\(index)", tensor.bytes))
    }
    entries.append(("archive/version", Array("3\n".utf8)))
    do {
      return Data(try ZipArchive.write(entries))
    } catch {
      throw PyTorchError(file: name, fault: error)
    }
  }

  // MARK: - Reading

  private static func read(
    _ bytes: [UInt8]
  ) throws(PyTorchFault) -> (tensors: NamedTensors, notes: [String]) {
    let archive = try ZipArchive(bytes)
    let pickleName = archive.names.first { $0.hasSuffix("/data.pkl") } ?? "data.pkl"
    let folder = pickleName.dropLast("data.pkl".count)
    let pickle = try archive.contents(of: pickleName)
    if archive.names.contains("\(folder)byteorder") {
      let order = String(decoding: try archive.contents(of: "\(folder)byteorder"), as: UTF8.self)
      guard order == "little" else { throw PyTorchFault.byteOrder(found: order) }
    }
    var interpreter = PickleInterpreter(pickle)
    let root = try interpreter.run()
    let (entries, notes) = try namedTensors(root, of: interpreter)

    // A stride of 0 or many views of one storage can unfold to any size: a file of a few bytes must
    // not ask for all memory. Sixteen times the file is beyond what tied weights need.
    let limit = 16 * bytes.count
    var total = 0
    var loader = StorageLoader(archive: archive, folder: String(folder))
    var tensors = NamedTensors()
    for (name, tensor) in entries {
      guard tensors[name] == nil else { throw PyTorchFault.duplicateName(name) }
      let byteCount = TensorData.byteCount(dtype: tensor.dtype, shape: tensor.shape)
      guard let byteCount, byteCount <= limit - total else {
        throw PyTorchFault.tooLarge(limit: limit)
      }
      total += byteCount
      tensors[name] = try loader.tensor(tensor, name: name)
    }
    return (tensors, notes)
  }

  private typealias Entries = [(key: PickleValue, value: PickleValue)]

  /// The tensors of the outermost dictionary, or of the one that it holds.
  private static func namedTensors(
    _ root: PickleValue, of interpreter: PickleInterpreter
  ) throws(PyTorchFault) -> (tensors: [(String, PickleTensor)], notes: [String]) {
    guard case .dictionary(let rootIndex) = root else {
      throw PyTorchFault.notAStateDict(found: root.kind)
    }
    var entries = interpreter.dictionaries[rootIndex]
    var notes: [String] = []
    if let inner = try wrapped(entries, of: interpreter) {
      let others = entries.compactMap { entry -> String? in
        guard case .text(let name) = entry.key, name != inner.name else { return nil }
        return name
      }
      notes.append(
        "the tensors are those of the entry \(inner.name)"
          + (others.isEmpty
            ? ""
            : "; not read: \(others.prefix(8).joined(separator: ", "))"
              + (others.count > 8 ? ", ..." : "")))
      entries = inner.entries
    }
    var tensors: [(String, PickleTensor)] = []
    for (key, value) in entries {
      guard case .text(let name) = key else {
        throw PyTorchFault.notAStateDict(found: "\(key.kind) as a name")
      }
      if case .unreadableTensor(let type) = value {
        throw PyTorchFault.unreadableType(tensor: name, found: type)
      }
      guard case .tensor(let tensor) = value else {
        throw PyTorchFault.notAStateDict(found: "\(value.kind) under the name \(name)")
      }
      tensors.append((name, tensor))
    }
    return (tensors, notes)
  }

  /// The dictionary inside of a checkpoint: of the outermost entries, none of them a tensor, the
  /// only one that is a dictionary from names to tensors; nil when the outermost dictionary is
  /// meant itself.
  ///
  /// - Throws: `PyTorchFault.severalStateDicts`.
  private static func wrapped(
    _ entries: Entries, of interpreter: PickleInterpreter
  ) throws(PyTorchFault) -> (name: String, entries: Entries)? {
    // A tensor beside them, a loss for instance, does not make the outermost dictionary a state
    // dict.
    guard entries.contains(where: { !$0.value.isTensor }) else { return nil }
    var found: [(name: String, entries: Entries)] = []
    var dictionaries: [(name: String, entries: Entries)] = []
    // Entries may share a dictionary: each is looked through once.
    var known: [Int: Bool] = [:]
    for (key, value) in entries {
      guard case .text(let name) = key, case .dictionary(let index) = value else { continue }
      let inner = interpreter.dictionaries[index]
      dictionaries.append((name, inner))
      let isStateDict =
        known[index]
        ?? inner.allSatisfy { entry in
          if case .text = entry.key { return entry.value.isTensor }
          return false
        }
      known[index] = isStateDict
      if isStateDict, !inner.isEmpty { found.append((name, inner)) }
    }
    guard found.count < 2 else {
      throw PyTorchFault.severalStateDicts(names: found.map(\.name))
    }
    // What stands under `state_dict` is meant, even if something in it is to be refused.
    return found.first ?? dictionaries.first { $0.name == "state_dict" }
  }
}

/// Fetches storages from the archive, each verified once, and gathers tensors from them.
private struct StorageLoader {
  let archive: ZipArchive
  let folder: String
  private var storages: [String: ArraySlice<UInt8>] = [:]

  init(archive: ZipArchive, folder: String) {
    self.archive = archive
    self.folder = folder
  }

  mutating func tensor(
    _ tensor: PickleTensor, name: String
  ) throws(PyTorchFault) -> TensorData {
    let size = tensor.dtype.byteCount
    let bytes = try contents(tensor.storage)
    let available = bytes.count / size
    let fault = PyTorchFault.tensorOutOfBounds(
      name: name, shape: tensor.shape, strides: tensor.strides, offset: tensor.offset,
      storage: available)
    guard let last = StorageLoader.lastElement(tensor) else { throw fault }
    if tensor.shape.contains(0) {
      return TensorData(dtype: tensor.dtype, shape: tensor.shape, bytes: [])
    }
    guard last < available else { throw fault }
    var elements = StorageLoader.gather(tensor, from: bytes)
    if tensor.isNegated {
      // The sign of a floating-point number is the highest bit of its last byte.
      for last in stride(from: size - 1, to: elements.count, by: size) { elements[last] ^= 0x80 }
    }
    return TensorData(dtype: tensor.dtype, shape: tensor.shape, bytes: elements)
  }

  private mutating func contents(
    _ storage: PickleStorage
  ) throws(PyTorchFault) -> ArraySlice<UInt8> {
    let bytes: ArraySlice<UInt8>
    if let known = storages[storage.key] {
      bytes = known
    } else {
      bytes = try archive.contents(of: "\(folder)data/\(storage.key)")
      storages[storage.key] = bytes
    }
    let size = storage.dtype?.byteCount ?? 1
    let (expected, overflow) = storage.count.multipliedReportingOverflow(by: size)
    guard !overflow, expected == bytes.count else {
      throw PyTorchFault.storageSizeMismatch(
        key: storage.key, found: bytes.count, expected: overflow ? .max : expected)
    }
    return bytes
  }

  /// offset + Σ (shape - 1) strides, or nil if it does not fit an `Int`.
  private static func lastElement(_ tensor: PickleTensor) -> Int? {
    guard tensor.offset >= 0 else { return nil }
    var last = tensor.offset
    for (extent, stride) in zip(tensor.shape, tensor.strides) where extent > 0 {
      let (reach, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, sumOverflow) = last.addingReportingOverflow(reach)
      if overflow || sumOverflow { return nil }
      last = sum
    }
    return last
  }

  /// Copies the elements in row-major order.
  private static func gather(_ tensor: PickleTensor, from bytes: ArraySlice<UInt8>) -> [UInt8] {
    let size = tensor.dtype.byteCount
    // The trailing dimensions that are contiguous already are copied in one run.
    var run = size
    var outer = tensor.shape.count
    while outer > 0, tensor.shape[outer - 1] == 1 || tensor.strides[outer - 1] * size == run {
      run *= tensor.shape[outer - 1]
      outer -= 1
    }
    var index = [Int](repeating: 0, count: outer)
    var element = tensor.offset
    var result: [UInt8] = []
    result.reserveCapacity(TensorData.byteCount(dtype: tensor.dtype, shape: tensor.shape) ?? 0)
    while true {
      let start = bytes.startIndex + element * size
      result += bytes[start..<start + run]
      // Advance the index like an odometer. Steps along a dimension of extent 1 are undone at once,
      // so their stride, which no bound limits, may wrap around.
      var dimension = outer - 1
      while dimension >= 0 {
        index[dimension] += 1
        element &+= tensor.strides[dimension]
        if index[dimension] < tensor.shape[dimension] { break }
        element &-= tensor.shape[dimension] &* tensor.strides[dimension]
        index[dimension] = 0
        dimension -= 1
      }
      if dimension < 0 { return result }
    }
  }
}
