import FileFormats
import Foundation

/// All cases of one set and seed: examples of every operation, with what is expected.
///
/// Layout:      Docs/Conformance.md.
/// Determinism: the same seed gives the same bytes of every file. Every tensor has a random stream
///              of its own, so that a case does not depend on the others or on which of them are
///              selected.
/// Checked by:  KitExportPropertyTests, ReferenceBackendDefinitionTests, ConformanceFixtureTests.
public struct ConformanceKit: Sendable {
  /// The list of cases.
  public let manifest: ConformanceManifest
  let cases: [ConformanceCase]

  /// The kit of a seed.
  ///
  /// - Parameters:
  ///   - seed: of all inputs.
  ///   - set: small cases or large ones.
  ///   - selection: which of them.
  ///   - certified: a kit whose certified values are taken over for cases with the same inputs;
  ///     nil: every value is this program's own.
  /// - Throws: `ConformanceError.nothingMatches`; what reading the certified kit throws.
  public init(
    seed: UInt64, set: KitSet = .core, selection: CaseSelection = CaseSelection(),
    certified: CertifiedValues? = nil
  ) throws {
    let drafts = set == .core ? try Self.drafts(seed: seed) : try Self.largeCases(seed: seed)
    let ids = drafts.map(\.id)
    try selection.requireMatches(ids)
    cases = try drafts.filter { selection.contains($0.id) }.map {
      try certified?.replacing($0.make()) ?? $0.make()
    }
    manifest = ConformanceManifest(seed: seed, set: set, cases: cases.map(\.description))
  }

  /// A kit of one case, whose expected values this program computes.
  ///
  /// - Parameters:
  ///   - id: the case's name.
  ///   - operation: what is computed.
  ///   - data: parameters and inputs, as Docs/Conformance.md has them.
  /// - Throws: `ConformanceError` for parameters and inputs that do not fit the operation; what
  ///   computing it throws.
  public init(id: String, _ operation: Operation, _ data: CaseData) throws {
    cases = [try ConformanceCase(id, operation, data)]
    manifest = ConformanceManifest(seed: 0, set: .core, cases: cases.map(\.description))
  }

  /// Writes `manifest.json` and a file per case into an existing folder; the manifest comes last,
  /// so that a kit that has one is complete.
  ///
  /// - Throws: `FileError`.
  public func write(to folder: URL) throws {
    for item in cases {
      try item.file.write(to: folder.appendingPathComponent(item.description.file))
    }
    try AtomicFile.write(
      Data((ManifestSchema.text + "\n").utf8),
      to: folder.appendingPathComponent(ManifestSchema.fileName))
    try AtomicFile.write(
      try manifest.data(), to: folder.appendingPathComponent(ConformanceManifest.fileName))
  }

  private static func drafts(seed: UInt64) throws -> [CaseDraft] {
    try functionCases() + healpixCases(seed: seed) + transformCases(seed: seed)
      + modeCases(seed: seed) + furtherCases(seed: seed) + derivativeCases(seed: seed)
      + pointCases(seed: seed) + coefficientCases(seed: seed)
      + resamplingCases(seed: seed) + layerCases(seed: seed) + normalisationCases(seed: seed)
      + optimiserCases(seed: seed) + publishedCases(seed: seed) + isotropicCases(seed: seed)
      + fieldCases()
  }
}

/// A case that is not computed yet.
struct CaseDraft {
  let id: String
  private let body: (_ id: String) throws -> ConformanceCase

  init(_ id: String, _ body: @escaping (_ id: String) throws -> ConformanceCase) {
    self.id = id
    self.body = body
  }

  /// A case whose expected values this program computes.
  init(_ id: String, _ operation: Operation, _ data: CaseData) {
    self.init(id) { try ConformanceCase($0, operation, data) }
  }

  /// A case whose expected values come from a definition.
  init(
    _ id: String, _ operation: Operation, _ data: CaseData,
    by definition: @escaping (CaseData) throws -> NamedTensors
  ) {
    self.init(id) { try ConformanceCase($0, operation, data, expected: definition(data)) }
  }

  func make() throws -> ConformanceCase { try body(id) }
}
