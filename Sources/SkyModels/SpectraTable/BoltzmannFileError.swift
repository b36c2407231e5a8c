import Faults

/// A text file that is no table of spectra of CAMB or CLASS.
public struct BoltzmannFileError: UserError, Sendable, Hashable {
  /// The file as the caller named it.
  public let file: String
  public let fault: BoltzmannFault

  public var description: String { "\(file): \(fault)" }
}

extension BoltzmannFileError {
  public var faultClass: FaultClass { fault.faultClass }
}

/// What is wrong with a text file of spectra. Lines are counted from 1.
public enum BoltzmannFault: UserError, Sendable, Hashable {
  case noRows
  case wrongTemperature(found: Double)
  case unknownColumns(fileName: String)
  case wrongFileOfCAMB(end: String, found: Int, expected: [Int])
  case wrongColumnCount(line: Int, found: Int, expected: Int)
  case notANumber(line: Int, column: String, found: String)
  case wrongDegree(line: Int, found: Double, expected: Int)
  case repeatedColumn(name: String)
  case noSpectra(found: [String])
  case notDl
  case unclearUnit
  case looksDimensionless(largest: Double)
  case contents(NamedSpectraError)

  public var description: String {
    switch self {
    case .noRows:
      return "found no row of numbers, expected one per l = 2, 3, ..."
    case .wrongTemperature(let found):
      return "the temperature of the CMB is \(found) K, expected a finite number > 0"
    case .unknownColumns(let fileName):
      return "no comment names the columns, and \(fileName) is no name of CAMB's files "
        + "(..._scalCls.dat, ..._tensCls.dat, ..._lensedCls.dat, ..._lensedtotCls.dat, "
        + "..._totCls.dat): put a line such as '# L TT EE BB TE' (D_l in uK^2) in front, or let "
        + "CLASS write its header (headers = yes)"
    case .wrongFileOfCAMB(let end, let found, let expected):
      return "found \(found) columns, CAMB's ...\(end) has "
        + expected.map(String.init).joined(separator: " or ")
        + "; put a line with their names, such as '# L TT EE BB TE', in front"
    case .wrongColumnCount(let line, let found, let expected):
      return "line \(line) has \(found) columns, expected \(expected); the file is damaged, or its "
        + "header belongs to another one"
    case .notANumber(let line, let column, let found):
      return "line \(line), column \(column): found '\(found)', expected a finite number"
    case .wrongDegree(let line, let found, let expected):
      return "line \(line): found l = \(found), expected \(expected), since rows are l = 2, 3, ... "
        + "without gaps; add the missing rows, or remove those below l = 2"
    case .repeatedColumn(let name):
      return "two columns are named \(name.uppercased()), expected one; correct the header"
    case .noSpectra(let found):
      return "found the columns \(found.joined(separator: ", ")), expected at least one of TT, EE, "
        + "BB, TE; check that this is a file of CMB spectra"
    case .notDl:
      return "the header does not say [l(l+1)/2pi] C_l's, as CLASS's does; if the numbers are "
        + "D_l = l(l+1) C_l / 2 pi, add it to the first line, else convert them"
    case .unclearUnit:
      return "the header says neither 'dimensionless' nor '[microK]^2' (or both), as CLASS's "
        + "first line does; add the right one there"
    case .looksDimensionless(let largest):
      return "the largest D_l is \(largest), expected spectra in uK^2; if they are those of dT/T, "
        + "multiply them by (2.7255e6)^2 (CAMB: CMB_outputscale = 7.42835025e12)"
    case .contents(let error):
      return error.description
    }
  }
}

extension BoltzmannFault {
  public var faultClass: FaultClass {
    switch self {
    case .wrongTemperature: return .usage
    default: return .badInput
    }
  }
}
