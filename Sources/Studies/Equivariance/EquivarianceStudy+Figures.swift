import Foundation
import Plotting

extension EquivarianceStudy {
  /// The results as a table; of layers the error, of networks the changes.
  package var table: StudyTable {
    var table = StudyTable(columns: [
      "subject", "blocks", "oversampling", "sky", "rotations", "relative_change", "of_scatter",
      "smallest_of_scatter", "largest_of_scatter",
    ])
    for e in layers {
      table.append([
        e.layer, "", "", "", e.rotations.rawValue, StudyTable.cell(e.error), "", "", "",
      ])
    }
    for e in networks {
      table.append([
        "\(e.network) network", e.blocks.map { "\($0)" } ?? "",
        e.oversampling.map { "\($0)" } ?? "", e.sky.rawValue, e.rotations.rawValue,
        StudyTable.cell(e.change.relative), StudyTable.cell(e.change.ofScatter),
        StudyTable.cell(e.extremes.lowerBound), StudyTable.cell(e.extremes.upperBound),
      ])
    }
    return table
  }

  /// The change of whole networks under any rotation, against the oversampling of the isotropic
  /// one's grid.
  package var figure: Figure {
    let ends = [
      configuration.oversampling.min() ?? 1, configuration.oversampling.max() ?? 1,
    ]
    let panels = StudySky.allCases.map { sky in
      let isotropic = configuration.blocks.enumerated().flatMap { k, blocks -> [PanelContent] in
        let chosen = networks.filter {
          $0.sky == sky && $0.network == "isotropic" && $0.blocks == blocks
        }
        let name = blocks == 1 ? "isotropic, 1 block (no ReLU)" : "isotropic, \(blocks) blocks"
        let style = SeriesStyle.number(k)
        guard blocks > 1 else {
          return chosen.map { level(name, ends, $0.change.ofScatter, style) }
        }
        let x = chosen.compactMap(\.oversampling)
        return [
          .band(
            Band(
              "", x: x, lower: chosen.map(\.extremes.lowerBound),
              upper: chosen.map(\.extremes.upperBound), colour: style.colour.withOpacity(0.2))),
          .series(Series(name, x: x, y: chosen.map(\.change.ofScatter), style: style)),
        ]
      }
      let published = networks.filter {
        $0.sky == sky && $0.network == "published" && $0.rotations == .any
      }.map {
        level("published", ends, $0.change.ofScatter, SeriesStyle(.black, line: .dashed))
      }
      return Panel(
        sky.rawValue, x: Axis("rings of the grid / (lmax + 1)"),
        y: Axis("change / scatter between skies", .logarithmic, range: 1e-7...10),
        isotropic + published)
    }
    return Figure("Whole networks on turned skies", columns: 2, panels)
  }

  private func level(
    _ name: String, _ x: [Double], _ y: Double, _ style: SeriesStyle
  ) -> PanelContent {
    var style = style
    style.marker = .none
    return .series(Series(name, x: x, y: x.map { _ in y }, style: style))
  }

  /// Writes equivariance.csv and the figure as PNG and SVG.
  ///
  /// - Throws: `PlottingError`, `FileError`.
  package func write(to folder: URL) throws {
    try table.write(to: folder, name: "equivariance")
    try figure.write(to: folder, name: "equivariance")
  }
}
