import FileFormats
import Foundation
import Testing

@testable import Conformance

/// What a check says of ports that are wrong in one way and do not share the registry's answers.
///
/// Blind to: faults of whole networks, which `Fixtures/generators/ports/wrong_conventions.py` puts
/// into an independent port.
@Suite("Ports with one wrong convention")
struct WrongPortTests {
  /// Small cases of every operation but random fields, networks among them: each of the other
  /// faults could be named.
  private static let patterns = [
    "scalar-*-healpix", "scalar-*-odd", "scalar-*-once", "spin[12]-*-healpix",
    "scalar-modes-healpix-nside2", "spin2-modes-healpix-nside2", "derivatives-*", "*points-*lmax8",
    "masked-*", "*iterated-analysis-healpix-[012]", "iterated-analysis-gradient-healpix-[012]",
    "*least-squares-*nside2", "rotation-*", "power-spectrum*", "legendre-lmax[01]",
    "spin-legendre-*", "wigner-d-lmax24", "spin-harmonics-*", "smoothing-*", "laplacian-*",
    "mode-coupling-*", "wigner-3j-[0-9]-*", "wigner-3j-12-*", "*-n[1234]", "*-n3[234]",
    "healpix-*", "resample-*", "*wise-mixing*", "band-powers", "mean-inpainting*",
    "batch-normalisation*", "dense-layers*", "adam*", "*-network-*",
  ]

  /// The fault is named first. Where answers are computed, it explains every failing case with
  /// one; where there are none, all failing cases are flagged.
  @Test("A wrong port is named", arguments: WrongPort.all)
  func named(port: WrongPort) throws {
    let report = try SharedKit.report(Self.patterns) {
      try port.answer($1, $0.data, $0.expected)
    }
    #expect(!report.passes)
    let findings = report.diagnosis.findings
    let first = try #require(findings.first, "nothing is named")
    #expect(first.fault == port.fault, "\(findings.map(\.text))")
    if port.isExplained {
      #expect(first.explained == first.failing, "\(first.text)")
    } else {
      #expect(first.explained == 0 && first.flagged == first.failing, "\(first.text)")
    }
  }

  @Test("Faults of every kind")
  func kinds() throws {
    let names = Set(WrongPort.all.map(\.fault))
    #expect(names.count == WrongPort.all.count && names.count >= 15)
    #expect(names.isSubset(of: KnownFault.all.map(\.name)))
    for port in WrongPort.all {
      #expect(KnownFault.named(port.fault)?.isComputed == port.isExplained, "\(port.fault)")
    }
  }
}
