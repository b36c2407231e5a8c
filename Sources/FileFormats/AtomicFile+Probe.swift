import Foundation

extension AtomicFile {
  /// Checks that `url` can be written, by making and removing a temporary file beside it.
  ///
  /// Programs that work for long before they write ask first. What is at `url` stays as it is.
  ///
  /// - Throws: `FileError`.
  public static func requireWritable(_ url: URL) throws {
    do {
      try write(to: url) { _ in throw ProbeDone() }
    } catch is ProbeDone {}
  }
}

/// Ends a write before its file takes its name.
private struct ProbeDone: Error {}
