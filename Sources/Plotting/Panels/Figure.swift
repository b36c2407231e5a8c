import FileFormats
import Foundation

/// Panels side by side with one legend below: what a study or a report draws.
///
/// Layout:      panels row by row; sizes in points (1/72 inch in SVG, `scale` pixels in PNG).
/// Legend:      one entry per name, in order of appearance; below the panels, where it hides no
///              data.
/// Output:      equal figures are equal bytes, for one version of Cairo; no date, no random names.
/// Fonts:       none has to be installed (`Canvas`); texts are printable ASCII, `^{...}` is raised.
/// Checked by:  FigurePropertyTests, FigureErrorTests.
package struct Figure: Sendable {
  /// Stands above all panels; empty: none.
  package var title: String
  package var panels: [Panel]
  /// Panels per row.
  package var columns: Int
  /// Size of one panel with its labels, in points.
  package var panelWidth: Double
  package var panelHeight: Double

  /// A figure from its panels.
  package init(
    _ title: String = "", columns: Int, panelWidth: Double = 330, panelHeight: Double = 250,
    _ panels: [Panel]
  ) {
    precondition(columns >= 1, "\(columns) panels per row")
    self.title = title
    self.panels = panels
    self.columns = columns
    self.panelWidth = panelWidth
    self.panelHeight = panelHeight
  }

  /// The figure as a PNG file.
  ///
  /// - Parameter scale: pixels per point.
  /// - Returns: the bytes of the file.
  /// - Throws: `PlottingError`.
  package func png(scale: Double = 2) throws(PlottingError) -> Data {
    precondition(scale > 0, "\(scale) pixels per point")
    return try draw(.png(scale: scale))
  }

  /// The figure as an SVG file, letters as outlines.
  ///
  /// - Throws: `PlottingError`.
  package func svg() throws(PlottingError) -> Data { try draw(.svg) }

  /// Writes `folder/name.png` and `folder/name.svg`, each complete or not at all.
  ///
  /// - Throws: `PlottingError`, `FileError`.
  package func write(to folder: URL, name: String, scale: Double = 2) throws {
    let (png, svg) = (try png(scale: scale), try svg())
    try AtomicFile.write(png, to: folder.appendingPathComponent("\(name).png"))
    try AtomicFile.write(svg, to: folder.appendingPathComponent("\(name).svg"))
  }

  /// Size of the whole figure, in points.
  ///
  /// - Throws: `PlottingError.noGlyph`, `.empty`, `.drawingFailed`.
  package func size() throws(PlottingError) -> (width: Double, height: Double) {
    let layout = try layout()
    return (layout.width, layout.height)
  }

  // MARK: - Layout

  private struct Layout {
    var width: Double
    var height: Double
    var panelTop: Double
    var legend: Legend
  }

  private func layout() throws(PlottingError) -> Layout {
    guard !panels.isEmpty else { throw .empty(content: "the list of panels") }
    let width = Double(columns) * panelWidth
    let rows = Double((panels.count + columns - 1) / columns)
    let top = title.isEmpty ? 6.0 : 30
    let measure = try Canvas(width: 1, height: 1, .png(scale: 1))
    let legend = try Legend(panels, width: width - 24, measure)
    return Layout(
      width: width, height: top + rows * panelHeight + legend.height, panelTop: top,
      legend: legend)
  }

  private func draw(_ kind: Canvas.Kind) throws(PlottingError) -> Data {
    let layout = try layout()
    let canvas = try Canvas(width: layout.width, height: layout.height, kind)
    if !title.isEmpty {
      try canvas.text(
        title, x: layout.width / 2, y: 21, size: 14, anchor: .middle, isBold: true)
    }
    for (k, panel) in panels.enumerated() {
      let x = Double(k % columns) * panelWidth
      let y = layout.panelTop + Double(k / columns) * panelHeight
      if let sky = panel.sky {
        try SkyDrawing(
          sky, title: panel.title, x: x, y: y, width: panelWidth, height: panelHeight, canvas
        ).draw()
      } else {
        try PanelDrawing(panel, x: x, y: y, width: panelWidth, height: panelHeight, canvas).draw()
      }
    }
    try layout.legend.draw(canvas, x: 12, y: layout.height - layout.legend.height)
    return try canvas.finish()
  }
}

/// The legend of a figure: entries in rows.
struct Legend {
  private enum Symbol {
    case series(SeriesStyle)
    case band(Colour)
  }
  private struct Entry {
    var name: String
    var symbol: Symbol
    var x: Double
    var row: Int
  }

  private var entries: [Entry] = []
  private let size = 11.0
  private let rowHeight = 18.0
  /// In points; 0 without entries.
  let height: Double

  /// Places the entries of all panels.
  init(_ panels: [Panel], width: Double, _ canvas: Canvas) throws(PlottingError) {
    var names = Set<String>()
    var (x, row) = (0.0, 0)
    for content in panels.flatMap(\.contents) {
      let (name, symbol): (String, Symbol)
      switch content {
      case .series(let series): (name, symbol) = (series.name, .series(series.style))
      case .band(let band): (name, symbol) = (band.name, .band(band.colour))
      case .histogram(let histogram):
        (name, symbol) = (histogram.name, .band(histogram.colour.withOpacity(0.45)))
      case .cells, .density, .sky: continue
      }
      guard !name.isEmpty, names.insert(name).inserted else { continue }
      let wide = 34 + (try canvas.textWidth(name, size: size)) + 18
      if x > 0, x + wide > width { (x, row) = (0, row + 1) }
      entries.append(Entry(name: name, symbol: symbol, x: x, row: row))
      x += wide
    }
    height = entries.isEmpty ? 0 : Double(row + 1) * rowHeight + 8
  }

  func draw(_ canvas: Canvas, x: Double, y: Double) throws(PlottingError) {
    for entry in entries {
      let (left, middle) = (x + entry.x, y + rowHeight * (Double(entry.row) + 0.5))
      switch entry.symbol {
      case .series(let style):
        canvas.stroke(
          [(left, middle), (left + 28, middle)], style.colour, width: 1.6, style.line)
        canvas.marker(style.marker, x: left + 14, y: middle, style.colour, radius: style.size)
      case .band(let colour):
        canvas.fill(x: left, y: middle - 5, width: 28, height: 10, colour)
      }
      try canvas.text(entry.name, x: left + 34, y: middle + 4, size: size)
    }
  }
}
