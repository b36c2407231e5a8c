/// Which cases a kit has.
public enum KitSet: String, Codable, Sendable, CaseIterable {
  /// Small cases of every operation: what is shipped, and what a port passes first.
  case core
  /// Transforms of real sizes, made on the user's machine: some 900 megabytes.
  case large
}
