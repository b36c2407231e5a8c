import FileFormats
import Foundation
import Tasks
import Verification

/// A figure of one parameter of one row of the benchmark, as a record under `Fixtures/benchmark`
/// has it.
protocol RowRecord: Decodable, Sendable {
  var task: BenchmarkTask { get }
  var noise: Double { get }
  /// f_sky as it was asked for.
  var fsky: Double { get }
  var parameter: String { get }
}

extension RowRecord {
  /// The records of a file: every figure of the benchmark stands there once.
  ///
  /// - Throws: `FixtureError`, `DecodingError`.
  static func read(_ name: String) throws -> [Self] {
    try JSONDecoder().decode([Self].self, from: FixtureStore.data("benchmark/\(name)"))
  }
}

extension Sequence where Element: RowRecord {
  /// The record of a parameter of a row at nside 16; nil where there is none.
  func row(_ settings: TaskSettings, parameter: String) -> Element? {
    guard settings.nside == 16 else { return nil }
    return first {
      $0.task == settings.task && $0.noise == settings.noise && $0.fsky == settings.skyFraction
        && $0.parameter == parameter
    }
  }
}
