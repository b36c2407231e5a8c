import Foundation
import Plotting

extension AblationResults {
  /// A line of the figure: the heading of a question, or a run.
  private enum Slot {
    case heading(AblationQuestion)
    case run(label: String, Entry, AblationQuestion)
  }

  private var slots: [Slot] {
    AblationQuestion.allCases.flatMap { question -> [Slot] in
      let own = rows(of: question)
      return own.isEmpty
        ? [] : [.heading(question)] + own.map { .run(label: $0.label, $0.entry, question) }
    }
  }

  /// The errors of all runs, from top to bottom by question, on a logarithmic axis of percent;
  /// dashed the optimum on the same maps.
  package var figure: Figure {
    let slots = slots
    let height = { (index: Int) in Double(slots.count - index) - 0.5 }
    var contents: [PanelContent] = optima(slots, height)
    for name in parameterNames { contents += points(of: name, slots, height) }
    let ticks = slots.enumerated().map { index, slot in
      switch slot {
      case .heading(let question):
        return Tick(position: height(index), label: question.rawValue.uppercased())
      case .run(let label, _, _): return Tick(position: height(index), label: label)
      }
    }
    let percents = [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].map {
      Tick(position: $0, label: String(format: "%g", $0))
    }
    let panel = Panel(
      "\(maps) maps each",
      x: Axis("mean |error| / truth, percent", .logarithmic, ticks: percents),
      y: Axis("", range: 0...Double(max(slots.count, 1)), ticks: ticks), contents)
    return Figure(
      columns: 1, panelWidth: 620, panelHeight: 80 + 22 * Double(slots.count), [panel])
  }

  /// Names of all parameters, in order of appearance.
  private var parameterNames: [String] {
    var names: [String] = []
    for own in entries.flatMap(\.figures) where !names.contains(own.parameter) {
      names.append(own.parameter)
    }
    return names
  }

  /// Where in its line a parameter stands: several share it, one above the other.
  private func offset(_ index: Int, of count: Int) -> Double {
    0.3 * (Double(count - 1) / 2 - Double(index))
  }

  /// The dots of one parameter, with bars of one standard error to both sides.
  private func points(
    of name: String, _ slots: [Slot], _ height: (Int) -> Double
  ) -> [PanelContent] {
    let style = style(name)
    var dots = Series(name, x: [], y: [], style: style)
    var bars: [PanelContent] = []
    for (index, slot) in slots.enumerated() {
      guard case .run(_, let entry, _) = slot,
        let place = entry.figures.firstIndex(where: { $0.parameter == name })
      else { continue }
      let own = entry.figures[place]
      let y = height(index) + offset(place, of: entry.figures.count)
      dots.x.append(own.error)
      dots.y.append(y)
      bars.append(
        .series(
          Series(
            "", x: [own.error - own.standardError, own.error + own.standardError], y: [y, y],
            style: SeriesStyle(style.colour, marker: .none))))
    }
    return bars + [.series(dots)]
  }

  private func style(_ name: String) -> SeriesStyle {
    var style = SeriesStyle.number(parameterNames.firstIndex(of: name) ?? 0, line: .none)
    style.size = 3.5
    return style
  }

  /// A dashed line through the runs of each question at the optimum of their maps, one per
  /// parameter.
  private func optima(_ slots: [Slot], _ height: (Int) -> Double) -> [PanelContent] {
    AblationQuestion.allCases.flatMap { question -> [PanelContent] in
      let rows = slots.indices.filter {
        guard case .run(_, _, question) = slots[$0] else { return false }
        return true
      }
      guard let first = rows.first, let last = rows.last, case .run(_, let entry, _) = slots[first]
      else { return [] }
      return entry.figures.map { own in
        .series(
          Series(
            "optimal on the same maps", x: [own.optimal, own.optimal],
            y: [height(first) + 0.45, height(last) - 0.45],
            style: SeriesStyle(.black, line: .dashed, marker: .none)))
      }
    }
  }

  /// Writes ablation.csv and the figure ablation as PNG and SVG.
  ///
  /// - Throws: `PlottingError`, `FileError`.
  package func write(to folder: URL) throws {
    try table.write(to: folder, name: "ablation")
    try figure.write(to: folder, name: "ablation")
  }
}
