import ArgumentParser
@preconcurrency import Dispatch
import Foundation
import Synchronization
import Training

/// SIGINT and SIGTERM as a request to stop.
///
/// The first signal raises the flag, and the work ends in good order; a second one ends the process
/// at once.
final class Interruption: Sendable {
  static let shared = Interruption()

  /// Raised by the first signal.
  let flag = InterruptionFlag()
  private let signalNumber = Atomic<Int32>(0)
  /// Kept alive; written once, by the main thread.
  private nonisolated(unsafe) var sources: [any DispatchSourceSignal] = []

  /// Starts to watch for signals; called by the main thread.
  func watch() {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: DispatchQueue(label: "SpectralSphere.Interruption"))
      source.setEventHandler { [self] in
        if flag.isRaised { _exit(128 + number) }
        signalNumber.store(number, ordering: .relaxed)
        flag.raise()
      }
      source.resume()
      return source
    }
  }

  /// 128 + the signal: 130 or 143.
  var exitCode: ExitCode {
    let number = signalNumber.load(ordering: .relaxed)
    return ExitCode(128 + (number == 0 ? SIGINT : number))
  }
}
