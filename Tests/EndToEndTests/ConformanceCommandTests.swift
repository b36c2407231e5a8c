import FileFormats
import Foundation
import Testing
import Training
import Verification

/// `sphere conformance` from outside: files, texts and exit codes.
@Suite("Conformance commands")
struct ConformanceCommandTests {
  private func withFolder(_ body: (URL, Program) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("conformance-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder, try Program())
  }

  /// The program passes its own kit in both precisions; a wrong output fails with 1 and is named.
  @Test("Export, run and check")
  func workflow() throws {
    try withFolder { folder, sphere in
      #expect(try sphere("conformance", "export", "--output", "kit", in: folder).status == 0)
      for precision in ["double", "float"] {
        let run = try sphere(
          "conformance", "run", "kit", "--output", precision, "--precision", precision, in: folder)
        #expect(run.status == 0, "\(run)")
        let check = try sphere("conformance", "check", "kit", "--outputs", precision, in: folder)
        #expect(check.status == 0 && check.lines.last == "all pass", "\(check)")
        #expect(check.output.contains("published_network: 4 of 4 cases pass"))
      }
      try SafetensorsFile(tensors: ["rotated": TensorData([1.0])])
        .write(to: folder.appendingPathComponent("double/rotation-general.safetensors"))
      let failed = try sphere("conformance", "check", "kit", "--outputs", "double", in: folder)
      #expect(failed.status == 1)
      #expect(failed.output.contains("FAIL: the shape is [1], expected [2, 91, 2]"))
      #expect(failed.output.contains("rotation: 6 of 7 cases pass"))
      let json = try sphere(
        "conformance", "check", "kit", "--outputs", "double", "--format", "json", in: folder)
      #expect(json.status == 1)
      let summary = try JSONSerialization.jsonObject(with: Data((json.lines.last ?? "").utf8))
      #expect((summary as? [String: Any])?["failed_rows"] as? Int == 1)
      let some = try sphere(
        "conformance", "check", "kit", "--outputs", "double", "--cases", "scalar-*", "adam*",
        in: folder)
      #expect(some.status == 0 && some.output.contains("not demanded: 664 cases"), "\(some)")
    }
  }

  @Test("Refusals")
  func refusals() throws {
    try withFolder { folder, sphere in
      #expect(try sphere("conformance", "check", "kit", in: folder).status == 64)
      #expect(try sphere("conformance", "check", "kit", "--outputs", "x", in: folder).status == 66)
      #expect(
        try sphere("conformance", "export", "--output", "no/kit", in: folder).status == 73)
      let none = try sphere(
        "conformance", "export", "--output", "kit", "--cases", "nothing*", in: folder)
      #expect(none.status == 64 && none.messages.contains("no case matches 'nothing*'"))
      #expect(
        try sphere("conformance", "export", "--output", "kit", "--cases", "adam*", in: folder)
          .status == 0)
      #expect(try sphere("conformance", "export", "--output", "kit", in: folder).status == 73)
      #expect(try sphere("conformance", "check", "kit", "--outputs", "x", in: folder).status == 66)
      try Data("{}".utf8).write(to: folder.appendingPathComponent("kit/manifest.json"))
      let damaged = try sphere("conformance", "check", "kit", "--outputs", "kit", in: folder)
      #expect(damaged.status == 65 && damaged.messages.contains("export the kit again"))
    }
  }

  /// An empty name would mean the current folder; a dangling link is no new folder, and no success
  /// is announced.
  @Test("Names of folders")
  func folders() throws {
    try withFolder { folder, sphere in
      for arguments in [
        ["export", "--output", ""], ["run", "kit", "--output", ""],
        ["check", "kit", "--outputs", ""], ["check", "", "--outputs", "kit"],
      ] {
        let run = try sphere.run(["conformance"] + arguments, in: folder)
        #expect(run.status == 64 && run.messages.contains("is empty"), "\(run)")
      }
      try FileManager.default.createSymbolicLink(
        atPath: folder.appendingPathComponent("link").path, withDestinationPath: "nowhere")
      let dangling = try sphere(
        "conformance", "export", "--output", "link", "--cases", "adam*", in: folder)
      #expect(dangling.status == 73 && !dangling.messages.contains("cases"), "\(dangling)")
      let new = try sphere(
        "conformance", "export", "--output", "kit", "--cases", "adam*", in: folder)
      #expect(new.status == 0 && new.messages.contains("kit: 1 cases"), "\(new)")
      let file = try sphere(
        "conformance", "check", "kit", "--outputs", "kit/manifest.json", in: folder)
      #expect(
        file.status == 65 && file.messages.contains("found a file, expected a folder"), "\(file)")
    }
  }
}
