import HarmonicTransforms
import SphereGrids
import Studies
import Testing
import Verification

@testable import Timings

/// What is timed and how it is written down.
/// Blind to: whether the times are right; a clock is trusted.
@Suite("Scaling of transforms")
struct ScalingTimingTests {
  private let configuration = ScalingTiming.Configuration(
    degrees: [7, 15], nsides: [2, 4], lanes: [1, 5], laneDegree: 7, threads: [1, 2],
    threadDegree: 15, repeats: 1)

  @Test("Every case once, in order, with what it takes")
  func cases() throws {
    var steps: [Int] = []
    let scaling = try ScalingTiming(configuration) { done, total in
      #expect(total == 20)
      steps.append(done)
    }
    #expect(steps == Array(1...20))
    for spin in [0, 2] {
      let entries = scaling.entries.filter { $0.spin == spin }
      #expect(entries.filter { $0.sweep == .lmax }.map(\.lmax) == [7, 15])
      #expect(entries.filter { $0.sweep == .nside }.map(\.nside) == [2, 4])
      #expect(entries.filter { $0.sweep == .nside }.map(\.lmax) == [4, 8])
      let lanes = entries.filter { $0.sweep == .lanes }
      #expect(lanes.map(\.lanes) == [1, 5, 1, 5])
      #expect(lanes.map(\.path) == [.table, .table, .recurrence, .recurrence])
      #expect(entries.filter { $0.sweep == .threads }.map(\.threads) == [1, 2])
    }
    #expect(scaling.entries.allSatisfy { $0.synthesis > 0 && $0.analysis > 0 && $0.bytes > 0 })
    let first = try #require(scaling.entries.first)
    #expect(
      first.bytes
        == ScalarTransform<Double>(grid: GaussLegendreGrid(lmax: 7), lmax: 7).memory(lanes: 1))
    #expect(scaling.table.rows.count == 20)
    #expect(scaling.table.rows[0].prefix(7) == ["lmax", "0", "7", "", "1", "automatic", "1"])
    #expect(scaling.figure.panels.count == 5)
    #expect(try scaling.figure.png().starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }

  @Test("A stop ends it, and what fits no memory is refused before it is computed")
  func ends() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try ScalingTiming(configuration) { done, _ in if done == 2 { throw Stop() } }
    }
    let timing = TransformTiming(
      grid: GaussLegendreGrid(lmax: 8), lmax: 8, spin: 2, lanes: 1 << 40, path: .automatic,
      threads: 1, repeats: 1)
    #expect(throws: HarmonicTransformError.self) { try timing.milliseconds(as: Float.self) }
  }
}
