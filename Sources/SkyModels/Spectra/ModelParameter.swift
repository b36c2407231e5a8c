/// A parameter of a sky model with its uniform prior.
public struct ModelParameter: Sendable, Hashable {
  /// The name in files and tables, `ell_e` for instance.
  public var name: String
  /// The range of the uniform prior.
  public var range: ClosedRange<Double>

  public init(name: String, range: ClosedRange<Double>) {
    self.name = name
    self.range = range
  }
}
