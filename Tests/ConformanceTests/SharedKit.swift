import FileFormats
import Foundation
import FourierTransforms
import Verification

@testable import Conformance

/// The kit of seed 1, made once for all suites.
enum SharedKit {
  private static let result = Result { try ConformanceKit(seed: 1) }

  static func kit() throws -> ConformanceKit { try result.get() }

  static func item(_ id: String) throws -> ConformanceCase {
    guard let item = try kit().cases.first(where: { $0.description.id == id }) else {
      throw ConformanceError.nothingMatches(pattern: id, available: try kit().cases.count)
    }
    return item
  }

  /// The first case of an operation.
  static func item(of operation: Conformance.Operation) throws -> ConformanceCase {
    guard
      let item = try kit().cases.first(where: { $0.description.operation == operation.rawValue })
    else {
      throw ConformanceError.unknownOperation(name: operation.rawValue)
    }
    return item
  }

  /// The report of a check on what a backend writes of the cases of some patterns; where `outputs`
  /// is nil it writes what is expected.
  static func report(
    _ patterns: [String],
    _ outputs: (ConformanceCase, Conformance.Operation) throws -> NamedTensors?
  ) throws -> CheckReport {
    try withTemporaryFolder { folder in
      let kit = folder.appendingPathComponent("kit")
      let written = folder.appendingPathComponent("outputs")
      for url in [kit, written] {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
      }
      let selection = CaseSelection(patterns)
      let items = try Self.kit().cases.filter { selection.contains($0.description.id) }
      try ConformanceManifestFile.write(items, to: kit)
      for item in items {
        guard let operation = Operation(named: item.description.operation) else {
          throw ConformanceError.unknownOperation(name: item.description.operation)
        }
        let tensors = try outputs(item, operation) ?? item.expected
        try SafetensorsFile(tensors: tensors).write(
          to: written.appendingPathComponent("\(item.description.id).safetensors"))
      }
      return try KitCheck(kit: kit).report(outputs: written)
    }
  }

  /// The verdicts on some outputs of a case, without files.
  static func rows(_ item: ConformanceCase, _ outputs: NamedTensors) throws -> [CheckReport.Row] {
    try KitCheck.rows(of: item.description, outputs, item.file.tensors)
  }
}

/// Manifests of a few cases.
enum ConformanceManifestFile {
  static func write(_ items: [ConformanceCase], to folder: URL) throws {
    let manifest = ConformanceManifest(seed: 1, set: .core, cases: items.map(\.description))
    try AtomicFile.write(
      try manifest.data(), to: folder.appendingPathComponent(ConformanceManifest.fileName))
    for item in items {
      try item.file.write(to: folder.appendingPathComponent(item.description.file))
    }
  }
}

extension TensorData {
  /// The same tensor with other numbers, in its own type.
  func mapping(_ body: (_ index: Int, _ value: Double) -> Double) throws -> TensorData {
    if dtype == .int64 {
      return TensorData(
        try integers().enumerated().map { Int64(body($0.offset, Double($0.element))) },
        shape: shape)
    }
    return TensorData(
      try doubles().enumerated().map { body($0.offset, $0.element) }, shape: shape)
  }

  /// Complex numbers conjugated.
  func conjugated() throws -> TensorData { try mapping { $0 % 2 == 0 ? $1 : -$1 } }
}
