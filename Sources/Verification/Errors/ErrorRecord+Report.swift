import FileFormats
import Foundation

extension ErrorRecord.Comparison {
  /// Lines for people: what changed, and a count.
  package var text: String {
    func line(_ word: String, _ change: Change) -> String {
      let (found, recorded) = (change.found.error, change.recorded)
      let times = recorded > 0 ? String(format: " (%.3g times)", found / recorded) : ""
      return "\(word): \(change.found.name) \(change.found.type): "
        + String(format: "%.3e, on record %.3e", found, recorded) + times
    }
    var lines = worse.map { line("worse", $0) } + better.map { line("better", $0) }
    lines += unmeasured.map { "on record, not measured: \($0)" }
    lines.append(
      compared == 0 && unmeasured.isEmpty
        ? "recorded errors: none of \(machine), nothing compared; --record-errors puts them there"
        : "recorded errors of \(machine): \(compared) compared, \(worse.count) worse, "
          + "\(better.count) better, \(unrecorded.count) not on record, "
          + "\(unmeasured.count) not measured")
    return lines.joined(separator: "\n")
  }

  /// One object.
  package var json: String {
    func list(_ changes: [Change]) -> String {
      let entries = changes.map { change in
        var line = JSONLine()
        line.add("name", change.found.name)
        line.add("type", change.found.type)
        line.add("error", change.found.error)
        line.add("recorded", change.recorded)
        return line.text
      }
      return "[\(entries.joined(separator: ","))]"
    }
    var line = JSONLine()
    line.add("machine", machine)
    line.add("compared", compared)
    line.addLiteral("worse", list(worse))
    line.addLiteral("better", list(better))
    line.add("not_on_record", unrecorded.count)
    line.add("not_measured", unmeasured)
    return line.text
  }
}
