import Foundation
import SpecialFunctions

/// Spectra of T, E and B at chosen values of one to three parameters: a task that is given by data.
///
/// Contents:   parameters θ_1...θ_d with their priors, nodes θ^(n) in any order, and at each node
///             C_l of the named spectra, l = 0...lmax.
/// Units:      C_l in μK², never D_l.
/// Domain:     d = 1...3 parameters of different names; TT, EE, BB and TE, each at most once, one
///             of the first three at least, TE with TT and EE only; lmax ≥ 2; values finite, EE, BB
///             and TE zero below l = 2; TT, EE, BB either > 0 at all nodes or 0 at all nodes,
///             degree by degree; TE² < TT EE; every prior inside the nodes' range; no node twice;
///             the full product of the axes' values, or values that lie on no grid. Anything else
///             is refused with its place.
/// Files:      `init(contentsOf:)`, `write(to:)`; in JSON as base64 (`Codable`).
/// Checked by: SpectraTableErrorTests, SpectraTableFileTests, TabulatedModelPropertyTests.
public struct SpectraTable: Sendable {
  /// How the nodes lie.
  public enum Layout: Sendable, Hashable {
    /// All combinations of ascending values, one list per parameter.
    case grid(axes: [[Double]])
    /// Anywhere.
    case scattered
  }

  /// The parameters, in the order of a node's values.
  public let parameters: [ModelParameter]
  /// The spectra of the table, in the order of `SpectrumName.allCases`.
  public let spectrumNames: [SpectrumName]
  /// The largest degree, inclusive.
  public let lmax: Int
  /// θ^(n), one list of values per node.
  public let nodes: [[Double]]
  /// C_l at node n.
  public let spectra: [NamedSpectra]
  /// How the nodes lie.
  public let layout: Layout
  /// What was converted while reading, one sentence each; to be shown to the user. Not part of what
  /// tables are compared by.
  public let notes: [String]

  /// The most parameters of a table.
  public static let mostParameters = 3
  /// The fewest nodes on an axis of a grid: one that is neither the first nor the last can be left
  /// out.
  public static let fewestNodesOfAxis = 3

  /// A table from spectra at nodes.
  ///
  /// - Parameters:
  ///   - parameters: one to three.
  ///   - nodes: the values of the parameters, node by node.
  ///   - spectrumNames: the spectra that the table has; the others are zero (a check).
  ///   - spectra: C_l at the nodes, μK², all with one lmax.
  ///   - notes: what to tell the user about where they come from.
  /// - Throws: `SpectraTableError`.
  public init(
    parameters: [ModelParameter], nodes: [[Double]], spectrumNames: [SpectrumName],
    spectra: [NamedSpectra], notes: [String] = []
  ) throws(SpectraTableError) {
    try Self.requireParameters(parameters)
    let names = SpectrumName.allCases.filter(spectrumNames.contains)
    try Self.requireNames(names, given: spectrumNames)
    guard spectra.count == nodes.count else {
      throw .wrongNodeCount(found: spectra.count, expected: nodes.count)
    }
    for (node, values) in nodes.enumerated() {
      guard values.count == parameters.count else {
        throw .wrongNode(node: node, found: values.count, expected: parameters.count)
      }
      for (value, parameter) in zip(values, parameters) where !value.isFinite {
        throw .nodeNotFinite(node: node, parameter: parameter.name, found: value)
      }
    }
    layout = try Self.layout(nodes, parameters)
    try Self.requirePriors(parameters, within: nodes)
    try SpectraTableChecks(parameters: parameters, nodes: nodes, names: names).require(spectra)
    self.parameters = parameters
    self.spectrumNames = names
    self.nodes = nodes
    self.spectra = spectra
    self.notes = notes
    lmax = spectra[0].lmax
  }

  /// A table whose contents were checked.
  private init(_ table: SpectraTable, parameters: [ModelParameter], spectra: [NamedSpectra]) {
    self.parameters = parameters
    self.spectra = spectra
    spectrumNames = table.spectrumNames
    nodes = table.nodes
    layout = table.layout
    notes = table.notes
    lmax = spectra[0].lmax
  }

  /// The least and the greatest value of each parameter at the nodes.
  public var nodeRanges: [ClosedRange<Double>] { Self.ranges(nodes, count: parameters.count) }

  /// The values of a node for messages: "r = 0.001, tau = 0.05".
  public func text(of values: [Double]) -> String { Self.text(of: values, parameters) }

