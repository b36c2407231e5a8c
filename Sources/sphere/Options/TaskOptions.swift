import ArgumentParser
import Foundation
import SkyMaps
import SpectralNetworks
import Tasks

/// Which row of the benchmark, or which task of a table.
struct TaskOptions: ParsableArguments {
  @Option(help: ArgumentHelp(TaskOptions.taskHelp))
  var task: BenchmarkTask?

  @OptionGroup(title: "Tasks of a table of spectra") var tableOptions: TableTaskOptions

  @OptionGroup var sky: SkyOptions

  /// What `--task` means.
  static let taskHelp: String = """
    The task: t1, the peak of a temperature map's spectrum; t2, the peaks of the E and B \
    spectra of a polarisation map; t3, the optical depth tau from one.
    """

  /// The settings.
  ///
  /// - Throws: `TaskError`, `SkyMaskError`, what reading the mask and the table throws.
  func settings() throws -> TaskSettings {
    if let own = try tableOptions.settings(sky) { return own }
    guard let task else { preconditionFailure("no task after validation") }
    return try sky.settings(task)
  }

  func validate() throws {
    try Self.requireOne(task, tableOptions)
    if let task { try sky.requireUsable(task) }
  }

  /// Refuses a task beside a table, neither of them, and what belongs to tables without one.
  ///
  /// - Throws: `ValidationError`.
  static func requireOne(_ task: BenchmarkTask?, _ table: TableTaskOptions) throws {
    guard table.spectra != nil || table.details.isEmpty else {
      throw ValidationError(
        "\(table.details.joined(separator: ", ")): this is for a table of spectra, expected "
          + "--spectra TABLE.fits beside it")
    }
    guard (task != nil) != table.isGiven else {
      throw ValidationError(
        "give either --task, or --spectra TABLE.fits, or --task-file: what is to be estimated?")
    }
  }
}

/// The sky of a row: protocol, noise, mask and resolution.
struct SkyOptions: ParsableArguments {
  @Option(
    name: .customLong("protocol"),
    help: """
      The sky: physical (correct covariances; the default) or published (that of the published \
      pipeline); the same for t1.
      """)
  var skyProtocol: SkyProtocol?

  @Option(
    parsing: .unconditional,
    help: "Standard deviation of white noise per pixel, in the map's unit; default: 0.")
  var noise: Double?

  @Option(
    parsing: .unconditional,
    help: """
      Observed sky fraction, a cap around the published centre; default: 1, the full sky, which t1 \
      has.
      """)
  var fsky: Double?

  @Option(help: "A HEALPix file with a mask, instead of --fsky; t1 takes none.")
  var mask: String?

  @OptionGroup var maskOptions: MaskInputOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "HEALPix resolution of the maps; default: 16.", valueName: "\(TaskSettings.nsides)"))
  var nside: Int?

  /// Whether the sky is cut, as far as options say.
  var isCut: Bool { mask != nil || (fsky ?? 1) < 1 }

  /// The options that are given.
  var given: [String] {
    [
      ("--protocol", skyProtocol != nil), ("--noise", noise != nil), ("--fsky", fsky != nil),
      ("--mask", mask != nil), ("--nside", nside != nil),
    ].filter(\.1).map(\.0)
  }

  /// The mask of a file, or a cap; nil for the full sky.
  ///
  /// - Throws: `SkyMaskError`, what reading the mask throws.
  func mask(nside: Int) throws -> SkyMask? {
    if let own = try maskOptions.read(mask, nside: nside) { return own }
    return try fsky.flatMap {
      $0 < 1 ? try SkyMask.cap(nside: nside, skyFraction: $0) : nil
    }
  }

  /// The settings of a task.
  ///
  /// - Throws: `TaskError`, `SkyMaskError`, what reading the mask throws.
  func settings(_ task: BenchmarkTask) throws -> TaskSettings {
    if !task.isPolarisation, mask != nil { throw TaskError.maskNotSupported(task: task.rawValue) }
    let nside = nside ?? 16
    return try TaskSettings(
      task: task, skyProtocol: skyProtocol ?? .physical, nside: nside, noise: noise ?? 0,
      skyFraction: fsky ?? 1, mask: try maskOptions.read(mask, nside: nside))
  }

  func validate() throws {
    try requireRange("--noise", noise, 0...TaskSettings.largestNoise, " per pixel")
    if let fsky, !(fsky > 0 && fsky <= 1) {
      throw ValidationError("--fsky is \(fsky), expected 0 < f_sky <= 1")
    }
    try requireRange(
      "--nside", nside, TaskSettings.nsides,
      ": a grid carries degrees up to 3 nside - 1, and the tasks have degrees up to "
        + "\(TaskSettings.lmax)")
    guard mask == nil || (fsky ?? 1) == 1 else {
      throw ValidationError("give either --fsky or --mask")
    }
    try maskOptions.requireMask(mask)
  }

  /// Refuses settings that are no row of a task.
  ///
  /// - Throws: `ValidationError`.
  func requireUsable(_ task: BenchmarkTask) throws {
    do {
      if (fsky ?? 1) < 1 { try TaskSettings.maskEstimate(nside: nside ?? 16).requireMemory() }
      // A file is looked at when the command runs: its faults are not those of the command line.
      if mask != nil && task.isPolarisation { return }
      _ = try settings(task)
    } catch {
      throw ValidationError(errorText(error))
    }
  }
}
