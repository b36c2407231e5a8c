import FileFormats
import Foundation

/// Checks of outputs before any work is done.
enum OutputFile {
  /// Refuses a place that cannot be written, by writing there: rights alone do not tell.
  ///
  /// - Throws: `FileError`, `ProgramError.outputIsFolder`.
  static func requireWritable(_ url: URL) throws {
    guard !isFolder(url) else { throw ProgramError.outputIsFolder(path: url.relativePath) }
    try AtomicFile.requireWritable(url)
  }

  static func isFolder(_ url: URL) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }
}

/// Folders that belong to the package: models and example maps.
enum ShippedFolder {
  /// The folder `Fixtures/name` below the current folder, or else below the source tree that the
  /// program was compiled from.
  ///
  /// - Throws: `ProgramError.shippedFilesMissing`.
  static func url(_ name: String) throws -> URL {
    let sourceTree = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let roots = [
      URL(fileURLWithPath: FileManager.default.currentDirectoryPath), sourceTree,
    ]
    for root in roots {
      let folder = root.appendingPathComponent("Fixtures/\(name)")
      if OutputFile.isFolder(folder) { return folder }
    }
    throw ProgramError.shippedFilesMissing(
      folder: "Fixtures/\(name)", tried: roots.map(\.path))
  }
}
