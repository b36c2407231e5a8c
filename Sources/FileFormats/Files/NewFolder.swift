import Foundation

/// Folders that appear complete or not at all.
package enum NewFolder {
  /// Lets `fill` fill a temporary folder beside `folder`, then gives it that name; returns what
  /// `fill` does.
  ///
  /// An empty folder that is there already passes on its mode, group and owner.
  ///
  /// - Throws: `FileError`, or what `fill` throws; then nothing is
  ///   left and `folder` is as it was.
  @discardableResult
  package static func make<Result>(
    _ folder: URL, fill: (_ temporary: URL) throws -> Result
  ) throws -> Result {
    try requireEmpty(folder)
    let parent = folder.deletingLastPathComponent()
    try requireFolder(parent, for: folder)
    TemporaryName.removeStale(in: parent)
    let rights = FileRights(of: folder)
    let temporary = TemporaryName.new(in: parent)
    try systemCall(mkdir(temporary.path, rights == nil ? 0o777 : 0o700)) {
      .folderNotWritable(path: folder.path, folder: parent.path, reason: $0)
    }
    do {
      let result = try fill(temporary)
      try AtomicFile.flush(folder: temporary, applying: rights)
      try systemCall(rename(temporary.path, folder.path)) {
        .writeFailed(path: folder.path, reason: $0)
      }
      // The folder is complete under its name: a fault from here on does not concern its contents.
      try? AtomicFile.flush(folder: parent)
      return result
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw error
    }
  }

  /// Accepts an empty folder that may be written, or a place where nothing exists; refuses
  /// everything else.
  private static func requireEmpty(_ folder: URL) throws {
    var information = stat()
    guard lstat(folder.path, &information) == 0 else { return }
    guard information.st_mode & S_IFMT != S_IFLNK else {
      throw FileError.brokenLink(path: folder.path)
    }
    guard information.st_mode & S_IFMT == S_IFDIR else {
      throw FileError.writeFailed(path: folder.path, reason: "a file of this name exists")
    }
    guard information.st_mode & 0o222 != 0 else {
      throw FileError.writeProtected(path: folder.path, reason: "nobody may write to it")
    }
    try systemCall(access(folder.path, W_OK | X_OK)) {
      .writeProtected(path: folder.path, reason: $0)
    }
    let entries: [String]
    do {
      entries = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw FileError.writeProtected(path: folder.path, reason: error.localizedDescription)
    }
    guard entries.isEmpty else {
      throw FileError.folderNotEmpty(path: folder.path, entries: entries.count)
    }
  }
}
