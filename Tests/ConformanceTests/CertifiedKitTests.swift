import FileFormats
import Foundation
import Testing
import Verification

@testable import Conformance

/// Certified values come over into a kit that is exported anew, where inputs are the same.
@Suite("Certified values of a kit")
struct CertifiedKitTests {
  @Test("Taken over for the same inputs only")
  func takenOver() throws {
    try withTemporaryFolder { folder in
      let item = try SharedKit.item("power-spectrum")
      let moved = try item.expected.tensor("auto").mapping { $0 == 0 ? $1.nextUp : $1 }
      var values = item.expected
      values["auto"] = moved
      let certified = item.certified(values)
      #expect(certified.description.origin == .certified)
      try ConformanceManifestFile.write(
        [certified, try SharedKit.item("laplacian-lmax16")], to: folder)
      let known = try CertifiedValues(folder: folder)
      #expect(known.count == 1)
      let selection = CaseSelection(["power-spectrum", "laplacian-lmax16"])
      let kit = try ConformanceKit(seed: 1, selection: selection, certified: known)
      let taken = try #require(kit.cases.first { $0.description.id == "power-spectrum" })
      #expect(taken.expected["auto"] == moved && taken.description.origin == .certified)
      let other = try #require(kit.cases.first { $0.description.id == "laplacian-lmax16" })
      #expect(other.description.origin == .implementation)
      // Another seed has other inputs, and nothing is certified there.
      let second = try ConformanceKit(seed: 2, selection: selection, certified: known)
      #expect(second.cases.allSatisfy { $0.description.origin != .certified })
    }
  }
}
