import Faults
import ArgumentParser

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
