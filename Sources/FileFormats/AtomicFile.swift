import Foundation

/// Files that appear complete or not at all.
///
/// Method: the bytes go to a new file in the same folder (hidden, ending in `.partial`), are flushed
/// to the device with fsync, and take the final name by rename(2), which replaces an older file in
/// one step. Whoever reads the path sees the old contents or the new, also after a crash.
/// A symbolic link is followed: the file it points to is replaced, the link stays.
/// Checked by: AtomicFilePropertyTests.
public enum AtomicFile {
  /// Writes `data` to `url`, replacing what is there.
  ///
  /// - Throws: `FileError`; then `url` is as it was and no temporary file is left.
  public static func write(_ data: Data, to url: URL) throws {
    try write(to: url) { temporary in
      let descriptor = open(temporary.path, O_WRONLY | O_TRUNC | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw FileError.writeFailed(path: url.path, reason: lastSystemError())
      }
      defer { close(descriptor) }
      try data.withUnsafeBytes { try writeAll($0, to: descriptor, path: url.path) }
    }
  }

  /// Lets `produce` fill an empty temporary file, then gives it the name `url`.
  ///
  /// For libraries that insist on writing a file by its name.
  ///
  /// - Throws: `FileError`, or what `produce` throws; then `url` is as it was and no temporary file
  ///   is left.
  package static func write(to url: URL, produce: (_ temporary: URL) throws -> Void) throws {
    let target = try writableTarget(url)
    let folder = target.deletingLastPathComponent()
    let random = String(UInt64.random(in: 0 ... .max), radix: 36)
    let temporary = folder.appendingPathComponent(".sphere-\(getpid())-\(random).partial")
    let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw FileError.folderNotWritable(
        path: url.path, folder: folder.path, reason: lastSystemError())
    }
    close(descriptor)
    do {
      try produce(temporary)
      try flush(temporary, path: url.path)
      guard rename(temporary.path, target.path) == 0 else {
        throw FileError.writeFailed(path: url.path, reason: lastSystemError())
      }
    } catch {
      unlink(temporary.path)
      throw error
    }
    flushFolder(folder)
  }

  /// The regular file that `url` stands for (it need not exist), in a folder that exists.
  private static func writableTarget(_ url: URL) throws -> URL {
    let target = url.resolvingSymlinksInPath()
    let folder = target.deletingLastPathComponent()
    var information = stat()
    guard stat(folder.path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
      throw FileError.folderMissing(path: url.path, folder: folder.path)
    }
    if stat(target.path, &information) == 0, information.st_mode & S_IFMT != S_IFREG {
      throw FileError.notARegularFile(path: url.path)
    }
    return target
  }

  private static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String
  ) throws {
    guard let start = bytes.baseAddress else { return }
    var written = 0
    while written < bytes.count {
      let step = Foundation.write(descriptor, start + written, bytes.count - written)
      if step < 0 && errno == EINTR { continue }
      guard step > 0 else {
        throw FileError.writeFailed(path: path, reason: lastSystemError())
      }
      written += step
    }
  }

  private static func flush(_ file: URL, path: String) throws {
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError.writeFailed(path: path, reason: lastSystemError())
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw FileError.writeFailed(path: path, reason: lastSystemError())
    }
  }

  /// Makes the new name durable. The file is complete under its name already, and not every file
  /// system can flush a folder, so a refusal here is no fault of the write.
  private static func flushFolder(_ folder: URL) {
    let descriptor = open(folder.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}

/// The operating system's words for the fault of the last call.
func lastSystemError() -> String { String(cString: strerror(errno)) }

/// The whole contents of a regular file that is no pointer of Git LFS.
///
/// - Throws: `FileError`.
package func contents(of url: URL) throws -> Data {
  try requireRegularFile(url)
  let data: Data
  do {
    data = try Data(contentsOf: url)
  } catch {
    throw FileError.unreadable(path: url.path, reason: "\(error.localizedDescription)")
  }
  if let pointer = GitLFSPointer(data) {
    throw FileError.gitLFSPointer(path: url.path, byteCount: pointer.byteCount)
  }
  return data
}

/// Checks that `url` names a regular file that can be opened for reading.
///
/// - Throws: `FileError`.
func requireRegularFile(_ url: URL) throws {
  var information = stat()
  guard stat(url.path, &information) == 0 else {
    guard errno == ENOENT || errno == ENOTDIR else {
      throw FileError.unreadable(path: url.path, reason: lastSystemError())
    }
    throw FileError.missing(path: url.path)
  }
  guard information.st_mode & S_IFMT == S_IFREG else {
    throw FileError.notARegularFile(path: url.path)
  }
  guard access(url.path, R_OK) == 0 else {
    throw FileError.unreadable(path: url.path, reason: lastSystemError())
  }
}
