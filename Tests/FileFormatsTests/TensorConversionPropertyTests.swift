import Foundation
import Testing
import Verification

@testable import FileFormats

@Suite("Conversion of tensor elements")
struct TensorConversionPropertyTests {
  static let formats: [(format: ShortFloat, dtype: TensorData.DType, infinity: UInt16)] = [
    (.float16, .float16, 0x7c00), (.bfloat16, .bfloat16, 0x7f80),
  ]

  static let halfLandmarkValues: [(UInt16, Double)] = [
    (0x0001, 0x1p-24), (0x03ff, 0x1p-14 - 0x1p-24), (0x0400, 0x1p-14), (0x3c00, 1.0),
    (0x3c01, 1.0 + 0x1p-10), (0xc000, -2.0), (0x7bff, 65504.0), (0xfc00, -Double.infinity),
  ]

  static let overflowValues: [(TensorData.DType, below: Double, largest: Double)] = [
    (.float16, 65519.999, 65504.0), (.float32, 0x1.fffffefp127, 0x1.fffffep127),
    (.bfloat16, 0x1.feffp127, 0x1.fep127),
  ]

  /// Every bfloat16 is the float32 with the same upper half; exact.
  @Test("All bfloat16 values")
  func brainFloatValues() {
    for bits in UInt16.min ... .max {
      let expected = Double(Float(bitPattern: UInt32(bits) << 16))
      let value = ShortFloat.bfloat16.value(of: bits)
      #expect(value == expected || value.isNaN && expected.isNaN, "bits \(bits)")
      #expect(value.isNaN || value.sign == expected.sign, "bits \(bits)")
    }
  }

  /// Landmarks of float16 from the definition of the format [IEEE754, 3.6].
  @Test("float16 landmarks", arguments: halfLandmarkValues)
  func halfLandmarks(bits: UInt16, value: Double) {
    #expect(ShortFloat.float16.value(of: bits) == value)
    #expect(ShortFloat.float16.bits(of: value) == bits)
  }

  /// Rounding is to nearest with ties to even, for every pair of neighbours: their midpoint (exact
  /// in `Double`) goes to the one with even bits, a hair below or above it to the nearer one.
  /// Subnormal numbers and the step to infinity are included. Exact.
  /// Blind to: a wrong decoding shared by both directions (the two tests above).
  @Test("Rounding between all neighbours")
  func rounding() {
    for (format, _, infinity) in Self.formats {
      for low in 0..<infinity {
        let a = format.value(of: low)
        // Above the largest finite number the next one would be a power of two.
        let b = low + 1 == infinity ? 2 * a - format.value(of: low - 1) : format.value(of: low + 1)
        let middle = (a + b) / 2
        let even = low & 1 == 0 ? low : low + 1
        #expect(format.bits(of: a) == low)
        #expect(format.bits(of: middle) == even, "tie above bits \(low)")
        #expect(format.bits(of: middle.nextDown) == low, "below the tie above bits \(low)")
        #expect(format.bits(of: middle.nextUp) == low + 1, "above the tie above bits \(low)")
        #expect(format.bits(of: -middle) == even | 0x8000, "tie below bits \(low | 0x8000)")
      }
    }
  }

  /// Negative control: rounding in two steps, through float32, breaks ties that are none.
  @Test("Negative control: two roundings")
  func rejectsTwoRoundings() {
    let x = 1 + 0x1p-11 + 0x1p-40
    #expect(ShortFloat.float16.bits(of: x) == 0x3c01)
    #expect(ShortFloat.float16.bits(of: Double(Float(x))) == 0x3c00)
  }

  /// Bits of float32 and float64 survive, NaN payloads and signed zeros included; int64 as well.
  @Test("Bits are kept")
  func bitsAreKept() throws {
    var numbers = TestNumbers(seed: 1)
    let words = (0..<1000).map { _ in numbers.next() }
    let doubles = words.map { Double(bitPattern: $0) }
    let floats = words.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
    let integers = words.map { Int64(bitPattern: $0) }
    #expect(try TensorData(doubles).doubles().map(\.bitPattern) == words)
    #expect(try TensorData(floats).floats().map(\.bitPattern) == floats.map(\.bitPattern))
    #expect(try TensorData(integers).integers() == integers)
    #expect(TensorData([Float(1)], shape: []).bytes == [0, 0, 0x80, 0x3f])
  }

  /// Each conversion that would lose something is refused and names the element.
  @Test("Losses are refused")
  func lossesAreRefused() throws {
    #expect(throws: TensorError.inexact(index: 1, value: "0.1", from: .float64, to: "float32")) {
      try TensorData([0.5, 0.1]).floats()
    }
    #expect(throws: TensorError.inexact(index: 0, value: "0.5", from: .float64, to: "int64")) {
      try TensorData([0.5]).integers()
    }
    #expect(throws: TensorError.inexact(index: 0, value: "nan", from: .float32, to: "int64")) {
      try TensorData([Float.nan]).integers()
    }
    let large = Int64(1) << 53 + 1
    #expect(
      throws: TensorError.inexact(index: 0, value: "\(large)", from: .int64, to: "float64")
    ) { try TensorData([large]).doubles() }
    #expect(throws: TensorError.notABoolean(index: 2, byte: 7)) {
      try TensorData(dtype: .bool, shape: [3], bytes: [0, 1, 7]).integers()
    }
    #expect(try TensorData([3.0, -0.0]).integers() == [3, 0])
    #expect(try TensorData([Int64(1) << 53]).doubles() == [0x1p53])
    #expect(try TensorData([Double.nan, .infinity]).floats().map(\.isFinite) == [false, false])
  }

  /// A finite value beyond the largest number of the target is refused, the largest is not, and the
  /// limit is where rounding to nearest goes up.
  @Test("Overflow", arguments: overflowValues)
  func overflow(dtype: TensorData.DType, below: Double, largest: Double) throws {
    #expect(try TensorData([below]).rounded(to: dtype).doubles() == [largest])
    let above = largest + (below - largest) * 1.5
    #expect(throws: TensorError.overflow(index: 1, value: -above, to: dtype)) {
      try TensorData([1, -above]).rounded(to: dtype)
    }
    let infinite = try TensorData([-Double.infinity]).rounded(to: dtype).doubles()
    #expect(infinite == [-.infinity])
  }

  /// Names keep their order, replacing keeps the place, and a missing one is an error.
  @Test("Named tensors")
  func namedTensors() throws {
    var tensors: NamedTensors = ["b": TensorData([1.0]), "a": TensorData([2.0])]
    tensors["b"] = TensorData([3.0])
    tensors["c"] = TensorData([4.0])
    tensors["a"] = nil
    #expect(tensors.map(\.name) == ["b", "c"])
    #expect(try tensors.tensor("b").doubles() == [3])
    #expect(throws: TensorError.missing(name: "a", available: ["b", "c"])) {
      try tensors.tensor("a")
    }
  }
}
