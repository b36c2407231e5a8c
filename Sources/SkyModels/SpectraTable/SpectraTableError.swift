import Faults
import FileFormats
import SpecialFunctions

/// Why numbers are no table of spectra, or cannot be interpolated.
public enum SpectraTableError: UserError, Sendable, Hashable {
  case wrongParameterCount(found: Int)
  case badParameterName(found: String)
  case repeatedParameterName(found: String)
  case badPrior(ParameterPriorError)
  case priorOutside(name: String, prior: ClosedRange<Double>, nodes: ClosedRange<Double>)
  case unknownParameter(found: String, known: [String])
  case repeatedSpectrum(found: [String])
  case unsupportedSpectrum(name: SpectrumName)
  case noAutoSpectrum(found: [SpectrumName])
  case crossWithoutAutos(found: [SpectrumName])
  case wrongNodeCount(found: Int, expected: Int)
  case wrongNode(node: Int, found: Int, expected: Int)
  case nodeNotFinite(node: Int, parameter: String, found: Double)
  case repeatedNode(node: Int, first: Int, values: String)
  case nearlyEqualNodes(parameter: String, first: Double, second: Double)
  case missingNodes(count: Int, first: String, shape: [Int])
  case tooFewNodes(found: Int, expected: Int)
  case shortAxis(parameter: String, found: Int)
  case wrongDegrees(node: Int, found: Int, expected: Int)
  case tooFewDegrees(lmax: Int)
  case tooManyDegrees(asked: Int, lmax: Int)
  case notFinite(name: SpectrumName, node: Int, l: Int, found: Double, at: String)
  case negativePower(name: SpectrumName, node: Int, l: Int, found: Double, at: String)
  case belowFirstDegree(name: SpectrumName, node: Int, l: Int, found: Double)
  case unnamedPower(name: SpectrumName, node: Int, l: Int, found: Double)
  case vanishingPower(name: SpectrumName, node: Int, l: Int, at: String)
  case noPower
  case notSemidefinite(node: Int, l: Int, correlation: Double, at: String)

  public var description: String {
    switch self {
    case .wrongParameterCount(let found):
      return "found \(found) parameters, expected 1 to \(SpectraTable.mostParameters); fix the "
        + "others when the table is made"
    case .badParameterName(let found):
      return "found a parameter with the name '\(printable(found))', expected 1 to 32 letters, "
        + "digits and _, a letter or _ first; rename it"
    case .repeatedParameterName(let found):
      return "the parameter name \(found) is taken (capital and small letters are the same in FITS "
        + "columns, and TT, EE, BB, TE, EB, TB are spectra); rename the parameter"
    case .badPrior(let error):
      return error.description
    case .priorOutside(let name, let prior, let nodes):
      return "the prior of \(name) reaches from \(prior.lowerBound) to \(prior.upperBound), the "
        + "nodes from \(nodes.lowerBound) to \(nodes.upperBound); a table is not extrapolated: "
        + "choose a prior inside the nodes' range, or add nodes"
    case .unknownParameter(let found, let known):
      return "found a prior for \(found), the parameters of the table are "
        + known.joined(separator: ", ")
    case .repeatedSpectrum(let found):
      return "found the spectra \(found.joined(separator: ", ")), expected each at most once"
    case .unsupportedSpectrum(let name):
      return "found \(name.rawValue.uppercased()), expected TT, EE, BB and TE only; leave it out "
        + "if it is zero"
    case .noAutoSpectrum(let found):
      return "found \(found.isEmpty ? "no spectrum" : list(found)), expected at least one of TT, "
        + "EE and BB"
    case .crossWithoutAutos(let found):
      return "found \(list(found)), expected TT and EE beside TE; add them, or leave TE out"
    case .wrongNodeCount(let found, let expected):
      return "found spectra at \(found) nodes, expected \(expected), one set per node"
    case .wrongNode(let node, let found, let expected):
      return "node \(node) (from 0) has \(found) values, expected \(expected), one per parameter"
    case .nodeNotFinite(let node, let parameter, let found):
      return "\(parameter) is \(found) at node \(node) (row \(node) from 0), expected a finite "
        + "number; compute this node again"
    case .repeatedNode(let node, let first, let values):
      return "node \(node) (row from 0) is node \(first) again (\(values)); remove one of them"
    case .nearlyEqualNodes(let parameter, let first, let second):
      return "the nodes have the values \(first) and \(second) of \(parameter), which differ by "
        + "rounding only; write the same number in all rows"
    case .missingNodes(let count, let first, let shape):
      return "the nodes are a grid of \(shape.map(String.init).joined(separator: " x ")) with "
        + "\(count) missing, the first at \(first); add the missing nodes, or remove the rows of "
        + "the values that are not complete"
    case .tooFewNodes(let found, let expected):
      return "found \(found) nodes, expected at least \(expected); compute more"
    case .shortAxis(let parameter, let found):
      return "found \(found) values of \(parameter), expected at least "
        + "\(SpectraTable.fewestNodesOfAxis), so that one between the ends can be left out to "
        + "measure the error; add values, or leave this parameter out"
    case .wrongDegrees(let node, let found, let expected):
      return "the spectra of node \(node) (from 0) end at l = \(found), those of node 0 at "
        + "l = \(expected); give all nodes one lmax"
    case .tooFewDegrees(let lmax):
      return "the spectra end at l = \(lmax), expected at least l = 2"
    case .tooManyDegrees(let asked, let lmax):
      return "asked for l up to \(asked), the table ends at l = \(lmax); make a table with more "
        + "degrees, or ask for fewer"
    default:
      return contentsDescription
    }
  }

