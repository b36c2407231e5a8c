/// What a fit of a readout keeps of every map.
package struct KeptFeatures {
  /// Features per map.
  package var features: Int
  /// Targets per map.
  package var targets: Int
  /// How many times they are kept.
  package var copies: Int

  /// Features and targets, kept so many times.
  package init(features: Int, targets: Int, copies: Int) {
    self.features = features
    self.targets = targets
    self.copies = copies
  }
}
