import FileFormats
import Foundation
import Testing
import Verification

@testable import Conformance

/// What a check says of a backend that is wrong in one way.
///
/// The backends here are this program with a fault of the registry, or with one that is written
/// out in the test; `Docs/Porting.md` has the table of an independent port with faults of its own.
@Suite("Diagnosis of failures")
struct DiagnosisTests {
  /// The cases that a backend runs: all kinds, small sizes.
  private static let patterns = [
    "scalar-*-healpix", "scalar-*-odd", "spin2-*-healpix", "spin1-*-octahedral",
    "derivatives-*", "points-*lmax8", "rotation-*", "power-spectrum*", "legendre-lmax64",
    "spin-harmonics-*", "smoothing-*", "laplacian-*", "mode-coupling-*", "healpix-pixels-nside4",
    "resample-*", "masked-*", "iterated-*-healpix-*", "clenshaw-curtis-n*", "wigner-d-lmax24",
    "scalar-*-clenshaw-curtis",
  ]

  /// The report on a backend.
  private func report(
    _ outputs: (_ id: String, Conformance.Operation, CaseData) throws -> NamedTensors
  ) throws -> CheckReport {
    try withTemporaryFolder { folder in
      let kit = folder.appendingPathComponent("kit")
      let written = folder.appendingPathComponent("outputs")
      for url in [kit, written] {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
      }
      let selection = CaseSelection(Self.patterns)
      let items = try SharedKit.kit().cases.filter { selection.contains($0.description.id) }
      try ConformanceManifestFile.write(items, to: kit)
      for item in items {
        let operation = try #require(Operation(named: item.description.operation))
        try SafetensorsFile(tensors: outputs(item.description.id, operation, item.data)).write(
          to: written.appendingPathComponent("\(item.description.id).safetensors"))
      }
      return try KitCheck(kit: kit).report(outputs: written)
    }
  }

  private func right(
    _ operation: Conformance.Operation, _ data: CaseData
  ) throws -> NamedTensors {
    try ReferenceBackend.outputs(operation, data, as: Double.self)
  }

  /// Right outputs have no diagnosis.
  @Test("Nothing is found where nothing fails")
  func none() throws {
    let report = try report { try right($1, $2) }
    #expect(report.passes && report.diagnosis.findings.isEmpty)
  }

  /// The fault is named first and explains every failing case. Where there is no answer, as a fit
  /// on latitudes has none, the backend is right.
  @Test(
    "A backend with one fault",
    arguments: [
      "lmax-exclusive", "condon-shortley", "four-pi-normalisation", "schmidt-normalisation",
      "degree-major", "positive-orders-once", "complex-gradient", "eb-sign", "b-sign",
      "e-b-exchanged", "u-sign", "spin-sign", "ring-offset", "half-pixel-shift", "latitude",
      "south-to-north", "nyquist-twice", "not-conjugated", "d-l-for-c-l", "rotation-inverse",
      "nested-for-ring", "gradient-without-mask", "wigner-transposed", "angles-exchanged",
    ])
  func named(name: String) throws {
    let fault = try #require(KnownFault.named(name))
    let report = try report { try (try? fault.answer($1, $2)) ?? right($1, $2) }
    #expect(!report.passes)
    let first = try #require(report.diagnosis.findings.first)
    #expect(first.fault == name, "\(report.diagnosis.findings.map(\.fault))")
    #expect(first.explained == first.failing, "\(first.text)")
    #expect(first.text.contains("'\(name)'"))
  }

  /// Written out: B is −B in what is read and written; outputs in float32.
  @Test("A backend in float32 whose B has the other sign")
  func written() throws {
    func flipped(_ tensors: NamedTensors) throws -> NamedTensors {
      var result = tensors
      for name in ["b", "b_gradient"]
      where tensors[name] != nil && tensors["e"] != nil
        || tensors["e_gradient"] != nil && name == "b_gradient"
      {
        result[name] = try tensors[name]?.mappingFloats { -$1 }
      }
      return result
    }
    let report = try report { _, operation, data in
      guard operation.isSpin else { return try right(operation, data) }
      let read = CaseData(parameters: data.parameters, inputs: try flipped(data.inputs))
      return try flipped(ReferenceBackend.outputs(operation, read, as: Float.self))
    }
    let first = try #require(report.diagnosis.findings.first)
    #expect(first.fault == "b-sign" && first.explained == first.failing, "\(first.text)")
  }

  /// Two faults at once are no answer of one; nothing is claimed that explains them.
  @Test("Noise is not explained")
  func noise() throws {
    let report = try report { _, operation, data in
      var outputs = try right(operation, data)
      guard operation == .scalarAnalysis else { return outputs }
      outputs["coefficients"] = try outputs.tensor("coefficients").mapping {
        $1 + 0.1 * sin(Double($0))
      }
      return outputs
    }
    #expect(!report.passes)
    #expect(report.diagnosis.findings.allSatisfy { $0.explained == 0 })
  }

  /// Functions in float32 pass as F32 and fail as F64: no answer is computed for that, and the
  /// flags name it.
  @Test("Flags name what has no answer")
  func flagged() throws {
    let operations: Set<Conformance.Operation> = [.adam]
    let item = try SharedKit.item(of: .adam)
    try withTemporaryFolder { folder in
      let (kit, written) = (
        folder.appendingPathComponent("kit"), folder.appendingPathComponent("outputs")
      )
      for url in [kit, written] {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
      }
      try ConformanceManifestFile.write([item, try SharedKit.item("power-spectrum")], to: kit)
      for item in [item, try SharedKit.item("power-spectrum")] {
        let operation = try #require(Operation(named: item.description.operation))
        var outputs = try right(operation, item.data)
        if operations.contains(operation) {
          outputs["parameters"] = try outputs.tensor("parameters").mapping { 1.01 * $1 + 0.1 }
        }
        try SafetensorsFile(tensors: outputs).write(
          to: written.appendingPathComponent("\(item.description.id).safetensors"))
      }
      let findings = try KitCheck(kit: kit).report(outputs: written).diagnosis.findings
      #expect(findings.map(\.fault) == ["adam-epsilon"])
      #expect(findings.first?.explained == 0 && findings.first?.flagged == 1)
    }
  }
}
