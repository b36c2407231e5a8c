import Foundation
import Tasks
import Testing
import Training
import Verification

@testable import Benchmark

@Suite("Detection of maps unlike the training")
struct DetectionStudyTests {
  private let endings = ["safetensors"]

  private func study(
    _ folder: URL, _ contaminations: [Contamination], threads: Int = 2
  ) throws -> DetectionStudy {
    try DetectionStudy(
      ModelFolder(contentsOf: folder).models, contaminations: contaminations, count: 24,
      goodCount: 70, seed: 9, threads: threads)
  }

  /// Good maps keep their estimates; another unit and another order of pixels are noticed on every
  /// map; a beam of a thousandth of a degree, the control, is neither noticed nor does it move a
  /// prediction by a tenth of an error bar. Good maps are what the others are compared with: their
  /// own shift is 0 by definition.
  @Test("Good maps, faults that show, and one that does not")
  func detection() throws {
    try withTemporaryFolder { folder in
      try copyShipped("t1-physical-isotropic-noise0", to: folder, endings: endings)
      let found = try study(
        folder, [.none, .factor(1e-3), .nestedOrder, .beam(degrees: 0.001), .flippedU])
      #expect(
        found.rows.map(\.contamination)
          == [.none, .factor(1e-3), .nestedOrder, .beam(degrees: 0.001)])
      try #require(found.rows.count == 4)
      #expect(found.rows.map(\.count) == [70, 24, 24, 24])
      #expect(found.rows.map(\.refused) == [0, 24, 24, 0])
      #expect(found.rows[3].medianShift < 0.1)
      #expect(found.rows[1].medianShift > 1 && found.rows[2].medianShift > 1)
      #expect(found.markdown.contains("| good maps | 0 of 70 |"))
      let lines = found.csv.split(separator: "\n")
      #expect(lines.count == 5 && lines[1].hasSuffix(",good maps,70,0,0,0"))
    }
  }

  @Test("Threads change no figure")
  func threads() throws {
    try withTemporaryFolder { folder in
      try copyShipped("t2-physical-isotropic", to: folder, endings: endings)
      let contaminations = [Contamination.none, .extraNoise(share: 0.01), .flippedU]
      let (one, two) = (
        try study(folder, contaminations, threads: 1), try study(folder, contaminations, threads: 2)
      )
      #expect(one.csv == two.csv && one.rows.count == 3)
    }
  }

  @Test("A raised flag stops it")
  func interruption() throws {
    try withTemporaryFolder { folder in
      try copyShipped("t1-physical-isotropic-noise0", to: folder, endings: endings)
      let flag = InterruptionFlag()
      flag.raise()
      #expect(throws: TaskError.interrupted) {
        try DetectionStudy(
          ModelFolder(contentsOf: folder).models, contaminations: [.none], count: 1, goodCount: 1,
          seed: 1, threads: 1, interruption: flag)
      }
    }
  }
}
