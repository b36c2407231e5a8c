import Faults

/// Why a file cannot be read or written at all; faults of its contents have their own error types.
public enum FileError: UserError, Equatable {
  /// There is no file at this path.
  case missing(path: String)
  /// The file exists and cannot be read; `reason` is the operating system's.
  case unreadable(path: String, reason: String)
  /// A folder, a device or a pipe stands where a regular file is expected.
  case notARegularFile(path: String)
  /// The file is a pointer of Git LFS: its contents, of so many bytes, were never fetched.
  case gitLFSPointer(path: String, byteCount: Int?)
  /// A folder, a device or a pipe stands where a file is to be written.
  case outputNotAFile(path: String)
  /// The file that would be replaced is protected against writing.
  case writeProtected(path: String, reason: String)
  /// The output is a symbolic link that points to nothing.
  case brokenLink(path: String)
  /// The folder that should take the file does not exist.
  case folderMissing(path: String, folder: String)
  /// The folder that should take the file does not admit new files.
  case folderNotWritable(path: String, folder: String, reason: String)
  /// The folder that is to be filled holds something already.
  case folderNotEmpty(path: String, entries: Int)
  /// Writing stopped half-way (disk full, quota, device error). The old file, if any, is untouched.
  case writeFailed(path: String, reason: String)

  /// True when the file was to be read and does not exist.
  public var isMissingInput: Bool {
    if case .missing = self { return true }
    return false
  }

  /// True when the fault is in writing.
  public var isOutputFault: Bool {
    switch self {
    case .outputNotAFile, .writeProtected, .brokenLink, .folderMissing, .folderNotWritable,
      .folderNotEmpty, .writeFailed:
      return true
    case .missing, .unreadable, .notARegularFile, .gitLFSPointer: return false
    }
  }

  public var description: String {
    switch self {
    case .missing(let path):
      return "\(path): there is no such file; check the path"
    case .unreadable(let path, let reason):
      return "\(path): the file exists but cannot be read (\(reason)); check its permissions"
    case .notARegularFile(let path):
      return "\(path): found a folder or a device, expected a regular file; name a file"
    case .gitLFSPointer(let path, let byteCount):
      return "\(path): found a pointer of Git LFS, expected the file itself"
        + (byteCount.map { " of \($0) bytes" } ?? "")
        + "; fetch it with 'git lfs pull', or download it"
    case .outputNotAFile(let path):
      return "\(path): cannot be written, found a folder or a device, expected a regular file or "
        + "none; choose another name"
    case .writeProtected(let path, let reason):
      return "\(path): is protected against writing (\(reason)) and stays as it is; "
        + "change its permissions or choose another name"
    case .brokenLink(let path):
      return "\(path): cannot be written, it is a symbolic link that leads to no file; "
        + "make the file it points to, or remove the link"
    case .folderMissing(let path, let folder):
      return "\(path): cannot be written, the folder \(folder) does not exist; create it first"
    case .folderNotWritable(let path, let folder, let reason):
      return "\(path): cannot be written, the folder \(folder) takes no new file (\(reason)); "
        + "change its permissions or choose another folder"
    case .folderNotEmpty(let path, let entries):
      return "\(path): the folder has \(entries) entries, expected an empty or a new folder, so "
        + "that nothing is overwritten; choose another one or move it away"
    case .writeFailed(let path, let reason):
      return "\(path): writing failed (\(reason)), what was there before is unchanged; "
        + "check the free space and try again"
    }
  }
}

extension FileError {
  public var faultClass: FaultClass {
    switch self {
    case .outputNotAFile, .writeProtected, .brokenLink, .folderMissing, .folderNotWritable,
      .folderNotEmpty, .writeFailed:
      return .cannotWrite
    case .notARegularFile, .gitLFSPointer: return .badInput
    case .missing, .unreadable: return .missingInput
    }
  }
}
