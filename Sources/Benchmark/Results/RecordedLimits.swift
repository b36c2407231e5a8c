import Tasks

/// The recorded optima, computed by `sphere limits`: `Fixtures/benchmark/limits.json`, with the
/// number of skies of each.
///
/// They belong to nside 16, the physical sky and the documented cap; Docs/Results.md says how they
/// were made.
/// Checked by: PublishedResultsTests.
package enum RecordedLimits {
  private struct Row: RowRecord {
    let task: BenchmarkTask
    let noise: Double
    let fsky: Double
    let parameter: String
    let optimal: Double?
    let standardError: Double?
    let cramerRao: Double
  }

  private static let rows = Result { try Row.read("limits.json") }

  /// The limit of a parameter of a row; nil where none is recorded.
  ///
  /// - Throws: `FixtureError` where the records are missing, `DecodingError`.
  package static func limit(
    _ settings: TaskSettings, parameter: String
  ) throws -> RecordedLimit? {
    guard !settings.isPublishedSky else { return nil }
    return try rows.get().row(settings, parameter: parameter).map { row in
      RecordedLimit(
        optimal: row.optimal.map { ValueWithError($0, standardError: row.standardError) },
        cramerRao: row.cramerRao)
    }
  }
}
