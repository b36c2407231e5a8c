import Foundation
import Testing

@testable import Verification

@Suite("Fixture manifest: faults")
struct FixtureManifestErrorTests {

  static let keys = """
    "command": "python grids.py", "packages": {"numpy": "2.0"}, "seed": 1, "conventions": "RING",
    "tolerance": "exact"
    """
  static let digestOfABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  /// Writes a package of one fixture `grids/a.bin` ("abc") in a scratch folder, lets `change` break
  /// it, and returns the faults.
  func faults(
    path: String = "grids/a.bin", digest: String = digestOfABC, users: String = "[\"GridTests\"]",
    changing change: (URL) throws -> Void = { _ in }
  ) throws -> [FixtureFault] {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    func write(_ text: String, _ name: String) throws {
      let url = root.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    try write("abc", "Fixtures/grids/a.bin")
    try write("", "Fixtures/generators/grids.py")
    try write("", "Fixtures/models/t1.safetensors")
    try write("", "Tests/GridsTests/GridTests.swift")
    try write(
      """
      [{"path": "\(path)", "sha256": "\(digest)", "generator": "Fixtures/generators/grids.py",
        "used_by": \(users), \(FixtureManifestErrorTests.keys)}]
      """, "Fixtures/manifest/grids.json")
    try change(root)
    return try FixtureManifest(folder: root.appendingPathComponent("Fixtures/manifest"))
      .faults(root: root)
  }

  /// The scratch package is right as it stands, so the faults below come from the changes.
  @Test("No fault")
  func none() throws {
    #expect(try faults() == [])
  }

  @Test("A changed file")
  func changed() throws {
    let found = try faults(changing: { root in
      try Data("abd".utf8).write(to: root.appendingPathComponent("Fixtures/grids/a.bin"))
    })
    #expect(found.count == 1)
    guard case .changed("grids/a.bin", _, FixtureManifestErrorTests.digestOfABC) = found.first
    else {
      Issue.record("\(found)")
      return
    }
  }

  @Test("A file in no list")
  func unlisted() throws {
    let found = try faults(changing: { root in
      try Data("x".utf8).write(to: root.appendingPathComponent("Fixtures/grids/b.bin"))
    })
    #expect(found == [.unlisted(path: "grids/b.bin")])
  }

  @Test("A listed file that is missing")
  func missing() throws {
    let found = try faults(path: "grids/c.bin")
    #expect(found == [.missing(path: "grids/c.bin"), .unlisted(path: "grids/a.bin")])
  }

  @Test("A generator that is missing")
  func noGenerator() throws {
    let name = "Fixtures/generators/grids.py"
    let found = try faults(changing: { root in
      try FileManager.default.removeItem(at: root.appendingPathComponent(name))
    })
    #expect(found == [.noGenerator(path: "grids/a.bin", generator: name)])
  }

  @Test("An unused file")
  func unused() throws {
    #expect(try faults(users: "[]") == [.unused(path: "grids/a.bin")])
  }

  @Test("A test that does not exist")
  func unknownTest() throws {
    #expect(
      try faults(users: "[\"GridTests\", \"OtherTests\"]")
        == [.unknownTest(path: "grids/a.bin", test: "OtherTests")])
  }

  @Test("Two entries for one file")
  func listedTwice() throws {
    let found = try faults(changing: { root in
      let folder = root.appendingPathComponent("Fixtures/manifest")
      try FileManager.default.copyItem(
        at: folder.appendingPathComponent("grids.json"),
        to: folder.appendingPathComponent("more.json"))
    })
    #expect(found == [.listedTwice(path: "grids/a.bin")])
  }

  /// A list that is no list, lacks a key or has a key of the wrong type is refused by name.
  @Test("Unreadable lists")
  func unreadable() {
    func entries(_ text: String) throws -> [FixtureManifest.Entry] {
      try FixtureManifest.entries(Data(text.utf8), file: "x.json")
    }
    let keys = FixtureManifestErrorTests.keys
    #expect(throws: FixtureManifestError.notAList(file: "x.json")) { try entries("{}") }
    #expect(throws: FixtureManifestError.notAList(file: "x.json")) { try entries("[1") }
    #expect(throws: FixtureManifestError.missingKey(file: "x.json", entry: 0, key: "path")) {
      try entries("[{\(keys)}]")
    }
    #expect(
      throws: FixtureManifestError.wrongType(
        file: "x.json", entry: 0, key: "path", expected: "a text")
    ) {
      try entries(
        "[{\"path\": 3, \"sha256\": \"0\", \"generator\": \"g\", \"used_by\": [], \(keys)}]")
    }
    #expect(
      throws: FixtureManifestError.wrongType(
        file: "x.json", entry: 0, key: "used_by", expected: "a list of texts")
    ) {
      try entries(
        "[{\"path\": \"p\", \"sha256\": \"0\", \"generator\": \"g\", \"used_by\": 1, \(keys)}]")
    }
  }
}
