import Foundation

/// The operating system's words for an error number.
package func systemErrorText(_ number: Int32) -> String { String(cString: strerror(number)) }

/// The result of a system call that returns a negative number when it fails.
///
/// - Throws: `failure` with the operating system's words for the fault of this call, not of a later
///   one.
@discardableResult
package func systemCall(
  _ call: @autoclosure () -> Int32, _ failure: (_ reason: String) -> FileError
) throws(FileError) -> Int32 {
  let result = call()
  let number = errno
  guard result >= 0 else { throw failure(systemErrorText(number)) }
  return result
}

/// The whole contents of a regular file that is no pointer of Git LFS.
///
/// - Throws: `FileError`.
package func contents(of url: URL) throws -> Data {
  try requireRegularFile(url)
  let failed = { FileError.unreadable(path: url.path, reason: $0) }
  let descriptor = try systemCall(open(url.path, O_RDONLY | O_CLOEXEC), failed)
  defer { close(descriptor) }
  var information = stat()
  try systemCall(fstat(descriptor, &information), failed)
  var data = Data()
  data.reserveCapacity(Int(information.st_size))
  var block = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let count = block.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    let number = errno
    if count < 0 && number == EINTR { continue }
    guard count >= 0 else { throw failed(systemErrorText(number)) }
    if count == 0 { break }
    data.append(contentsOf: block[..<count])
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
    let number = errno
    guard number == ENOENT || number == ENOTDIR else {
      throw FileError.unreadable(path: url.path, reason: systemErrorText(number))
    }
    throw FileError.missing(path: url.path)
  }
  guard information.st_mode & S_IFMT == S_IFREG else {
    throw FileError.notARegularFile(path: url.path)
  }
  try systemCall(access(url.path, R_OK)) { .unreadable(path: url.path, reason: $0) }
}

/// Checks that the folder in which `url` is to be made is there.
///
/// - Throws: `FileError.folderMissing`; `.folderNotWritable` where a file stands in its place.
package func requireFolder(_ folder: URL, for url: URL) throws(FileError) {
  var information = stat()
  let found = stat(folder.path, &information)
  let number = found == 0 ? ENOTDIR : errno
  if found == 0 && information.st_mode & S_IFMT == S_IFDIR { return }
  guard number != ENOENT else {
    throw .folderMissing(path: url.path, folder: folder.path)
  }
  throw .folderNotWritable(
    path: url.path, folder: folder.path, reason: systemErrorText(number))
}
