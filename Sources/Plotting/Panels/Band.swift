/// A shaded region between two curves.
package struct Band: Sendable {
  /// The entry in the legend; empty: none.
  package var name: String
  package var x: [Double]
  package var lower: [Double]
  package var upper: [Double]
  package var colour: Colour

  /// The region between `lower` and `upper`.
  package init(_ name: String, x: [Double], lower: [Double], upper: [Double], colour: Colour) {
    self.name = name
    self.x = x
    self.lower = lower
    self.upper = upper
    self.colour = colour
  }
}
