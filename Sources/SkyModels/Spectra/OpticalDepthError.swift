import Faults

/// Why numbers are not a table of spectra in tau, or cannot be interpolated.
public enum OpticalDepthError: UserError, Sendable, Hashable {
  case outside(tau: Double, range: ClosedRange<Double>)
  case tooFewNodes(found: Int)
  case notChebyshev(node: Int, found: Double, expected: Double)
  case wrongColumns(found: [String])
  case wrongNodeCount(name: SpectrumName, found: Int, expected: Int)
  case wrongLength(name: SpectrumName, node: Int, found: Int, expected: Int)
  case badPower(name: SpectrumName, node: Int, l: Int, found: Double)

  public var description: String {
    switch self {
    case .outside(let tau, let range):
      return "tau is \(tau), the table covers \(range.lowerBound)...\(range.upperBound); "
        + "it is not extrapolated: choose tau in this range"
    case .tooFewNodes(let found):
      return "found \(found) values of tau, expected at least 2"
    case .notChebyshev(let node, let found, let expected):
      return "tau number \(node) is \(found), expected \(expected); the values of tau must be "
        + "ascending Chebyshev points, as Fixtures/generators/camb_tables.py writes them"
    case .wrongColumns(let found):
      return "the columns are \(found.isEmpty ? "none" : found.joined(separator: ", ")), expected "
        + "TAU (one number a row), EE and BB; write the table with "
        + "Fixtures/generators/camb_tables.py"
    case .wrongNodeCount(let name, let found, let expected):
      return "\(name) has \(found) rows, expected \(expected), one per value of tau"
    case .wrongLength(let name, let node, let found, let expected):
      return "\(name) has \(found) degrees at tau number \(node), expected \(expected), the same "
        + "for both spectra and l = 0...2 at least"
    case .badPower(let name, let node, let l, let found):
      return "\(name) is \(found) at tau number \(node), l = \(l); expected "
        + (l < 2 ? "0, polarisation begins at l = 2" : "a finite number above 0")
    }
  }
}

extension OpticalDepthError {
  public var faultClass: FaultClass {
    switch self {
    case .outside: return .usage
    default: return .badInput
    }
  }
}
