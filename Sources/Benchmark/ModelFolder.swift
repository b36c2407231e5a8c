import FileFormats
import Foundation
import Models
import Tasks
import TrainingRuns

/// The models of a folder with their records, and records that stand alone.
///
/// A model is a file `NAME.safetensors`, its record `NAME.json`. Other files are not looked at.
/// Checked by: ModelFolderErrorTests.
package struct ModelFolder: Sendable {
  /// A model and what is known of its training.
  package struct Entry: Sendable {
    /// The file's name without ending.
    package let name: String
    package let model: TrainedModel
    /// The row of the benchmark for which it was trained.
    package let settings: TaskSettings
    /// nil if there is no file beside the model.
    package let record: RunRecord?
    /// Whether its weights are stored as float16.
    package let precision: ModelFile.Precision
  }

  /// The models, by name.
  package let models: [Entry]
  /// Records without a model beside them, by name.
  package let records: [ModelRecord]
  /// Names of the models that belong to no task of the benchmark and so have no row in its table.
  package let others: [String]

  /// Reads a folder.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - isWanted: which models and records, by their names without ending; others are not read.
  /// - Throws: `FileError.missing`, `ModelFolderError.noModels`; for its files `SafetensorsError`,
  ///   `ModelError`, `FileError`, `RunRecordError.notARecord`.
  package init(
    contentsOf folder: URL, where isWanted: (_ name: String) -> Bool = { _ in true }
  ) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder),
      isFolder.boolValue
    else { throw FileError.missing(path: folder.relativePath) }
    let files: [String]
    do {
      files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    } catch {
      throw FileError.unreadable(path: folder.relativePath, reason: error.localizedDescription)
    }
    func names(_ ending: String) -> [String] {
      // The file beside a model that describes good maps is not a record.
      files.filter {
        $0.hasSuffix(ending) && !$0.hasPrefix(".") && !$0.hasSuffix(".likeness.json")
      }
      .map { String($0.dropLast(ending.count)) }
      .filter(isWanted)
    }
    let (modelNames, recordNames) = (names(".safetensors"), names(".json"))
    guard !modelNames.isEmpty || !recordNames.isEmpty else {
      throw ModelFolderError.noModels(folder: folder.relativePath)
    }
    var found: [Entry] = []
    var others: [String] = []
    for name in modelNames {
      if let entry = try Self.entry(name, in: folder, hasRecord: recordNames.contains(name)) {
        found.append(entry)
      } else {
        others.append(name)
      }
    }
    (models, self.others) = (found, others)
    records = try recordNames.filter { !modelNames.contains($0) }.map { name in
      let url = folder.appendingPathComponent("\(name).json")
      let record = try RunRecord(contentsOf: url)
      return ModelRecord(name: name, settings: record.settings, record: record)
    }
  }

  /// The model of a name with its record; nil if it is of no task.
  private static func entry(
    _ name: String, in folder: URL, hasRecord: Bool
  ) throws -> Entry? {
    let url = folder.appendingPathComponent("\(name).safetensors")
    let file = try ModelFile.file(url)
    var model = try ModelFile.model(file, file: url.relativePath)
    try model.installLikeness(beside: url)
    if model.description.task == nil { return nil }
    let isRounded = file.tensors.contains { $0.1.dtype == .float16 }
    return Entry(
      name: name, model: model, settings: try model.settings(),
      record: hasRecord
        ? try RunRecord(contentsOf: folder.appendingPathComponent("\(name).json")) : nil,
      precision: isRounded ? .float16 : .float32)
  }
}
