import FileFormats
import Foundation
import Testing
import Verification

/// Values are formulas of the index that every element type holds exactly; comparisons are exact.
@Suite("State dicts written by PyTorch")
struct PyTorchFixtureTests {
  private func state(_ name: String) throws -> NamedTensors {
    try PyTorchStateDict(contentsOf: FixtureStore.url("formats/\(name)")).tensors
  }

  /// Every element type, in the order of the dict.
  @Test("Element types")
  func elementTypes() throws {
    let tensors = try state("plain.pt")
    for dtype in TensorData.DType.allCases {
      let tensor = try tensors.tensor("\(dtype)")
      #expect(tensor.dtype == dtype)
      #expect(tensor.shape == [6])
      let expected = (0..<6).map { k -> Double in
        switch dtype {
        case .bool: return Double(k % 2)
        case .uint8: return Double(k)
        default: return dtype.isFloatingPoint ? Double(k) / 4 : Double(k - 3)
        }
      }
      #expect(try tensor.doubles() == expected)
    }
    #expect(
      Array(tensors.names.prefix(5)) == ["float64", "float32", "float16", "bfloat16", "int64"])
    #expect(tensors.count == 18)
  }

  /// Views of one storage, 0...23 of shape (2, 3, 4), gathered into row-major order.
  @Test("Views")
  func views() throws {
    let tensors = try state("plain.pt")
    #expect(try tensors.tensor("whole").floats() == (0..<24).map { Float($0) })
    let permuted = try tensors.tensor("permuted")
    #expect(permuted.shape == [4, 2, 3])
    var expected: [Float] = []
    for k in 0..<4 {
      for i in 0..<2 { for j in 0..<3 { expected.append(Float(12 * i + 4 * j + k)) } }
    }
    #expect(try permuted.floats() == expected)
    let slice = try tensors.tensor("slice")
    #expect(slice.shape == [3, 2])
    #expect(try slice.floats() == [13, 14, 17, 18, 21, 22])
    #expect(try tensors.tensor("step").floats() == [1, 6, 11, 16, 21])
    #expect(try tensors.tensor("tail").floats() == (390..<400).map { Float($0) })
    #expect(try tensors.tensor("parameter").floats() == (0..<12).map { Float($0) })
    #expect(
      try state("expanded.pt").tensor("a")
        == TensorData([Float](repeating: 2.5, count: 12), shape: [3, 4]))
  }

  /// `w.conj().imag` is a view whose sign is changed by a bit beside the numbers. Control: `plain`
  /// has the same real numbers without it.
  @Test("Negative bit")
  func negative() throws {
    let tensors = try state("state_negative.pt")
    #expect(try tensors.tensor("single").floats() == (0..<6).map { -Float($0) - 0.5 })
    #expect(
      try tensors.tensor("transposed")
        == TensorData([Float(-0.5), -3.5, -1.5, -4.5, -2.5, -5.5], shape: [3, 2]))
    #expect(try tensors.tensor("double").doubles() == (0..<6).map { -2 * Double($0) })
    #expect(try tensors.tensor("plain").floats() == (0..<6).map { Float($0) })
  }

  @Test("Buffers and parameters with attributes")
  func buffers() throws {
    let tensors = try state("state_buffer.pt")
    #expect(tensors.names == ["buffer", "attributes", "parameter"])
    #expect(try tensors.tensor("buffer").floats() == [0, 1, 2])
    #expect(try tensors.tensor("attributes").floats() == [1, 2, 3])
    #expect(try tensors.tensor("parameter").floats() == [0, 1])
  }

  /// The state dict of a checkpoint, and what was not read.
  @Test("Checkpoints")
  func checkpoints() throws {
    let plain = try PyTorchStateDict(
      contentsOf: FixtureStore.url("formats/state_checkpoint.pt"))
    #expect(plain.tensors.names == ["a", "b"])
    #expect(plain.notes == ["the tensors are those of the entry state_dict; not read: epoch"])
    let training = try PyTorchStateDict(
      contentsOf: FixtureStore.url("formats/state_training.pt"))
    #expect(training.tensors.names == ["weight", "bias"])
    #expect(try training.tensors.tensor("weight") == TensorData([Float(1), 2], shape: [1, 2]))
    #expect(
      training.notes == [
        "the tensors are those of the entry model_state_dict; not read: epoch, "
          + "optimizer_state_dict, scheduler, loss, name, seed"
      ])
    #expect(
      try PyTorchStateDict(contentsOf: FixtureStore.url("formats/ordered.pt")).notes.isEmpty)
  }

  @Test("Scalars and empty tensors")
  func scalars() throws {
    let tensors = try state("plain.pt")
    #expect(try tensors.tensor("scalar") == TensorData([Int64(1) << 60 + 1], shape: []))
    #expect(try tensors.tensor("empty") == TensorData([Float](), shape: [0, 5]))
  }

  /// model.state_dict(keep_vars=True): parameters in an OrderedDict with attributes.
  @Test("OrderedDict with parameters")
  func orderedDictionary() throws {
    let tensors = try state("ordered.pt")
    #expect(
      tensors.names == [
        "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var",
        "1.num_batches_tracked",
      ])
    #expect(try tensors.tensor("0.weight") == TensorData((0..<6).map { Float($0) }, shape: [2, 3]))
    #expect(try tensors.tensor("1.bias").floats() == [30, 31])
    #expect(try tensors.tensor("1.num_batches_tracked") == TensorData([Int64(0)], shape: []))
  }

  /// Protocol 4, a wrapper {"state_dict": ...}, and tensors from a GPU are the same two tensors.
  @Test("Variants", arguments: ["protocol4.pt", "nested.pt", "cuda.pt"])
  func variants(name: String) throws {
    let expected: NamedTensors = [
      "a": TensorData([Float(0), 1, 2, 3]), "b": TensorData([Int64(0), 1, 2]),
    ]
    #expect(try state(name) == expected)
  }
}
