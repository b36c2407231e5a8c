import Foundation

/// Parameters that a function reads from a JSON object. Every one may be left out.
protocol ForeignOptions: Decodable {
  associatedtype CodingKeys: CodingKey & CaseIterable

  init()
}

/// The parameters of a call, or their defaults where it has none.
///
/// - Parameters:
///   - json: a JSON object of the caller, or nil.
///   - type: what it is read as.
///   - defaults: what stands for nil.
///   - expected: what messages say of the object.
/// - Returns: the parameters.
/// - Throws: `InterfaceError.text`.
func options<Options: Decodable>(
  _ json: UnsafePointer<CChar>?, _ type: Options.Type, or defaults: Options, expected: String
) throws(InterfaceError) -> Options {
  guard json != nil else { return defaults }
  let text = try text(json, "parameters")
  do {
    return try JSONDecoder().decode(type, from: Data(text.utf8))
  } catch {
    throw .text(argument: "parameters", found: String(text.prefix(200)), expected: expected)
  }
}

/// The parameters of a call; entries that the function does not know are refused.
///
/// - Throws: `InterfaceError.text`.
func options<Options: ForeignOptions>(
  _ json: UnsafePointer<CChar>?, _ type: Options.Type
) throws(InterfaceError) -> Options {
  let known = Options.CodingKeys.allCases.map(\.stringValue)
  let expected = "a JSON object with \(known.joined(separator: ", ")), each of its type"
  let names = try options(json, GivenNames.self, or: GivenNames(names: []), expected: expected)
  if let other = names.names.first(where: { !known.contains($0) }) {
    throw .text(argument: "parameters", found: "{\"\(other)\": ...}", expected: expected)
  }
  return try options(json, type, or: Options(), expected: expected)
}

/// The names of a JSON object's entries.
private struct GivenNames: Decodable {
  let names: [String]

  init(names: [String]) { self.names = names }

  init(from decoder: any Decoder) throws {
    names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue)
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }
}
