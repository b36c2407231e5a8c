import ArgumentParser
import FileFormats
import Foundation
import Models
import SpectralNetworks
import Tasks
import TrainingRuns

extension BenchmarkTask: ExpressibleByArgument {}

extension SkyProtocol: ExpressibleByArgument {}

extension Architecture: ExpressibleByArgument {}

extension TrainingRecipe.PublishedSchedule: ExpressibleByArgument {}

extension TrainingRecipe.Readout: ExpressibleByArgument {}

extension PublishedSampling: ExpressibleByArgument {}

extension PublishedPooling: ExpressibleByArgument {}

extension PublishedTargets: ExpressibleByArgument {}

/// Ranges of the numbers on command lines that no module below bounds.
enum OptionRange {
  /// Maps of a test: their estimates stay in memory.
  static let testMaps = 2...10_000_000
  static let threads = 1...1024
}

/// Refuses a number outside its range, NaN included. The message names the option, what was found
/// and what was expected.
///
/// - Throws: `ValidationError`.
func requireRange<Number: Comparable>(
  _ option: String, _ value: Number?, _ range: ClosedRange<Number>, _ what: String = ""
) throws {
  guard let value, !range.contains(value) else { return }
  func text(_ bound: Number) -> String {
    (bound as? Double).map { NumberText.short($0) } ?? "\(bound)"
  }
  throw ValidationError(
    "\(option) is \(value), expected \(text(range.lowerBound))...\(text(range.upperBound))\(what)")
}

/// What is printed on standard output.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}

/// How much of the machine to use.
struct ThreadOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Threads; the result does not depend on it.")
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    try requireRange("--threads", threads, OptionRange.threads)
  }
}

/// Simulated maps or maps of a folder.
struct MapOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Number of simulated maps.")
  var count: Int?

  @Option(parsing: .unconditional, help: "Seed of the simulated maps.")
  var seed: UInt64 = 1

  @Option(help: "Folder with the maps that the table of true values lists.")
  var maps: String?

  @Option(
    help: """
      Table of true values, a header file,<parameter> and a line per map; default: truth.csv in \
      the \
      folder of the maps.
      """)
  var truth: String?

  func validate() throws {
    guard (count == nil) != (maps == nil) else {
      throw ValidationError("give either --count N or --maps DIR")
    }
    try requireRange("--count", count, OptionRange.testMaps, " maps, two for an error bar")
    guard truth == nil || maps != nil else {
      throw ValidationError("--truth belongs to --maps DIR")
    }
  }

  /// The maps.
  func testMaps(
    _ settings: TaskSettings, channels: Int? = nil, fixed: [Double]? = nil, threads: Int
  ) throws -> TestMaps {
    if let maps {
      let folder = URL(fileURLWithPath: maps)
      let table = truth.map { URL(fileURLWithPath: $0) }
      return try TestMaps(
        folder: folder, truth: table ?? folder.appendingPathComponent("truth.csv"),
        settings: settings, channels: channels)
    }
    var source = try SkyMapSource(settings, channels: channels, seed: seed)
    source.fixedParameters = fixed
    return TestMaps(source, count: count ?? 0, threads: threads)
  }
}
