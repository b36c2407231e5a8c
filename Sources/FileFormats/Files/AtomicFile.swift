import Foundation

/// Files that appear complete or not at all.
///
/// Method: the bytes go to a new file in the same folder (hidden, ending in `.partial`), are
/// flushed to the device with fsync, and take the final name by rename(2), which replaces an older
/// file in one step. Whoever reads the path sees the old contents or the new, also after a crash.
/// Rights:  a file that is replaced passes on its mode, group and owner (`FileRights`); a new one
///          has what umask, folder and system give. A file that its mode or the system protects
///          against writing is not replaced, although rename(2) would do it.
/// Links:   a symbolic link is followed: the file it points to is replaced, the link stays. A link
///          that points to nothing is refused: its target may be on a disk that is not mounted, or
///          of someone else's choosing.
/// Checked by: AtomicFilePropertyTests, Tests/reliability.
public enum AtomicFile {
  /// Writes `data` to `url`, replacing what is there.
  ///
  /// - Throws: `FileError`; then `url` is as it was and no temporary file is left.
  public static func write(_ data: Data, to url: URL) throws {
    try write(to: url) { try fill($0, with: data, path: url.path) }
  }

  /// Lets `produce` fill an empty temporary file, then gives it the name `url`.
  ///
  /// For libraries that insist on writing a file by its name.
  ///
  /// - Throws: `FileError`, or what `produce` throws; then `url` is as it was and no temporary file
  ///   is left.
  package static func write(to url: URL, produce: (_ temporary: URL) throws -> Void) throws {
    let staged = try StagedFile(url, produce: produce)
    do {
      try staged.takeName()
    } catch {
      staged.discard()
      throw error
    }
    flushFolder(of: staged.target)
  }

  /// Writes files that describe each other, the described one first: a model and its record.
  ///
  /// Method: all files are complete on the disk before any takes its name. Then the old describing
  ///         files are moved aside, the first file takes its name, and the others follow. So a
  ///         process killed in between leaves the first file without the others, which says what
  ///         it is, but never beside the descriptions of an older one.
  ///
  /// - Throws: `FileError`; then all files are as they were and no temporary file is left.
  public static func writeTogether(_ files: [(data: Data, url: URL)]) throws {
    var staged: [StagedFile] = []
    do {
      for (data, url) in files {
        staged.append(try StagedFile(url) { try fill($0, with: data, path: url.path) })
      }
      try exchange(staged)
    } catch {
      for file in staged { file.discard() }
      throw error
    }
  }

  /// Gives all files their names, or none.
  ///
  /// - Throws: `FileError`; then the files are still to be discarded.
  static func exchange(_ files: [StagedFile]) throws {
    var named: [StagedFile] = []
    do {
      for (index, file) in files.enumerated() { try file.keepOld(inPlace: index == 0) }
      files.dropFirst().forEach { flushFolder(of: $0.target) }
      for file in files {
        try file.takeName()
        named.append(file)
        flushFolder(of: file.target)
      }
    } catch {
      for file in named { unlink(file.target.path) }
      for file in files { file.restoreOld() }
      throw error
    }
    for file in files { file.forgetOld() }
  }

  /// Writes `data` into a file that exists.
  private static func fill(_ file: URL, with data: Data, path: String) throws {
    let failed = { FileError.writeFailed(path: path, reason: $0) }
    let descriptor = try systemCall(open(file.path, O_WRONLY | O_TRUNC | O_CLOEXEC), failed)
    do {
      try data.withUnsafeBytes { try writeAll($0, to: descriptor, path: path) }
    } catch {
      close(descriptor)
      throw error
    }
    // Some file systems report only here that the bytes were not written.
    try systemCall(close(descriptor), failed)
  }

  private static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String
  ) throws {
    guard let start = bytes.baseAddress else { return }
    var written = 0
    while written < bytes.count {
      let step = Foundation.write(descriptor, start + written, bytes.count - written)
      let number = errno
      if step < 0 && number == EINTR { continue }
      guard step > 0 else {
        throw FileError.writeFailed(path: path, reason: systemErrorText(number))
      }
      written += step
    }
  }

  /// Makes the names in a file's folder durable. The file is complete under its name already, so a
  /// refusal here is no fault of the write.
  private static func flushFolder(of file: URL) {
    try? flush(folder: file.deletingLastPathComponent())
  }

  /// Makes the names in a folder durable, and gives it `rights`.
  ///
  /// - Throws: `FileError` if the folder cannot be opened; not every file system can flush one.
  package static func flush(folder: URL, applying rights: FileRights? = nil) throws {
    let descriptor = try systemCall(open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
      .writeFailed(path: folder.path, reason: $0)
    }
    rights?.apply(to: descriptor)
    _ = fsync(descriptor)
    close(descriptor)
  }
}
