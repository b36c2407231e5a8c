import CSpectralSphere
import Faults
import FileFormats

/// What a caller from C did that no Swift caller can.
enum InterfaceError: UserError, Equatable {
  /// A pointer that has to point to something is null.
  case null(argument: String)
  /// A text that is not UTF-8, or none of those that are allowed.
  case text(argument: String, found: String, expected: String)
  /// A number outside of its range.
  case number(argument: String, found: Int64, expected: String)
  /// An array of another shape, type or with a stride that there cannot be.
  case array(name: String, found: String, expected: String)
  /// No such thing, or one of another kind.
  case handle(argument: String, found: Int64, expected: String)

  var description: String {
    switch self {
    case .null(let argument): return "\(argument) is NULL, expected a pointer"
    case .text(let argument, let found, let expected):
      return "\(argument) is '\(found)', expected \(expected)"
    case .number(let argument, let found, let expected):
      return "\(argument) is \(found), expected \(expected)"
    case .array(let name, let found, let expected):
      return "the array \(name) is \(found), expected \(expected)"
    case .handle(let argument, let found, let expected):
      return "\(argument) is \(found), expected the handle of \(expected) that is not released"
    }
  }

  var faultClass: FaultClass {
    switch self {
    case .array: return .badInput
    default: return .usage
    }
  }
}

/// Runs the body of a function of the interface: what it throws becomes a status and a message.
///
/// - Parameters:
///   - message: where the words go; nil: nowhere.
///   - body: the function.
/// - Returns: `SPHERE_OK` or another status of the header.
func status(
  _ message: UnsafeMutablePointer<sphere_message>?, _ body: () throws -> Void
) -> Int32 {
  do {
    try body()
    write("", to: message)
    return Int32(SPHERE_OK)
  } catch {
    write("\(error)", to: message)
    return code((error as? any UserError)?.faultClass ?? .failure)
  }
}

private func code(_ fault: FaultClass) -> Int32 {
  switch fault {
  case .usage: return Int32(SPHERE_USAGE)
  case .badInput: return Int32(SPHERE_BAD_INPUT)
  case .missingInput: return Int32(SPHERE_MISSING_INPUT)
  case .cannotWrite: return Int32(SPHERE_CANNOT_WRITE)
  case .failure, .interruption: return Int32(SPHERE_FAILURE)
  }
}

/// As many characters as fit, none of them cut in two, and a 0.
private func write(_ text: String, to message: UnsafeMutablePointer<sphere_message>?) {
  guard let message else { return }
  let size = MemoryLayout<sphere_message>.size
  message.withMemoryRebound(to: CChar.self, capacity: size) { characters in
    var place = 0
    for character in text.unicodeScalars {
      let bytes = Array(String(character).utf8)
      guard place + bytes.count < size else { break }
      for byte in bytes {
        characters[place] = CChar(bitPattern: byte)
        place += 1
      }
    }
    characters[place] = 0
  }
}

/// A text of the caller.
///
/// - Throws: `InterfaceError.null`, `.text`.
func text(
  _ characters: UnsafePointer<CChar>?, _ argument: String, most: Int = 1 << 20
) throws(InterfaceError) -> String {
  guard let characters else { throw .null(argument: argument) }
  var bytes: [UInt8] = []
  while bytes.count <= most, characters[bytes.count] != 0 {
    bytes.append(UInt8(bitPattern: characters[bytes.count]))
  }
  guard bytes.count <= most, let text = String(validating: bytes, as: UTF8.self) else {
    throw .text(
      argument: argument, found: String(decoding: bytes.prefix(40), as: UTF8.self),
      expected: "UTF-8 of at most \(most) bytes")
  }
  return text
}

/// A number of the caller in a range; its name is made where a message needs it.
///
/// - Throws: `InterfaceError.number`.
@inline(__always)
func number(
  _ value: Int64, _ argument: @autoclosure () -> String, in range: ClosedRange<Int64>
) throws(InterfaceError) -> Int {
  guard range.contains(value) else {
    throw .number(
      argument: argument(), found: value, expected: "\(range.lowerBound)...\(range.upperBound)")
  }
  return Int(value)
}
