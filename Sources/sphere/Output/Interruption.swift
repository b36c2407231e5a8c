import ArgumentParser
import Foundation
import Synchronization
import Training
@preconcurrency import Dispatch

/// SIGINT, SIGTERM and SIGHUP as a request to stop.
///
/// The first signal raises the flag, and the work ends in good order; a second SIGINT or SIGTERM
/// ends the process at once. SIGHUP says that the terminal is gone: both the system and the shell
/// send it, so a second one, or one beside another signal, does not mean that the user is
/// impatient. A process that was started with SIGHUP ignored, as by nohup, goes on ignoring it.
final class Interruption: Sendable {
  static let shared = Interruption()

  /// Raised by the first signal.
  let flag = InterruptionFlag()
  private let signalNumber = Atomic<Int32>(0)
  /// Whether SIGINT or SIGTERM came already.
  private let wasAsked = Atomic<Bool>(false)
  /// Kept alive; written once, by the main thread.
  private nonisolated(unsafe) var sources: [any DispatchSourceSignal] = []

  /// Starts to watch for signals; called by the main thread.
  func watch() {
    guard sources.isEmpty else { return }
    let queue = DispatchQueue(label: "SpectralSphere.Interruption")
    let watched = [SIGINT, SIGTERM] + (StandardStreams.isIgnored(SIGHUP) ? [] : [SIGHUP])
    sources = watched.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [self] in receive(number) }
      source.resume()
      return source
    }
  }

  private func receive(_ number: Int32) {
    if number != SIGHUP, wasAsked.exchange(true, ordering: .relaxed) { _exit(128 + number) }
    guard !flag.isRaised else { return }
    signalNumber.store(number, ordering: .relaxed)
    flag.raise()
  }

  /// 128 + the signal: 129, 130 or 143.
  var exitCode: ExitCode {
    let number = signalNumber.load(ordering: .relaxed)
    return ExitCode(128 + (number == 0 ? SIGINT : number))
  }
}
