import Faults

/// Why lists of numbers are not the spectra of T, E and B.
public enum NamedSpectraError: UserError, Sendable, Hashable {
  case empty
  case lengthsDiffer(name: SpectrumName, found: Int, reference: SpectrumName, expected: Int)
  case notFinite(name: SpectrumName, l: Int, value: Double)
  case negativePower(name: SpectrumName, l: Int, value: Double)
  case belowFirstDegree(name: SpectrumName, l: Int, value: Double)
  case crossPowerWithoutPower(name: SpectrumName, l: Int, value: Double, missing: SpectrumName)
  case notSemidefinite(l: Int, smallestEigenvalue: Double)
  case monopoleOfDl(name: SpectrumName, value: Double)

  public var description: String {
    switch self {
    case .empty:
      return "found no spectrum, expected C_l of at least one name from l = 0 on"
    case .lengthsDiffer(let name, let found, let reference, let expected):
      return "\(name) has \(found) values, \(reference) has \(expected); "
        + "list all spectra for the same l = 0...lmax"
    case .notFinite(let name, let l, let value):
      return "\(name) must be finite, found \(value) at l = \(l); remove or model this degree"
    case .negativePower(let name, let l, let value):
      return "\(name) is a variance and must be >= 0, found \(value) at l = \(l); "
        + "a noise-subtracted estimate is not a model: fit one to it first"
    case .belowFirstDegree(let name, let l, let value):
      return "\(name) begins at l = \(name.firstDegree) and must be 0 below, found \(value) at "
        + "l = \(l); if the list starts at l = 2, pad it with zeros, else set these degrees to 0"
    case .crossPowerWithoutPower(let name, let l, let value, let missing):
      return "\(name) is \(value) at l = \(l) where \(missing) is 0: a field without power "
        + "correlates with nothing; check the names of the spectra"
    case .notSemidefinite(let l, let smallestEigenvalue):
      return "the spectra at l = \(l) are no covariance: scaled to unit variances its smallest "
        + "eigenvalue is \(smallestEigenvalue), expected >= 0; check that every spectrum has its "
        + "own name (programs order them differently) and that all are C_l"
    case .monopoleOfDl(let name, let value):
      return "D_l = l(l+1) C_l / 2pi of \(name) must be 0 at l = 0, found \(value); "
        + "if the list holds C_l, or starts at l = 2, convert it or pad it with zeros first"
    }
  }
}

extension NamedSpectraError {
  public var faultClass: FaultClass { .badInput }
}
