import ArgumentParser
import FileFormats
import Foundation
import Models
import SkyMaps
import Tasks

/// `sphere predict`: parameters with error bars from FITS maps.
struct Predict: SphereCommand {
  /// What is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json, csv

    func line(of answer: MapAnswer) -> String {
      switch self {
      case .text: return answer.text
      case .json: return answer.json
      case .csv: return answer.csv
      }
    }
  }

  static let configuration = CommandConfiguration(
    abstract: "Read maps and print their parameters with error bars.",
    discussion: """
      The error bar is the model's own: near such a prediction it holds the truth for 68 % of \
      calibration maps. One that reaches beyond an end of the prior holds no truth there. All \
      maps are read before anything is printed. A map that is unlike those of the training, or \
      whose value lies far outside the prior, has no estimate: its values are null with a reason, \
      and the exit code is 1.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(
    help: """
      A HEALPix file with a mask that is applied to the maps first; models of the full sky take \
      none. \
      A published network with the mask as its last channel takes any; without this option its \
      mask \
      is that of the map's unseen pixels.
      """)
  var mask: String?

  @Option(help: "What to print: text, json (an object per line) or csv.")
  var format: Format = .text

  @Flag(help: "Print values that are no estimates all the same.")
  var force = false

  @OptionGroup var maskOptions: MaskInputOptions
  @OptionGroup var inputOptions: MapInputOptions
  @OptionGroup var threadOptions: ThreadOptions

  @Argument(help: "HEALPix maps in FITS files.")
  var maps: [String]

  func validate() throws { try maskOptions.requireMask(mask) }

  func execute() throws {
    let model = try modelOptions.read(ProgressReporter())
    var maps = try maps.map { path in
      var map = try SkyMap(
        contentsOf: URL(fileURLWithPath: path), isPolarised: model.readsPolarisation,
        nside: model.network.nside, inputOptions.selection)
      map.file = path
      return map
    }
    let mask = try maskOptions.read(
      mask, nside: model.network.nside, coordinateSystems: maps.compactMap(\.coordinateSystem))
    for index in maps.indices { try model.prepare(&maps[index], mask: mask) }
    let predictions = try model.predict(
      interleaved(maps, channels: model.network.inputChannels), count: maps.count,
      threads: threadOptions.threads)
    let names = model.description.parameterNames
    if format == .csv {
      show(
        (["file"] + names + names.map { "\($0)_error" } + ["warnings"]).joined(separator: ","))
    }
    var refused = 0
    for (map, prediction) in zip(maps, predictions) {
      let answer = MapAnswer(map, prediction, isForced: force)
      show(format.line(of: answer))
      refused += answer.reasons.isEmpty ? 0 : 1
    }
    guard refused > 0 else { return }
    say(
      "\(refused) of \(maps.count) maps "
        + (force
          ? "printed all the same" : "have no estimate; --force prints the numbers all the same"))
    if !force { throw ExitCode(Status.failure) }
  }
}
