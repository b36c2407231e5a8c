import ArgumentParser
import Foundation

/// Feeds damaged inputs to every reader, and says what came of each.
///
/// An outcome is right if it is a value or an error of the package. A trap, a signal, no end within
/// ten seconds, more than two gigabytes of memory, or an error of a foreign type is a finding, and
/// its input is kept.
@main
struct Fuzzing: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzzing",
    abstract: "Feed damaged inputs to every reader of the package.",
    subcommands: [Run.self, Corpus.self, Replay.self, Write.self, Work.self],
    defaultSubcommand: Run.self)

  /// Runs targets one after the other and prints a table.
  struct Run: ParsableCommand {
    @Argument(help: "Targets; default: all.")
    var targets: [String] = []
    @Option(help: "Seconds per target.")
    var seconds: Double = 60
    @Option(help: "Inputs per target, at most.")
    var count: UInt64 = .max
    @Option(help: "Seed of the changes.")
    var seed: UInt64 = 1
    @Option(help: "Number of the first input.")
    var first: UInt64 = 0
    @Option(help: "Folder for what is found.")
    var findings = "findings"
    @Option(help: "File to which reports are added, a JSON object per line.")
    var log: String?

    func validate() throws {
      if let unknown = targets.first(where: { FuzzTarget.named($0) == nil }) {
        let known = FuzzTarget.all.map(\.name).joined(separator: ", ")
        throw ValidationError("no target \(unknown), expected \(known)")
      }
    }

    func run() throws {
      let chosen = targets.isEmpty ? FuzzTarget.all : targets.compactMap(FuzzTarget.named)
      let folder = URL(fileURLWithPath: findings)
      print(
        "target          seconds  executions   /minute     parsed    refused  crashes  hangs  "
          + "faults"
      )
      var reports: [TargetReport] = []
      for target in chosen {
        let report = try Supervisor(target, seed: seed, findings: folder)
          .run(first: first, seconds: seconds, count: count)
        show(report)
        reports.append(report)
        if let log { try append(report, to: log) }
      }
      for report in reports {
        let verdict = report.isFine && report.executions > 0 ? "ok" : "not ok"
        print("\(verdict) - \(report.target): \(report.executions) inputs")
      }
      if !reports.allSatisfy(\.isFine) { throw ExitCode(1) }
    }

    private func show(_ report: TargetReport) {
      let perMinute = Double(report.executions) / max(report.seconds, 1e-3) * 60
      let numbers: [(UInt64, Int)] = [
        (report.executions, 12), (UInt64(perMinute), 10), (report.parsed, 11), (report.refused, 11),
        (report.crashes, 9), (report.hangs, 7), (report.faults, 8),
      ]
      let columns = numbers.map { number, width in
        let text = "\(number)"
        return String(repeating: " ", count: max(1, width - text.count)) + text
      }
      print(
        report.target.padding(to: 14) + String(format: "%9.1f", report.seconds) + columns.joined())
      for (finding, count) in report.findings.sorted(by: { $0.value > $1.value }) {
        print("    \(count) x \(finding)")
      }
      fflush(nil)
    }

    private func append(_ report: TargetReport, to log: String) throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      let line = try encoder.encode(report) + Data("\n".utf8)
      if !FileManager.default.fileExists(atPath: log) {
        try Data().write(to: URL(fileURLWithPath: log))
      }
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
      try handle.seekToEnd()
      try handle.write(contentsOf: line)
      try handle.close()
    }
  }

  /// Reads files, each in a process of its own, and prints a line for each: its outcome.
  struct Replay: ParsableCommand {
    @Argument(help: "The target.")
    var target: String
    @Argument(help: "The files.")
    var files: [String]

    func run() throws {
      guard FuzzTarget.named(target) != nil else { throw ValidationError("no target \(target)") }
      var isFine = true
      for file in files {
        let input = try Data(contentsOf: URL(fileURLWithPath: file))
        isFine = try isRight(Array(input), target: target, name: file) && isFine
      }
      if !isFine { throw ExitCode(1) }
    }
  }

  /// Reads every input that broke a reader once, each in a process of its own.
  struct Corpus: ParsableCommand {
    @Argument(help: "Targets; default: all.")
    var targets: [String] = []

    func run() throws {
      var isFine = true
      for target in FuzzTarget.all where targets.isEmpty || targets.contains(target.name) {
        let known = KnownInput.corpus.filter { $0.target == target.name }
        let seeds = known.isEmpty ? [] : try target.seeds()
        for input in known {
          guard let bytes = input.bytes(seeds) else {
            print("not ok - \(input): there is nothing to change")
            isFine = false
            continue
          }
          isFine = try isRight(bytes, target: target.name, name: "\(input)") && isFine
        }
      }
      if !isFine { throw ExitCode(1) }
    }
  }

  /// Writes one input, to look at it: the first numbers are the undamaged ones.
  struct Write: ParsableCommand {
    @Argument(help: "The target.")
    var target: String
    @Argument(help: "The number of the input.")
    var index: UInt64
    @Option(help: "Seed of the changes.")
    var seed: UInt64 = 1
    @Option(help: "The file to write.")
    var output: String

    func run() throws {
      guard let target = FuzzTarget.named(target) else { throw ValidationError("no target") }
      let input = target.input(index, seed: seed, of: try target.seeds())
      try Data(input).write(to: URL(fileURLWithPath: output))
    }
  }

  /// The process that reads inputs: one file, or those from the number on that the counts name.
  struct Work: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "worker", shouldDisplay: false)

    @Argument
    var target: String
    @Option
    var seed: UInt64 = 1
    @Option
    var folder: String
    @Option
    var last: UInt64 = .max
    @Option
    var file: String?

    func run() throws {
      guard let target = FuzzTarget.named(target) else { throw ValidationError("no target") }
      let folder = URL(fileURLWithPath: folder)
      let worker = Worker(target: target, seed: seed, folder: folder, last: last)
      guard let file else { return try worker.run() }
      let work = folder.appendingPathComponent("work")
      try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
      try Data(contentsOf: URL(fileURLWithPath: file))
        .write(to: work.appendingPathComponent(target.fileName))
      worker.prepare()
      switch target.outcome(in: work) {
      case .parsed: print("parsed")
      case .refused(let text): print("refused, \(text)")
      case .fault(let text):
        print("fault: \(text)")
        throw ExitCode(1)
      }
      let memory = peakMemory()
      if memory > Worker.memoryFault {
        print("fault: \(memory >> 10) MB of memory")
        throw ExitCode(1)
      }
    }
  }
}

/// Reads an input in a process of its own, prints what came of it, and returns whether that is
/// right.
private func isRight(_ input: [UInt8], target: String, name: String) throws -> Bool {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("sphere-replay-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let file = folder.appendingPathComponent("input")
  try Data(input).write(to: file)
  let output = folder.appendingPathComponent("output")
  let messages = folder.appendingPathComponent("messages")
  let status = try processStatus(
    ownExecutable, ["worker", target, "--folder", folder.path, "--file", file.path],
    folder: folder.path, output: output.path, messages: messages.path,
    patience: Patience(computing: 10))
  let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    .replacing(folder.path + "/", with: "").trimmingCharacters(in: .newlines)
  if case .exited(0) = status {
    print("ok - \(name): \(text)")
    return true
  }
  let errors = String(decoding: try Data(contentsOf: messages).suffix(3000), as: UTF8.self)
  print("not ok - \(name): \(status)\n\(text)\(errors)")
  return false
}
