import ArgumentParser
import Conformance
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

  func validate() throws { try requireFolderNames(["--output": output]) }

  func execute() throws {
    var count = 0
    try NewFolder.make(URL(fileURLWithPath: output)) { temporary in
      let kit = try ConformanceKit(seed: seed, selection: caseOptions.selection)
      try kit.write(to: temporary)
      count = kit.manifest.cases.count
    }
    say("\(output): \(count) cases")
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
