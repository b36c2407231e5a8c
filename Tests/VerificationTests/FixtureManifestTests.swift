import Foundation
import Testing
import Verification

@Suite("Fixture manifest")
struct FixtureManifestTests {

  /// Every recorded file is listed once, unchanged, made by a generator that exists and read by
  /// tests that exist.
  ///
  /// Blind to: a file that was recorded wrongly and listed with its own hash.
  @Test("Manifests and folders agree")
  func agreement() throws {
    for fault in try FixtureManifest().faults() { Issue.record("\(fault)") }
  }

  /// A missing fixture is an error that says what to do, never a test that passes.
  @Test("A missing fixture")
  func missing() {
    #expect(throws: FixtureError.self) { try FixtureStore.data("no such folder/file") }
  }
}
