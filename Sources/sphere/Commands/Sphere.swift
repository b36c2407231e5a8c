import ArgumentParser
import Tasks

/// The program.
@main
struct Sphere: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sphere",
    abstract: "Spectral networks on the sphere: from maps of the sky to numbers with error bars.",
    discussion: """
      Data goes to standard output, progress and messages to standard error.
      Exit codes: 0 fine; 1 a check failed, a map has no estimate, or training diverged; 64 wrong \
      usage; 65 unusable input; \
      66 missing input; 73 output cannot be written; 129, 130 or 143 interrupted.
      """,
    version: ProgramVersion.text,
    subcommands: [
      Quickstart.self, Train.self, Predict.self, Evaluate.self, Simulate.self, Baseline.self,
      Calibrate.self,
      Limits.self, WriteTask.self, Synthesize.self, Analyze.self, Spectrum.self, Resample.self,
      Rotate.self,
      Smooth.self, Downgrade.self, Upgrade.self, RemoveDipole.self, Coordinates.self, Almxfl.self,
      Apodize.self, Models.self, Convert.self, Inspect.self, Plot.self, Verify.self,
      ConformanceCommand.self,
      Expect.self, Study.self, Bench.self,
      Reproduce.self,
    ])

  /// What to say if the first words of a command line name no subcommand; nil if they do, or are
  /// options.
  static func unknownSubcommand(_ words: [String]) -> String? {
    var command: any ParsableCommand.Type = Sphere.self
    var path = "sphere"
    for word in words {
      let known = command.configuration.subcommands
      guard !known.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
      if let next = known.first(where: { $0._commandName == word }) {
        command = next
        path += " \(word)"
        continue
      }
      let names = known.map { $0._commandName }
      let near = nearWords(to: word, among: names)
      let remedy =
        near.isEmpty
        ? "expected one of \(names.joined(separator: ", "))"
        : "did you mean \(near.joined(separator: " or "))?"
      return "Error: '\(path)' has no subcommand '\(word)'; \(remedy)\n"
        + "  See '\(path) --help' for more information."
    }
    return nil
  }
}

/// The words that a mistyped one may mean, the nearest first: those that begin with it, and those
/// that it becomes when up to a third of its letters are changed, added, left out or exchanged with
/// a neighbour.
func nearWords(to word: String, among words: [String]) -> [String] {
  let most = max(1, word.count / 3)
  return words.enumerated()
    .map { (place: $0, name: $1, distance: editDistance(word.lowercased(), $1)) }
    .filter { $0.distance <= most || (word.count > 1 && $0.name.hasPrefix(word.lowercased())) }
    .sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }
    .prefix(3).map(\.name)
}

/// The least number of letters that are changed, added, left out or exchanged with their neighbour
/// to turn `a` into `b`: the distance of Damerau and Levenshtein, with no letter touched twice.
private func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var rows = [Array(0...b.count)]
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        least = min(least, rows[i - 1][j - 1] + 1)
      }
      row.append(least)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
