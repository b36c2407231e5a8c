import Foundation
import Testing
import Verification

@testable import FileFormats

@Suite("Files that are no state dict")
struct PyTorchErrorTests {
  private func fault(_ data: Data) -> PyTorchFault? {
    (thrown { try PyTorchStateDict(data: data) } as? PyTorchError)?.fault
  }

  private func fault(fixture: String) throws -> PyTorchFault? {
    fault(try FixtureStore.data("formats/refused_\(fixture).pt"))
  }

  /// An archive with this pickle and one storage of four float32.
  private func archive(_ pickle: [UInt8], storage: [UInt8] = [UInt8](repeating: 0, count: 16))
    throws -> Data
  {
    Data(
      try ZipArchive.write([("m/data.pkl", pickle), ("m/data/0", storage)]))
  }

  /// The pickle of one float32 tensor `t`, with sizes written as LONG1 of 8 bytes.
  private func pickle(
    shape: [Int], strides: [Int], offset: Int = 0, count: Int = 4, copies: Int = 1
  ) -> [UInt8] {
    func long(_ value: Int) -> [UInt8] { [0x8a, 8] + littleEndianBytes(of: [value], \.self) }
    func text(_ value: String) -> [UInt8] { [0x8c, UInt8(value.utf8.count)] + Array(value.utf8) }
    func tuple(_ values: [Int]) -> [UInt8] { [0x28] + values.flatMap(long) + [0x74] }
    var bytes: [UInt8] = [0x80, 2] + Array("}(".utf8)
    for copy in 0..<copies {
      bytes += text("t\(copy)") + Array("ctorch._utils\n_rebuild_tensor_v2\n((".utf8)
      bytes += text("storage") + Array("ctorch\nFloatStorage\n".utf8) + text("0") + text("cpu")
      bytes += long(count) + Array("tQ".utf8) + long(offset) + tuple(shape) + tuple(strides)
      bytes += [0x89] + Array("NtR".utf8)
    }
    return bytes + Array("u.".utf8)
  }

  /// The pattern reads a sound pickle, so that refusals are due to the fault alone.
  @Test("Negative control: the sound pickle is read")
  func soundPickle() throws {
    let data = try archive(pickle(shape: [2, 2], strides: [1, 2]))
    #expect(try PyTorchStateDict(data: data).tensors.names == ["t0"])
  }

