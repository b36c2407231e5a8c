import FileFormats
import Foundation

/// The origin of every recorded answer: the lists in `Fixtures/manifest`, one file per topic.
///
/// Layout: each file is a JSON list of objects with all of the keys of `FixtureManifest.Entry`.
/// Files under `Fixtures/adapters`, `Fixtures/generators`, `Fixtures/manifest` and
/// `Fixtures/models` are not listed: the models carry their own records.
/// Checked by: FixtureManifestTests, FixtureManifestErrorTests.
package struct FixtureManifest: Sendable {
  /// One recorded file.
  package struct Entry: Sendable {
    /// Where it is, relative to `Fixtures`.
    package let path: String
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    package let sha256: String
    /// The program that wrote it, relative to the package's root.
    package let generator: String
    /// The test files that read it, without the extension.
    package let usedBy: [String]
  }

  /// Every entry of every topic, in order of topic.
  package let entries: [Entry]

  /// Keys that an entry has. Beside those of `Entry`: the command line that records the file again,
  /// the packages with their versions, the seed, the conventions and the tolerance of its users.
  package static let requiredKeys = [
    "path", "sha256", "generator", "command", "packages", "seed", "conventions", "tolerance",
    "used_by",
  ]

  /// Reads all `*.json` files of a folder.
  ///
  /// - Parameter folder: the folder; `Fixtures/manifest` unless given.
  /// - Throws: `FixtureManifestError` for a file that is not such a list.
  package init(folder: URL = FixtureStore.url("manifest")) throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    entries = try names.filter { $0.hasSuffix(".json") }.sorted().flatMap { name in
      let data = try Data(contentsOf: folder.appendingPathComponent(name))
      return try FixtureManifest.entries(data, file: name)
    }
  }

  /// Reads one list.
  ///
  /// - Parameters:
  ///   - data: the JSON text.
  ///   - file: its name, for messages.
  /// - Returns: its entries in order.
  /// - Throws: `FixtureManifestError`.
  static func entries(_ data: Data, file: String) throws -> [Entry] {
    guard let list = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]] else {
      throw FixtureManifestError.notAList(file: file)
    }
    return try list.enumerated().map { index, object in
      for key in requiredKeys where object[key] == nil {
        throw FixtureManifestError.missingKey(file: file, entry: index, key: key)
      }
      func text(_ key: String) throws -> String {
        guard let value = object[key] as? String, !value.isEmpty else {
          throw FixtureManifestError.wrongType(
            file: file, entry: index, key: key, expected: "a text")
        }
        return value
      }
      guard let users = object["used_by"] as? [String] else {
        throw FixtureManifestError.wrongType(
          file: file, entry: index, key: "used_by", expected: "a list of texts")
      }
      return Entry(
        path: try text("path"), sha256: try text("sha256"), generator: try text("generator"),
        usedBy: users)
    }
  }

  /// Everything in which the lists and the folders disagree; empty when all is well.
  ///
  /// - Parameter root: the package's root, which holds `Fixtures` and `Tests`.
  /// - Returns: one fault per disagreement.
  package func faults(root: URL = FixtureStore.packageRoot) -> [FixtureFault] {
    let fixtures = root.appendingPathComponent("Fixtures")
    let present = Set(FixtureManifest.recordedFiles(under: fixtures))
    let suites = Set(
      files(under: root.appendingPathComponent("Tests")).filter {
        $0.hasSuffix(".swift") || $0.hasSuffix(".sh")
      }
      .map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent })
    var faults: [FixtureFault] = []
    var listed = Set<String>()
    for entry in entries {
      if !listed.insert(entry.path).inserted { faults.append(.listedTwice(path: entry.path)) }
      if !FileManager.default.fileExists(atPath: root.appendingPathComponent(entry.generator).path)
      {
        faults.append(.noGenerator(path: entry.path, generator: entry.generator))
      }
      if entry.usedBy.isEmpty { faults.append(.unused(path: entry.path)) }
      for suite in entry.usedBy where !suites.contains(suite) {
        faults.append(.unknownTest(path: entry.path, test: suite))
      }
      guard let data = try? Data(contentsOf: fixtures.appendingPathComponent(entry.path)) else {
        faults.append(.missing(path: entry.path))
        continue
      }
      let found = FileFormats.sha256(data)
      if found != entry.sha256 {
        faults.append(.changed(path: entry.path, found: found, expected: entry.sha256))
      }
    }
    return faults + present.subtracting(listed).sorted().map { .unlisted(path: $0) }
  }

  /// The files under `Fixtures` that a manifest lists, relative to it.
  private static func recordedFiles(under fixtures: URL) -> [String] {
    files(under: fixtures).filter { path in
      !["adapters/", "generators/", "manifest/", "models/"].contains { path.hasPrefix($0) }
    }
  }
}

/// All regular files under a folder, hidden ones excepted, relative to it; none if it is missing.
private func files(under folder: URL) -> [String] {
  ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []).filter { path in
    var isFolder: ObjCBool = false
    let full = folder.appendingPathComponent(path).path
    return FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
      && !isFolder.boolValue
      && !path.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "__pycache__" }
  }
}
