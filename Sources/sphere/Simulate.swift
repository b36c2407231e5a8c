import ArgumentParser
import BenchmarkTasks
import FileFormats
import Foundation

/// `sphere simulate`: maps as FITS files with their true parameters.
struct Simulate: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make maps with known parameters.",
    discussion: """
      Writes m0.fits, m1.fits, ... (float32, RING, uK, as healpy reads them) and truth.csv. They are \
      the test maps that 'sphere evaluate --count N --seed S' makes in memory. The folder appears \
      complete or not at all; it must be new or empty.
      """)

  @OptionGroup var taskOptions: TaskOptions
  @OptionGroup var threadOptions: ThreadOptions

  @Option(help: "Number of maps.")
  var count: Int

  @Option(help: "Seed; the same seed gives the same maps.")
  var seed: UInt64 = 1

  @Option(help: "The folder to make.")
  var output: String

  func validate() throws {
    guard count >= 1 else { throw ValidationError("--count is \(count), expected at least 1") }
  }

  func execute() throws {
    let settings = try taskOptions.settings()
    let interruption = Interruption.shared
    interruption.watch()
    let progress = ProgressReporter()
    let folder = URL(fileURLWithPath: output).resolvingSymlinksInPath()
    try NewFolder.make(folder) { temporary in
      let source = try T1MapSource(settings, seed: seed)
      let parameter = settings.parameterNames[0]
      var rows: [TruthTable.Row] = []
      for first in stride(from: 0, to: count, by: 64) {
        if interruption.flag.isRaised { throw BenchmarkError.interrupted }
        let range = first..<min(first + 64, count)
        let batch = source.batch(maps: range, split: .test, threads: threadOptions.threads)
        for (lane, truth) in source.truths(maps: range, split: .test).enumerated() {
          let name = "m\(first + lane).fits"
          let pixels = stride(from: lane, to: batch.maps.count, by: range.count).map {
            Double(batch.maps[$0])
          }
          try HealpixMapFile(
            nside: settings.nside,
            columns: [HealpixMapFile.Column(name: "TEMPERATURE", values: pixels)]
          ).write(to: temporary.appendingPathComponent(name))
          rows.append(TruthTable.Row(file: name, truth: truth))
        }
        progress.update("simulating", done: range.upperBound, total: count)
      }
      try AtomicFile.write(
        Data(TruthTable(parameter: parameter, rows: rows).text.utf8),
        to: temporary.appendingPathComponent("truth.csv"))
    }
  }
}

/// Folders that appear complete or not at all.
enum NewFolder {
  /// Lets `fill` fill a temporary folder beside `folder`, then gives it that name.
  ///
  /// - Throws: `ProgramError.folderNotEmpty`, `FileError`, or what `fill` throws; then nothing is left
  ///   and `folder` is as it was.
  static func make(_ folder: URL, fill: (_ temporary: URL) throws -> Void) throws {
    let manager = FileManager.default
    if OutputFile.isFolder(folder) {
      let entries = (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
      guard entries.isEmpty else {
        throw ProgramError.folderNotEmpty(path: folder.path, entries: entries.count)
      }
    }
    try AtomicFile.requireWritable(folder.appendingPathExtension("probe"))
    if manager.fileExists(atPath: folder.path), !OutputFile.isFolder(folder) {
      throw FileError.writeFailed(path: folder.path, reason: "a file of this name exists")
    }
    let temporary = folder.deletingLastPathComponent()
      .appendingPathComponent(".sphere-\(UUID().uuidString).partial")
    do {
      try manager.createDirectory(at: temporary, withIntermediateDirectories: false)
    } catch {
      throw FileError.writeFailed(path: folder.path, reason: error.localizedDescription)
    }
    do {
      try fill(temporary)
      guard rename(temporary.path, folder.path) == 0 else {
        throw FileError.writeFailed(
          path: folder.path, reason: String(cString: strerror(errno)))
      }
    } catch {
      try? manager.removeItem(at: temporary)
      throw error
    }
  }
}
