import Foundation

/// JSON with sorted keys: equal values give equal bytes. Doubles are written with as many digits as
/// it takes to read the same bits back.
///
/// - Throws: `EncodingError`, for numbers that are not finite among others.
package func sortedJSON(_ value: some Encodable, isPretty: Bool = false) throws -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting =
    isPretty
    ? [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    : [.sortedKeys, .withoutEscapingSlashes]
  return try encoder.encode(value)
}

/// The same as text.
package func sortedJSONText(_ value: some Encodable) throws -> String {
  String(decoding: try sortedJSON(value), as: UTF8.self)
}
