import FileFormats
import Foundation
import Testing
import Verification

@testable import Conformance

/// Everything that can be wrong with a backend's files or with a kit is named, and nothing is
/// skipped.
@Suite("Refusals of a check")
struct KitCheckErrorTests {
  static let ids = ["power-spectrum", "healpix-interpolation-nside4"]

  /// A kit of two cases with the right outputs beside it; `damage` changes the outputs' folder.
  private func report(
    _ selection: CaseSelection = CaseSelection(), damage: (_ outputs: URL) throws -> Void
  ) throws -> CheckReport {
    try withTemporaryFolder { folder in
      let (kit, outputs) = (
        folder.appendingPathComponent("kit"), folder.appendingPathComponent("outputs")
      )
      for url in [kit, outputs] {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
      }
      try ConformanceManifestFile.write(try Self.ids.map(SharedKit.item), to: kit)
      let check = try KitCheck(kit: kit)
      try ReferenceBackend.run(check, to: outputs, as: Double.self)
      try damage(outputs)
      return try KitCheck(kit: kit, selection: selection).report(outputs: outputs)
    }
  }

  private func changing(
    _ outputs: URL, _ id: String, _ body: (inout NamedTensors) throws -> Void
  ) throws {
    let url = outputs.appendingPathComponent("\(id).safetensors")
    var tensors = try SafetensorsFile(contentsOf: url).tensors
    try body(&tensors)
    try SafetensorsFile(tensors: tensors).write(to: url)
  }

  private func faults(_ report: CheckReport) -> [CheckReport.Fault] {
    report.rows.compactMap(\.fault)
  }

