import FileFormats
import Foundation
import Tasks

/// Checks of outputs before any work is done.
enum OutputFile {
  /// Refuses a place that cannot be written, by writing there: rights alone do not show it.
  ///
  /// - Throws: `FileError`, `ProgramError.outputIsFolder`.
  static func requireWritable(_ url: URL) throws {
    guard !isFolder(url) else { throw ProgramError.outputIsFolder(path: url.relativePath) }
    try AtomicFile.requireWritable(url)
  }

  /// Refuses an output that the disk has no room for, and says its size if that is much.
  ///
  /// - Parameters:
  ///   - bytes: what is going to be written.
  ///   - url: the file or folder; the folder around it exists.
  /// - Throws: `ProgramError.diskTooSmall`.
  static func requireSpace(_ bytes: Double, for url: URL) throws {
    let folder = url.deletingLastPathComponent().path
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
    if let free = (attributes?[.systemFreeSize] as? NSNumber)?.doubleValue, bytes > free {
      throw ProgramError.diskTooSmall(path: url.relativePath, needed: bytes, available: free)
    }
    if bytes >= 1e9 { say("\(url.relativePath): \(byteText(bytes)) are going to be written") }
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
      .deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
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
