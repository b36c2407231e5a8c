import Foundation
import Testing
import Training
import Verification

/// What a run of the program left behind.
struct ProgramResult: CustomStringConvertible {
  let status: Int32
  /// Whether a signal ended it, rather than an exit.
  let wasSignalled: Bool
  let output: String
  let messages: String

  var lines: [String] { output.split(separator: "\n").map(String.init) }
  var description: String { "exit \(status)\n\(output)\n\(messages)" }
}

/// The program `sphere`, or another one, as it was built beside the tests.
struct Program {
  let executable: URL

  /// Finds a program in the folder of the test bundle.
  init(_ name: String = "sphere") throws {
    let places = [
      URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent(),
      Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent(),
      FixtureStore.packageRoot.appendingPathComponent(".build/debug"),
    ]
    let found = places.map { $0.appendingPathComponent(name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    guard let found else {
      throw FixtureError.missing(
        name: "the program \(name)", reason: "not in \(places.map(\.path))")
    }
    executable = found
  }

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - arguments: as on a command line.
  ///   - folder: the current folder of the program.
  /// - Returns: exit code and texts.
  /// - Throws: when the program cannot be started.
  func callAsFunction(_ arguments: String..., in folder: URL) throws -> ProgramResult {
    try run(arguments, in: folder)
  }

  /// The same with a list of arguments, and additions to the environment.
  func run(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:]
  ) throws -> ProgramResult {
    try start([executable.path] + arguments, in: folder, environment: environment).finish()
  }

  /// The same with redirections as a shell writes them, as `2>/dev/full`, and a command before it,
  /// as `trap '' HUP`; what a stream of its own takes is lost here.
  func run(
    _ arguments: [String], in folder: URL, redirection: String, preparation: String = ":"
  ) throws -> ProgramResult {
    try start(shell(arguments, redirection: redirection, preparation: preparation), in: folder)
      .finish()
  }

  private func shell(
    _ arguments: [String], redirection: String, preparation: String
  ) -> [String] {
    ["/bin/sh", "-c", "\(preparation); exec \"$0\" \"$@\" \(redirection)", executable.path]
      + arguments
  }

  /// Runs the program, sends `signal` so many times as soon as its messages contain `text`, and
  /// waits for the end.
  func interrupted(
    by signal: Int32, after text: String, _ arguments: [String], in folder: URL,
    preparation: String = ":", times: Int = 1
  ) throws -> ProgramResult {
    let running = try start(
      shell(arguments, redirection: "", preparation: preparation), in: folder)
    let limit = ContinuousClock.now + .seconds(60)
    while !running.messages.contains(text), running.process.isRunning,
      ContinuousClock.now < limit
    {
      usleep(2_000)
    }
    for _ in 0..<times {
      kill(running.process.processIdentifier, signal)
      usleep(20_000)
    }
    return try running.finish()
  }

  /// Starts a command, whose first word is the path of a program.
  private func start(
    _ command: [String], in folder: URL, environment: [String: String] = [:]
  ) throws -> RunningProgram {
    let process = Process()
    process.environment = ProcessInfo.processInfo.environment
      .merging(environment) { _, new in new }
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.currentDirectoryURL = folder
    return try RunningProgram(process)
  }
}

/// A program with its output going to files, which no amount of text can block.
private final class RunningProgram {
  let process: Process
  private let folder: URL

  init(_ process: Process) throws {
    self.process = process
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sphere-output-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try handle("output")
    process.standardError = try handle("messages")
    try process.run()
  }

  private func handle(_ name: String) throws -> FileHandle {
    let url = folder.appendingPathComponent(name)
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }

  private func text(_ name: String) -> String {
    (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
  }

  var messages: String { text("messages") }

  func finish() throws -> ProgramResult {
    process.waitUntilExit()
    defer { try? FileManager.default.removeItem(at: folder) }
    return ProgramResult(
      status: process.terminationStatus,
      wasSignalled: process.terminationReason == .uncaughtSignal, output: text("output"),
      messages: messages)
  }
}

/// Runs `body` with a new empty folder, which is removed afterwards.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("sphere-end-to-end-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

extension URL {
  /// Everything below a folder with its bytes, hidden files included.
  func snapshot() throws -> [String: Data] {
    var result: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
      result[name] = (try? Data(contentsOf: appendingPathComponent(name))) ?? Data()
    }
    return result
  }

  /// The bytes of a file in this folder.
  func bytes(_ name: String) throws -> Data { try Data(contentsOf: appendingPathComponent(name)) }
}

/// A JSON object of one line of output.
func object(_ line: String) throws -> [String: Any] {
  let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
  guard let object = value as? [String: Any] else {
    throw FixtureError.missing(name: "a JSON object", reason: line)
  }
  return object
}

/// The number of one parameter under a key: `{"key":{"ell_peak":1.2}}`.
func figure(_ object: [String: Any], _ key: String) -> Double? {
  (object[key] as? [String: Any])?["ell_peak"] as? Double
}

extension Program {
  /// Runs the program and expects a refusal: the code, all words in the messages, nothing on
  /// standard output, and the folder as it was.
  func expectRefusal(
    _ status: Int32, _ words: [String], _ arguments: [String], in folder: URL,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let before = try folder.snapshot()
    let result = try run(arguments, in: folder)
    #expect(result.status == status, "\(arguments): \(result)", sourceLocation: location)
    #expect(result.output.isEmpty, "\(arguments): \(result)", sourceLocation: location)
    for word in words {
      #expect(
        result.messages.contains(word), "\(arguments): no '\(word)' in \(result)",
        sourceLocation: location)
    }
    #expect(
      try folder.snapshot() == before, "\(arguments) changed the folder", sourceLocation: location)
  }
}
