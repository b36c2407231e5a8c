import ArgumentParser
import Foundation

extension Sphere {
  /// Runs the command of the command line, and ends with its exit code; if a word is not a
  /// subcommand, the answer lists those that it may mean.
  ///
  /// The parser would print help and usage by itself, and not notice that standard output is full.
  static func main() {
    StandardStreams.prepare()
    if let text = unknownSubcommand(Array(CommandLine.arguments.dropFirst())) {
      say(text)
      Foundation.exit(Status.usage)
    }
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let code = exitCode(for: error)
      let text = fullMessage(for: error)
      if code.isSuccess {
        if !text.isEmpty { show(text) }
      } else if !text.isEmpty {
        say(text)
      }
      Foundation.exit(code.rawValue)
    }
  }
}
