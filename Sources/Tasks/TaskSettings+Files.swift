import FileFormats
import Foundation

/// Task files.
extension TaskSettings {
  /// Reads a task file.
  ///
  /// - Throws: `FileError`; `TaskError.notATaskFile`.
  public init(taskFile url: URL) throws {
    let data = try FileFormats.contents(of: url)
    do {
      self = try JSONDecoder().decode(TaskSettings.self, from: data)
    } catch {
      throw TaskError.notATaskFile(file: url.relativePath, reason: "\(error)")
    }
  }

  /// Writes a task file, complete or not at all.
  ///
  /// - Throws: `FileError`.
  public func write(taskFile url: URL) throws {
    try AtomicFile.write(try sortedJSON(self, isPretty: false), to: url)
  }
}
