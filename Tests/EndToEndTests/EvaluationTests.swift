import FileFormats
import Foundation
import Tasks
import Testing

/// `sphere evaluate` as a guard against targets that leak into maps.
@Suite("Evaluation on the command line")
struct EvaluationTests {
  /// 120 maps of noise 15. With their truths the model is as good as possible and the status is 0;
  /// with a table whose "truths" are the model's own predictions, but for a hundredth of the
  /// difference, it is better than possible, and the status is 1.
  @Test("A model that knows the truth")
  func leak() throws {
    let sphere = try Program()
    try withFolder { folder in
      let model = "t1-physical-isotropic-noise15"
      let maps = try sphere(
        "simulate", "--task", "t1", "--noise", "15", "--count", "120", "--seed", "4",
        "--output", "maps", in: folder)
      #expect(maps.status == 0, "\(maps)")
      let url = folder.appendingPathComponent("maps/truth.csv")
      let truths = try TruthTable(contentsOf: url, parameters: ["ell_peak"])
      try #require(truths.rows.count == 120)
      let evaluate = ["evaluate", "--model", model, "--maps", "maps"]
      let honest = try sphere.run(evaluate, in: folder)
      #expect(honest.status == 0, "\(honest)")
      // Five parts by prediction: 2, 6, 104, 6 and 2 of 120 maps.
      #expect(honest.output.contains("coverage by prediction"))
      #expect(honest.output.contains("    highest 2 %"))
      let listed = try sphere.run(evaluate + ["--format", "json"], in: folder)
      let parts = try object(listed.output)["coverage_by_prediction"] as? [String: [Double]]
      let counts = try #require(parts?["ell_peak"]).enumerated().map {
        $0.element * [2.0, 6, 104, 6, 2][$0.offset]
      }
      #expect(counts.count == 5 && counts.allSatisfy { abs($0 - $0.rounded()) < 1e-9 })

      let files = truths.rows.map { "maps/\($0.file)" }
      let predicted = try sphere.run(
        ["predict", "--model", model, "--force", "--format", "json"] + files, in: folder)
      let values = try predicted.output.split(separator: "\n").map {
        try #require(try object(String($0))["ell_peak"] as? Double)
      }
      try #require(values.count == 120)
      let leaking = zip(truths.rows, values).map {
        TruthTable.Row(file: $0.file, truths: [$1 + 0.01 * ($0.truths[0] - $1)])
      }
      try Data(TruthTable(parameters: ["ell_peak"], rows: leaking).text.utf8).write(to: url)
      let caught = try sphere.run(evaluate, in: folder)
      #expect(caught.status == 1, "\(caught)")
      #expect(caught.messages.contains("a target leaks into the input"), "\(caught)")
      #expect(caught.output.contains("ratio"))
    }
  }
}
