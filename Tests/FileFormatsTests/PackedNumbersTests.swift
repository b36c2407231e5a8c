import Foundation
import Testing

@testable import FileFormats

@Suite("Numbers packed in JSON")
struct PackedNumbersTests {
  /// Against Python: base64.b64encode(numpy.array([1, -2.5, 0], '<f4').tobytes()).
  @Test("As Python packs them")
  func python() throws {
    let text = try String(
      decoding: JSONEncoder().encode(PackedNumbers([1, -2.5, 0])), as: UTF8.self)
    #expect(text.replacingOccurrences(of: "\\/", with: "/") == "\"AACAPwAAIMAAAAAA\"")
  }

  @Test("There and back", arguments: [[], [1.5], [0.1, -3e38, 1e-40, .infinity]] as [[Float]])
  func roundTrip(values: [Float]) throws {
    let data = try JSONEncoder().encode(PackedNumbers(values))
    #expect(try JSONDecoder().decode(PackedNumbers.self, from: data).values == values)
  }

  @Test("Refused", arguments: ["\"AAAA\"", "\"no base64\"", "[1, 2]", "\"AACAPwA=\""])
  func refused(text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(PackedNumbers.self, from: Data(text.utf8))
    }
  }
}
