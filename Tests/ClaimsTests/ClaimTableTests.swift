import Foundation
import Testing
import Verification

@testable import Claims

@Suite("Table of claims")
struct ClaimTableTests {
  private typealias Relation = Claim.Relation

  private func claim(_ relation: Relation) -> Claim {
    Claim(
      "a", .functions, "s", equation: "e", bound: Bound("b"), control: "c", tests: ["T"],
      blindTo: "n", relation: relation
    ) { ClaimMeasurement(0, control: 2, sizes: ["b": 1]) }
  }

  /// A verdict is wrong in neither direction: figures at and beyond the bound, controls that are
  /// too weak, figures that are not numbers.
  @Test("Verdicts")
  func verdicts() throws {
    func holds(_ relation: Relation, _ value: Double, bound: Double, control: Double) throws -> Bool
    {
      let measurement = ClaimMeasurement(value, control: control, sizes: ["b": bound])
      return try Verdict(claim(relation), measurement).holds
    }
    #expect(try holds(.atMost, 1, bound: 1, control: 1000))
    #expect(try !holds(.atMost, 1.0001, bound: 1, control: 1000))
    #expect(try !holds(.atMost, 1, bound: 1, control: 999))
    #expect(try !holds(.atMost, .nan, bound: 1, control: 1000))
    #expect(try !holds(.atMost, 1, bound: 1, control: .nan))
    #expect(try !holds(.atMost, 1, bound: .nan, control: 1000))
    #expect(try holds(.atMost, 0, bound: 0, control: 1))
    #expect(try !holds(.atMost, 0, bound: 0, control: 0))
    #expect(try holds(.atLeast, 1, bound: 1, control: 0.001))
    #expect(try !holds(.atLeast, 0.999, bound: 1, control: 0))
    #expect(try !holds(.atLeast, 1, bound: 1, control: 0.002))
    #expect(try !holds(.atLeast, .nan, bound: 1, control: 0))
  }

  @Test("Names are unique and every suite has claims")
  func names() {
    #expect(Set(ClaimTable.claims.map(\.name)).count == ClaimTable.claims.count)
    for suite in ClaimSuite.allCases { #expect(!ClaimTable.claims(of: suite).isEmpty) }
  }

  /// Every claim with an upper bound has its error on record, on every kind of machine, and no
  /// other name has.
  @Test("Errors on record")
  func errorsOnRecord() throws {
    let record = try ErrorRecord(contentsOf: FixtureStore.url("regression/errors-claims.csv"))
    let expected = ClaimTable.claims.filter { $0.relation == .atMost }.map(\.name)
    #expect(expected.count > 30 && !record.machines.isEmpty)
    for machine in record.machines {
      #expect(record.names(machine: machine) == Set(expected), "\(machine)")
    }
  }

  /// A claim rests on tests that are there.
  @Test("The tests that claims name exist")
  func testsExist() throws {
    let root = FixtureStore.packageRoot.appendingPathComponent("Tests")
    let files = try #require(FileManager.default.enumerator(atPath: root.path))
      .compactMap { ($0 as? String).map { URL(fileURLWithPath: $0).lastPathComponent } }
    #expect(files.contains("ClaimTableTests.swift"))
    for claim in ClaimTable.claims {
      #expect(!claim.tests.isEmpty, "\(claim.name) names no test")
      for test in claim.tests {
        #expect(files.contains("\(test).swift"), "\(claim.name) names \(test)")
      }
    }
  }

  /// Documents name tests that are there.
  @Test(
    "The tests that documents name exist",
    arguments: [
      "Verification", "Findings", "Tolerances", "Conventions", "Conformance", "Porting",
    ])
  func documentedTests(name: String) throws {
    let root = FixtureStore.packageRoot
    let tests = root.appendingPathComponent("Tests").path
    let files = Set(
      try #require(FileManager.default.enumerator(atPath: tests)).compactMap {
        ($0 as? String).map { URL(fileURLWithPath: $0).lastPathComponent }
      })
    let url = root.appendingPathComponent("Docs/\(name).md")
    let named = try String(contentsOf: url, encoding: .utf8)
      .matches(of: /`([A-Z][A-Za-z]*Tests)`/).map { String($0.output.1) }
    for test in Set(named) { #expect(files.contains("\(test).swift"), "\(name) names \(test)") }
  }

  /// The document has a row for every claim, with the same words, and no other.
  @Test("Docs/Verification.md lists exactly these claims")
  func document() throws {
    let url = FixtureStore.packageRoot.appendingPathComponent("Docs/Verification.md")
    let rows = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| **") }
    #expect(rows.count == ClaimTable.claims.count)
    let names = ["t", "p", "q", "d", "n", "κ", "lmax", "blocks", "points"]
    let sizes = Dictionary(uniqueKeysWithValues: names.map { ($0, 1.0) })
    for claim in ClaimTable.claims {
      let empty = try Verdict(claim, ClaimMeasurement(0, control: 0, sizes: sizes))
      let words = Self.words(ClaimTable.markdownRow(empty))
      #expect(
        rows.contains { Self.words(String($0)) == words }, "\(claim.name): write the table again")
    }
  }

  /// The cells of a row without what is measured: bound and control up to their last colon, and
  /// nothing of the measured figure.
  private static func words(_ row: String) -> [String] {
    row.components(separatedBy: " | ").enumerated().compactMap { column, cell in
      switch column {
      case 3, 5: return cell.components(separatedBy: ":").dropLast().joined(separator: ":")
      case 4: return nil
      default: return cell
      }
    }
  }

  /// `max()` passes over what is not a number; these do not.
  @Test("Extremes of figures that are not numbers")
  func extremes() {
    #expect(worst([1, 3, 2]) == 3 && least([2, 1, 3]) == 1)
    #expect([1, .nan, 2].max() == 2)
    #expect(worst([1, .nan, 2]) == .infinity && worst([.nan]) == .infinity)
    #expect(worst([Double]()) == .infinity)
    #expect(least([2, .nan, 3]) == 0 && least([2, .infinity]) == 0 && least([Double]()) == 0)
  }

  @Test(
    "Figures",
    arguments: [
      (0.0, "0"), (12, "12"), (0.54321, "0.543"), (3.14159, "3.14"), (1.234e-9, "1.2e-9"),
      (9.96e-5, "1.0e-4"), (5.7e4, "5.7e4"), (-2e-20, "-2.0e-20"), (.infinity, "inf"),
    ])
  func figures(value: Double, text: String) {
    #expect(ClaimTable.figure(value) == text)
  }
}
