import ArgumentParser
import Benchmark
import FileFormats
import Foundation
import Models
import TrainingRuns

/// `sphere models`: the shipped models.
struct Models: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "List models with what they are for and how good they are.",
    discussion: """
      Without --models: Fixtures/models of the current folder, or else of the source tree that the \
      program was compiled from. A record NAME.json without NAME.safetensors beside it is a model \
      whose weights are not shipped: 'sphere train --preset NAME' makes them.
      """)

  @Option(help: "Folder of the models.")
  var models: String?

  @Option(help: "What to print: text or json (an object per line).")
  var format: OutputFormat = .text

  func execute() throws {
    let folder = try models.map { URL(fileURLWithPath: $0) } ?? ShippedFolder.url("models")
    guard OutputFile.isFolder(folder) else { throw FileError.missing(path: folder.relativePath) }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .filter { !$0.hasPrefix(".") }
    let names = files.filter { $0.hasSuffix(Self.ending) }.map { $0.dropLast(Self.ending.count) }
    let records = files.filter {
      $0.hasSuffix(".json") && !$0.hasSuffix(".likeness.json")
        && !names.contains($0.dropLast(".json".count))
    }
    let found = try (names.map { $0 + Self.ending } + records).sorted().compactMap { file in
      try listed(file, in: folder)
    }
    if found.isEmpty { say("\(folder.relativePath): no models") }
    if format == .json {
      for model in found { show(json(model)) }
    } else if !found.isEmpty {
      var table = TextTable([
        "model", "task", "protocol", "architecture", "noise", "mask", "prior",
        "error (optimal), percent", "path",
      ])
      for model in found { table.append(cells(model)) }
      show(table.text)
    }
  }

  private static let ending = ".safetensors"

  /// A model or a record of the folder; nil for JSON that is no record, which is said.
  private func listed(_ file: String, in folder: URL) throws -> Listed? {
    let url = folder.appendingPathComponent(file)
    guard file.hasSuffix(".json") else {
      return Listed(file: file, path: shortPath(url), model: try ModelFile.summary(url))
    }
    do {
      return Listed(
        file: file, path: shortPath(url), model: try RunRecord(contentsOf: url).summary)
    } catch let error as RunRecordError {
      say("\(error); left out of the list")
      return nil
    }
  }

  /// A model of the list.
  private struct Listed {
    var file: String
    var path: String
    var model: ModelSummary

    /// The file's name without ending.
    var name: String { String(file.dropLast((hasWeights ? ending : ".json").count)) }
    /// Whether the file is a model, and not a record alone.
    var hasWeights: Bool { file.hasSuffix(ending) }
  }

  /// A path as it can be typed: relative to the current folder if it lies in there.
  private func shortPath(_ url: URL) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return url.path.hasPrefix(here) ? String(url.path.dropFirst(here.count)) : url.path
  }

  private func cells(_ listed: Listed) -> [String] {
    let about = listed.model.description
    let result = about.result
    let names = about.parameterNames
    let errors = names.map { name in
      func own(_ key: String) -> Double? { result[figureName(key, name, of: names.count)] }
      guard let error = own("mean_absolute_percent_error") else { return "not measured" }
      let optimal = own("optimal").map { " (\(NumberText.short($0)))" } ?? ""
      return
        "\(NumberText.short(error)) +- \(NumberText.short(own("standard_error") ?? .nan))\(optimal)"
    }
    let mask = about.takesAnyMask ? "any" : "none"
    return [
      listed.name, about.task?.rawValue ?? "unknown",
      about.skyProtocol.rawValue, listed.model.architecture.rawValue,
      about.noise.map { NumberText.short($0) } ?? "unknown",
      about.mask == nil ? mask : "fsky \(NumberText.short(about.skyFraction))",
      about.priorRange.map { NumberText.short($0) } ?? "unknown",
      errors.joined(separator: ", "),
      listed.path + (listed.hasWeights ? "" : " (record, no weights)"),
    ]
  }

  private func json(_ listed: Listed) -> String {
    let about = listed.model.description
    let names = about.parameterNames
    var line = JSONLine()
    line.add("file", listed.file)
    line.add("path", listed.path)
    line.addLiteral("has_weights", listed.hasWeights ? "true" : "false")
    if let task = about.task {
      line.add("task", task.rawValue)
    } else {
      line.addLiteral("task", "null")
    }
    line.add("protocol", about.skyProtocol.rawValue)
    line.add("architecture", listed.model.architecture.rawValue)
    line.add("noise", about.noise)
    line.addLiteral(
      "mask", about.mask == nil ? "null" : "{\"fsky\":\(JSONLine.number(about.skyFraction))}")
    line.add("nside", listed.model.nside)
    line.addLiteral(
      "prior",
      about.priorRange.map {
        "[\(JSONLine.number($0.lowerBound)),\(JSONLine.number($0.upperBound))]"
      } ?? "null")
    line.add("maps_seen", about.mapsSeen.map(Double.init))
    for key in ["mean_absolute_percent_error", "standard_error", "optimal", "ratio_to_optimal"] {
      line.add(key, names.map { ($0, about.result[figureName(key, $0, of: names.count)]) })
    }
    return line.text
  }
}
