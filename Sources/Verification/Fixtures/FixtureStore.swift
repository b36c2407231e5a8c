import Faults
import Foundation

/// Where the recorded answers of the oracles are: the `Fixtures` folder beside `Sources`.
package enum FixtureStore {
  /// The package's root, found from the place of this source file.
  package static let packageRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// `Fixtures`, the folder of all recorded data; the environment variable `SPHERE_FIXTURES` names
  /// another one, for a program far from its source tree.
  package static var root: URL {
    ProcessInfo.processInfo.environment["SPHERE_FIXTURES"].map { URL(fileURLWithPath: $0) }
      ?? packageRoot.appendingPathComponent("Fixtures")
  }

  /// The file `Fixtures/<name>`.
  package static func url(_ name: String) -> URL { root.appendingPathComponent(name) }

  /// The contents of `Fixtures/<name>`; a missing fixture is an error, never a skipped test.
  package static func data(_ name: String) throws -> Data {
    do {
      return try Data(contentsOf: url(name))
    } catch {
      throw FixtureError.missing(name: name, reason: "\(error)")
    }
  }
}