  @Test("Files that Python writes")
  func fixtures() throws {
    #expect(try fault(fixture: "code") == .unsupportedGlobal(name: "__builtin__.print"))
    #expect(
      try fault(fixture: "complex") == .unreadableType(tensor: "a", found: "complex64"))
    #expect(
      try fault(fixture: "model")
        == .unsupportedGlobal(name: "torch.nn.modules.activation.ReLU"))
    #expect(try fault(fixture: "list") == .notAStateDict(found: "a list"))
    guard case .notAnArchive? = try fault(fixture: "legacy") else {
      Issue.record("the format before PyTorch 1.6 must be recognised")
      return
    }
    guard case .unreadableEntry? = try fault(fixture: "compressed") else {
      Issue.record("compressed entries must be refused")
      return
    }
  }

  /// Types that are not read name the tensor, and of several dictionaries none is guessed.
  @Test("Types and dictionaries that are not read")
  func unreadable() throws {
    func fault(state name: String) throws -> PyTorchFault? {
      self.fault(try FixtureStore.data("formats/state_\(name).pt"))
    }
    #expect(try fault(state: "complex") == .unreadableType(tensor: "w", found: "complex64"))
    #expect(try fault(state: "conjugate") == .unreadableType(tensor: "w", found: "complex128"))
    #expect(try fault(state: "float8") == .unreadableType(tensor: "w", found: "float8_e4m3fn"))
    #expect(try fault(state: "several") == .severalStateDicts(names: ["model", "average"]))
    #expect(
      "\(PyTorchFault.unreadableType(tensor: "w", found: "complex64"))".contains("imaginary parts"))
  }

  /// Metadata of a tensor that are not understood could mean anything.
  @Test("Metadata of a tensor")
  func metadata() throws {
    func pickle(_ key: String, isSet: Bool) -> [UInt8] {
      var bytes = self.pickle(shape: [4], strides: [1])
      // The arguments end in 0x89 (requires_grad), N (hooks), t; the seventh is the metadata.
      let end = bytes.count - 4
      bytes.insert(
        contentsOf: Array("}".utf8) + [0x8c, UInt8(key.utf8.count)] + Array(key.utf8)
          + [isSet ? 0x88 : 0x89] + Array("s".utf8), at: end)
      return bytes
    }
    let storage = (0..<4).flatMap { littleEndianBytes(of: [Float($0)], \.bitPattern) }
    func read(_ key: String, _ isSet: Bool) throws -> [Float]? {
      let data = try archive(pickle(key, isSet: isSet), storage: storage)
      return try? PyTorchStateDict(data: data).tensors.tensor("t0").floats()
    }
    #expect(try read("neg", true) == [-0.0, -1, -2, -3])
    #expect(try read("neg", false) == [0, 1, 2, 3])
    #expect(try read("conj", false) == [0, 1, 2, 3])
    #expect(try read("conj", true) == nil && read("other", true) == nil)
  }

  @Test("Tensors that do not fit their storage")
  func misfits() throws {
    let limit = 16 * (try archive(pickle(shape: [4], strides: [1]))).count
    let cases: [(shape: [Int], strides: [Int], offset: Int)] = [
      ([5], [1], 0), ([4], [1], 1), ([2, 2], [3, 1], 0), ([2], [.max], 0), ([3], [.max / 2], 2),
      ([2], [1], .max),
    ]
    for (shape, strides, offset) in cases {
      let data = try archive(pickle(shape: shape, strides: strides, offset: offset))
      #expect(
        fault(data)
          == .tensorOutOfBounds(
            name: "t0", shape: shape, strides: strides, offset: offset, storage: 4))
    }
    for shape in [[1 << 40], [1 << 31, 1 << 31, 1 << 31], [limit / 4 + 1]] {
      let strides = shape.map { _ in 0 }
      guard case .tooLarge? = fault(try archive(pickle(shape: shape, strides: strides))) else {
        Issue.record("shape \(shape) with stride 0 must be refused")
        continue
      }
    }
    // A dimension of extent 1 is never stepped along, so any stride is fine there.
    let odd = try archive(pickle(shape: [1, 2, 1, 2], strides: [.max, 2, .max, 1]))
    #expect(try PyTorchStateDict(data: odd).tensors.tensor("t0").floats() == [0, 0, 0, 0])
    #expect(
      fault(try archive(pickle(shape: [2], strides: [1], count: 5)))
        == .storageSizeMismatch(key: "0", found: 16, expected: 20))
    #expect(
      fault(try archive(pickle(shape: [2], strides: [1], count: .max)))
        == .storageSizeMismatch(key: "0", found: 16, expected: .max))
    guard case .damagedPickle? = fault(try archive(pickle(shape: [-1], strides: [1]))) else {
      Issue.record("a negative extent must be refused")
      return
    }
  }

  /// Programs without sense, without end, or nested without end are refused, not followed.
  @Test("Pickles that are damaged or hostile")
  func damagedPickles() throws {
    let deep = [UInt8](repeating: 0x29, count: 1) + [UInt8](repeating: 0x85, count: 1_000_000)
    let lists = [UInt8](repeating: 0x5d, count: 200_000) + [UInt8](repeating: 0x61, count: 199_999)
    let texts: [[UInt8]] = [
      [], Array(".".utf8), Array("0.".utf8), Array("(.".utf8), Array("t.".utf8),
      Array("NR.".utf8), Array("h\u{5}.".utf8), Array("}Ns.".utf8), Array("]K\u{1}s.".utf8),
      Array("Nb.".utf8), Array("X".utf8) + [255, 255, 255, 255, 1], [0x8d] + Array("abcdefgh".utf8),
      [0x80, 9], [0x8a, 255, 1], Array("cos\nsystem\n.".utf8), Array("cos".utf8),
      [0x8c, 2, 0xff, 0xfe, 0x2e], deep + [0x2e], lists + [0x2e],
      Array("}q\u{0}h\u{0}h\u{0}s.".utf8), Array("(K\u{1}}R.".utf8),
    ]
    for text in texts {
      #expect(fault(try archive([0x80, 2] + text)) != nil, "\(text.prefix(20)) must be refused")
    }
    #expect(
      fault(try archive(Array("cos\nsystem\n.".utf8))) == .unsupportedGlobal(name: "os.system"))
    #expect(
      fault(try archive([0x80, 2, 0x81, 0x2e]))
        == .unsupportedInstruction(position: 2, opcode: 0x81))
    let twice = Array(pickle(shape: [1], strides: [1]).dropFirst(4).dropLast(2))
    #expect(
      fault(try archive([0x80, 2] + Array("}(".utf8) + twice + twice + Array("u.".utf8)))
        == .duplicateName("t0"))
  }

  @Test("Archives")
  func archives() throws {
    #expect(fault(Data()) == .notAnArchive(found: "0 bytes of another format"))
    let noPickle = Data(try ZipArchive.write([("m/x", [1])]))
    #expect(fault(noPickle) == .missingEntry(name: "data.pkl", found: ["m/x"]))
    let big = Data(
      try ZipArchive.write([("m/data.pkl", [0x7d, 0x2e]), ("m/byteorder", Array("big".utf8))]))
    #expect(fault(big) == .byteOrder(found: "big"))
    var changed = try archive(pickle(shape: [4], strides: [1]), storage: [UInt8](1...16))
    let range = try #require(changed.range(of: Data(1...16)))
    changed[range.lowerBound] = 9
    guard case .checksumMismatch(entry: "m/data/0", _, _)? = fault(changed) else {
      Issue.record("a changed number must be noticed")
      return
    }
  }

  /// The checksum of "123456789" is the published check value of CRC-32.
  @Test("Checksum")
  func checksum() {
    #expect(checksum32(Array("123456789".utf8)[...]) == 0xcbf4_3926)
  }

  /// Every truncation throws; every single changed byte of a file of PyTorch is read or refused,
  /// and never traps. A second round changes the pickle of an archive whose checksums are right.
  @Test("Fuzzing", arguments: ["protocol4.pt", "cuda.pt"])
  func fuzzing(name: String) throws {
    let bytes = [UInt8](try FixtureStore.data("formats/\(name)"))
    for count in 0..<bytes.count {
      #expect(throws: PyTorchError.self) { try PyTorchStateDict(data: Data(bytes[0..<count])) }
    }
    var refused = 0
    for position in bytes.indices {
      for mask: UInt8 in [1, 4, 0x10, 0x80, 0xff] {
        var changed = bytes
        changed[position] ^= mask
        if fault(Data(changed)) != nil { refused += 1 }
      }
    }
    let archive = try ZipArchive(bytes)
    let entries = try archive.names.map { (name: $0, bytes: Array(try archive.contents(of: $0))) }
    let pickle = try #require(entries.firstIndex { $0.name.hasSuffix("data.pkl") })
    for position in entries[pickle].bytes.indices {
      for value in stride(from: 0, through: 255, by: 3) {
        var changed = entries
        changed[pickle].bytes[position] = UInt8(value)
        if fault(Data(try ZipArchive.write(changed))) != nil { refused += 1 }
      }
    }
    #expect(refused > 0)
  }

  @Test("Messages")
  func messages() throws {
    let url = FixtureStore.url("formats/refused_code.pt")
    let message = "\(try #require(thrown { try PyTorchStateDict(contentsOf: url) }))"
    #expect(message.hasPrefix(url.path))
    for part in ["__builtin__.print", "expected", "state_dict()"] {
      #expect(message.contains(part))
    }
  }
}
