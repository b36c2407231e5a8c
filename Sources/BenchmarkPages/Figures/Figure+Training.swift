import Plotting
import TrainingRuns

extension Figure {
  /// The course of a run: losses, validation error where it was measured, learning rate.
  ///
  /// - Parameters:
  ///   - record: the run.
  ///   - file: its name, for messages.
  ///   - title: above all panels.
  ///   - columns: panels per row.
  /// - Returns: a figure of two or three panels.
  /// - Throws: `PageError.noCurve`.
  package static func training(
    _ record: RunRecord, file: String, title: String = "", columns: Int = 3
  ) throws(PageError) -> Figure {
    guard !record.lossCurve.isEmpty else { throw .noCurve(file: file) }
    let steps = record.lossCurve.map { Double($0.step) }
    let x = Axis("step")
    var losses = [
      Series(
        record.validationCurve.isEmpty ? "" : "training", x: steps, y: record.lossCurve.map(\.loss),
        style: .line(0))
    ]
    let validation = record.validationCurve
    let epochs = validation.map { Double($0.step) }
    if !validation.isEmpty {
      losses.append(Series("validation", x: epochs, y: validation.map(\.loss), style: .number(1)))
    }
    var panels = [
      Panel("loss", x: x, y: .positive("loss", losses), losses.map { .series($0) })
    ]
    let errors = validation.compactMap(\.percentageError?.mean)
    if let outputs = errors.first?.count, errors.count == validation.count {
      let names = record.settings.parameterNames
      let series = (0..<outputs).map { o in
        Series(
          "validation, \(names.indices.contains(o) ? names[o] : "output \(o + 1)")", x: epochs,
          y: errors.map { $0[o] }, style: .number(o + 2))
      }
      panels.append(
        Panel(
          "validation error", x: x, y: .positive("|error| / truth, percent", series),
          series.map { .series($0) }))
    }
    let rate = Series(
      "", x: steps, y: record.lossCurve.map(\.learningRate), style: .line(4))
    panels.append(
      Panel("learning rate", x: x, y: .positive("learning rate", [rate]), [.series(rate)]))
    return Figure(title, columns: min(columns, panels.count), panels)
  }
}

extension SeriesStyle {
  /// A line of colour k of the palette, without markers.
  static func line(_ k: Int, _ kind: LineKind = .solid) -> SeriesStyle {
    SeriesStyle(Colour.palette[k % Colour.palette.count], line: kind, marker: .none)
  }
}

extension Axis {
  /// An axis for some lines: logarithmic if all their numbers are positive.
  static func positive(_ label: String, _ series: [Series]) -> Axis {
    Axis(label, series.allSatisfy { $0.y.allSatisfy { $0 > 0 } } ? .logarithmic : .linear)
  }
}
