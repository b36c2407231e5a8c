import CSpectralSphere
import Conformance
import Expectations
import FileFormats
import Foundation

// MARK: - Expected errors

private struct ExpectationOptions: ForeignOptions {
  var nside: Int64?
  var lmax: Int64?
  var method: String?
  var spin: Int64?
  var precision: String?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case nside, lmax, method, spin, precision
  }
}

/// A choice by its word.
///
/// - Throws: `InterfaceError.text`.
private func choice<Choice>(
  _ word: String?, _ name: String, or standard: Choice, among choices: [(word: String, Choice)]
) throws(InterfaceError) -> Choice {
  guard let word else { return standard }
  guard let found = choices.first(where: { $0.word == word }) else {
    throw .text(
      argument: name, found: word,
      expected: "one of \(choices.map(\.word).joined(separator: ", "))")
  }
  return found.1
}

@implementation @c
public func sphere_expect_analysis(
  _ json: UnsafePointer<CChar>!, _ result: UnsafeMutablePointer<sphere_handle>!,
  _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    guard let result else { throw InterfaceError.null(argument: "result") }
    result.pointee = 0
    let options = try options(json, ExpectationOptions.self)
    func required(_ value: Int64?, _ name: String) throws(InterfaceError) -> Int {
      guard let value else {
        throw .text(argument: "parameters", found: "without \(name)", expected: "nside and lmax")
      }
      return try number(value, name, in: 1...16_384)
    }
    let report = try ExpectationReport(
      AnalysisCase(
        grid: .healpix(nside: try required(options.nside, "nside")),
        lmax: try required(options.lmax, "lmax"),
        spin: try number(options.spin ?? 0, "spin", in: 0...2),
        precision: try choice(
          options.precision, "precision", or: .double,
          among: StudyPrecision.allCases.map { ($0.word, $0) }),
        method: try choice(
          options.method, "method", or: .iterated,
          among: AnalysisMethod.named.map { ($0.word, $0) })))
    result.pointee = Handles.insert(try ResultThing(text: report.json))
  }
}

// MARK: - Conformance

private struct ExportOptions: ForeignOptions {
  var set: String?
  var seed: Int64?
  var cases: [String]?
  var certified: String?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case set, seed, cases, certified
  }
}

@implementation @c
public func sphere_conformance_export(
  _ folder: UnsafePointer<CChar>!, _ json: UnsafePointer<CChar>!,
  _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    let url = try fileURL(folder, "folder")
    let options = try options(json, ExportOptions.self)
    let set = try choice(
      options.set, "set", or: .core, among: KitSet.allCases.map { ($0.rawValue, $0) })
    let seed = try number(options.seed ?? 1, "seed", in: 0...Int64.max)
    let certified = try options.certified.map {
      try CertifiedValues(folder: URL(fileURLWithPath: $0))
    }
    try NewFolder.make(url) { temporary in
      try ConformanceKit(
        seed: UInt64(seed), set: set, selection: CaseSelection(options.cases ?? []),
        certified: certified
      ).write(to: temporary)
    }
  }
}

@implementation @c
public func sphere_conformance_write_case(
  _ folder: UnsafePointer<CChar>!, _ operation: UnsafePointer<CChar>!,
  _ json: UnsafePointer<CChar>!, _ count: Int64, _ inputs: UnsafePointer<sphere_array>!,
  _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    let url = try fileURL(folder, "folder")
    let operation = try knownOperation(operation)
    let kit = try ConformanceKit(
      id: "case", operation, try caseData(json, count, inputs))
    try NewFolder.make(url) { try kit.write(to: $0) }
  }
}

private struct CheckOptions: ForeignOptions {
  var cases: [String]?
  var precision: String?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case cases, precision
  }
}

@implementation @c
public func sphere_conformance_check(
  _ kit: UnsafePointer<CChar>!, _ outputs: UnsafePointer<CChar>!, _ json: UnsafePointer<CChar>!,
  _ result: UnsafeMutablePointer<sphere_handle>!, _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    guard let result else { throw InterfaceError.null(argument: "result") }
    result.pointee = 0
    let (kit, outputs) = (try fileURL(kit, "kit"), try fileURL(outputs, "outputs"))
    let options = try options(json, CheckOptions.self)
    let check = try KitCheck(
      kit: kit, selection: CaseSelection(options.cases ?? []),
      precision: try choice(
        options.precision, "precision", or: .files,
        among: CheckPrecision.allCases.map { ($0.rawValue, $0) }))
    let report = try check.report(outputs: outputs)
    result.pointee = Handles.insert(try ResultThing(text: report.json()))
  }
}
