import Foundation
import SpecialFunctions
import Testing

@testable import Models

/// The three formats of an answer against the posterior's own numbers.
@Suite("Answers with posteriors")
struct MapAnswerTests {
  private static func answer(
    _ grid: PosteriorGrid?, names: [String] = ["r", "amplitude"], reason: String? = nil,
    isForced: Bool = false, hasPosterior: Bool? = nil
  ) -> MapAnswer {
    let predictions = names.enumerated().map { index, name in
      Prediction(
        parameter: name, value: grid?.mean[index] ?? 0.5,
        standardError: grid?.standardDeviations[index] ?? 0.25, posterior: grid, warnings: [],
        reason: reason)
    }
    return MapAnswer(
      file: "map.fits", warnings: [], predictions, isForced: isForced, hasPosterior: hasPosterior)
  }

  private static func object(_ answer: MapAnswer) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(answer.json.utf8)) as? [String: Any])
  }

  /// Numbers of JSON are float32: relative error 2⁻²⁴.
  private static func same(_ found: Any?, _ expected: Double) -> Bool {
    (found as? Double).map { abs($0 - expected) <= 1e-7 * abs(expected) } ?? false
  }

  @Test("JSON has the numbers of the grid")
  func json() throws {
    let grid = PosteriorExamples.grid([0.5, 0.4], deviations: [0.08, 0.1])
    let found = try Self.object(Self.answer(grid))
    let ends = ["", "_error", "_median", "_68", "_95", "_information"]
    let keys = ["r", "amplitude"].flatMap { name in ends.map { name + $0 } }
    #expect(Set(found.keys) == Set(keys + ["file", "warnings", "correlation"]))
    for (axis, name) in ["r", "amplitude"].enumerated() {
      #expect(Self.same(found[name], grid.mean[axis]))
      #expect(Self.same(found["\(name)_error"], grid.standardDeviations[axis]))
      #expect(Self.same(found["\(name)_median"], grid.quantile(axis, 0.5)))
      #expect(Self.same(found["\(name)_information"], grid.information(axis)))
      for (key, probability) in [("68", 0.6827), ("95", 0.9545)] {
        let interval = grid.interval(axis, probability: probability)
        let pair = try #require(found["\(name)_\(key)"] as? [Any])
        #expect(pair.count == 2 && Self.same(pair[0], interval.lowerBound))
        #expect(Self.same(pair[1], interval.upperBound))
      }
    }
    let matrix = try #require(found["correlation"] as? [String: [String: Double]])
    #expect(matrix["r"]?["r"] == 1 && abs(matrix["r"]?["amplitude"] ?? 1) < 1e-6)
    #expect((found["warnings"] as? [String])?.isEmpty == true)
  }

  @Test("One parameter has no correlation")
  func single() throws {
    let found = try Self.object(
      Self.answer(PosteriorExamples.grid([0.5], deviations: [0.08]), names: ["r"]))
    #expect(found["correlation"] == nil && found["r_68"] != nil)
  }

  /// Without posteriors the line is as it always was.
  @Test("Models without posteriors")
  func without() {
    let answer = Self.answer(nil)
    #expect(
      answer.json == #"{"file":"map.fits","r":0.5,"r_error":0.25,"amplitude":0.5,"#
        + #""amplitude_error":0.25,"warnings":[]}"#)
    #expect(answer.csv == "map.fits,0.5,0.5,0.25,0.25,")
    #expect(answer.text == "map.fits  r 0.5000 +- 0.2500  amplitude 0.5000 +- 0.2500")
    #expect(
      MapAnswer.csvHeader(names: ["r", "tau"], hasPosterior: false)
        == "file,r,tau,r_error,tau_error,warnings")
  }

  /// A flat posterior is said, of the parameter that it is of. Control: no such warning where both
  /// are constrained (`json`), nor of the other parameter.
  @Test("A parameter of which the map says nothing")
  func flat() throws {
    let grid = PosteriorExamples.grid([0.5, 0.4], deviations: [.infinity, 0.1])
    let answer = Self.answer(grid)
    #expect(answer.warnings.count == 1)
    #expect(answer.warnings[0].hasPrefix("the map says nothing of r beyond its prior: "))
    #expect(answer.warnings[0].contains("0.05"))
    for text in [answer.text, answer.csv, answer.json] { #expect(text.contains("nothing of r")) }
  }

  /// No estimate, no number: nulls with a reason; the keys stay. A map of numbers that overflow has
  /// no posterior, though the model gives them.
  @Test("No estimate")
  func refused() throws {
    let grid = PosteriorExamples.grid([0.5, 0.4], deviations: [0.08, 0.1])
    for answer in [
      Self.answer(grid, reason: "unlike"),
      Self.answer(nil, reason: "not a number", hasPosterior: true),
    ] {
      let found = try Self.object(answer)
      for key in ["r", "r_error", "r_median", "r_68", "r_95", "r_information", "correlation"] {
        #expect(found[key] is NSNull, "\(key): \(String(describing: found[key]))")
      }
      #expect(found["reason"] != nil)
      let fields = answer.csv.split(separator: ",", omittingEmptySubsequences: false)
      let header = MapAnswer.csvHeader(names: ["r", "amplitude"], hasPosterior: true)
      #expect(fields.count == header.split(separator: ",").count)
      #expect(fields[1..<15].allSatisfy { $0.isEmpty })
    }
    let forced = Self.answer(grid, reason: "unlike", isForced: true)
    #expect(try Self.object(forced)["r_68"] is [Any])
  }

  @Test("Columns of csv")
  func csv() throws {
    let grid = PosteriorExamples.grid([0.5, 0.4], deviations: [0.08, 0.1])
    let header = MapAnswer.csvHeader(names: ["r", "amplitude"], hasPosterior: true)
      .split(separator: ",").map(String.init)
    #expect(
      header.prefix(5) == ["file", "r", "amplitude", "r_error", "amplitude_error"]
        && header.last == "warnings")
    let fields = Self.answer(grid).csv.split(separator: ",", omittingEmptySubsequences: false)
    #expect(fields.count == header.count)
    func value(_ name: String) -> Double {
      header.firstIndex(of: name).flatMap { Double(fields[$0]) } ?? .nan
    }
    let (half, whole) = (
      grid.interval(1, probability: 0.6827), grid.interval(1, probability: 0.9545)
    )
    for (name, expected) in [
      ("amplitude_median", grid.quantile(1, 0.5)), ("amplitude_low68", half.lowerBound),
      ("amplitude_high68", half.upperBound), ("amplitude_low95", whole.lowerBound),
      ("amplitude_high95", whole.upperBound), ("r", grid.mean[0]),
    ] {
      #expect(Self.same(value(name), expected), "\(name)")
    }
  }

  /// The interval stands in the text where its arms differ by more than a quarter: log-uniform r
  /// does, the nearly normal amplitude does not.
  @Test("Text names unequal arms")
  func text() {
    let grid = PosteriorExamples.grid([0.5, 0.5], deviations: [0.15, 0.05])
    let text = Self.answer(grid).text
    #expect(text.components(separatedBy: "(68 %: ").count == 2, "\(text)")
    #expect(text.contains("amplitude 2.00") && text.hasSuffix("+- 0.060"), "\(text)")
  }
}
