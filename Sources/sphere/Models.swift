import ArgumentParser
import BenchmarkTasks
import FileFormats
import Foundation

/// `sphere models`: the shipped models.
struct Models: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "List models with what they are for and how good they are.",
    discussion: """
      Without --models: Fixtures/models of the current folder, or else of the source tree that the \
      program was compiled from.
      """)

  @Option(help: "Folder of the models.")
  var models: String?

  @Option(help: "What to print: text or json (an object per line).")
  var format: OutputFormat = .text

  func execute() throws {
    let folder = try models.map { URL(fileURLWithPath: $0) } ?? ShippedFolder.url("models")
    guard OutputFile.isFolder(folder) else { throw FileError.missing(path: folder.relativePath) }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .filter { $0.hasSuffix(".safetensors") }
    if files.isEmpty { say("\(folder.relativePath): no models") }
    let found = try files.map { try ModelFile.read(folder.appendingPathComponent($0)) }
    if format == .text, !found.isEmpty {
      show("model  task  protocol  architecture  noise  mask  prior  error (optimal), percent")
    }
    for (file, model) in zip(files, found) {
      show(format == .json ? json(file, model) : text(file, model))
    }
  }

  private func text(_ file: String, _ model: TrainedModel) -> String {
    let about = model.description
    let result = about.result
    let names = about.parameterNames
    let errors = names.map { name in
      func own(_ key: String) -> Double? { result[figureName(key, name, of: names.count)] }
      guard let error = own("mean_absolute_percent_error") else { return "not measured" }
      let optimal = own("optimal").map { " (\(short($0)))" } ?? ""
      return "\(short(error)) +- \(short(own("standard_error") ?? .nan))\(optimal)"
    }
    return [
      file, about.task.rawValue, about.skyProtocol.rawValue, model.network.architecture.rawValue,
      about.noise.map { short($0) } ?? "unknown",
      about.mask == nil ? "none" : "fsky \(short(about.skyFraction))",
      "\(short(about.priorRange.lowerBound))...\(short(about.priorRange.upperBound))",
      errors.joined(separator: ", "),
    ].joined(separator: "  ")
  }

  private func json(_ file: String, _ model: TrainedModel) -> String {
    let about = model.description
    let names = about.parameterNames
    var line = JSONLine()
    line.add("file", file)
    line.add("task", about.task.rawValue)
    line.add("protocol", about.skyProtocol.rawValue)
    line.add("architecture", model.network.architecture.rawValue)
    line.add("noise", about.noise)
    line.addLiteral(
      "mask", about.mask == nil ? "null" : "{\"fsky\":\(JSONLine.number(about.skyFraction))}")
    line.add("nside", model.network.nside)
    line.addLiteral(
      "prior",
      "[\(JSONLine.number(about.priorRange.lowerBound)),"
        + "\(JSONLine.number(about.priorRange.upperBound))]")
    line.add("maps_seen", about.mapsSeen.map(Double.init))
    for key in ["mean_absolute_percent_error", "standard_error", "optimal", "ratio_to_optimal"] {
      line.add(key, names.map { ($0, about.result[figureName(key, $0, of: names.count)]) })
    }
    return line.text
  }
}
