import Foundation

/// Runs `body` with a new empty folder, which is removed afterwards.
///
/// - Parameter body: receives the folder.
/// - Returns: what `body` returns.
/// - Throws: what making the folder and `body` throw.
package func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("sphere-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// The names of everything in a folder, hidden files included, in order.
///
/// - Throws: what reading the folder throws.
package func names(in folder: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}

/// The error that `body` throws, or nil.
package func thrown<Result>(_ body: () throws -> Result) -> (any Error)? {
  do {
    _ = try body()
    return nil
  } catch {
    return error
  }
}
