import FileFormats
import Foundation
import Testing
import Verification

@testable import Conformance

/// What holds for every kit.
@Suite("Export of a kit")
struct KitExportPropertyTests {
  private func files(_ folder: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      files[name] = try Data(contentsOf: folder.appendingPathComponent(name))
    }
    return files
  }

  /// The same seed gives the same bytes; another seed, the control, gives other inputs. The
  /// manifest tells of every file.
  @Test("Bytes follow from the seed")
  func determinism() throws {
    try withTemporaryFolder { one in
      try withTemporaryFolder { two in
        let kit = try SharedKit.kit()
        try kit.write(to: one)
        try ConformanceKit(seed: 1).write(to: two)
        let (first, second) = (try files(one), try files(two))
        #expect(first == second)
        let lists = ["manifest.json", "manifest.schema.json"]
        #expect(Set(first.keys) == Set(kit.manifest.cases.map(\.file) + lists))
        #expect(first.values.reduce(0) { $0 + $1.count } < 12_000_000)
        #expect(kit.manifest.cases.count >= 600)
        #expect(try ConformanceManifest(folder: one) == kit.manifest)
      }
    }
    let other = try ConformanceKit(seed: 2, selection: CaseSelection(["scalar-synthesis-healpix"]))
    #expect(other.cases[0].data != (try SharedKit.item("scalar-synthesis-healpix")).data)
  }

  /// A case does not depend on which others are exported.
  @Test("A selected case is the same")
  func selection() throws {
    let kit = try ConformanceKit(
      seed: 1, selection: CaseSelection(["rotation-[gh]*", "adam-??-steps"]))
    #expect(
      kit.manifest.cases.map(\.id).filter { !$0.contains("gradient") }
        == ["rotation-general", "rotation-half-turn", "adam-50-steps"])
    for item in kit.cases {
      #expect(item.file == (try SharedKit.item(item.description.id)).file)
    }
    let count = try SharedKit.kit().cases.count
    #expect(throws: ConformanceError.nothingMatches(pattern: "x*", available: count)) {
      try ConformanceKit(seed: 1, selection: CaseSelection(["adam*", "x*"]))
    }
  }

  /// A float32 backend starts from the same numbers, angles and ring weights excepted. The control
  /// is one of these angles.
  @Test("Inputs are exact in Float")
  func exactInputs() throws {
    let derived: Set<String> = [
      "theta", "phi", "beta", "ring_theta", "ring_phi0", "ring_weight", "point_weights",
      "mask_spectrum",
    ]
    for item in try SharedKit.kit().cases {
      for (name, tensor) in item.data.inputs where tensor.dtype == .float64 {
        guard !derived.contains(name) else { continue }
        let inexact = try tensor.doubles().filter { Double(Float($0)) != $0 }
        #expect(inexact.isEmpty, "\(item.description.id) \(name): \(inexact.prefix(3))")
      }
    }
    let angles = try SharedKit.item("legendre-lmax64").data.values("theta")
    #expect(angles.contains { Double(Float($0)) != $0 })
  }

  @Test("Ids are unique and carry no slash")
  func ids() throws {
    let ids = try SharedKit.kit().manifest.cases.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { !$0.contains("/") })
  }
}
