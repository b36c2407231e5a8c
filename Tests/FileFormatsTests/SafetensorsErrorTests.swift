import Foundation
import Testing
import Verification

@testable import FileFormats

@Suite("Damaged safetensors files")
struct SafetensorsErrorTests {
  /// A file with this header and so many bytes of data.
  private func file(_ header: String, dataCount: Int) -> Data {
    let length = UInt64(header.utf8.count)
    let prefix = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    return Data(prefix + Array(header.utf8) + [UInt8](repeating: 0, count: dataCount))
  }

  private func fault(_ header: String, dataCount: Int = 4) -> SafetensorsFault? {
    (thrown { try SafetensorsFile(data: file(header, dataCount: dataCount)) }
      as? SafetensorsError)?.fault
  }

  private func entry(
    _ name: String, _ begin: Int, _ end: Int, dtype: String = "F32", shape: String = "[1]"
  ) -> String {
    "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
  }

  /// The pattern of these tests reads a sound header, so that refusals are due to the fault alone.
  @Test("Negative control: the sound header is read")
  func soundHeader() throws {
    let data = file(" {\(entry("a", 0, 4)) , \(entry("b", 4, 8))}\n", dataCount: 8)
    #expect(try SafetensorsFile(data: data).tensors.names == ["a", "b"])
  }

  @Test("Contents that contradict each other")
  func contradictions() {
    #expect(
      fault("{\(entry("a", 0, 4)),\(entry("b", 0, 4))}")
        == .notContiguous(tensor: "b", found: 0, expected: 4))
    #expect(
      fault("{\(entry("a", 4, 8))}", dataCount: 8)
        == .notContiguous(tensor: "a", found: 4, expected: 0))
    #expect(fault("{\(entry("a", 0, 4))}", dataCount: 3) == .dataTruncated(found: 3, expected: 4))
    #expect(fault("{\(entry("a", 0, 4))}", dataCount: 5) == .trailingBytes(found: 5, expected: 4))
    #expect(fault("{\(entry("a", 0, 4)),\(entry("a", 4, 8))}") == .duplicateName("a"))
    #expect(fault("{\(entry("a", 4, 0))}") == .badOffsets(tensor: "a", found: [4, 0]))
    #expect(
      fault("{\(entry("a", 0, 4, shape: "[2]"))}")
        == .sizeMismatch(tensor: "a", dtype: .float32, shape: [2], found: 4))
    // 2^62 elements of 4 bytes: the product overflows and must not wrap around to 0.
    let huge = "[4611686018427387904]"
    #expect(
      fault("{\(entry("a", 0, 0, shape: huge))}", dataCount: 0)
        == .sizeMismatch(tensor: "a", dtype: .float32, shape: [1 << 62], found: 0))
    #expect(fault("{\(entry("a", 0, 4, dtype: "F7"))}") == .unknownType(tensor: "a", found: "F7"))
    #expect(fault("{\"a\":{\"dtype\":\"F32\"}}") == .incompleteEntry(tensor: "a"))
    #expect(fault("{\"a\":{\"extra\":\"F32\"}}") == .unknownField(tensor: "a", field: "extra"))
    #expect(
      fault("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", dataCount: 0)
        == .duplicateName("__metadata__.k"))
  }

  @Test(
    "Headers that are no JSON of this kind",
    arguments: [
      "", "{", "[]", "{}x", "{\"a\"}", "{\"a\":1}", "{\"a\":{\"shape\":[-1]}}",
      "{\"a\":{\"shape\":[1.5]}}", "{\"a\":{\"shape\":[01]}}", "{\"a\":{\"shape\":[1,]}}",
      "{\"a\":{\"shape\":[9223372036854775808]}}", "{\"__metadata__\":{\"k\":1}}",
      "{\"\\ud800\":{}}", "{\"\\x\":{}}", "{\"a\n\":{}}", "{\"__metadata__\":{},}",
    ])
  func malformedHeader(header: String) {
    guard case .malformedHeader? = fault(header, dataCount: 0) else {
      Issue.record("\(header): found \(String(describing: fault(header, dataCount: 0)))")
      return
    }
  }

  @Test("Lengths")
  func lengths() {
    #expect(
      (thrown { try SafetensorsFile(data: Data([1, 2])) } as? SafetensorsError)?.fault
        == .truncated(found: 2, expected: 8))
    let text = Data("{\"weights\": [1, 2]}".utf8)
    guard
      case .headerTooLong? = (thrown { try SafetensorsFile(data: text) } as? SafetensorsError)?
        .fault
    else {
      Issue.record("text must not be taken for a header length")
      return
    }
    let reserved = SafetensorsFile(tensors: ["__metadata__": TensorData([1.0])])
    #expect((thrown { try reserved.data() } as? SafetensorsError)?.fault == .reservedName)
  }

  /// Every truncation throws; every single changed byte is read or refused, and never traps.
  /// Truncations are detected always, since the data must fill the file exactly.
  @Test("Fuzzing")
  func fuzzing() throws {
    let bytes = [UInt8](try SafetensorsPropertyTests.sample.data())
    for count in 0..<bytes.count {
      #expect(throws: SafetensorsError.self) { try SafetensorsFile(data: Data(bytes[0..<count])) }
    }
    var refused = 0
    for position in bytes.indices {
      for mask: UInt8 in [1, 2, 4, 8, 16, 32, 64, 128, 255] {
        var damaged = bytes
        damaged[position] ^= mask
        if thrown({ try SafetensorsFile(data: Data(damaged)) }) != nil { refused += 1 }
      }
    }
    #expect(refused > 0)
  }

  /// Messages name the file, what was found, what was expected, and what to do.
  @Test("Messages")
  func messages() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cut.safetensors")
      try file("{\(entry("a", 0, 4))}", dataCount: 3).write(to: url)
      let message = "\(try #require(thrown { try SafetensorsFile(contentsOf: url) }))"
      #expect(message.hasPrefix(url.path))
      for part in ["found 3", "expected 4", "copy it again"] { #expect(message.contains(part)) }
      let missing = folder.appendingPathComponent("none")
      let error = thrown { try SafetensorsFile(contentsOf: missing) }
      #expect(error as? FileError == .missing(path: missing.path))
    }
  }
}
