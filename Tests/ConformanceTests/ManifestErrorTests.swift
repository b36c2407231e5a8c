import FileFormats
import Foundation
import Testing
import Verification

@testable import Conformance

/// Manifests that were altered are refused before a file is named by them or a number read.
///
/// Blind to: other tolerances and reasons, which a manifest may have.
@Suite("Refusals of altered manifests")
struct ManifestErrorTests {
  /// What a kit of one case whose description was changed is refused with.
  private func refusal(
    _ id: String, run: Bool = false, _ change: (inout CaseDescription) -> Void
  ) throws -> String {
    try withTemporaryFolder { folder in
      let item = try SharedKit.item(id)
      try ConformanceManifestFile.write([item], to: folder)
      var description = item.description
      change(&description)
      try ConformanceManifest(seed: 1, set: .core, cases: [description]).data()
        .write(to: folder.appendingPathComponent("manifest.json"))
      let error = #expect(throws: ConformanceError.self) {
        let check = try KitCheck(kit: folder)
        if run {
          try ReferenceBackend.run(check, to: folder, as: Double.self)
        } else {
          // Were the sample's shape believed, this file would be read beyond its end.
          let outputs = folder.appendingPathComponent("outputs")
          try FileManager.default.createDirectory(
            at: outputs, withIntermediateDirectories: false)
          try SafetensorsFile(
            tensors: ["coefficients": TensorData([Double](repeating: 0, count: 4))]
          ).write(to: outputs.appendingPathComponent("\(id).safetensors"))
          _ = try check.report(outputs: outputs)
        }
      }
      return try "\(#require(error))"
    }
  }

  @Test("Names of files, cases and tensors")
  func names() throws {
    for id in ["A", "a.b", "..", "", "a b", "é"] {
      #expect(
        try refusal("power-spectrum") {
          $0.id = id
          $0.file = "\(id).safetensors"
        }.contains("is no id of a case"))
    }
    #expect(
      try refusal("power-spectrum") { $0.file = "../power-spectrum.safetensors" }
        .contains("'../power-spectrum.safetensors', expected power-spectrum.safetensors"))
    #expect(
      try refusal("power-spectrum") { $0.outputs.append($0.outputs[0]) }
        .contains("the output auto of power-spectrum occurs twice"))
    #expect(
      try refusal("power-spectrum") { $0.inputs.append($0.inputs[1]) }
        .contains("the input b of power-spectrum occurs twice"))
  }

  @Test("Random samples whose shape is not that of draws and lmax", arguments: [false, true])
  func sample(run: Bool) throws {
    #expect(
      try refusal("gaussian-field", run: run) { $0.parameters["draws"] = 100_000 }
        .contains("is [256, 91, 2], expected [draws, (lmax + 1)(lmax + 2)/2, 2] = [100000, 91, 2]"))
    for (name, value) in [("draws", 1 << 62), ("draws", 0), ("lmax", -1), ("lmax", 1 << 62)] {
      #expect(
        try refusal("gaussian-field", run: run) { $0.parameters[name] = .integer(value) }
          .contains("the parameter \(name) of gaussian-field is \(value), expected"))
    }
  }

  @Test("Numbers that do not fit are named by their place")
  func numbers() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("manifest.json")
      try ConformanceManifestFile.write([try SharedKit.item("power-spectrum")], to: folder)
      let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
      for (old, new, place) in [
        ("\"seed\" : 1", "\"seed\" : -1", "seed"), ("\"seed\" : 1", "\"seed\" : 1.5", "seed"),
        ("\"version\" : 2", "\"version\" : 1.5", "version"),
        ("[2,153,2]", "[2,153.5,2]", "cases[0].inputs[0].shape"),
      ] {
        try #require(text.contains(old))
        try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: url)
        #expect {
          try KitCheck(kit: folder)
        } throws: {
          "\($0)".contains("Path: \(place)") && "\($0)".contains("expected a")
        }
      }
    }
  }

  @Test("A folder or a pipe in place of the manifest")
  func kinds() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("manifest.json")
      let refusal = FileError.notARegularFile(path: url.path)
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
      #expect(throws: refusal) { try KitCheck(kit: folder) }
      try FileManager.default.removeItem(at: url)
      try #require(mkfifo(url.path, 0o600) == 0)
      #expect(throws: refusal) { try KitCheck(kit: folder) }
    }
  }

  @Test("Samples of another size score infinity")
  func score() {
    let zeros = [Double](repeating: 0, count: 2 * 3 * 2)
    for (draws, lmax) in [(3, 1), (1, 1), (1 << 62, 1), (2, 0), (2, -1), (2, Int.max)] {
      let score = DistributionScore(zeros, draws: draws, lmax: lmax, spectrum: [1, 1])
      #expect(score.largest == .infinity)
    }
    // The control: two different draws of lmax 1 have a finite score; equal ones repeat.
    #expect(DistributionScore(zeros, draws: 2, lmax: 1, spectrum: [1, 1]).largest == .infinity)
    let different = [1] + zeros.dropFirst()
    #expect(DistributionScore(different, draws: 2, lmax: 1, spectrum: [1, 1]).largest.isFinite)
  }
}
