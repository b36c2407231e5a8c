import ArgumentParser
import Foundation

extension Sphere {
  /// Runs the command of the command line, and ends with its exit code.
  ///
  /// The parser would print help and usage by itself, and not notice that standard output is full.
  static func main() {
    StandardStreams.prepare()
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
