import Testing
import Verification

@testable import Studies

/// The shape of the study; its numbers are tested where they are made.
@Suite("Study of equivariance")
struct EquivarianceStudyTests {
  /// Without networks: one row per layer and kind of rotation, the same with any number of threads.
  @Test("Rows of the layers")
  func layers() throws {
    var c = EquivarianceStudy.Configuration.quick(seed: 3)
    c.blocks = []
    c.networks = 1
    c.skies = 2
    c.rotations = 1
    var calls: [Int] = []
    let study = try EquivarianceStudy(c, threads: 2) { done, total in
      calls.append(done)
      #expect(total == 9)
    }
    #expect(study.layers.count == 7 && study.networks.count == 8)
    #expect(calls == Array(0...9))
    #expect(study.table.rows.count == 15)
    #expect(study.table.text.hasPrefix("subject,blocks,oversampling,sky,rotations,relative_change"))
  }

  /// What `progress` throws ends the study.
  @Test("Stopped by its progress")
  func stopped() {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try EquivarianceStudy(.quick(seed: 1), threads: 1) { done, _ in
        if done == 2 { throw Stop() }
      }
    }
    #expect(throws: Stop.self) {
      try ExactnessStudy(.quick(seed: 1), threads: 1) { done, _ in
        if done == 2 { throw Stop() }
      }
    }
  }
}