  /// The table with fewer degrees.
  ///
  /// - Throws: `SpectraTableError.tooManyDegrees` or `.tooFewDegrees`.
  public func truncated(lmax: Int) throws(SpectraTableError) -> SpectraTable {
    guard lmax <= self.lmax else { throw .tooManyDegrees(asked: lmax, lmax: self.lmax) }
    guard lmax >= 2 else { throw .tooFewDegrees(lmax: lmax) }
    if lmax == self.lmax { return self }
    let spectra = spectra.map { whole in
      func cut(_ values: [Double]) -> [Double] { Array(values[0...lmax]) }
      return NamedSpectra(
        uncheckedTT: cut(whole.tt), ee: cut(whole.ee), bb: cut(whole.bb), te: cut(whole.te),
        eb: cut(whole.eb), tb: cut(whole.tb))
    }
    return SpectraTable(self, parameters: parameters, spectra: spectra)
  }

  /// The table with other priors, each inside the nodes' range.
  ///
  /// - Parameter priors: by the parameters' names; parameters that are not named keep theirs.
  /// - Returns: the same nodes and spectra.
  /// - Throws: `SpectraTableError.unknownParameter`, `.badPrior`, `.priorOutside`.
  public func with(
    priors: [String: ParameterPrior]
  ) throws(SpectraTableError) -> SpectraTable {
    for name in priors.keys.sorted() where !parameters.contains(where: { $0.name == name }) {
      throw .unknownParameter(found: name, known: parameters.map(\.name))
    }
    let changed = parameters.map { parameter in
      ModelParameter(
        name: parameter.name, prior: priors[parameter.name] ?? parameter.prior,
        unit: parameter.unit)
    }
    try Self.requireParameters(changed)
    try Self.requirePriors(changed, within: nodes)
    return SpectraTable(self, parameters: changed, spectra: spectra)
  }
}

extension SpectraTable: Hashable {
  /// Whether two tables have the same contents; notes do not count.
  public static func == (a: SpectraTable, b: SpectraTable) -> Bool {
    a.parameters == b.parameters && a.spectrumNames == b.spectrumNames && a.nodes == b.nodes
      && a.spectra == b.spectra
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(parameters)
    hasher.combine(nodes)
    hasher.combine(spectra)
  }
}

extension SpectraTable {
  static func ranges(_ nodes: [[Double]], count: Int) -> [ClosedRange<Double>] {
    (0..<count).map { axis in
      let values = nodes.map { $0[axis] }
      return (values.min() ?? 0)...(values.max() ?? 0)
    }
  }

  static func text(of values: [Double], _ parameters: [ModelParameter]) -> String {
    zip(parameters, values).map { parameter, value in
      "\(parameter.name) = \(value)" + (parameter.unit.isEmpty ? "" : " \(parameter.unit)")
    }.joined(separator: ", ")
  }

  private static func requireParameters(
    _ parameters: [ModelParameter]
  ) throws(SpectraTableError) {
    guard 1...mostParameters ~= parameters.count else {
      throw .wrongParameterCount(found: parameters.count)
    }
    var seen: Set<String> = SpectraTable.reservedNames
    for parameter in parameters {
      let letters = parameter.name.utf8
      let isName =
        1...32 ~= letters.count
        && letters.allSatisfy { byte in
          Self.nameBytes.contains(byte)
        } && !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= (letters.first ?? 0))
      guard isName else { throw .badParameterName(found: parameter.name) }
      guard seen.insert(parameter.name.uppercased()).inserted else {
        throw .repeatedParameterName(found: parameter.name)
      }
      do throws(ParameterPriorError) {
        try parameter.prior.validate(name: parameter.name)
      } catch {
        throw .badPrior(error)
      }
    }
  }

  private static let nameBytes = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_".utf8)
  /// Names of columns that are spectra.
  static let reservedNames = Set(SpectrumName.allCases.map { $0.rawValue.uppercased() })

  private static func requireNames(
    _ names: [SpectrumName], given: [SpectrumName]
  ) throws(SpectraTableError) {
    guard given.count == names.count else {
      throw .repeatedSpectrum(found: given.map(\.rawValue))
    }
    for name in [SpectrumName.eb, .tb] where names.contains(name) {
      throw .unsupportedSpectrum(name: name)
    }
    guard names.contains(where: \.isAuto) else { throw .noAutoSpectrum(found: names) }
    guard !names.contains(.te) || (names.contains(.tt) && names.contains(.ee)) else {
      throw .crossWithoutAutos(found: names)
    }
  }

  private static func requirePriors(
    _ parameters: [ModelParameter], within nodes: [[Double]]
  ) throws(SpectraTableError) {
    for (parameter, range) in zip(parameters, ranges(nodes, count: parameters.count)) {
      guard
        range.lowerBound <= parameter.range.lowerBound
          && parameter.range.upperBound <= range.upperBound
      else {
        throw .priorOutside(name: parameter.name, prior: parameter.range, nodes: range)
      }
    }
  }
}
