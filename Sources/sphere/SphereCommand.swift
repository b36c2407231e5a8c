import ArgumentParser
import BenchmarkTasks
import Foundation

/// A subcommand whose errors become a message and an exit code in one place.
protocol SphereCommand: ParsableCommand {
  /// The work.
  func execute() throws
}

extension SphereCommand {
  func run() throws {
    do {
      try execute()
    } catch let error where isInterruption(error) {
      say("interrupted")
      throw Interruption.shared.exitCode
    } catch let error as ExitCode {
      throw error
    } catch {
      say("Error: \(errorText(error))")
      throw programExitCode(error)
    }
  }

  /// Turns an error about the options into wrong usage, for `validate()`.
  func asUsage<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      throw ValidationError(errorText(error))
    }
  }
}

/// A line on standard error.
func say(_ text: String) {
  FileHandle.standardError.write(Data("\(text)\n".utf8))
}

/// A line, or several, on standard output.
///
/// Ends the program when standard output takes no more: a full disk, a closed pipe.
func show(_ text: String) {
  do {
    try FileHandle.standardOutput.write(contentsOf: Data("\(text)\n".utf8))
  } catch {
    say("standard output cannot be written: \(error)")
    exit(Status.cannotWrite)
  }
}
