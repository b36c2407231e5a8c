import FileFormats
import Foundation

/// Folders that appear complete or not at all.
enum NewFolder {
  /// Lets `fill` fill a temporary folder beside `folder`, then gives it that name; returns what `fill` does.
  ///
  /// - Throws: `ProgramError.folderNotEmpty`, `FileError`, or what `fill` throws; then nothing is left
  ///   and `folder` is as it was.
  @discardableResult
  static func make<Result>(
    _ folder: URL, fill: (_ temporary: URL) throws -> Result
  ) throws -> Result {
    let manager = FileManager.default
    if OutputFile.isFolder(folder) {
      let entries = (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
      guard entries.isEmpty else {
        throw ProgramError.folderNotEmpty(path: folder.path, entries: entries.count)
      }
    }
    try AtomicFile.requireWritable(folder.appendingPathExtension("probe"))
    if manager.fileExists(atPath: folder.path), !OutputFile.isFolder(folder) {
      throw FileError.writeFailed(path: folder.path, reason: "a file of this name exists")
    }
    let temporary = folder.deletingLastPathComponent()
      .appendingPathComponent(".sphere-\(UUID().uuidString).partial")
    do {
      try manager.createDirectory(at: temporary, withIntermediateDirectories: false)
    } catch {
      throw FileError.writeFailed(path: folder.path, reason: error.localizedDescription)
    }
    do {
      let result = try fill(temporary)
      guard rename(temporary.path, folder.path) == 0 else {
        throw FileError.writeFailed(
          path: folder.path, reason: String(cString: strerror(errno)))
      }
      return result
    } catch {
      try? manager.removeItem(at: temporary)
      throw error
    }
  }
}
