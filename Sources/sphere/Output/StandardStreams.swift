import FileFormats
import Foundation

/// Standard input, output and error: their destinations may be lost while the program runs.
///
/// Rule: a loss on standard error costs the messages alone, never the work: a full disk under a
///       log, a closed pipe, a terminal that is gone. What is lost on standard output are data: the
///       program says so and ends with exit code 73, or, when the reader of a pipe has gone, ends
///       like every program of a pipeline.
enum StandardStreams {
  private nonisolated(unsafe) static var pipesWereIgnored = false

  /// Prepares the three streams; called once, before anything else.
  ///
  /// A stream that is closed would give its number to the next file that is opened, and messages
  /// would end up in a model. So closed ones are opened: input and messages on nothing, output on
  /// something that cannot be written, so that lost data are noticed.
  static func prepare() {
    pipesWereIgnored = isIgnored(SIGPIPE)
    signal(SIGPIPE, SIG_IGN)
    for (number, access) in [
      (STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY),
    ] where fcntl(number, F_GETFD) < 0 {
      // The lowest free number is taken: this one.
      _ = open("/dev/null", access)
    }
  }

  /// Whether the process was started with this signal ignored, as nohup does with SIGHUP.
  static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Writes text as far as it goes; returns the error number of the fault, if there was one.
  fileprivate static func write(_ text: String, to descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { bytes in
      guard let start = bytes.baseAddress else { return nil }
      var written = 0
      while written < bytes.count {
        let step = Foundation.write(descriptor, start + written, bytes.count - written)
        let number = errno
        if step < 0 {
          if number == EINTR { continue }
          guard number == EAGAIN, isReady(descriptor) else { return number }
          continue
        }
        written += step
      }
      return nil
    }
  }

  /// Waits until a stream that does not block takes text again, messages for a second at most.
  private static func isReady(_ descriptor: Int32) -> Bool {
    var place = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&place, 1, descriptor == STDERR_FILENO ? 1_000 : -1) > 0
  }

  /// Ends the program since standard output is lost.
  fileprivate static func endWithoutOutput(_ number: Int32) -> Never {
    if number == EPIPE, !pipesWereIgnored {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    say("Error: standard output cannot be written (\(systemErrorText(number)))")
    exit(Status.cannotWrite)
  }
}

/// A line, or several, on standard error; what a terminal would act on is spelled out, whether it
/// comes from a file or from the command line.
func say(_ text: String) {
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  sayPart(lines.map { printable(String($0)) + "\n" }.joined())
}

/// Text on standard error that need not be a line; a failure to write it is not a failure of the
/// work.
func sayPart(_ text: String) { _ = StandardStreams.write(text, to: STDERR_FILENO) }

/// A line, or several, on standard output.
///
/// Ends the program when standard output takes no more: a full disk, a closed pipe.
func show(_ text: String) {
  if let number = StandardStreams.write("\(text)\n", to: STDOUT_FILENO) {
    StandardStreams.endWithoutOutput(number)
  }
}
