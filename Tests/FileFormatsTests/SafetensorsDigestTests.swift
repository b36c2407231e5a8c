import Foundation
import Testing
import Verification

@testable import FileFormats

/// The digest that a safetensors file may carry.
///
/// Blind to: damage that changes the digest's entry and the contents to match, which no accident
/// does.
@Suite("Digest of safetensors files")
struct SafetensorsDigestTests {
  private func file() -> SafetensorsFile {
    SafetensorsFile(
      tensors: [
        "b": TensorData([Float(1), -2, 3.5], shape: [3, 1]), "a": TensorData([Int64(7)], shape: []),
      ], metadata: ["kind": "test", "other": "\"x\""], carriesDigest: true)
  }

  @Test("A digest is written, verified and taken out again")
  func roundTrip() throws {
    let read = try SafetensorsFile(data: file().data())
    #expect(read.carriesDigest)
    #expect(read.metadata == file().metadata)
    #expect(read.digest == file().digest)
    #expect(try read.data() == file().data())
    #expect(throws: Never.self) { try read.requireDigest(file: "x") }
    var without = file()
    without.carriesDigest = false
    let plain = try SafetensorsFile(data: without.data())
    #expect(!plain.carriesDigest && plain.digest == read.digest)
    let missing = thrown { try plain.requireDigest(file: "x") } as? SafetensorsError
    #expect(missing == SafetensorsError(file: "x", fault: .digestMissing))
  }

  /// Of the digest's definition, written out by hand with Python's hashlib.
  @Test("The definition")
  func definition() {
    let one = SafetensorsFile(
      tensors: ["t": TensorData([Float(1)], shape: [1])], metadata: ["k": "v"])
    #expect(one.digest == "f76212ec7f34bca7f8ec101420a8244997cd5afa7ca70a1aa8be52decb01db74")
  }

  @Test("Everything counts but the order")
  func sensitivity() {
    let original = file().digest
    var other = file()
    other.metadata["kind"] = "tesu"
    #expect(other.digest != original)
    other = file()
    other.metadata["extra"] = ""
    #expect(other.digest != original)
    other = file()
    other.tensors["b"] = TensorData([Float(1), -2, 3.5], shape: [1, 3])
    #expect(other.digest != original)
    other = file()
    other.tensors["b"] = TensorData(
      dtype: .int32, shape: [3, 1], bytes: other.tensors["b"]?.bytes ?? [])
    #expect(other.digest != original)
    other = SafetensorsFile(metadata: file().metadata)
    for name in ["a", "b"] { other.tensors[name] = file().tensors[name] }
    #expect(other.digest == original && other.tensors.names != file().tensors.names)
  }

  /// Every bit of a file: what is read must be refused or, where JSON has two spellings of the
  /// same, equal.
  @Test("No flipped bit goes unnoticed")
  func flippedBits() throws {
    let original = try file().data()
    let sound = try SafetensorsFile(data: original)
    var (mismatches, unseen) = (0, 0)
    for position in original.indices {
      for bit in 0..<8 {
        var data = original
        data[position] ^= 1 << bit
        do {
          let read = try SafetensorsFile(data: data)
          // The entry itself can be hit: then the digest is missing, and whoever needs it refuses.
          if read.carriesDigest, read != sound { unseen += 1 }
        } catch {
          if case .digestMismatch = error.fault { mismatches += 1 }
        }
      }
    }
    #expect(unseen == 0)
    #expect(mismatches > 8 * 20, "all bits of the 20 bytes of data at least")
  }

  @Test("The entry's name is reserved")
  func reservedName() {
    var other = file()
    other.metadata[SafetensorsFile.digestKey] = "0"
    let error = thrown { try other.data(name: "x") } as? SafetensorsError
    #expect(error == SafetensorsError(file: "x", fault: .reservedName))
  }
}
