import FileFormats
import SpecialFunctions

/// What is interpolated in a table of spectra, in which coordinates, and how good it is.
///
/// Measure:    a node is left out, and its spectra are predicted from the others. The error is the
///             Kullback-Leibler divergence in nats of the full sky with the predicted spectra from
///             that with the true ones (`SpectraDivergence`), and the largest one counts. On a grid
///             all nodes with one inner value of one axis are left out together, which is
///             interpolation along this axis; of scattered nodes those that have the least or the
///             greatest value of a parameter are never left out, since their prediction would be an
///             extrapolation.
/// Meaning:    too large rather than too small: the gap around the node is twice that of the table
///             with it, and the error of interpolation by q points goes with the power q of the
///             gap, the divergence with 2 q.
/// Checked by: TabulatedModelOracleTests, TabulatedModelPropertyTests.
public struct InterpolationReport: Sendable, Hashable, Codable {
  /// The coordinates of the interpolation.
  public enum Coordinates: String, Sendable, Hashable, Codable, CaseIterable {
    /// The parameters themselves.
    case parameters
    /// `ParameterPrior.coordinate(of:)`: ln(θ + c) for a log-uniform prior, else θ.
    case priors
  }

  /// The numbers that are interpolated.
  public enum Quantity: String, Sendable, Hashable, Codable, CaseIterable {
    /// C_l.
    case powers
    /// ln C_l^TT, ln C_l^EE, ln C_l^BB and C_l^TE/√(C_l^TT C_l^EE).
    case logarithms
  }

  /// The error of one way to interpolate.
  public struct Variant: Sendable, Hashable, Codable {
    public let coordinates: Coordinates
    public let quantity: Quantity
    /// The total degree of the polynomials through scattered nodes; nil on a grid.
    public let degree: Int?
    /// The largest divergence of a node that was left out, nats; infinite where the predicted
    /// spectra are no covariance.
    public let error: Double
    /// The node of the largest divergence, a row of the table from 0.
    public let node: Int
    /// The degree l that contributes most there.
    public let l: Int
    /// On a grid the axis along which the interpolation erred most; nil for scattered nodes.
    public let axis: Int?
  }

  /// The way that was chosen: the one with the smallest error.
  public let chosen: Variant
  /// All that were tried.
  public let variants: [Variant]
  /// The parameters' values at the worst node.
  public let values: [Double]
  /// The largest error that is accepted, nats.
  public let bound: Double

  private let place: String
  private let nodeText: String

  init(
    chosen: Variant, variants: [Variant], bound: Double, table: SpectraTable
  ) {
    self.chosen = chosen
    self.variants = variants
    self.bound = bound
    values = table.nodes[chosen.node]
    place = table.text(of: values)
    switch table.layout {
    case .grid(let axes): nodeText = axes.map { String($0.count) }.joined(separator: " x ")
    case .scattered: nodeText = "\(table.nodes.count) scattered"
    }
  }

  /// The report as sentences.
  public var description: String {
    let quantity = chosen.quantity == .powers ? "C_l" : "ln C_l"
    let coordinates =
      chosen.coordinates == .parameters ? "the parameters" : "the coordinates of the priors"
    let method =
      chosen.degree.map { "polynomials of degree \($0) by least squares" }
      ?? "polynomials through up to \(LagrangeAxis.mostPoints) nodes of an axis"
    return "\(quantity) at \(nodeText) nodes, \(method) in \(coordinates); a node that is left out "
      + "is predicted to \(Self.short(chosen.error)) nats or better (the worst: node "
      + "\(chosen.node), \(place), most at l = \(chosen.l)); accepted: \(Self.short(bound))"
  }

  static func short(_ value: Double) -> String { NumberText.short(value) }
}

extension InterpolationReport: CustomStringConvertible {}
