import ArgumentParser
import Conformance
import FileFormats
import Foundation

/// `sphere conformance`: the kit that other implementations check themselves against.
struct ConformanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conformance",
    abstract: "Check another implementation piece by piece.",
    discussion: """
      export writes small cases of every operation with what is expected; another program reads \
      the \
      inputs and writes its outputs; check compares. Docs/Conformance.md describes the files and \
      every \
      operation.
      """,
    subcommands: [ConformanceExport.self, ConformanceRun.self, ConformanceCheck.self])
}

/// Which cases are meant.
struct CaseOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: "Ids of cases, with the wildcards *, ? and [...]; default: all.")
  var cases: [String] = []

  var selection: CaseSelection { CaseSelection(cases) }
}

/// Refuses empty names of folders, which would mean the current one.
///
/// - Throws: `ValidationError`.
func requireFolderNames(_ names: KeyValuePairs<String, String>) throws {
  for (option, name) in names where name.isEmpty {
    throw ValidationError("\(option) is empty, expected the name of a folder")
  }
}

/// `sphere conformance export`: a kit.
struct ConformanceExport: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a kit: cases with inputs and expected outputs.",
    discussion: "The same seed gives the same bytes of every file.")

  @OptionGroup var caseOptions: CaseOptions

  @Option(help: "The folder to write; new or empty.")
  var output: String

  @Option(parsing: .unconditional, help: "Seed of the inputs.")
  var seed: UInt64 = 1

  @Option(help: "core: small cases of every operation; large: transforms of real sizes.")
  var set: KitSet = .core

  @Option(
    help: """
      A kit whose certified values are taken over for cases with the same inputs; default: the \
      shipped one, if it is there; empty: none.
      """)
  var certified: String?

  func validate() throws { try requireFolderNames(["--output": output]) }

  func execute() throws {
    var (count, certifiedCount) = (0, 0)
    try NewFolder.make(URL(fileURLWithPath: output)) { temporary in
      let kit = try ConformanceKit(
        seed: seed, set: set, selection: caseOptions.selection, certified: try certifiedValues())
      try kit.write(to: temporary)
      count = kit.manifest.cases.count
      certifiedCount = kit.manifest.cases.reduce(0) { $0 + ($1.origin == .certified ? 1 : 0) }
    }
    say("\(output): \(count) cases, \(certifiedCount) of them certified")
  }

  /// The kit that certified values come from: the one that is named, the shipped one, or none.
  private func certifiedValues() throws -> CertifiedValues? {
    if let certified {
      return certified.isEmpty
        ? nil : try CertifiedValues(folder: URL(fileURLWithPath: certified))
    }
    guard let shipped = try? ShippedFolder.url("conformance") else {
      say("no shipped kit is here: no value is certified")
      return nil
    }
    return try CertifiedValues(folder: shipped)
  }
}

/// `sphere conformance run`: this program as a backend.
struct ConformanceRun: SphereCommand {
  /// The precision in which operations run.
  enum Precision: String, CaseIterable, ExpressibleByArgument {
    case float, double
  }

  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Write the outputs of this program for the cases of a kit.",
    discussion: "An example of what another program is to write.")

  @Argument(help: "The folder of the kit.")
  var kit: String

  @OptionGroup var caseOptions: CaseOptions

  @Option(help: "The folder to write; new or empty.")
  var output: String

  @Option(help: "float or double.")
  var precision: Precision = .double

  func validate() throws { try requireFolderNames(["KIT": kit, "--output": output]) }

  func execute() throws {
    let check = try KitCheck(kit: URL(fileURLWithPath: kit), selection: caseOptions.selection)
    try NewFolder.make(URL(fileURLWithPath: output)) { temporary in
      switch precision {
      case .double: try ReferenceBackend.run(check, to: temporary, as: Double.self)
      case .float: try ReferenceBackend.run(check, to: temporary, as: Float.self)
      }
    }
  }
}

extension KitSet: ExpressibleByArgument {}
