import FileFormats
import Foundation
import Kernels
import TrainingRuns

/// Progress on standard error: a bar with rate and time left on a terminal, else plain lines at the
/// beginning and the end of a stage and every ten seconds in between.
final class ProgressReporter: Sendable {
  private struct State {
    var stage = ""
    var stageStart = ContinuousClock.now
    var lastLine = ContinuousClock.now
    var firstDone = 0
    var barIsShown = false
    /// The stage has shown its last line: further passes over the same maps show nothing.
    var isDone = false
  }

  private let state = Locked(State())
  private let isTerminal = isatty(STDERR_FILENO) == 1

  /// Shows where a training run is.
  func report(_ stage: TrainingStage) {
    switch stage {
    case .gradient(let progress):
      var detail = "loss \(NumberText.short(progress.loss))"
      if let percent = progress.validation?.percentageError?.mean {
        detail += ", validation \(percent.map { NumberText.short($0) }.joined(separator: " ")) %"
      }
      update("training", done: progress.maps, total: progress.mapCount, detail: detail)
    case .other(let name, let done, let total):
      update(name, done: done, total: total)
    case .fit(let name, let evaluations, let most):
      let total = max(most, evaluations)
      update(name, done: evaluations, total: total, unit: "evaluations, or fewer")
    case .part(let name, let hundredths):
      update(name, done: hundredths, total: 100, unit: "%")
    case .working(let what):
      finish()
      say(what)
    }
  }

  /// Shows where a stage is; `done` maps, or other units, of `total`.
  func update(
    _ stage: String, done: Int, total: Int, detail: String = "", unit: String = "maps"
  ) {
    let now = ContinuousClock.now
    let text = state.withLock { state -> String? in
      let isNew = state.stage != stage
      if isNew {
        state.stage = stage
        state.stageStart = now
        // The rate counts from the first report: a resumed stage does not begin at 0.
        state.firstDone = done
        state.isDone = false
      }
      guard !state.isDone else { return nil }
      state.isDone = done >= total
      let interval: Duration = isTerminal ? .milliseconds(200) : .seconds(10)
      guard isNew || done >= total || now - state.lastLine >= interval else { return nil }
      state.lastLine = now
      state.barIsShown = isTerminal && done < total
      return line(
        stage, done: done, total: total, unit: unit, detail: detail, firstDone: state.firstDone,
        seconds: (now - state.stageStart) / .seconds(1))
    }
    guard let text else { return }
    let start = isTerminal ? "\r\u{1B}[K" : ""
    let end = isTerminal && done < total ? "" : "\n"
    sayPart(start + text + end)
  }

  /// Ends an unfinished bar, so that a message gets a line of its own.
  func finish() {
    let isShown = state.withLock { state in
      defer { state.barIsShown = false }
      return state.barIsShown
    }
    if isShown { sayPart("\n") }
  }

  private func line(
    _ stage: String, done: Int, total: Int, unit: String, detail: String, firstDone: Int,
    seconds: Double
  ) -> String {
    var parts = [stage.padding(toLength: max(12, stage.count), withPad: " ", startingAt: 0)]
    if isTerminal {
      let filled = total > 0 ? 24 * done / total : 24
      parts.append(
        "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
          + "]")
    }
    parts.append("\(done)/\(total) \(unit)")
    let rate = Double(done - firstDone) / seconds
    if rate.isFinite, rate > 0, seconds > 0.1 {
      parts.append("\(NumberText.short(rate)) \(unit)/s")
      if done < total { parts.append("\(clock(Double(total - done) / rate)) left") }
    }
    if !detail.isEmpty { parts.append(detail) }
    return parts.joined(separator: "  ")
  }
}

/// Seconds as h:mm:ss or m:ss.
///
/// Domain: a missing time, or one that no integer holds, is shown as a question mark.
func clock(_ seconds: Double) -> String {
  guard let whole = Int(exactly: seconds.rounded(.up)) else { return "?" }
  let (hours, minutes) = (whole / 3600, whole / 60 % 60)
  let rest = String(format: "%02d", whole % 60)
  return hours > 0
    ? "\(hours):" + String(format: "%02d", minutes) + ":\(rest)" : "\(minutes):\(rest)"
}
