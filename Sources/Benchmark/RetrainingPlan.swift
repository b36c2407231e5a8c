import Foundation
import Models
import TrainingRuns

/// Which models are trained again, how, and about how long that takes.
///
/// Checked by: RetrainingPlanTests.
package struct RetrainingPlan: Sendable {
  /// One model.
  package struct Row: Sendable {
    /// The file's name without ending.
    package let name: String
    /// The run of the record.
    package let run: RunRecord
    /// How the weights are stored.
    package let precision: ModelFile.Precision
    /// Maps in all.
    package var maps: Int { run.recipe.totalMaps }
    /// About how long the run takes on two cores.
    package let seconds: Double
  }

  /// The models, by task and sky.
  package let rows: [Row]

  /// Seconds of all rows.
  package var seconds: Double { rows.reduce(0) { $0 + $1.seconds } }

  /// The plan for the models of a folder and for its records without models.
  ///
  /// - Throws: `ModelFolderError.noRecord`.
  package init(_ folder: ModelFolder) throws {
    var rows = try folder.models.map { entry in
      guard let record = entry.record else {
        throw ModelFolderError.noRecord(model: entry.name, file: "\(entry.name).json")
      }
      return Row(
        name: entry.name, run: record, precision: entry.precision, seconds: Self.seconds(record))
    }
    rows += folder.records.map { own in
      Row(
        name: own.name, run: own.record, precision: own.record.precision ?? .float32,
        seconds: Self.seconds(own.record))
    }
    self.rows = rows.sorted {
      $0.run.settings.tableOrder(name: $0.name) < $1.run.settings.tableOrder(name: $1.name)
    }
  }

  /// The published network trains at 650 maps/s on temperature and at 400 on
  /// polarisation (Docs/Performance.md, two cores); for the others the record's time is the better
  /// estimate, since the readout fit takes most of it.
  private static func seconds(_ run: RunRecord) -> Double {
    guard run.recipe.architecture == .published else { return run.seconds }
    return Double(run.recipe.totalMaps) / (run.settings.task.isPolarisation ? 400 : 650)
  }
}
