import Faults

/// What is wrong with a `.pt` file, or why it is refused.
public enum PyTorchFault: UserError, Equatable {
  /// The file is no zip archive: of the format before PyTorch 1.6, truncated, or something else.
  case notAnArchive(found: String)
  /// The archive contradicts itself at a byte of the file.
  case damagedArchive(position: Int, problem: String)
  /// An entry is compressed or encrypted, which torch.save never does.
  case unreadableEntry(name: String, problem: String)
  /// An entry does not exist.
  case missingEntry(name: String, found: [String])
  /// The bytes of an entry are not those that were written.
  case checksumMismatch(entry: String, found: UInt32, expected: UInt32)
  /// The tensors were written on a big-endian machine.
  case byteOrder(found: String)
  /// The pickle contradicts itself at one of its bytes.
  case damagedPickle(position: Int, problem: String)
  /// The pickle has an instruction that state dicts do not need.
  case unsupportedInstruction(position: Int, opcode: UInt8)
  /// The pickle names a class or function that is not on the list of harmless ones.
  case unsupportedGlobal(name: String)
  /// The file holds something else than a dictionary of tensors.
  case notAStateDict(found: String)
  /// Several entries are dictionaries of tensors.
  case severalStateDicts(names: [String])
  /// A tensor's elements are of a type that is not read.
  case unreadableType(tensor: String, found: String)
  /// Two tensors have the same name.
  case duplicateName(String)
  /// An entry is not as long as the pickle says.
  case storageSizeMismatch(key: String, found: Int, expected: Int)
  /// A tensor reaches beyond its storage.
  case tensorOutOfBounds(name: String, shape: [Int], strides: [Int], offset: Int, storage: Int)
  /// The tensors unfold to far more bytes than the file has, or the archive needs more than 4 GiB.
  case tooLarge(limit: Int)

  public var description: String {
    switch self {
    case .notAnArchive(let found):
      return "found \(found), expected a complete zip archive as torch.save writes since "
        + "PyTorch 1.6; copy the file again, or load it in Python and save it again"
    case .damagedArchive(let position, let problem):
      return "\(problem) at byte \(position), expected a sound zip archive; copy the file again"
    case .unreadableEntry(let name, let problem):
      return "entry \(name) is \(problem), expected a stored one; write the file with torch.save"
    case .missingEntry(let name, let found):
      return "there is no entry \(name), found \(found.prefix(8).joined(separator: ", ")); "
        + "write the file with torch.save"
    case .checksumMismatch(let entry, let found, let expected):
      return "entry \(entry) has checksum \(String(found, radix: 16)), expected "
        + "\(String(expected, radix: 16)); the file is damaged: copy it again"
    case .byteOrder(let found):
      return "byte order is \(found), expected little; save the file on a little-endian machine"
    case .damagedPickle(let position, let problem):
      return "data.pkl: \(problem) at byte \(position); the file is damaged: copy it again"
    case .unsupportedInstruction(let position, let opcode):
      return "data.pkl: instruction 0x\(String(opcode, radix: 16)) at byte \(position), expected "
        + "those of a plain dictionary of tensors; save model.state_dict()"
    case .unsupportedGlobal(let name):
      return "data.pkl names \(name), expected only tensors and dictionaries; nothing was run; "
        + "save model.state_dict() instead of the object"
    case .notAStateDict(let found):
      return
        "found \(found), expected a dictionary from names to tensors, or one entry alone that is "
        + "such a dictionary; save model.state_dict()"
    case .severalStateDicts(let names):
      return
        "the entries \(names.prefix(8).joined(separator: ", ")) are dictionaries of tensors, "
        + "expected one; "
        + "save the one that is meant alone"
    case .unreadableType(let tensor, let found):
      let known = TensorData.DType.allCases.map(\.torchName).joined(separator: ", ")
      return "tensor \(tensor) is of type \(found), expected one of \(known); save "
        + (found.hasPrefix("complex") ? "its real and imaginary parts apart" : "it in one of these")
    case .duplicateName(let name):
      return "tensor \(name) occurs twice, expected once; write the file again"
    case .storageSizeMismatch(let key, let found, let expected):
      return "entry data/\(key) has \(found) bytes, expected \(expected); copy the file again"
    case .tensorOutOfBounds(let name, let shape, let strides, let offset, let storage):
      return "tensor \(name) of shape \(shape), strides \(strides) and offset \(offset) does not "
        + "fit its storage of \(storage) elements; the file is damaged: write it again"
    case .tooLarge(let limit):
      return "the tensors need more than \(limit) bytes, expected no more for this file; "
        + "save contiguous tensors, each once"
    }
  }
}

extension PyTorchFault {
  public var faultClass: FaultClass { .badInput }
}
