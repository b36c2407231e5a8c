/// A mark on an axis with its label, in which `^{...}` is raised.
package struct Tick: Sendable, Hashable {
  /// Where, in data coordinates.
  package var position: Double
  /// Empty for a minor tick.
  package var label: String

  /// A tick at a position.
  package init(position: Double, label: String) {
    self.position = position
    self.label = label
  }
}
