import FileFormats
import Foundation
import Models
import Tasks
import Training

/// How often models notice that a map is unlike their training.
///
/// Every contamination is applied to the same test maps. This gives two figures: the share of maps
/// that then have no estimate, and the number of error bars by which the predictions move, whether
/// the change is noticed or not.
/// Checked by: DetectionStudyTests.
package struct DetectionStudy: Sendable {
  /// One contamination of the maps of one model.
  package struct Row: Sendable {
    /// The model's name.
    package let model: String
    package let contamination: Contamination
    /// Number of maps.
    package let count: Int
    /// Number of maps without an estimate.
    package let refused: Int
    /// Number of maps with an estimate and a warning.
    package let warned: Int
    /// The median over maps and parameters of |prediction − prediction of the good map| in error
    /// bars.
    package let medianShift: Double
  }

  /// In the order of models and contaminations.
  package private(set) var rows: [Row] = []

  /// Measures.
  ///
  /// - Parameters:
  ///   - entries: models with a description of good maps; others are left out.
  ///   - contaminations: what is done to the maps.
  ///   - count: number of maps of every contamination.
  ///   - goodCount: number of good maps.
  ///   - seed: of the test maps.
  ///   - threads: any number gives the same figures.
  ///   - interruption: looked at before every block of maps.
  ///   - progress: receives the model's name, and maps done and in all.
  /// - Throws: `TaskError.interrupted`; `HealpixError`, `HarmonicTransformError`, and what
  ///   making maps throws.
  package init(
    _ entries: [ModelFolder.Entry], contaminations: [Contamination] = Contamination.standard,
    count: Int, goodCount: Int, seed: UInt64, threads: Int,
    interruption: InterruptionFlag = InterruptionFlag(),
    progress: (_ model: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws {
    for entry in entries where entry.model.likeness != nil {
      let (model, settings) = (entry.model, entry.settings)
      let used = contaminations.filter {
        $0.applies(
          isPolarised: settings.fieldCount == 2, isCut: settings.mask != nil,
          noise: settings.noise)
      }
      let maps = try ContaminatedMaps(
        settings, channels: model.network.inputChannels, seed: seed)
      let total = used.reduce(0) { $0 + ($1 == .none ? max(count, goodCount) : count) }
      var done = 0
      var good: [[Prediction]] = []
      for contamination in used {
        let number = contamination == .none ? max(count, goodCount) : count
        var (refused, warned) = (0, 0)
        var shifts: [Double] = []
        for first in stride(from: 0, to: number, by: Self.blockSize) {
          if interruption.isRaised { throw TaskError.interrupted }
          let range = first..<min(first + Self.blockSize, number)
          let predictions = try model.predict(
            try maps.batch(maps: range, contamination, threads: threads), count: range.count,
            threads: threads)
          if contamination == .none, good.count < count { good += predictions }
          refused += predictions.count { $0.contains { $0.reason != nil } }
          warned += predictions.count {
            $0.allSatisfy { $0.reason == nil } && $0.contains { !$0.warnings.isEmpty }
          }
          for (map, ofMap) in zip(range, predictions) where map < good.count {
            for (changed, own) in zip(ofMap, good[map]) {
              guard let error = own.standardError else { continue }
              shifts.append(abs(changed.value - own.value) / error)
            }
          }
          done += range.count
          progress(entry.name, done, total)
        }
        rows.append(
          Row(
            model: entry.name, contamination: contamination, count: number, refused: refused,
            warned: warned, medianShift: Self.median(shifts)))
      }
    }
  }

  private static let blockSize = 64

  /// The median of some numbers; those that are not finite count as the largest.
  private static func median(_ values: [Double]) -> Double {
    let sorted = values.map { $0.isFinite ? $0 : .infinity }.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }

  // MARK: - Tables

  /// The models, in order.
  private var models: [String] {
    rows.reduce(into: []) { if $0.last != $1.model { $0.append($1.model) } }
  }

  private func row(_ model: String, _ contamination: Contamination) -> Row? {
    rows.first { $0.model == model && $0.contamination == contamination }
  }

  /// A line per contamination and a column per model: the share of maps without an estimate in
  /// percent, and in brackets the median shift in error bars.
  package var markdown: String {
    let models = models
    var table = TextTable(["maps"] + models)
    for contamination in Contamination.standard {
      let cells = models.map { model in row(model, contamination).map(cell) ?? "" }
      if cells.contains(where: { !$0.isEmpty }) { table.append([contamination.label] + cells) }
    }
    return table.markdown
  }

  private func cell(_ row: Row) -> String {
    if row.contamination == .none {
      return "\(row.refused) of \(row.count)" + (row.warned > 0 ? ", \(row.warned) warned" : "")
    }
    let percent = 100 * Double(row.refused) / Double(row.count)
    return String(format: "%.3g", percent) + " (" + Self.shift(row.medianShift) + ")"
  }

  private static func shift(_ value: Double) -> String {
    value < 1000 ? String(format: "%.2g", value) : "large"
  }

  /// A line per model and contamination.
  package var csv: String {
    let header = "model,maps,count,without_estimate,with_warning,median_shift"
    return
      ([header]
      + rows.map {
        "\($0.model),\($0.contamination.label),\($0.count),\($0.refused),\($0.warned),"
          + String(format: "%.6g", $0.medianShift)
      }).joined(separator: "\n") + "\n"
  }
}
