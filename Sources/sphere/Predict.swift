import ArgumentParser
import BenchmarkTasks
import Foundation

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

  @Option(help: "A mask file; models trained on the full sky take none.")
  var mask: String?

  @Option(help: "What to print: text, json (an object per line) or csv.")
  var format: Format = .text

  @OptionGroup var threadOptions: ThreadOptions

  @Argument(help: "HEALPix maps in FITS files.")
  var maps: [String]

  func execute() throws {
    let model = try ModelFile.read(URL(fileURLWithPath: model))
    if mask != nil { throw ModelError.maskNotSupported(model: model.name) }
    let maps = try maps.map { path in
      var map = try TemperatureMap(
        contentsOf: URL(fileURLWithPath: path), nside: model.network.nside)
      map.file = path
      return map
    }
    let predictions = try model.predict(
      interleaved(maps), count: maps.count, threads: threadOptions.threads)
    let parameter = model.description.parameterNames[0]
    if format == .csv { show("file,\(parameter),\(parameter)_error") }
    for (map, prediction) in zip(maps, predictions) {
      printLine(map, prediction)
    }
  }

  private func printLine(_ map: TemperatureMap, _ prediction: Prediction) {
    let value = numberText(prediction.value)
    let error = prediction.standardError.map(numberText)
    let warnings = map.warnings + prediction.warnings
    switch format {
    case .json:
      var line = JSONLine()
      line.add("file", map.file)
      line.addLiteral(prediction.parameter, value)
      line.addLiteral("\(prediction.parameter)_error", error ?? "null")
      line.add("warnings", warnings)
      show(line.text)
      return
    case .csv:
      show("\(csvField(map.file)),\(value),\(error ?? "")")
    case .text:
      let bar = prediction.standardError.map { String(format: " +- %.3f", $0) } ?? ""
      show(
        "\(map.file)  \(prediction.parameter) \(String(format: "%.3f", prediction.value))\(bar)")
    }
    for warning in warnings { say("\(map.file): warning: \(warning)") }
  }
}

/// A field of a csv line: quoted if it has to be.
private func csvField(_ text: String) -> String {
  guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}
