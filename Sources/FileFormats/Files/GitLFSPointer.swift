import Foundation

/// A pointer that Git LFS leaves in the place of a large file which was not fetched.
///
/// Layout: text of at most 1 kB, the first line `version https://git-lfs.github.com/spec/v1`, then
///         lines `oid sha256:...` and `size N` [GitLFS].
/// Checked by: GitLFSPointerTests.
public struct GitLFSPointer: Sendable, Equatable {
  /// Size of the file that it stands for; nil if the pointer does not say.
  public let byteCount: Int?

  /// The pointer that these bytes are; nil for any other file.
  ///
  /// - Parameter bytes: a file's contents, or their beginning: the first kB is enough.
  public init?(_ bytes: some Sequence<UInt8>) {
    let text = String(decoding: Array(bytes.prefix(1024)), as: UTF8.self)
    guard text.hasPrefix("version https://git-lfs.github.com/spec/") else { return nil }
    let size = text.split(separator: "\n").first { $0.hasPrefix("size ") }
    byteCount = size.flatMap { Int($0.dropFirst(5)) }
  }

  /// Refuses a file that is such a pointer; a file that cannot be opened is left to whoever reads
  /// it.
  ///
  /// - Throws: `FileError.gitLFSPointer`.
  public static func refuse(_ url: URL) throws(FileError) {
    guard let file = try? FileHandle(forReadingFrom: url) else { return }
    defer { try? file.close() }
    guard let data = try? file.read(upToCount: 1024), let pointer = GitLFSPointer(data) else {
      return
    }
    throw .gitLFSPointer(path: url.path, byteCount: pointer.byteCount)
  }
}
