/// A shaded region between two curves.
public struct Band: Sendable {
  /// The entry in the legend; empty: none.
  public var name: String
  public var x: [Double]
  public var lower: [Double]
  public var upper: [Double]
  public var colour: Colour

  /// The region between `lower` and `upper`.
  public init(_ name: String, x: [Double], lower: [Double], upper: [Double], colour: Colour) {
    self.name = name
    self.x = x
    self.lower = lower
    self.upper = upper
    self.colour = colour
  }
}
