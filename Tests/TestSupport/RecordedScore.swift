import Foundation
import Verification

/// What a shipped model reached on the maps that documents quote: a line of
/// `Fixtures/benchmark/scores.json`. Errors are mean |error|/θ in percent.
package struct RecordedScore: Decodable, Sendable {
  package let model: String
  package let parameter: String
  package let error: Double
  package let standardError: Double
  /// The optimum on the same maps, the ratio to it and its paired standard error; nil where there
  /// is no optimum.
  package let optimal: Double?
  package let ratio: Double?
  package let ratioStandardError: Double?

  /// All of them.
  ///
  /// - Throws: `FixtureError`, `DecodingError`.
  package static func all() throws -> [RecordedScore] {
    try JSONDecoder().decode(
      [RecordedScore].self, from: FixtureStore.data("benchmark/scores.json"))
  }

  /// Those of a model, one per parameter.
  ///
  /// - Throws: as `all`.
  package static func of(_ model: String) throws -> [RecordedScore] {
    try all().filter { $0.model == model }
  }
}
