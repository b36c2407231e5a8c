import Foundation
import Testing

/// `sphere expect`: answers and refusals.
/// Blind to: the numbers, which ExpectationTableTests check.
@Suite("Expected errors on the command line")
struct ExpectTests {
  /// The program answers away from its checkout, in an empty folder; the two formats agree.
  @Test("Answers")
  func answers() throws {
    try withFolder { folder in
      let program = try Program()
      let question = [
        "expect", "analysis", "--nside", "512", "--lmax", "1000", "--method", "iter3", "--spin",
        "2", "--precision", "f32",
      ]
      let text = try program.run(question, in: folder)
      #expect(text.status == 0 && text.messages.isEmpty, "\(text)")
      #expect(text.lines[0] == "HEALPix nside 512, lmax 1000, spin 2, f32, iter3")
      #expect(text.output.contains("interpolated"))
      let json = try program.run(question + ["--format", "json"], in: folder)
      #expect(json.status == 0 && json.lines.count == 1, "\(json)")
      let answer = try object(json.output)
      #expect(answer["origin"] as? String == "interpolated" && answer["nside"] as? Int == 512)
      let error = try #require(answer["error"] as? Double)
      #expect(text.output.contains(String(format: "expected error  %.1e", error)))
      #expect((answer["points"] as? [Any])?.count == 2)
      let changes = try #require(answer["lower"] as? [[String: Any]])
      #expect(
        changes.contains {
          $0["method"] as? String == "least-squares" && $0["precision"] as? String == "f64"
        })
      #expect(text.output.contains("--method least-squares --precision f64"))
    }
  }

  @Test("Refusals: 64")
  func refusals() throws {
    try withFolder { folder in
      let program = try Program()
      let start = ["expect", "analysis"]
      for (words, arguments) in [
        (
          ["iter9", "iter3", "pixel-weights"],
          ["--nside", "64", "--lmax", "64", "--method", "iter9"]
        ),
        (["lmax is 193", "32...191", "iter3"], ["--nside", "64", "--lmax", "193"]),
        (["--nside is 1024", "16...512"], ["--nside", "1024", "--lmax", "64"]),
        (["--spin is 1", "0 or 2"], ["--nside", "64", "--lmax", "64", "--spin", "1"]),
        (["f16", "f32"], ["--nside", "64", "--lmax", "64", "--precision", "f16"]),
        (
          ["nside is 256", "16...128"],
          ["--nside", "256", "--lmax", "256", "--method", "order-weights"]
        ),
        (["--lmax"], ["--nside", "64"]),
      ] {
        try program.expectRefusal(
          64, words, start + arguments, in: folder, at: #_sourceLocation)
      }
    }
  }
}
