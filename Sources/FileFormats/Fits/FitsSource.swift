import Foundation

/// The bytes of a FITS file, those of a compressed file expanded as far as they are needed.
///
/// Memory: a plain file is read piece by piece; a compressed one is held expanded, at most
/// `largestExpansion`.
final class FitsSource {
  /// The file's path.
  let path: String
  private let descriptor: Int32
  private let fileSize: Int
  private var expansion: GzipExpansion?

  /// A gzip file may expand to this many bytes ...
  static let freeExpansion = 256 << 20
  /// ... or to this many times its own size, if that is more. Real maps compress by less than 10.
  static let expansionRatio = 100

  /// How far the file may expand.
  private var largestExpansion: Int { max(Self.freeExpansion, Self.expansionRatio * fileSize) }

  /// Opens a file that begins as FITS or gzip files do.
  ///
  /// - Throws: `FileError`; `FitsError` with `.notFits`.
  init(_ url: URL) throws {
    try requireRegularFile(url)
    path = url.path
    let failed = { FileError.unreadable(path: url.path, reason: $0) }
    descriptor = try systemCall(open(url.path, O_RDONLY | O_CLOEXEC), failed)
    var information = stat()
    do {
      try systemCall(fstat(descriptor, &information), failed)
    } catch {
      close(descriptor)
      throw error
    }
    fileSize = Int(information.st_size)
    let start = try stored(at: 0, count: 9)
    if Array(start.prefix(2)) == [0x1f, 0x8b] {
      expansion = GzipExpansion(try stored(at: 0, count: fileSize))
    } else if start != Array("SIMPLE  =".utf8) {
      try GitLFSPointer.refuse(url)
      let isPrintable = start.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
      let found =
        start.isEmpty
        ? "no bytes" : isPrintable ? "'\(String(decoding: start, as: UTF8.self))'" : "binary data"
      throw FitsError(file: path, fault: .notFits(found: found))
    }
  }

  deinit { close(descriptor) }

  /// At most `count` bytes from `offset` on; fewer only at the end.
  ///
  /// - Throws: `FileError`; `FitsError` with `.damagedCompression`, `.expandsTooFar`.
  func bytes(at offset: Int, count: Int) throws -> [UInt8] {
    guard expansion != nil else { return try stored(at: offset, count: count) }
    let size = try self.size(upTo: offset + count)
    guard offset < size else { return [] }
    return Array(expansion?.bytes[offset..<min(size, offset + count)] ?? [])
  }

  /// The number of bytes of the expanded file as far as it is at most `limit`, else at least
  /// `limit`.
  ///
  /// - Throws: as `bytes(at:count:)`.
  func size(upTo limit: Int) throws -> Int {
    guard let count = expansion?.bytes.count else { return fileSize }
    if count >= limit || expansion?.isComplete == true { return count }
    do throws(FitsFault) {
      guard limit <= largestExpansion else {
        throw .expandsTooFar(bytes: limit, limit: largestExpansion, fileSize: fileSize)
      }
      try expansion?.expand(to: limit)
    } catch {
      throw FitsError(file: path, fault: error)
    }
    return expansion?.bytes.count ?? 0
  }

  private func stored(at offset: Int, count: Int) throws -> [UInt8] {
    guard offset < fileSize, count > 0 else { return [] }
    let wanted = min(count, fileSize - offset)
    var bytes = [UInt8](repeating: 0, count: wanted)
    var found = 0
    while found < wanted {
      let step = bytes[found...].withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress, $0.count, off_t(offset + found))
      }
      let number = errno
      if step < 0 && number == EINTR { continue }
      guard step >= 0 else {
        throw FileError.unreadable(path: path, reason: systemErrorText(number))
      }
      // The file became shorter.
      if step == 0 { break }
      found += step
    }
    return found == wanted ? bytes : Array(bytes[..<found])
  }
}
