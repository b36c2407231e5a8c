import FileFormats
import Foundation
import Testing
import Verification

@Suite("Writing state dicts")
struct PyTorchPropertyTests {
  /// Reading returns what was written, bit for bit and in order, for every element type and for
  /// numbers of elements around the limits of the pickle's integers.
  /// Blind to: faults common to both directions (Fixtures/generators/check_written_files.py has
  /// PyTorch read such files).
  @Test("Round trip")
  func roundTrip() throws {
    var state = PyTorchStateDict()
    var numbers = TestNumbers(seed: 3)
    for dtype in TensorData.DType.allCases {
      let bytes = (0..<6 * dtype.byteCount).map { _ in
        UInt8(truncatingIfNeeded: numbers.next() & (dtype == .bool ? 1 : 255))
      }
      state.tensors["blocks.0.\(dtype)"] = TensorData(dtype: dtype, shape: [3, 2], bytes: bytes)
    }
    state.tensors["scalar"] = TensorData([Int64.min], shape: [])
    state.tensors["empty é"] = TensorData([Float](), shape: [2, 0, 3])
    for count in [255, 256, 65535, 65536] {
      state.tensors["\(count)"] = TensorData([Float](repeating: 1, count: count))
    }
    #expect(try PyTorchStateDict(data: state.data()) == state)
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.pt")
      try state.write(to: url)
      #expect(try PyTorchStateDict(contentsOf: url) == state)
      #expect(try names(in: folder) == ["x.pt"])
    }
    #expect(try PyTorchStateDict(data: PyTorchStateDict().data()) == PyTorchStateDict())
  }

  /// The same tensors give the same bytes, and every tensor begins at a multiple of 64 bytes, where
  /// memory mapping can use it.
  @Test("Bytes")
  func bytes() throws {
    let marker: [UInt8] = Array("unmistakable data".utf8)
    let state = PyTorchStateDict(tensors: [
      "a": TensorData([1.0]), "b": TensorData(dtype: .uint8, shape: [17], bytes: marker),
    ])
    let data = try state.data()
    #expect(try state.data() == data)
    let range = try #require(data.range(of: Data(marker)))
    #expect(range.lowerBound % 64 == 0)
  }
}
