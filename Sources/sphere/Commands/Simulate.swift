import ArgumentParser
import FileFormats
import Foundation
import SkyMaps
import Tasks

/// `sphere simulate`: maps as FITS files with their true parameters.
struct Simulate: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make maps with known parameters.",
    discussion: """
      Writes m0.fits, m1.fits, ... (RING, uK, as healpy reads them; T, or Q and U), truth.csv, and \
      mask.fits on a cut sky, where the other pixels are UNSEEN. They are \
      the test maps that 'sphere evaluate --count N --seed S' makes in memory. The folder appears \
      complete or not at all; it must be new or empty.

      --spectra may also name the spectra of one sky, as 'sphere spectrum' and healpy write them \
      (FITS, C_l) or CAMB and CLASS (.dat, .txt). Then there is no truth.csv, and maps have T, Q \
      and U as far as the file has their spectra; --observe T or QU makes these alone. Q and U of \
      maps with T have the square root of 2 times its noise.
      """)

  @OptionGroup var taskOptions: TaskOptions
  @OptionGroup var threadOptions: ThreadOptions

  @Option(parsing: .unconditional, help: "Number of maps.")
  var count: Int

  @Option(parsing: .unconditional, help: "Seed; the same seed gives the same maps.")
  var seed: UInt64 = 1

  @Option(help: "The folder to make.")
  var output: String

  func validate() throws {
    try requireRange("--count", count, 1...OptionRange.testMaps.upperBound)
  }

  func execute() throws {
    if let theory = try theory() { return try simulate(theory) }
    let settings = try taskOptions.settings()
    let folder = URL(fileURLWithPath: output).resolvingSymlinksInPath()
    let batch = min(count, batch(settings))
    try announce(settings.mapEstimate(maps: batch), threads: threadOptions.threads)
    try OutputFile.requireSpace(
      Double(4 * settings.pixelCount * settings.fieldCount) * Double(count), for: folder)
    let interruption = Interruption.shared
    interruption.watch()
    let progress = ProgressReporter()
    try NewFolder.make(folder) { temporary in
      let source = try SkyMapSource(settings, seed: seed)
      var rows: [TruthTable.Row] = []
      for first in stride(from: 0, to: count, by: batch) {
        if interruption.flag.isRaised { throw TaskError.interrupted }
        let range = first..<min(first + batch, count)
        let batch = source.batch(maps: range, split: .test, threads: threadOptions.threads)
        let truths = source.truths(maps: range, split: .test)
        for lane in 0..<range.count {
          let name = "m\(first + lane).fits"
          try map(batch.maps, lane: lane, of: range.count, settings)
            .write(to: temporary.appendingPathComponent(name))
          let n = settings.parameterNames.count
          rows.append(TruthTable.Row(file: name, truths: Array(truths[lane * n..<(lane + 1) * n])))
        }
        progress.update("simulating", done: range.upperBound, total: count)
      }
      if let mask = settings.mask {
        try mask.mapFile.write(to: temporary.appendingPathComponent("mask.fits"))
      }
      try AtomicFile.write(
        Data(TruthTable(parameters: settings.parameterNames, rows: rows).text.utf8),
        to: temporary.appendingPathComponent("truth.csv"))
    }
  }

  /// Maps that are made at a time: 64, or as many as stay within 2²⁶ values. No bit depends on it.
  private func batch(_ settings: TaskSettings) -> Int {
    max(1, min(64, (1 << 26) / (settings.pixelCount * settings.fieldCount)))
  }

  /// One map of a batch, `[pixel][map * fields + field]`, as a file; pixels outside the mask are
  /// UNSEEN.
  private func map(
    _ batch: [Float], lane: Int, of count: Int, _ settings: TaskSettings
  ) -> HealpixMapFile {
    stokesMap(
      batch, lane: lane, of: count, fields: settings.fieldCount, nside: settings.nside,
      mask: settings.mask)
  }

  /// The same for maps of T, of Q and U, or of all three.
  func stokesMap(
    _ batch: [Float], lane: Int, of count: Int, fields: Int, nside: Int, mask: SkyMask?
  ) -> HealpixMapFile {
    let stokes = ["TEMPERATURE", "Q_POLARISATION", "U_POLARISATION"]
    let names = fields == 1 ? [stokes[0]] : Array(stokes.suffix(fields))
    let columns = names.enumerated().map { field, name in
      HealpixMapFile.Column(
        name: name,
        values: (0..<12 * nside * nside).map { pixel in
          if let mask, mask.weights[pixel] == 0 { return .nan }
          return Double(batch[(pixel * count + lane) * fields + field])
        })
    }
    return HealpixMapFile(
      nside: nside, columns: columns, polarisationConvention: fields == 1 ? nil : "COSMO")
  }
}
