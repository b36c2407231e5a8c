/// Draws one panel into its part of a canvas.
struct PanelDrawing {
  private let panel: Panel
  let canvas: Canvas
  let axes: (x: SettledAxis, y: SettledAxis)
  /// The frame around the data.
  let left: Double
  let top: Double
  let width: Double
  let height: Double
  /// Left edge of the panel's part of the canvas.
  private let edge: Double

  let tickSize = 10.0
  private let labelSize = 11.5

  /// Settles axes and frame.
  ///
  /// - Throws: `PlottingError` for data that cannot be shown, or without room for it.
  init(
    _ panel: Panel, x: Double, y: Double, width: Double, height: Double, _ canvas: Canvas
  ) throws(PlottingError) {
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
    var rightMargin = max(12, lastHalf + 4)
    if let bar = panel.colourBar { rightMargin = 12 + (try bar.widthBeside(canvas)) }
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

  func place(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    (left + width * axes.x.fraction(x), top + height * (1 - axes.y.fraction(y)))
  }

  func draw() throws(PlottingError) {
    let hasCells = panel.contents.contains {
      if case .cells = $0 { return true }
      return false
    }
    if !hasCells { drawGrid() }
    try canvas.clipped(x: left - 4, y: top - 4, width: width + 8, height: height + 8) {
      () throws(PlottingError) in
      for content in panel.contents {
        switch content {
        case .series(let series): draw(series)
        case .band(let band): draw(band)
        case .cells(let map): try draw(map)
        case .histogram(let histogram): draw(histogram)
        case .density(let points): try draw(points)
        case .sky: break  // drawn by `SkyDrawing`
        }
      }
    }
    canvas.stroke(
      [(left, top), (left + width, top), (left + width, top + height), (left, top + height)],
      .darkGrey, width: 1, isClosed: true)
    try drawLabels(marksTicks: !hasCells)
    try panel.colourBar?.drawBeside(canvas, x: left + width + 10, y: top, height: height)
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

  private func drawLabels(marksTicks: Bool) throws(PlottingError) {
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
}