  private var contentsDescription: String {
    switch self {
    case .notFinite(let name, let node, let l, let found, let at):
      return "\(label(name)) is \(found) at l = \(l) of node \(node) (row from 0; \(at)), expected "
        + "a finite number; compute this node again"
    case .negativePower(let name, let node, let l, let found, let at):
      return "\(label(name)) is \(found) at l = \(l) of node \(node) (row from 0; \(at)), expected "
        + "a number > 0, since it is a variance; compute this node again, with more accuracy"
    case .belowFirstDegree(let name, let node, let l, let found):
      return "\(label(name)) is \(found) at l = \(l) of node \(node) (row from 0), expected 0 "
        + "below l = 2, where polarisation has no coefficients; the list must begin with l = 0: "
        + "pad it with zeros if it begins with l = 2, else set these degrees to 0"
    case .unnamedPower(let name, let node, let l, let found):
      return "\(label(name)) is \(found) at l = \(l) of node \(node) (from 0), but is not among "
        + "the spectra of the table; name it, or set it to 0"
    case .vanishingPower(let name, let node, let l, let at):
      return "\(label(name)) is 0 at l = \(l) of node \(node) (row from 0; \(at)) and > 0 at other "
        + "nodes: a sky without power has no likelihood; begin the range of the parameters above "
        + "this node, or include lensing"
    case .noPower:
      return "all spectra are 0, expected power at some degree; check the columns"
    case .notSemidefinite(let node, let l, let correlation, let at):
      return "TE/sqrt(TT EE) is \(correlation) at l = \(l) of node \(node) (row from 0; \(at)), "
        + "expected a number between -1 and 1: TT, EE and TE are no covariance; check that every "
        + "column has its right name and that all are C_l in one unit"
    default:
      return ""
    }
  }

  private func label(_ name: SpectrumName) -> String { name.rawValue.uppercased() }

  private func list(_ names: [SpectrumName]) -> String {
    names.map(label).joined(separator: ", ")
  }
}

extension SpectraTableError {
  public var faultClass: FaultClass {
    switch self {
    case .tooManyDegrees, .unknownParameter: return .usage
    default: return .badInput
    }
  }
}
