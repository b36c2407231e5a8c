import FileFormats
import Foundation
import Testing
import Verification

@Suite("Safetensors files written by Python")
struct SafetensorsFixtureTests {
  /// Every element type as the safetensors package writes it; the values are -3...8 (halved for
  /// floating-point types), all exact. Blind to: files with more than one metadata entry.
  @Test("All types")
  func allTypes() throws {
    let file = try SafetensorsFile(contentsOf: FixtureStore.url("formats/all_types.safetensors"))
    let ramp = Array(-3..<9)
    for dtype in TensorData.DType.allCases where dtype != .uint8 && dtype != .bool {
      let tensor = try file.tensors.tensor("\(dtype)")
      #expect(tensor.dtype == dtype)
      #expect(tensor.shape == [3, 4])
      #expect(try tensor.doubles() == ramp.map { Double($0) / (dtype.isFloatingPoint ? 2 : 1) })
    }
    #expect(try file.tensors.tensor("uint8").integers() == (0..<12).map { Int64($0) })
    #expect(try file.tensors.tensor("bool").integers() == ramp.map { $0 > 0 ? 1 : 0 })
    #expect(try file.tensors.tensor("scalar").integers() == [1 << 60 + 1])
    #expect(try file.tensors.tensor("scalar").shape == [])
    #expect(try file.tensors.tensor("empty").shape == [0, 5])
    #expect(try file.tensors.tensor("µ \"quoted\"\n").floats() == [1.5])
    #expect(file.tensors.count == 13)
    #expect(file.metadata == ["kéy": "välue \\ \"x\"\t"])
  }
}
