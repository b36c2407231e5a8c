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
    let error =
      result["mean_absolute_percent_error"].map {
        "\(short($0)) +- \(short(result["standard_error"] ?? .nan)) "
          + "(\(short(result["optimal"] ?? .nan)))"
      } ?? "not measured"
    return [
      file, about.task.rawValue, about.skyProtocol.rawValue, model.network.architecture.rawValue,
      about.noise.map { short($0) } ?? "unknown", "none",
      "\(short(about.priorRange.lowerBound))...\(short(about.priorRange.upperBound))", error,
    ].joined(separator: "  ")
  }

  private func json(_ file: String, _ model: TrainedModel) -> String {
    let about = model.description
    let parameter = about.parameterNames[0]
    var line = JSONLine()
    line.add("file", file)
    line.add("task", about.task.rawValue)
    line.add("protocol", about.skyProtocol.rawValue)
    line.add("architecture", model.network.architecture.rawValue)
    line.add("noise", about.noise)
    line.addLiteral("mask", "null")
    line.add("nside", model.network.nside)
    line.addLiteral(
      "prior",
      "[\(JSONLine.number(about.priorRange.lowerBound)),"
        + "\(JSONLine.number(about.priorRange.upperBound))]")
    line.add("maps_seen", about.mapsSeen.map(Double.init))
    for key in ["mean_absolute_percent_error", "standard_error", "optimal", "ratio_to_optimal"] {
      line.add(key, [(parameter, about.result[key])])
    }
    return line.text
  }
}
