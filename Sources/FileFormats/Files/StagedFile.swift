import Foundation

/// A complete file under a temporary name beside the place it is meant for.
final class StagedFile {
  /// What the caller calls the file, for messages.
  private let path: String
  /// The regular file to replace or make, all links followed.
  let target: URL
  private let temporary: URL
  /// The file that was at `target`, under a temporary name.
  private var old: URL?

  /// Lets `produce` fill an empty temporary file and flushes it to the disk.
  ///
  /// - Throws: `FileError`, or what `produce` throws; then nothing is left.
  init(_ url: URL, produce: (_ temporary: URL) throws -> Void) throws {
    path = url.path
    target = try Self.writableTarget(url)
    let folder = target.deletingLastPathComponent()
    temporary = TemporaryName.new(in: folder)
    let rights = FileRights(of: target)
    // Nobody else reads what replaces a private file, not even while it is being written.
    let mode: mode_t = rights == nil ? 0o666 : 0o600
    let descriptor = try systemCall(
      open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    ) { .folderNotWritable(path: url.path, folder: folder.path, reason: $0) }
    close(descriptor)
    do {
      try produce(temporary)
      try flush(applying: rights)
    } catch {
      discard()
      throw error
    }
  }

  /// Takes the final name, in the place of what was there.
  func takeName() throws {
    try systemCall(rename(temporary.path, target.path)) { .writeFailed(path: path, reason: $0) }
  }

  /// Removes the file, if it has not taken its name.
  func discard() { unlink(temporary.path) }

  /// Gives what is at the target a second name or, if not `inPlace`, moves it to another name.
  ///
  /// Not every file system has second names; without one the old file cannot be put back.
  func keepOld(inPlace: Bool) throws {
    var information = stat()
    guard lstat(target.path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      return
    }
    let aside = TemporaryName.new(in: target.deletingLastPathComponent())
    if !inPlace {
      try systemCall(rename(target.path, aside.path)) { .writeFailed(path: path, reason: $0) }
    } else if link(target.path, aside.path) != 0 {
      return
    }
    old = aside
  }

  /// Puts back what was at the target.
  func restoreOld() {
    guard let old else { return }
    rename(old.path, target.path)
    // Two names of one file: rename(2) leaves both.
    unlink(old.path)
  }

  /// Lets go of what was at the target.
  func forgetOld() {
    if let old { unlink(old.path) }
  }

  private func flush(applying rights: FileRights?) throws {
    let failed = { [path] in FileError.writeFailed(path: path, reason: $0) }
    let descriptor = try systemCall(open(temporary.path, O_RDONLY | O_CLOEXEC), failed)
    defer { close(descriptor) }
    rights?.apply(to: descriptor)
    try systemCall(fsync(descriptor), failed)
  }

  /// The regular file that `url` stands for (it need not exist), in a folder that exists.
  private static func writableTarget(_ url: URL) throws -> URL {
    var information = stat()
    guard stat(url.path, &information) == 0 else { return try newTarget(url) }
    guard information.st_mode & S_IFMT == S_IFREG else {
      throw FileError.outputNotAFile(path: url.path)
    }
    guard information.st_mode & 0o222 != 0 else {
      throw FileError.writeProtected(path: url.path, reason: "nobody may write to it")
    }
    try systemCall(access(url.path, W_OK)) { .writeProtected(path: url.path, reason: $0) }
    guard let target = resolve(url.path) else {
      throw FileError.writeFailed(path: url.path, reason: systemErrorText(errno))
    }
    return target
  }

  /// The place of a file that does not exist.
  private static func newTarget(_ url: URL) throws -> URL {
    let number = errno
    let folder = url.deletingLastPathComponent()
    guard number == ENOENT || number == ENOTDIR || number == ELOOP else {
      throw FileError.folderNotWritable(
        path: url.path, folder: folder.path, reason: systemErrorText(number))
    }
    var information = stat()
    if lstat(url.path, &information) == 0, information.st_mode & S_IFMT == S_IFLNK {
      throw FileError.brokenLink(path: url.path)
    }
    try requireFolder(folder, for: url)
    guard let resolved = resolve(folder.path) else {
      throw FileError.folderNotWritable(
        path: url.path, folder: folder.path, reason: systemErrorText(errno))
    }
    return resolved.appendingPathComponent(url.lastPathComponent)
  }

  /// A path with all links followed; nil, with the reason in `errno`, if it leads nowhere.
  private static func resolve(_ path: String) -> URL? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return URL(fileURLWithPath: String(cString: resolved))
  }
}
