import ArgumentParser
import FileFormats
import Foundation
import Models
import TrainingRuns

/// Which model is used.
struct ModelOptions: ParsableArguments {
  @Option(
    help: """
      The model: a .safetensors file, the state dict of a published network (.pt, .pth, .pth.tar, \
      or \
      plain .safetensors), or the name of a shipped model as 'sphere models' lists them.
      """)
  var model: String

  @OptionGroup var stateDictOptions: StateDictOptions

  /// Reads the model and says what was assumed.
  ///
  /// - Throws: `ProgramError.unknownModel`, what `ModelFile.read` throws.
  func read(_ progress: ProgressReporter) throws -> TrainedModel {
    Interruption.shared.watch()
    let read = try ModelFile.read(
      ShippedModel.url(model), stateDictOptions.reading,
      progress: progress.work(
        "filters", threads: ProcessInfo.processInfo.activeProcessorCount))
    progress.finish()
    for note in read.notes { say("\(model): \(note)") }
    return read
  }
}

/// What the state dict of a published network cannot say.
struct StateDictOptions: ParsableArguments {
  @Flag(
    help: """
      Of a state dict: the network was trained with mean-inpainting, so masked pixels are filled \
      with the \
      mean of the observed ones.
      """)
  var inpaint = false

  @Option(
    help: ArgumentHelp(
      "Of a state dict: names of the outputs, separated by commas.", valueName: "name,..."))
  var outputs: String?

  /// These options as the reader takes them.
  var reading: ModelFile.Reading {
    ModelFile.Reading(
      inpaints: inpaint,
      outputs: outputs.map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map {
          $0.trimmingCharacters(in: .whitespaces)
        }
      })
  }
}

/// Models that come with the program, by name.
enum ShippedModel {
  private static let ending = ".safetensors"

  /// The file that the user means: a path, or the name of a shipped model.
  ///
  /// - Throws: `ProgramError.unknownModel` for a name that is neither, with those that are spelled
  ///   alike; `ProgramError.weightsNotShipped` for a model that is shown from its record.
  static func url(_ text: String) throws -> URL {
    let url = fileOrModel(text)
    if !text.contains("/"), !FileManager.default.fileExists(atPath: url.path) {
      if let preset = TrainingPreset(name: stem(text)), hasRecord(preset.name) {
        throw ProgramError.weightsNotShipped(name: preset.name)
      }
      throw ProgramError.unknownModel(name: text, similar: similar(text, in: names()))
    }
    return url
  }

  /// The file of this name, or if there is none the shipped model; else the name as it is.
  static func fileOrModel(_ text: String) -> URL {
    let url = URL(fileURLWithPath: text)
    guard !text.contains("/"), !FileManager.default.fileExists(atPath: url.path),
      let folder = try? ShippedFolder.url("models")
    else { return url }
    let name = text.hasSuffix(ending) ? text : text + ending
    let shipped = folder.appendingPathComponent(name)
    return FileManager.default.fileExists(atPath: shipped.path) ? shipped : url
  }

  /// Whether the record of a model is shipped.
  private static func hasRecord(_ name: String) -> Bool {
    guard let folder = try? ShippedFolder.url("models") else { return false }
    return FileManager.default.fileExists(
      atPath: folder.appendingPathComponent("\(name).json").path)
  }

  /// The names of the shipped models.
  private static func names() -> [String] {
    guard let folder = try? ShippedFolder.url("models") else { return [] }
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.sorted().filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }
  }

  /// A name without the ending of model files.
  private static func stem(_ text: String) -> String {
    text.hasSuffix(ending) ? String(text.dropLast(ending.count)) : text
  }

  /// At most three names that become `text` by a change of a third of the letters or fewer; the
  /// nearest first.
  static func similar(_ text: String, in names: [String]) -> [String] {
    let own = stem(text)
    let distances = names.map { (name: $0, distance: editDistance(own, $0)) }
    return distances.filter { 3 * $0.distance <= max(own.count, $0.name.count) }
      .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
      .prefix(3).map(\.name)
  }
}

/// The least number of letters to insert, remove or replace that turns one text into the other.
private func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a.prefix(256)), Array(b.prefix(256)))
  var row = Array(0...b.count)
  for (i, letter) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in b.enumerated() {
      let replaced = diagonal + (letter == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
    }
  }
  return row[b.count]
}
