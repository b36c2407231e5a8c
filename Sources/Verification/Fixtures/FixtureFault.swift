import FileFormats
import Foundation

/// One disagreement between the manifests and the folders.
package enum FixtureFault: Sendable, Hashable, CustomStringConvertible {
  case unlisted(path: String)
  case listedTwice(path: String)
  case missing(path: String)
  case changed(path: String, found: String, expected: String)
  case noGenerator(path: String, generator: String)
  case unused(path: String)
  case unknownTest(path: String, test: String)

  package var description: String {
    switch self {
    case .unlisted(let path):
      return "Fixtures/\(path) is in no manifest; add an entry to Fixtures/manifest/<topic>.json"
    case .listedTwice(let path):
      return "Fixtures/\(path) has two entries; remove one"
    case .missing(let path):
      return "Fixtures/\(path) is listed and missing; record it again or remove the entry"
    case .changed(let path, let found, let expected):
      return "Fixtures/\(path) has SHA-256 \(found), the manifest says \(expected); "
        + "restore the file or record it again with its generator"
    case .noGenerator(let path, let generator):
      return "Fixtures/\(path) names the generator \(generator), which does not exist"
    case .unused(let path):
      return "Fixtures/\(path) has an empty used_by; name its tests or remove the file"
    case .unknownTest(let path, let test):
      return "Fixtures/\(path) is used by \(test), but Tests has no file \(test).swift"
    }
  }
}
