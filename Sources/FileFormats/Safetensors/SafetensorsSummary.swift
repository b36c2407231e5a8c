import Foundation

/// What the header of a safetensors file says, read without the tensors' bytes.
///
/// The header is checked as `SafetensorsFile` checks it, the file's size included; the digest is
/// not checked, since it covers the tensors too.
/// Memory:     that of the header.
/// Checked by: SafetensorsPropertyTests.
public struct SafetensorsSummary: Sendable, Equatable {
  /// One tensor without its numbers.
  public struct Tensor: Sendable, Equatable {
    public let name: String
    public let dtype: TensorData.DType
    public let shape: [Int]
  }

  /// The tensors in the order of their bytes in the file.
  public let tensors: [Tensor]
  /// Text by name; without the digest.
  public let metadata: [String: String]
  /// Whether the file carries a digest (`SafetensorsFile.digest`).
  public let carriesDigest: Bool

  /// Reads the header of a file.
  ///
  /// - Throws: `FileError`, `SafetensorsError`.
  public init(contentsOf url: URL) throws {
    try requireRegularFile(url)
    try GitLFSPointer.refuse(url)
    let handle: FileHandle
    let (fileCount, prefix): (Int, Data)
    do {
      handle = try FileHandle(forReadingFrom: url)
      fileCount = Int(try handle.seekToEnd())
      try handle.seek(toOffset: 0)
      prefix = try handle.read(upToCount: 8) ?? Data()
    } catch {
      throw FileError.unreadable(path: url.path, reason: error.localizedDescription)
    }
    defer { try? handle.close() }
    do {
      let start = try SafetensorsHeader.dataStart(prefix, fileCount: fileCount)
      let json = (try? handle.read(upToCount: start - 8)) ?? Data()
      guard json.count == start - 8 else {
        throw SafetensorsFault.truncated(found: 8 + json.count, expected: start)
      }
      self.init(try SafetensorsHeader(json: [UInt8](json), dataCount: fileCount - start))
    } catch let fault as SafetensorsFault {
      throw SafetensorsError(file: url.path, fault: fault)
    }
  }

  private init(_ header: SafetensorsHeader) {
    tensors = header.entries.map { Tensor(name: $0.name, dtype: $0.dtype, shape: $0.shape) }
    var metadata = header.metadata
    carriesDigest = metadata.removeValue(forKey: SafetensorsFile.digestKey) != nil
    self.metadata = metadata
  }
}