  @Test("Right outputs pass")
  func right() throws {
    let report = try report { _ in }
    #expect(report.passes)
    #expect(report.rows.count == 4)
    #expect(
      report.counts == [
        CheckReport.Count(operation: "power_spectrum", passed: 1, total: 1),
        CheckReport.Count(operation: "healpix_interpolation", passed: 1, total: 1),
      ])
  }

  @Test("Missing, unreadable and unknown files")
  func files() throws {
    let missing = try report {
      try FileManager.default.removeItem(
        at: $0.appendingPathComponent("power-spectrum.safetensors"))
    }
    #expect(faults(missing) == [.missingFile])
    #expect(
      missing.counts[0] == CheckReport.Count(operation: "power_spectrum", passed: 0, total: 1))
    let unreadable = try report {
      try Data("no tensors".utf8).write(
        to: $0.appendingPathComponent("power-spectrum.safetensors"))
    }
    #expect("\(faults(unreadable))".contains("cannot be read"))
    let unknown = try report {
      try SafetensorsFile(tensors: ["x": TensorData([1.0])])
        .write(to: $0.appendingPathComponent("strange.safetensors"))
    }
    #expect(faults(unknown) == [.unknownCase])
    #expect(unknown.rows.last?.id == "strange.safetensors")
    for report in [missing, unreadable, unknown] { #expect(!report.passes) }
  }

  @Test("Missing, unlisted, misshapen, mistyped tensors and numbers that are none")
  func tensors() throws {
    func fault(_ body: @escaping (inout NamedTensors) throws -> Void) throws -> CheckReport.Fault? {
      let report = try report { try changing($0, "power-spectrum", body) }
      #expect(!report.passes && faults(report).count == 1)
      return faults(report).first
    }
    #expect(try fault { $0["auto"] = nil } == .missingTensor)
    #expect(try fault { $0["more"] = TensorData([1.0]) } == .unlistedTensor)
    #expect(
      try fault { $0["auto"] = TensorData(try $0.tensor("auto").doubles(), shape: [17, 2]) }
        == .shape(found: [17, 2], expected: [2, 17]))
    #expect(
      try fault { $0["auto"] = TensorData([Int64](repeating: 0, count: 34), shape: [2, 17]) }
        == .dtype(found: "I64", expected: "F32 or F64"))
    #expect(
      try fault { $0["auto"] = try $0.tensor("auto").mapping { $0 == 3 ? .infinity : $1 } }
        == .notFinite(index: 3, value: .infinity))
    let nan = try fault { $0["auto"] = try $0.tensor("auto").mapping { $0 == 5 ? .nan : $1 } }
    #expect(nan.map { "\($0)" } == "element 5 is nan")
    let floating = try report {
      try changing($0, "healpix-interpolation-nside4") {
        $0["pixels"] = TensorData(
          try $0.tensor("pixels").integers().map(Double.init), shape: try $0.tensor("pixels").shape)
      }
    }
    #expect(faults(floating) == [.dtype(found: "F64", expected: "I64")])
  }

  @Test("With a selection only those cases are demanded, and unknown files still fail")
  func selection() throws {
    let partial = try report(CaseSelection(["power*"])) {
      try FileManager.default.removeItem(
        at: $0.appendingPathComponent("healpix-interpolation-nside4.safetensors"))
    }
    #expect(partial.passes && partial.undemanded == 1 && partial.rows.count == 2)
    let stranger = try report(CaseSelection(["power*"])) {
      try Data().write(to: $0.appendingPathComponent("strange.safetensors"))
    }
    #expect(faults(stranger) == [.unknownCase])
    #expect(throws: ConformanceError.nothingMatches(pattern: "none", available: 2)) {
      try report(CaseSelection(["none"])) { _ in }
    }
  }

  @Test("Kits that are none")
  func kits() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError.self) { try KitCheck(kit: folder) }
      let item = try SharedKit.item("power-spectrum")
      try ConformanceManifestFile.write([item], to: folder)
      let check = try KitCheck(kit: folder)
      #expect(throws: FileError.self) {
        try check.report(outputs: folder.appendingPathComponent("nowhere"))
      }
      #expect {
        try check.report(outputs: folder.appendingPathComponent("manifest.json"))
      } throws: {
        "\($0)".contains("found a file, expected a folder of outputs")
      }
      var tensors = item.file.tensors
      tensors["expected.auto"] = TensorData([1.0])
      try SafetensorsFile(tensors: tensors).write(
        to: folder.appendingPathComponent(item.description.file))
      #expect {
        try check.report(outputs: folder)
      } throws: {
        "\($0)".contains("expected.auto is F64 [1], expected F64 [2, 17]")
      }
      let url = folder.appendingPathComponent("manifest.json")
      for text in ["[]", "{\"format\":\"other\"}"] {
        try Data(text.utf8).write(to: url)
        #expect(throws: ConformanceError.self) { try KitCheck(kit: folder) }
      }
      var manifest = ConformanceManifest(seed: 1, set: .core, cases: [item.description])
      manifest.version = 3
      try manifest.data().write(to: url)
      #expect { try KitCheck(kit: folder) } throws: { "\($0)".contains("version 3") }
      manifest = ConformanceManifest(
        seed: 1, set: .core, cases: [item.description, item.description])
      try manifest.data().write(to: url)
      #expect { try KitCheck(kit: folder) } throws: { "\($0)".contains("occurs twice") }
      // A check of nothing must not pass.
      try ConformanceManifest(seed: 1, set: .core, cases: []).data().write(to: url)
      #expect { try KitCheck(kit: folder) } throws: { "\($0)".contains("no cases") }
      var silent = item.description
      silent.outputs = []
      try ConformanceManifest(seed: 1, set: .core, cases: [silent]).data().write(to: url)
      #expect { try KitCheck(kit: folder) } throws: { "\($0)".contains("no outputs") }
      silent = item.description
      silent.id = "a/b"
      try ConformanceManifest(seed: 1, set: .core, cases: [silent]).data().write(to: url)
      #expect { try KitCheck(kit: folder) } throws: { "\($0)".contains("no id") }
    }
  }

  @Test("Cases that are not as described")
  func cases() throws {
    #expect(
      throws: ConformanceError.parameter(name: "alpha", found: "missing", expected: "a number")
    ) {
      try ReferenceBackend.outputs(.rotation, CaseData(), as: Double.self)
    }
    var data = try SharedKit.item("scalar-synthesis-healpix").data
    data.parameters["nyquist"] = "twice"
    #expect { try ReferenceBackend.outputs(.scalarSynthesis, data, as: Double.self) } throws: {
      "\($0)".contains("nyquist is twice")
    }
  }
}
