import FileFormats
import Foundation
import Testing
import Verification

@Suite("Writing safetensors files")
struct SafetensorsPropertyTests {
  static let sample = SafetensorsFile(
    tensors: [
      "z": TensorData([1.5, -2, .infinity], shape: [3, 1]),
      "bytes": TensorData(dtype: .uint8, shape: [3], bytes: [1, 2, 255]),
      "a/\"b\"\\\u{1}é": TensorData([Float(0.1), -.nan], shape: [2]),
      "empty": TensorData([Float](), shape: [0, 7]),
      "scalar": TensorData([Int64.min], shape: []),
      "half": TensorData(dtype: .float16, shape: [1], bytes: [0, 0x3c]),
    ],
    metadata: ["task": "t1", "note": "line\nline \u{1F30D} \u{7f}", "": ""])

  /// Reading returns what was written, bit for bit.
  /// Blind to: an error common to both directions (SafetensorsFixtureTests sees that).
  @Test("Round trip")
  func roundTrip() throws {
    let read = try SafetensorsFile(data: Self.sample.data())
    #expect(read.metadata == Self.sample.metadata)
    #expect(Set(read.tensors.names) == Set(Self.sample.tensors.names))
    for (name, tensor) in Self.sample.tensors { #expect(read.tensors[name] == tensor) }
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.safetensors")
      try Self.sample.write(to: url)
      #expect(try SafetensorsFile(contentsOf: url) == read)
      #expect(try names(in: folder) == ["x.safetensors"])
    }
    #expect(try SafetensorsFile(data: SafetensorsFile().data()) == SafetensorsFile())
  }

  /// The order in which tensors and metadata were added leaves no trace in the bytes, a changed
  /// value does (the negative control), and writing what was read gives the same bytes again.
  @Test("Canonical bytes")
  func canonicalBytes() throws {
    var shuffled = SafetensorsFile()
    for name in Self.sample.tensors.names.reversed() {
      shuffled.tensors[name] = Self.sample.tensors[name]
    }
    for (key, value) in Self.sample.metadata.reversed() { shuffled.metadata[key] = value }
    let bytes = try Self.sample.data()
    #expect(try shuffled.data() == bytes)
    #expect(try SafetensorsFile(data: bytes).data() == bytes)
    shuffled.metadata["task"] = "t2"
    #expect(try shuffled.data() != bytes)
  }

  /// Data begin at a multiple of 8 bytes, and each tensor at a multiple of its element size.
  @Test("Alignment")
  func alignment() throws {
    let bytes = [UInt8](try Self.sample.data())
    let headerLength = bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(headerLength % 8 == 0)
    var offset = 0
    for (name, tensor) in try SafetensorsFile(data: Data(bytes)).tensors {
      #expect(offset % tensor.dtype.byteCount == 0, "\(name) at \(offset)")
      offset += tensor.bytes.count
    }
    #expect(8 + headerLength + offset == bytes.count)
  }

  /// The header alone says the same as the whole file, of the file's size too.
  @Test("Summary")
  func summary() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("s.safetensors")
      let file = SafetensorsFile(
        tensors: ["a": TensorData([Int64(1), 2], shape: [2]), "b": TensorData([Float(3)])],
        metadata: ["k": "v"], carriesDigest: true)
      try file.write(to: url)
      let summary = try SafetensorsSummary(contentsOf: url)
      #expect(summary.metadata == ["k": "v"] && summary.carriesDigest)
      #expect(summary.tensors.map(\.name) == ["a", "b"])
      #expect(summary.tensors.map(\.shape) == [[2], [1]])
      #expect(summary.tensors.map(\.dtype) == [.int64, .float32])
      try Data(contentsOf: url).dropLast(1).write(to: url)
      let short = thrown { try SafetensorsSummary(contentsOf: url) } as? SafetensorsError
      #expect(short?.fault == .dataTruncated(found: 19, expected: 20))
      for count in [0, 7, 8, 20] {
        try Data(contentsOf: url).prefix(count).write(to: url)
        #expect(thrown { try SafetensorsSummary(contentsOf: url) } is SafetensorsError)
      }
    }
  }
}
