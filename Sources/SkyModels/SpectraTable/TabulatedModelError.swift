import Faults
import FileFormats

/// Why a table of spectra is no sky model.
public enum TabulatedModelError: UserError, Sendable, Hashable {
  case badBound(found: Double)
  /// `enough`: the numbers of nodes that would probably do, per parameter on a grid, else in all.
  case inaccurate(report: InterpolationReport, parameters: [String], enough: [Int])
  case notSemidefinite(
    l: Int, at: String, tt: Double, ee: Double, bb: Double, te: Double)

  public var description: String {
    switch self {
    case .badBound(let found):
      return "found the bound \(found) nats, expected a finite number > 0"
    case .inaccurate(let report, let parameters, let enough):
      let advice =
        report.chosen.degree == nil
        ? zip(parameters, enough).map { "\($1) of \($0)" }.joined(separator: ", ") + " on the axes"
        : "\(enough.map(String.init).joined()) nodes in all"
      return "the table is too coarse, or noisy: interpolation of \(report); make it with about "
        + advice + ", or narrow the priors together with the nodes, or compute the spectra more "
        + "accurately if neighbouring nodes scatter"
    case .notSemidefinite(let l, let at, let tt, let ee, let bb, let te):
      return "the interpolated spectra are no covariance at l = \(l), \(at): TT \(short(tt)), "
        + "EE \(short(ee)), BB \(short(bb)), TE \(short(te)), expected TT, EE, BB >= 0 and "
        + "TE^2 <= TT EE; add nodes there"
    }
  }

  private func short(_ value: Double) -> String { NumberText.short(value) }
}

extension TabulatedModelError {
  public var faultClass: FaultClass {
    switch self {
    case .badBound: return .usage
    default: return .badInput
    }
  }
}
