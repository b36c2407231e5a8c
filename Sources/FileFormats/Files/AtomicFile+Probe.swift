import Foundation

extension AtomicFile {
  /// Checks that `url` can be written, by making and removing a temporary file beside it.
  ///
  /// Programs that work for long before they write ask first. What is at `url` stays as it is.
  /// Unfinished files that killed processes left in its folder are removed (`TemporaryName`).
  ///
  /// - Throws: `FileError`.
  public static func requireWritable(_ url: URL) throws {
    do {
      try write(to: url) { temporary in
        TemporaryName.removeStale(in: temporary.deletingLastPathComponent())
        throw ProbeDone()
      }
    } catch is ProbeDone {}
  }
}

/// Ends a write before its file takes its name.
private struct ProbeDone: Error {}
