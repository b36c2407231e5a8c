import Faults
import FileFormats

/// A file whose contents are no table of spectra.
public struct SpectraTableFileError: UserError, Sendable, Hashable {
  /// The file as the caller named it.
  public let file: String
  public let fault: SpectraTableFault

  public var description: String { "\(file): \(fault)" }
}

extension SpectraTableFileError {
  public var faultClass: FaultClass { .badInput }
}

/// What is wrong with a file of a table of spectra.
public enum SpectraTableFault: UserError, Sendable, Hashable {
  case wrongTables(name: String, count: Int, found: [String])
  case wrongParameterColumns(found: [String], expected: [String])
  case unknownPrior(row: Int, found: String)
  case unusedNumber(row: Int, column: String, found: Double, prior: String)
  case wrongQuantity(found: String?)
  case wrongKeyword(name: String, found: String?, expected: String)
  case repeatedColumn(name: String)
  case unknownColumns(found: [String], parameters: [String])
  case missingColumn(name: String, found: [String])
  case notOneNumber(name: String, found: Int)
  case wrongVector(name: String, found: Int, expected: Int, first: String)
  case wrongUnit(column: String, found: String)
  case contents(SpectraTableError)

  public var description: String {
    switch self {
    case .wrongTables(let name, let count, let found):
      return "found \(count == 0 ? "no table" : "\(count) tables") with EXTNAME = \(name) "
        + "(\(list(found))), expected one; make the file with Docs/examples/spectra_table.py, or "
        + "as it does"
    case .wrongParameterColumns(let found, let expected):
      return "the table PARAMETERS has the columns \(list(found)), expected \(list(expected)), "
        + "the first three texts and the others one number a row; write the table again"
    case .unknownPrior(let row, let found):
      return "PRIOR is '\(found)' in row \(row) (from 0) of PARAMETERS, expected uniform, "
        + "log-uniform or gaussian"
    case .unusedNumber(let row, let column, let found, let prior):
      return "\(column) is \(found) in row \(row) (from 0) of PARAMETERS, where PRIOR is \(prior), "
        + "which has no such number; set it to NaN or 0, or change PRIOR"
    case .wrongQuantity(let found):
      return "QUANTITY is \(found.map { "'\($0)'" } ?? "missing") in the table SPECTRA, expected "
        + "'C_l'; if the columns hold D_l = l(l+1) C_l / 2 pi, multiply them by 2 pi / (l(l+1)) "
        + "for l >= 1, set l = 0 to 0, and write QUANTITY = 'C_l'"
    case .wrongKeyword(let name, let found, let expected):
      return "\(name) is \(found ?? "missing") in the table SPECTRA, expected \(expected); vectors "
        + "begin with l = 0: pad them with zeros if they begin later, and correct the header"
    case .repeatedColumn(let name):
      return "the table SPECTRA has two columns \(name), expected one; remove or rename the other"
    case .unknownColumns(let found, let parameters):
      return "the table SPECTRA has the columns \(list(found)), expected only numbers: one column "
        + "for each of the parameters \(list(parameters)), as in PARAMETERS, and of TT, EE, BB, "
        + "TE; remove the others, or name the parameters in PARAMETERS"
    case .missingColumn(let name, let found):
      return "the table SPECTRA has no column \(name), which PARAMETERS names, found "
        + "\(list(found)); add it, or remove the parameter"
    case .notOneNumber(let name, let found):
      return "column \(name) of the table SPECTRA has \(found) numbers in a row, expected one, the "
        + "parameter's value"
    case .wrongVector(let name, let found, let expected, let first):
      return "column \(name) has \(found) numbers in a row, column \(first) has \(expected); give "
        + "all spectra the same degrees 0...LMAX"
    case .wrongUnit(let column, let found):
      return "TUNIT of column \(column) is \(found.isEmpty ? "missing" : "'\(found)'"), expected "
        + "uK^2 (or K^2, mK^2, which are converted); spectra without a unit are often those of "
        + "dT/T: multiply them by (2.7255e6)^2 uK^2, and write TUNIT"
    case .contents(let error):
      return error.description
    }
  }

  private func list(_ items: [String]) -> String {
    items.isEmpty ? "nothing" : items.joined(separator: ", ")
  }
}

extension SpectraTableFault {
  public var faultClass: FaultClass { .badInput }
}
