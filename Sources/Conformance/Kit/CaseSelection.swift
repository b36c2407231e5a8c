import Foundation

/// Which cases of a kit are meant: those whose id matches one of several shell patterns, or all.
public struct CaseSelection: Sendable {
  /// Patterns with `*`, `?` and `[...]`; none: all cases.
  public let patterns: [String]

  /// A selection by patterns.
  public init(_ patterns: [String] = []) { self.patterns = patterns }

  /// Whether a case is meant.
  public func contains(_ id: String) -> Bool {
    patterns.isEmpty || patterns.contains { fnmatch($0, id, 0) == 0 }
  }

  /// Refuses a pattern that no id matches.
  ///
  /// - Throws: `ConformanceError.nothingMatches`.
  func requireMatches(_ ids: [String]) throws(ConformanceError) {
    for pattern in patterns where !ids.contains(where: { fnmatch(pattern, $0, 0) == 0 }) {
      throw .nothingMatches(pattern: pattern, available: ids.count)
    }
  }
}
