/// The colours of a range of values with ticks.
struct ColourBar {
  let range: ClosedRange<Double>
  var scale: AxisScale = .linear
  /// The quantity or its unit.
  let label: String
  /// The colour of a value of the range.
  let colour: (Double) -> Colour

  private let thickness = 9.0
  private let tickSize = 10.0

  private func axis() throws(PlottingError) -> SettledAxis {
    let ticks = scale == .linear ? AxisTicks.linear(range, most: 5) : nil
    return try SettledAxis(
      Axis("", scale, range: range, ticks: ticks), name: "colour", numbers: [])
  }

  /// A bar from left to right with its upper left corner at (x, y); ticks below, the label on the
  /// right.
  ///
  /// - Throws: `PlottingError`.
  func drawBelow(
    _ canvas: Canvas, x: Double, y: Double, width: Double
  ) throws(PlottingError) {
    let axis = try axis()
    let (left, top) = (x.rounded(), y.rounded())
    try canvas.image(x: left, y: top, width: width.rounded(), height: thickness) { u, _ in
      colour(axis.value(at: u))
    }
    frame(canvas, left, top, width.rounded(), thickness)
    for tick in axis.visibleTicks {
      let position = left + width.rounded() * axis.fraction(tick.position)
      canvas.stroke(
        [(position, top + thickness), (position, top + thickness + 3)], .darkGrey, width: 1)
      try canvas.text(
        tick.label, x: position, y: top + thickness + 14, size: tickSize, anchor: .middle)
    }
    try canvas.text(label, x: left + width + 9, y: top + thickness, size: 11)
  }

  /// A bar from below upwards with its upper left corner at (x, y); ticks on the right, the label
  /// reads upwards beyond them.
  ///
  /// - Throws: `PlottingError`.
  func drawBeside(
    _ canvas: Canvas, x: Double, y: Double, height: Double
  ) throws(PlottingError) {
    let axis = try axis()
    let (left, top) = (x.rounded(), y.rounded())
    try canvas.image(x: left, y: top, width: thickness, height: height) { _, v in
      colour(axis.value(at: 1 - v))
    }
    frame(canvas, left, top, thickness, height)
    var widest = 0.0
    for tick in axis.visibleTicks {
      let position = top + height * (1 - axis.fraction(tick.position))
      canvas.stroke(
        [(left + thickness, position), (left + thickness + 3, position)], .darkGrey, width: 1)
      try canvas.text(tick.label, x: left + thickness + 6, y: position + 3.5, size: tickSize)
      widest = max(widest, try canvas.textWidth(tick.label, size: tickSize))
    }
    try canvas.text(
      label, x: left + thickness + 20 + widest, y: top + height / 2, size: 11, anchor: .middle,
      quarterTurn: true)
  }

  /// The room that `drawBeside` takes beyond x.
  ///
  /// - Throws: `PlottingError`.
  func widthBeside(_ canvas: Canvas) throws(PlottingError) -> Double {
    var widest = 0.0
    for tick in try axis().visibleTicks {
      widest = max(widest, try canvas.textWidth(tick.label, size: tickSize))
    }
    return thickness + 10 + widest + (label.isEmpty ? 0 : 16)
  }

  private func frame(
    _ canvas: Canvas, _ x: Double, _ y: Double, _ width: Double, _ height: Double
  ) {
    canvas.stroke(
      [(x, y), (x + width, y), (x + width, y + height), (x, y + height)], .darkGrey, width: 0.8,
      isClosed: true)
  }
}
