/// What a fit of a readout keeps of every map.
package struct KeptFeatures {
  /// Features and targets per map.
  var features: Int
  var targets: Int
  /// How many times they are kept.
  var copies: Int
}
