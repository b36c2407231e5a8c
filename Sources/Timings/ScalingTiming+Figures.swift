import Foundation
import HarmonicTransforms
import Plotting
import Studies

extension ScalingTiming {
  /// The results as a table.
  package var table: StudyTable {
    var table = StudyTable(columns: [
      "sweep", "spin", "lmax", "nside", "lanes", "path", "threads", "synthesis_ms", "analysis_ms",
      "bytes",
    ])
    for e in entries {
      table.append([
        e.sweep.rawValue, "\(e.spin)", "\(e.lmax)", e.nside.map { "\($0)" } ?? "", "\(e.lanes)",
        e.path.rawValue, "\(e.threads)", String(format: "%.4f", e.synthesis),
        String(format: "%.4f", e.analysis), "\(e.bytes)",
      ])
    }
    return table
  }

  /// Time against lmax, nside and fields, speed against threads, memory against lmax.
  package var figure: Figure {
    Figure(
      "Transforms: time and memory", columns: 3, panelWidth: 300,
      [
        times(
          .lmax, "one field, Gauss-Legendre, one thread", x: "lmax", \.lmax,
          guide: configuration.degrees),
        times(
          .nside, "one field, HEALPix, lmax = 2 nside", x: "nside", { $0.nside ?? 0 },
          guide: configuration.nsides),
        fields, threads, memory,
      ])
  }

  private func chosen(_ sweep: Sweep, spin: Int) -> [Entry] {
    entries.filter { $0.sweep == sweep && $0.spin == spin }
  }

  /// Synthesis solid, analysis dashed.
  private func lines(
    _ entries: [Entry], _ name: String, colour: Int, _ x: (Entry) -> Int,
    _ y: (Entry, KeyPath<Entry, Double>) -> Double
  ) -> [PanelContent] {
    [(\Entry.synthesis, "synthesis", LineKind.solid), (\Entry.analysis, "analysis", .dashed)].map {
      path, direction, line in
      .series(
        Series(
          "\(name) \(direction)", x: entries.map { Double(x($0)) },
          y: entries.map { y($0, path) }, style: .number(colour, line: line)))
    }
  }

  /// Milliseconds of a sweep, with a line that grows with the cube of the size from the last point
  /// on down.
  private func times(
    _ sweep: Sweep, _ title: String, x: String, _ size: (Entry) -> Int, guide: [Int]
  ) -> Panel {
    var contents: [PanelContent] = []
    for (k, spin) in [0, 2].enumerated() {
      contents += lines(chosen(sweep, spin: spin), "spin \(spin)", colour: k, size) {
        $0[keyPath: $1]
      }
    }
    if let last = chosen(sweep, spin: 0).last, let first = guide.first, size(last) > first {
      let ends = [Double(first), Double(size(last))]
      contents.append(
        .series(
          Series(
            "cube of the size", x: ends, y: ends.map { last.synthesis * pow($0 / ends[1], 3) },
            style: SeriesStyle(.black, line: .dotted, marker: .none))))
    }
    return Panel(
      title, x: Axis(x, .logarithmic), y: Axis("milliseconds", .logarithmic), contents)
  }

  private var fields: Panel {
    var contents: [PanelContent] = []
    for (k, path) in [TransformPath.table, .recurrence].enumerated() {
      let entries = chosen(.lanes, spin: 0).filter { $0.path == path }
      contents += lines(entries, "by \(path.rawValue)", colour: 2 + k, \.lanes) {
        $0[keyPath: $1] / Double($0.lanes)
      }
    }
    return Panel(
      "Float, spin 0, lmax \(configuration.laneDegree), one thread",
      x: Axis("fields", .logarithmic), y: Axis("milliseconds per field", .logarithmic), contents)
  }

  private var threads: Panel {
    var contents: [PanelContent] = []
    for (k, spin) in [0, 2].enumerated() {
      let entries = chosen(.threads, spin: spin)
      guard let one = entries.first(where: { $0.threads == 1 }) else { continue }
      contents += lines(entries, "spin \(spin)", colour: k, \.threads) {
        one[keyPath: $1] / $0[keyPath: $1]
      }
    }
    return Panel(
      "one field, lmax \(configuration.threadDegree)", x: Axis("threads"),
      y: Axis("times as fast as one thread"), contents)
  }

  private var memory: Panel {
    var contents: [PanelContent] = []
    for (k, spin) in [0, 2].enumerated() {
      let entries = chosen(.lmax, spin: spin)
      let megabytes = entries.map { Double($0.bytes) / 1e6 }
      contents.append(
        .series(
          Series(
            "spin \(spin), estimated memory", x: entries.map { Double($0.lmax) }, y: megabytes,
            style: .number(4 + k))))
    }
    return Panel(
      "one field, Gauss-Legendre", x: Axis("lmax", .logarithmic), y: Axis("MB", .logarithmic),
      contents)
  }

  /// Writes scaling.csv and the figure as PNG and SVG.
  ///
  /// - Throws: `PlottingError`, `FileError`.
  package func write(to folder: URL) throws {
    try table.write(to: folder, name: "scaling")
    try figure.write(to: folder, name: "scaling")
  }
}
