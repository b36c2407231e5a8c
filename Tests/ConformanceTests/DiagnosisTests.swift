import FileFormats
import Foundation
import Testing

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
    "scalar-*-once",
  ]

  private func report(
    _ outputs: (ConformanceCase, Conformance.Operation) throws -> NamedTensors?
  ) throws -> CheckReport {
    try SharedKit.report(Self.patterns, outputs)
  }

  private func right(
    _ operation: Conformance.Operation, _ data: CaseData
  ) throws -> NamedTensors {
    try ReferenceBackend.outputs(operation, data, as: Double.self)
  }

  /// Right outputs have no diagnosis.
  @Test("Nothing is found where nothing fails")
  func none() throws {
    let report = try report { try right($1, $0.data) }
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
    let report = try report { item, operation in
      try? fault.answer(operation, item.data, right: item.expected)
    }
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
    let report = try report { item, operation in
      guard operation.isSpin else { return nil }
      let read = CaseData(
        parameters: item.data.parameters, inputs: try flipped(item.data.inputs))
      return try flipped(ReferenceBackend.outputs(operation, read, as: Float.self))
    }
    let first = try #require(report.diagnosis.findings.first)
    #expect(first.fault == "b-sign" && first.explained == first.failing, "\(first.text)")
  }

  /// Two faults at once are no answer of one; nothing is claimed that explains them.
  @Test("Noise is not explained")
  func noise() throws {
    let report = try report { item, operation in
      guard operation == .scalarAnalysis else { return nil }
      var outputs = item.expected
      outputs["coefficients"] = try outputs.tensor("coefficients").mapping {
        $1 + 0.1 * sin(Double($0))
      }
      return outputs
    }
    #expect(!report.passes)
    #expect(report.diagnosis.findings.allSatisfy { $0.explained == 0 })
  }

  /// No answer is computed for Adam: the flags name what is wrong with it.
  @Test("Flags name what has no answer")
  func flagged() throws {
    let report = try SharedKit.report(["adam*", "power-spectrum"]) { item, operation in
      guard operation == .adam else { return nil }
      return ["parameters": try item.expected.tensor("parameters").mapping { 1.01 * $1 + 0.1 }]
    }
    let findings = report.diagnosis.findings
    #expect(findings.map(\.fault) == ["adam-epsilon"])
    #expect(findings.first?.explained == 0 && findings.first?.flagged == 1)
  }

  /// A name may stand for several faults: only the operations that fail have to fail as a whole.
  /// A fault of gradients is not named where values fail, nor one of values where they are right.
  @Test("Flags of the operations that fail")
  func operations() throws {
    func named(
      _ wrong: Conformance.Operation, _ outputs: @escaping (String) -> Bool
    ) throws -> [String] {
      try SharedKit.report(["orderwise-*", "degreewise-*", "dense-*", "adam*"]) {
        guard $1 == wrong else { return nil }
        var result = $0.expected
        for name in result.names where outputs(name) {
          result[name] = try result.tensor(name).mapping { 0.7 * $1 + 0.1 }
        }
        return result
      }.diagnosis.findings.map(\.fault)
    }
    #expect(try named(.denseLayers) { _ in true } == ["weights-transposed"])
    #expect(try named(.orderwiseMixing) { _ in true } == ["weights-transposed"])
    #expect(
      try named(.orderwiseMixing) { $0.contains("gradient") } == ["complex-weight-gradient"])
    // One of the two cases is not flagged, and fails: something else is wrong.
    #expect(try named(.degreewiseMixing) { _ in true }.isEmpty)
  }

  /// Networks have no computed answer; the fault that the transforms show explains them, and no
  /// other is named for them.
  @Test("Networks that fail with the transforms")
  func networks() throws {
    let nyquist = try #require(KnownFault.named("nyquist-twice"))
    let report = try SharedKit.report(["scalar-*-once", "published-network-*", "adam*"]) {
      if $1 == .publishedNetwork { return try $0.expected.mapping(["output"]) { 0.7 * $1 + 0.1 } }
      return try nyquist.answer($1, $0.data, right: $0.expected)
    }
    #expect(report.diagnosis.findings.map(\.fault) == ["nyquist-twice"])
  }
}
