import Faults
import SkyModels
import SpecialFunctions

/// A file whose contents are no posteriors.
public struct PosteriorFileError: UserError, Sendable, Hashable {
  /// The file as the caller named it.
  public let file: String
  public let fault: PosteriorFault

  public var description: String { "\(file): \(fault)" }
}

extension PosteriorFileError {
  public var faultClass: FaultClass { .badInput }
}

/// What is wrong with a file of posteriors. `number` is EXTVER of the table of a map.
public enum PosteriorFault: UserError, Sendable, Hashable {
  case wrongTables(name: String, count: Int, found: [String])
  case parameters(SpectraTableFault)
  case prior(ParameterPriorError)
  case badNumber(found: String?)
  case repeatedNumber(found: Int)
  case noMap(number: Int, rows: Int?)
  case missingColumn(number: Int, name: String, count: Int, found: [String])
  case wrongCount(number: Int, column: String, found: Int, expected: Int)
  case notFinite(number: Int, column: String, place: Int, found: Double)
  case negative(number: Int, place: Int, found: Double)
  case badPoints(number: Int, column: String, count: Int, first: Double?, last: Double?)
  case differs(
    number: Int, column: String, place: Int, found: Double, expected: Double, source: String)
  case wrongIntegral(number: Int, found: Double)

  public var description: String { "\(fault); write it again with 'sphere predict --posterior'" }

  private var fault: String {
    func table(_ number: Int) -> String { "table POSTERIOR of EXTVER \(number)" }
    switch self {
    case .wrongTables(let name, let count, let found):
      return "found \(count == 0 ? "no table" : "\(count) tables") with EXTNAME = \(name) "
        + "(\(list(found))), expected one table PARAMETERS, and one POSTERIOR for every map"
    case .parameters(let fault): return fault.description
    case .prior(let fault): return "table PARAMETERS: \(fault)"
    case .badNumber(let found):
      return
        "EXTVER is \(found ?? "missing") in a table POSTERIOR, expected the map's number, 1 or "
        + "more"
    case .repeatedNumber(let found):
      return "found two tables POSTERIOR with EXTVER = \(found), expected different numbers"
    case .noMap(let number, let rows):
      return "\(table(number)) has \(rows.map { "\($0) rows" } ?? "no column MAP of texts"), "
        + "expected one row with the map's file in MAP"
    case .missingColumn(let number, let name, let count, let found):
      return "\(table(number)) has \(count == 0 ? "no column" : "\(count) columns") \(name) of "
        + "numbers, found \(list(found)), expected one"
    case .wrongCount(let number, let column, let found, let expected):
      return
        "\(table(number)): \(column) has \(found) numbers, expected \(expected), the points of "
        + "the parameters"
    case .notFinite(let number, let column, let place, let found):
      return
        "\(table(number)): number \(place) (from 0) of \(column) is \(found), expected a finite "
        + "one"
    case .negative(let number, let place, let found):
      return
        "\(table(number)): number \(place) (from 0) of DENSITY_Q is \(found), expected 0 or more"
    case .badPoints(let number, let column, let count, let first, let last):
      let ends = [first, last].map { $0.map { "\($0)" } ?? "nothing" }.joined(separator: "...")
      return "\(table(number)): \(column) has \(count) points \(ends), expected at least two that "
        + "rise within 0...1"
    case .differs(let number, let column, let place, let found, let expected, let source):
      return "\(table(number)): number \(place) (from 0) of \(column) is \(found), expected "
        + "\(expected) by \(source)"
    case .wrongIntegral(let number, let found):
      return "\(table(number)): the integral of DENSITY_Q is \(found), expected 1"
    }
  }

  private func list(_ items: [String]) -> String {
    items.isEmpty ? "nothing" : items.joined(separator: ", ")
  }
}

extension PosteriorFault {
  public var faultClass: FaultClass { .badInput }
}
