import FileFormats
import Foundation
import Kernels
import SpectralNetworks
import Tasks
import Testing
import Training
import TrainingRuns
import Verification

@testable import Studies

/// A study of few runs with the smallest budget: its files, interruption and resuming.
/// Blind to: the size of the errors, which 512 maps do not determine.
@Suite("Ablation study")
struct AblationStudySlowTests {
  static let configuration = AblationStudy.Configuration(maps: 512, testMaps: 64, seed: 5)
  static let names = ["t1-isotropic-closed-form", "t1-isotropic-gradients", "t2-isotropic-masking"]

  private func study(seed: UInt64 = 5) throws -> AblationStudy {
    var configuration = Self.configuration
    configuration.seed = seed
    return try AblationStudy(
      configuration, runs: AblationStudy.runs.filter { Self.names.contains($0.name) })
  }

  private func files(_ folder: URL) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
  }

  /// A study that is stopped in its second run leaves the record of the first, and only that;
  /// resumed, with another number of threads, it does not touch that record and gives the table,
  /// the figure and the words of one that ran through, to the last byte. The optimum is that of the
  /// same maps for all runs on a sky.
  @Test("Interrupted and resumed")
  func resumed() throws {
    try withTemporaryFolder { folder in
      let (stopped, whole) = (
        folder.appendingPathComponent("a"), folder.appendingPathComponent("b")
      )
      for url in [stopped, whole] {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
      }
      let study = try study()
      let flag = InterruptionFlag()
      #expect(throws: TaskError.interrupted) {
        try study.run(into: stopped, threads: 1, interruption: flag) {
          if case .begins(let run, _, _) = $0, run.name == Self.names[0] { flag.raise() }
        }
      }
      // The order is that of the study: gradients before the closed form.
      #expect(try files(stopped) == ["t1-isotropic-gradients.json"])
      let first = stopped.appendingPathComponent("t1-isotropic-gradients.json")
      let bytes = try Data(contentsOf: first)
      let begun = Locked<[String]>([])
      let resumed = try study.run(into: stopped, threads: 2) {
        if case .begins(let run, _, _) = $0 { begun.withLock { $0.append(run.name) } }
      }
      #expect(begun.withLock { $0 } == [Self.names[0], Self.names[2]])
      #expect(try Data(contentsOf: first) == bytes)

      let through = try study.run(into: whole, threads: 1)
      #expect(resumed == through)
      #expect(resumed.markdown == through.markdown)
      try resumed.write(to: stopped)
      try through.write(to: whole)
      for name in ["ablation.csv", "ablation.png", "ablation.svg"] {
        let both = try [stopped, whole].map {
          try Data(contentsOf: $0.appendingPathComponent(name))
        }
        #expect(both[0] == both[1] && !both[0].isEmpty, "\(name)")
      }
      let optima = resumed.entries.prefix(2).map { $0.figures[0].optimal }
      #expect(optima[0] == optima[1])
      #expect(resumed.entries[2].figures.map(\.parameter) == ["ell_e", "ell_b"])
      #expect(resumed.table.rows.count == 4)
      #expect(resumed.markdown.split(separator: "\n").count == 6)

      // Records of a study with another seed, or of another run, are not taken.
      let other = try self.study(seed: 6)
      #expect(throws: AblationError.otherRun(path: first.path)) {
        try other.finishedRecords(in: stopped)
      }
      let third = stopped.appendingPathComponent("t2-isotropic-masking.json")
      try bytes.write(to: third)
      #expect(throws: AblationError.otherRun(path: third.path)) {
        try study.run(into: stopped, threads: 1)
      }
    }
  }

  /// The published network with shared weights and power pooling is trained, and its record can be
  /// read back.
  @Test("A run of the published network")
  func published() throws {
    let name = "t1-shared-power"
    // A record can be read back as a run from 512 maps on; epochs leave some of these over.
    let study = try AblationStudy(
      AblationStudy.Configuration(maps: 600, testMaps: 64, seed: 5),
      runs: AblationStudy.runs.filter { $0.name == name })
    try withTemporaryFolder { folder in
      let results = try study.run(into: folder, threads: 2)
      let own = results.entries[0].figures[0]
      #expect(own.error.isFinite && own.error < 100 && own.optimal < 2)
      let record = try RunRecord(contentsOf: study.recordURL(study.runs[0], in: folder))
      #expect(record.notes["run"] == name)
      #expect(try study.finishedRecords(in: folder) == [record])
      #expect(record.recipe == study.recipes[0])
    }
  }
}
