import Benchmark
import FileFormats
import Foundation
import Plotting
import SkyMaps
import SphereGrids
import Tasks

/// The first map of some rows of the benchmark, as a network gets it.
package struct ExampleMaps: Sendable {
  /// One map.
  package struct Example: Sendable {
    /// Task, noise, mask.
    package let settings: TaskSettings
    /// T, or Q and U; NaN outside the mask.
    package let map: MapFields
    /// The true parameters.
    package let truths: [Double]
  }

  package let examples: [Example]

  /// Map 0 of the test split of every row, in the order given.
  ///
  /// - Throws: `HealpixError`.
  package init(_ rows: [TaskSettings], seed: UInt64, threads: Int) throws {
    examples = try rows.map { settings in
      let source = try SkyMapSource(settings, seed: seed)
      let batch = source.batch(maps: 0..<1, split: .test, threads: threads)
      let names = settings.fieldCount == 1 ? ["T"] : ["Q", "U"]
      let fields = names.enumerated().map { field, name in
        MapFields.Field(
          name: name,
          values: (0..<settings.pixelCount).map { pixel in
            let isObserved = settings.mask.map { $0.weights[pixel] > 0 } ?? true
            return isObserved ? Double(batch.maps[pixel * names.count + field]) : .nan
          })
      }
      return Example(
        settings: settings,
        map: MapFields(nside: settings.nside, fields: fields, unit: FitsUnit.microkelvin),
        truths: source.truths(maps: 0..<1, split: .test))
    }
  }

  /// The maps of one task, all fields as panels; nil without any.
  ///
  /// - Throws: `HealpixError`.
  package func figure(_ task: BenchmarkTask) throws -> Figure? {
    let panels = try examples.filter { $0.settings.task == task }.flatMap { example in
      let grid = try HealpixGrid(nside: example.map.nside)
      let truths = zip(example.settings.parameterNames, example.truths)
        .map { "\($0) \(String(format: "%.3g", $1))" }.joined(separator: ", ")
      return example.map.fields.map { field in
        Panel(
          "\(field.name), \(example.settings.skyName), \(truths)",
          sky: SkyPicture(grid: grid, values: field.values, unit: example.map.unit))
      }
    }
    return panels.isEmpty
      ? nil : Figure(columns: 2, panelWidth: 420, panelHeight: 270, panels)
  }
}
