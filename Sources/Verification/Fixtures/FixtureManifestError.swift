import Faults
import FileFormats
import Foundation

/// A manifest that cannot be read.
package enum FixtureManifestError: UserError, Equatable {
  case notAList(file: String)
  case missingKey(file: String, entry: Int, key: String)
  case wrongType(file: String, entry: Int, key: String, expected: String)

  package var description: String {
    switch self {
    case .notAList(let file):
      return "Fixtures/manifest/\(file) is not a JSON list of objects; "
        + "each fixture is one object with the keys "
        + FixtureManifest.requiredKeys.joined(separator: ", ")
    case .missingKey(let file, let entry, let key):
      return "Fixtures/manifest/\(file): entry \(entry) has no \"\(key)\"; add it"
    case .wrongType(let file, let entry, let key, let expected):
      return "Fixtures/manifest/\(file): entry \(entry) has a \"\(key)\" that is not \(expected)"
    }
  }
}

extension FixtureManifestError {
  package var faultClass: FaultClass { .failure }
}
