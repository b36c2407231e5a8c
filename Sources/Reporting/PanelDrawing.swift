/// Draws one panel into its part of a canvas.
struct PanelDrawing {
  private let panel: Panel
  private let canvas: Canvas
  private let axes: (x: SettledAxis, y: SettledAxis)
  /// The frame around the data.
  private let left: Double
  private let top: Double
  private let width: Double
  private let height: Double
  /// Left edge of the panel's part of the canvas.
  private let edge: Double

  private let tickSize = 10.0
  private let labelSize = 11.5

  /// Settles axes and frame.
  ///
  /// - Throws: `ReportingError` for data that cannot be shown, or without room for it.
  init(
    _ panel: Panel, x: Double, y: Double, width: Double, height: Double, _ canvas: Canvas
  ) throws(ReportingError) {
    self.panel = panel
    self.canvas = canvas
    axes = try settledAxes(panel)
    var widest = 0.0
    for tick in axes.y.visibleTicks {
      widest = max(widest, try canvas.textWidth(tick.label, size: tickSize))
    }
    // The last label of the x axis is centred on a tick that may be at the frame's end.
    var lastHalf = 0.0
    if let last = axes.x.visibleTicks.last {
      lastHalf = try canvas.textWidth(last.label, size: tickSize) / 2
    }
    edge = x
    let leftMargin = widest + 12 + (panel.y.label.isEmpty ? 4 : 22)
    let rightMargin = max(12, lastHalf + 4)
    let topMargin = panel.title.isEmpty ? 10.0 : 24
    let bottomMargin = panel.x.label.isEmpty ? 22.0 : 40
    left = x + leftMargin
    top = y + topMargin
    self.width = width - leftMargin - rightMargin
    self.height = height - topMargin - bottomMargin
    guard self.width >= 40, self.height >= 40 else {
      throw .noRoom(panel: panel.title, width: self.width, height: self.height)
    }
  }

  private func place(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    (left + width * axes.x.fraction(x), top + height * (1 - axes.y.fraction(y)))
  }

  func draw() throws(ReportingError) {
    let hasCells = panel.contents.contains {
      if case .cells = $0 { return true }
      return false
    }
    if !hasCells { drawGrid() }
    try canvas.clipped(x: left - 4, y: top - 4, width: width + 8, height: height + 8) {
      () throws(ReportingError) in
      for content in panel.contents {
        switch content {
        case .series(let series): draw(series)
        case .band(let band): draw(band)
        case .cells(let map): try draw(map)
        }
      }
    }
    canvas.stroke(
      [(left, top), (left + width, top), (left + width, top + height), (left, top + height)],
      .darkGrey, width: 1, isClosed: true)
    try drawLabels(marksTicks: !hasCells)
  }

  // MARK: - Axes

  private func drawGrid() {
    for tick in axes.x.visibleTicks {
      let x = left + width * axes.x.fraction(tick.position)
      canvas.stroke([(x, top), (x, top + height)], .lightGrey, width: 0.8)
    }
    for tick in axes.y.visibleTicks {
      let y = top + height * (1 - axes.y.fraction(tick.position))
      canvas.stroke([(left, y), (left + width, y)], .lightGrey, width: 0.8)
    }
  }

  private func drawLabels(marksTicks: Bool) throws(ReportingError) {
    for tick in axes.x.visibleTicks {
      let x = left + width * axes.x.fraction(tick.position)
      if marksTicks {
        canvas.stroke([(x, top + height), (x, top + height + 4)], .darkGrey, width: 1)
      }
      try canvas.text(
        tick.label, x: x, y: top + height + 16, size: tickSize, anchor: .middle)
    }
    for tick in axes.y.visibleTicks {
      let y = top + height * (1 - axes.y.fraction(tick.position))
      if marksTicks { canvas.stroke([(left - 4, y), (left, y)], .darkGrey, width: 1) }
      try canvas.text(tick.label, x: left - 7, y: y + 3.5, size: tickSize, anchor: .end)
    }
    try canvas.text(
      panel.x.label, x: left + width / 2, y: top + height + 33, size: labelSize, anchor: .middle)
    try canvas.text(
      panel.y.label, x: edge + 16, y: top + height / 2, size: labelSize, anchor: .middle,
      quarterTurn: true)
    try canvas.text(
      panel.title, x: left + width / 2, y: top - 8, size: 12, anchor: .middle, isBold: true)
  }

  // MARK: - Contents

  private func draw(_ series: Series) {
    let points = zip(series.x, series.y).map { place($0, $1) }
    let style = series.style
    if let errors = series.errors {
      for k in series.x.indices {
        let low = place(series.x[k], series.y[k] - errors[k])
        let high = place(series.x[k], series.y[k] + errors[k])
        canvas.stroke([low, high], style.colour, width: 1.1)
        for end in [low, high] {
          canvas.stroke([(end.x - 2.5, end.y), (end.x + 2.5, end.y)], style.colour, width: 1.1)
        }
      }
    }
    canvas.stroke(points, style.colour, width: 1.6, style.line)
    for point in points { canvas.marker(style.marker, x: point.x, y: point.y, style.colour) }
  }

  private func draw(_ band: Band) {
    let lower = zip(band.x, band.lower).map { place($0, $1) }
    let upper = zip(band.x, band.upper).map { place($0, $1) }
    canvas.fillPolygon(lower + upper.reversed(), band.colour)
  }

  private func draw(_ map: HeatMap) throws(ReportingError) {
    for (row, values) in map.values.enumerated() {
      for (column, value) in values.enumerated() {
        let corner = place(Double(column), Double(row + 1))
        let other = place(Double(column + 1), Double(row))
        var colour = Colour.white
        if let value { colour = try map.colour(value) }
        canvas.fill(
          x: corner.x, y: corner.y, width: other.x - corner.x, height: other.y - corner.y, colour)
        canvas.stroke(
          [corner, (other.x, corner.y), other, (corner.x, other.y)], .white, width: 1,
          isClosed: true)
        try canvas.text(
          map.texts[row][column], x: (corner.x + other.x) / 2, y: (corner.y + other.y) / 2 + 3.5,
          size: tickSize, colour.luminance < 0.45 ? .white : .black, anchor: .middle)
      }
    }
  }
}

extension Canvas {
  /// A marker of one point.
  func marker(_ kind: MarkerKind, x: Double, y: Double, _ colour: Colour) {
    let r = 3.0
    switch kind {
    case .none: break
    case .disc: circle(x: x, y: y, radius: r, colour, isFilled: true)
    case .ring: circle(x: x, y: y, radius: r, colour, isFilled: false)
    case .square:
      fill(x: x - 0.9 * r, y: y - 0.9 * r, width: 1.8 * r, height: 1.8 * r, colour)
    case .diamond:
      fillPolygon([(x, y - 1.3 * r), (x + 1.3 * r, y), (x, y + 1.3 * r), (x - 1.3 * r, y)], colour)
    case .triangle:
      fillPolygon([(x, y - 1.2 * r), (x + 1.15 * r, y + r), (x - 1.15 * r, y + r)], colour)
    case .cross:
      stroke([(x - r, y - r), (x + r, y + r)], colour, width: 1.4)
      stroke([(x - r, y + r), (x + r, y - r)], colour, width: 1.4)
    }
  }
}
