import ArgumentParser
import BenchmarkTasks
import FileFormats
import Foundation
import SkyModels

/// `sphere predict`: parameters with error bars from FITS maps.
struct Predict: SphereCommand {
  /// What is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json, csv
  }

  static let configuration = CommandConfiguration(
    abstract: "Read maps and print their parameters with error bars.",
    discussion: """
      The error bar is the model's own: near such a prediction it holds the truth for 68 % of \
      calibration maps. All maps are read before anything is printed.
      """)

  @Option(help: "The model: .safetensors, or a published .pt.")
  var model: String

  @Option(
    help: """
      A HEALPix file with a mask that is applied to the maps first; models of the full sky take none.
      """)
  var mask: String?

  @Option(help: "What to print: text, json (an object per line) or csv.")
  var format: Format = .text

  @OptionGroup var maskOptions: MaskInputOptions
  @OptionGroup var inputOptions: MapInputOptions
  @OptionGroup var threadOptions: ThreadOptions

  @Argument(help: "HEALPix maps in FITS files.")
  var maps: [String]

  func validate() throws { try maskOptions.requireMask(mask) }

  func execute() throws {
    let model = try ModelFile.read(URL(fileURLWithPath: model))
    let mask = try maskOptions.read(mask, nside: model.network.nside)
    let maps = try maps.map { path in
      var map = try InputMap(
        contentsOf: URL(fileURLWithPath: path), task: model.description.task,
        nside: model.network.nside, inputOptions.selection)
      map.file = path
      try model.prepare(&map, mask: mask)
      return map
    }
    let predictions = try model.predict(
      interleaved(maps, channels: model.network.inputChannels), count: maps.count,
      threads: threadOptions.threads, files: maps.map(\.file))
    let names = model.description.parameterNames
    if format == .csv {
      show((["file"] + names + names.map { "\($0)_error" }).joined(separator: ","))
    }
    for (map, prediction) in zip(maps, predictions) {
      printLine(map, prediction)
    }
  }

  private func printLine(_ map: InputMap, _ predictions: [Prediction]) {
    let warnings = map.warnings + predictions.flatMap(\.warnings)
    let errors = predictions.map { $0.standardError.map(numberText) }
    switch format {
    case .json:
      var line = JSONLine()
      line.add("file", map.file)
      for (prediction, error) in zip(predictions, errors) {
        line.addLiteral(prediction.parameter, numberText(prediction.value))
        line.addLiteral("\(prediction.parameter)_error", error ?? "null")
      }
      line.add("warnings", warnings)
      show(line.text)
      return
    case .csv:
      let values = predictions.map { numberText($0.value) } + errors.map { $0 ?? "" }
      show(([csvField(map.file)] + values).joined(separator: ","))
    case .text:
      let texts = predictions.map { prediction in
        let digits = prediction.value < 1 ? 4 : 3
        let bar =
          prediction.standardError.map { String(format: " +- %.*f", digits, $0) } ?? ""
        return "\(prediction.parameter) \(String(format: "%.*f", digits, prediction.value))\(bar)"
      }
      show(([map.file] + texts).joined(separator: "  "))
    }
    for warning in warnings { say("\(map.file): warning: \(warning)") }
  }
}

/// A field of a csv line: quoted if it has to be.
private func csvField(_ text: String) -> String {
  guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}
