import Foundation

/// Numbers of float32 that take little room in JSON.
///
/// Files:      a string, the numbers in little-endian order as Base64 [RFC4648]: 16/3 characters
///             each.
/// Checked by: PackedNumbersTests.
public struct PackedNumbers: Sendable, Hashable, Codable {
  /// The numbers.
  public var values: [Float]

  /// Some numbers.
  public init(_ values: [Float]) { self.values = values }

  /// Reads a string.
  ///
  /// - Throws: `DecodingError` for what is no Base64 or no whole number of floats.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let data = Data(base64Encoded: text), data.count.isMultiple(of: 4) else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "found \(text.count) characters, expected Base64 of float32 numbers"))
    }
    let bytes = [UInt8](data)
    values = stride(from: 0, to: bytes.count, by: 4).map { first in
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[first + $1]) << UInt32(8 * $1) }
      return Float(bitPattern: bits)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * values.count)
    for value in values {
      for shift in [0, 8, 16, 24] as [UInt32] {
        bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
      }
    }
    var container = encoder.singleValueContainer()
    try container.encode(Data(bytes).base64EncodedString())
  }
}
