import ArgumentParser
import FileFormats
import Foundation
import SkyMaps
import SkyModels
import Tasks

extension TableTask.Observation: ExpressibleByArgument {}

/// A task of the user's own, from a table of spectra or from a task file.
struct TableTaskOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A table of spectra as functions of one to three parameters, instead of --task.",
      valueName: "table.fits"))
  var spectra: String?

  @Option(help: "With --spectra: what the maps are, T or QU; default: QU.")
  var observe: TableTask.Observation?

  @Option(
    help: ArgumentHelp(
      "All of a task of a table in one file, instead of --spectra and the options of the sky.",
      valueName: "task.json"))
  var taskFile: String?

  @Option(
    parsing: .unconditional,
    help: """
      With --spectra: largest degree; default: that of the table, at most 3 nside - 1 at nside 16 \
      and 2 nside above.
      """)
  var lmax: Int?

  @OptionGroup var windows: WindowOptions

  @Option(
    parsing: .unconditional,
    help: "With --spectra: white noise in uK arcmin, instead of --noise, which is per pixel.")
  var noiseArcmin: Double?

  @Option(
    help: ArgumentHelp(
      """
      With --spectra: a HEALPix file with the rms of the noise of every pixel, instead of --noise.
      """, valueName: "rms.fits"))
  var noiseMap: String?

  @Option(
    help: """
      The column of the noise map: its name or its number, counted from 1. Default: the first, \
      which is said if there are several.
      """)
  var noiseMapColumn: String?

  /// Whether a table or a task file is given.
  var isGiven: Bool { spectra != nil || taskFile != nil }

  /// The options that are given.
  var given: [String] {
    [
      ("--spectra", spectra != nil), ("--task-file", taskFile != nil),
    ].filter(\.1).map(\.0) + details
  }

  /// Those that belong to --spectra.
  var details: [String] {
    [
      ("--observe", observe != nil), ("--lmax", lmax != nil),
      ("--fwhm, --beam, --pixel-window", windows.isGiven), ("--noise-arcmin", noiseArcmin != nil),
      ("--noise-map", noiseMap != nil),
      ("--noise-map-column", noiseMapColumn != nil),
    ].filter(\.1).map(\.0)
  }

  func validate() throws {
    guard spectra == nil || taskFile == nil else {
      throw ValidationError("give either --spectra or --task-file")
    }
    guard noiseMap != nil || noiseMapColumn == nil else {
      throw ValidationError("--noise-map-column belongs to --noise-map")
    }
    try requireRange("--lmax", lmax, 3...3 * TaskSettings.nsides.upperBound - 1)
    try requireRange("--fwhm", windows.fwhm, TaskSettings.beams, " arc minutes")
    try requireRange("--noise-arcmin", noiseArcmin, 0...TaskSettings.largestNoise, " uK arcmin")
  }

  /// The beam of a file; nil without one.
  private func window(lmax: Int) throws -> BeamWindow? {
    try windows.beam.map { path in
      let transfer = try readWindow(path, lmax: lmax)
      return BeamWindow(temperature: transfer.temperature, polarisation: transfer.gradient)
    }
  }

  /// White noise per pixel, in uK.
  ///
  /// - Throws: `ProgramError.optionWithoutUse` where the noise is said twice.
  func noise(_ sky: SkyOptions, nside: Int) throws -> Double {
    let noises = [
      ("--noise-map", noiseMap != nil), ("--noise-arcmin", noiseArcmin != nil),
      ("--noise", sky.noise != nil),
    ].filter(\.1).map(\.0)
    guard noises.count <= 1 else {
      throw ProgramError.optionWithoutUse(
        options: noises.dropFirst().joined(separator: ", "),
        reason: "\(noises[0]) says the noise already")
    }
    // A pixel of nside N has 4 pi (180 60/pi)^2/(12 N^2) square arc minutes.
    let side = (4 * Double.pi / Double(12 * nside * nside)).squareRoot() * 180 * 60 / .pi
    return noiseArcmin.map { $0 / side } ?? sky.noise ?? 0
  }

  /// The noise map; nil without one.
  func readNoiseMap(nside: Int, mask: SkyMask?) throws -> NoiseMap? {
    guard let noiseMap else { return nil }
    let selection = MapSelection(columns: noiseMapColumn.map { [MapSelection.Column($0)] } ?? [])
    let file = try NoiseMapFile(
      contentsOf: URL(fileURLWithPath: noiseMap), selection, nside: nside, mask: mask)
    for warning in file.warnings { say("\(noiseMap): warning: \(warning)") }
    return file.map
  }

  /// The settings, if a table or a task file is given.
  ///
  /// - Parameter sky: resolution, noise and mask; with a task file nothing of it may be given.
  /// - Returns: nil without a table.
  /// - Throws: `ProgramError.optionWithoutUse`; what reading files and making settings throws.
  func settings(_ sky: SkyOptions) throws -> TaskSettings? {
    if let taskFile {
      guard sky.given.isEmpty else {
        throw ProgramError.optionWithoutUse(
          options: sky.given.joined(separator: ", "), reason: "the task file has that already")
      }
      return try TaskSettings(taskFile: URL(fileURLWithPath: taskFile))
    }
    guard let spectra else { return nil }
    let table = try SpectraTable(contentsOf: URL(fileURLWithPath: spectra))
    for note in table.notes { say("\(spectra): \(note)") }
    let name = URL(fileURLWithPath: spectra).deletingPathExtension().lastPathComponent
    return try settings(name: name, table: table, observe: observe ?? .polarisation, sky)
  }

  /// The settings of a table with the resolution, the instrument, the noise and the mask of the
  /// options.
  ///
  /// - Throws: as above.
  func settings(
    name: String, table: SpectraTable, observe: TableTask.Observation, _ sky: SkyOptions
  ) throws -> TaskSettings {
    let nside = sky.nside ?? 16
    let largest = nside <= 16 ? 3 * nside - 1 : 2 * nside
    let degree = lmax ?? min(table.lmax, largest)
    let cut = try degree < table.lmax ? table.truncated(lmax: max(3, degree)) : table
    let task = try BenchmarkTask(
      TableTask(name: name, observe: observe, table: cut))
    let mask = try sky.maskOptions.read(sky.mask, nside: nside)
    return try TaskSettings(
      task: task, skyProtocol: sky.skyProtocol ?? .physical, nside: nside,
      noise: try noise(sky, nside: nside), skyFraction: sky.fsky ?? 1, mask: mask,
      noiseMap: try readNoiseMap(nside: nside, mask: mask ?? sky.mask(nside: nside)),
      lmax: degree, beam: windows.fwhm ?? 0, beamWindow: try window(lmax: degree),
      hasPixelWindow: windows.pixelWindow)
  }
}

/// Values of all parameters from `name=value,...`, the text of `--at`.
///
/// - Throws: `ValidationError` for a text that does not give every parameter once, within its
///   prior.
func fixedParameters(
  _ text: String, _ parameters: [ModelParameter]
) throws -> [Double] {
  var values: [String: Double] = [:]
  for part in text.split(separator: ",") {
    let sides = part.split(separator: "=", maxSplits: 1).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard sides.count == 2, let value = Double(sides[1]), values[sides[0]] == nil else {
      throw ValidationError("--at has '\(part)', expected name=value, each name once")
    }
    values[sides[0]] = value
  }
  let names = parameters.map(\.name)
  guard Set(values.keys) == Set(names) else {
    throw ValidationError(
      "--at gives \(values.keys.sorted().joined(separator: ", ")), expected "
        + names.joined(separator: ", "))
  }
  return try parameters.map { parameter in
    let value = values[parameter.name] ?? .nan
    guard parameter.range.contains(value) else {
      throw ValidationError(
        "--at has \(parameter.name) = \(value), expected the prior's range "
          + NumberText.short(parameter.range))
    }
    return value
  }
}
