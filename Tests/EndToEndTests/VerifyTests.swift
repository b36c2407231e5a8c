import FileFormats
import Foundation
import Testing
import Verification

/// `sphere verify` as its users call it: the numbers are ClaimTests' matter.
@Suite("sphere verify")
struct VerifyTests {
  private let sphere: Program

  init() throws { sphere = try Program() }

  @Test("A suite in text, Markdown and JSON")
  func formats() throws {
    try withFolder { folder in
      let text = try sphere("verify", "--suite", "grids", in: folder)
      #expect(text.status == 0, "\(text)")
      let names = text.lines.filter { $0.hasPrefix("ok - ") }
      #expect(names.count >= 5)
      #expect(text.messages.contains("\(names.count) of \(names.count) claims hold"))

      let markdown = try sphere("verify", "--suite", "grids", "--format", "markdown", in: folder)
      #expect(markdown.lines.filter { $0.hasPrefix("| **") }.count == names.count)

      let json = try sphere("verify", "--suite", "grids", "--format", "json", in: folder)
      #expect(json.lines.count == names.count)
      for line in json.lines {
        let claim = try object(line)
        #expect(claim["holds"] as? Bool == true)
        #expect(claim["bound"] is Double && claim["value"] is Double && claim["control"] is Double)
      }
      #expect(try folder.snapshot().isEmpty)
    }
  }

  /// A missing recording is a failure with its name, never a skipped claim; and so is one that says
  /// something else.
  @Test("Missing and changed recordings")
  func recordings() throws {
    try withFolder { folder in
      let other = ["SPHERE_FIXTURES": folder.path]
      let arguments = ["verify", "--suite", "grids"]
      let missing = try sphere.run(arguments, in: folder, environment: other)
      #expect(missing.status == 1)
      #expect(missing.output.contains("not ok - healpix.containing-pixel: cannot be measured"))
      #expect(missing.output.contains("healpix/pixels.safetensors"))
      #expect(missing.messages.contains("broken: healpix.containing-pixel"))

      try FileManager.default.copyItem(
        at: FixtureStore.url("healpix"), to: folder.appendingPathComponent("healpix"))
      let copied = try sphere.run(arguments, in: folder, environment: other)
      #expect(copied.status == 0, "\(copied)")

      // One pixel number of the recording changed.
      let url = folder.appendingPathComponent("healpix/pixels.safetensors")
      let file = try SafetensorsFile(contentsOf: url)
      var tensors = file.tensors
      let name = "ring_16"
      var numbers = try tensors.tensor(name).integers()
      numbers[1000] += 1
      tensors[name] = TensorData(numbers)
      try SafetensorsFile(tensors: tensors, metadata: file.metadata).write(to: url)
      let changed = try sphere.run(arguments, in: folder, environment: other)
      #expect(changed.status == 1)
      #expect(changed.output.contains("not ok - healpix.containing-pixel: bound broken"))
    }
  }

  @Test("A suite that there is not")
  func unknownSuite() throws {
    try withFolder { folder in
      let result = try sphere("verify", "--suite", "everything", in: folder)
      #expect(result.status == 64)
      #expect(result.messages.contains("findings"), "the suites are named: \(result)")
    }
  }
}
