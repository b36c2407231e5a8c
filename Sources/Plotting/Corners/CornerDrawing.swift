import Foundation

/// Draws a corner plot onto a canvas.
struct CornerDrawing {
  private let plot: CornerPlot
  private let layout: CornerLayout
  private let canvas: Canvas

  init(_ plot: CornerPlot, _ layout: CornerLayout, _ canvas: Canvas) {
    self.plot = plot
    self.layout = layout
    self.canvas = canvas
  }

  func draw() throws(PlottingError) {
    if !plot.title.isEmpty {
      try canvas.text(
        plot.title, x: layout.width / 2, y: 21, size: 14, anchor: .middle, isBold: true)
    }
    for row in plot.parameters.indices {
      for column in 0...row {
        if column == row { try drawCurves(row) } else { try drawSurfaces(row, column) }
        try drawFrame(row, column)
      }
    }
    try drawLegend()
  }

  // MARK: - Diagonal

  /// The part of the panel's height that the largest density takes.
  private static let fill = 0.94

  private func drawCurves(_ k: Int) throws(PlottingError) {
    let (axis, left, top) = (layout.axes[k], layout.x(k), layout.y(k))
    let (side, bottom) = (layout.side, layout.y(k) + layout.side)
    func x(_ value: Double) -> Double { left + side * axis.fraction(value) }
    try canvas.clipped(x: left, y: top, width: side, height: side) { () throws(PlottingError) in
      for (index, entry) in plot.entries.enumerated() {
        let (curve, colour) = (entry.curves[k], CornerPlot.colour(index))
        let largest = curve.density.max() ?? 0
        let factor = largest > 0 ? Self.fill * side / largest : 0
        func y(_ density: Double) -> Double { bottom - factor * density }
        let within = Self.part(curve, curve.interval)
        if within.count >= 2 {
          canvas.fillPolygon(
            [(x(within[0].x), bottom)] + within.map { (x($0.x), y($0.y)) }
              + [(x(within[within.count - 1].x), bottom)],
            colour.withOpacity(plot.entries.count == 1 ? 0.32 : 0.18))
        }
        let median = Self.density(curve, at: curve.median)
        canvas.stroke(
          [(x(curve.median), bottom), (x(curve.median), y(median))], colour, width: 1, .dashed)
        // Down to the axis where the prior ends.
        let points = zip(curve.x, curve.density).map { (x($0), y($1)) }
        canvas.stroke(
          [(points[0].0, bottom)] + points + [(points[points.count - 1].0, bottom)], colour,
          width: 1.6)
      }
      if let truth = plot.parameters[k].truth {
        canvas.stroke([(x(truth), top), (x(truth), bottom)], .darkGrey, width: 1.2, .dotted)
      }
    }
    if plot.entries.count == 1 { try drawHeading(k) }
  }

  /// The curve between two values, linear between its points.
  static func part(
    _ curve: CornerPlot.Curve, _ range: ClosedRange<Double>
  ) -> [(x: Double, y: Double)] {
    let inner = zip(curve.x, curve.density).filter { range.contains($0.0) }.map { (x: $0, y: $1) }
    return [(x: range.lowerBound, y: density(curve, at: range.lowerBound))] + inner
      + [(x: range.upperBound, y: density(curve, at: range.upperBound))]
  }

  /// The density at a value, 0 beyond the curve's ends.
  static func density(_ curve: CornerPlot.Curve, at value: Double) -> Double {
    guard let above = curve.x.firstIndex(where: { $0 >= value }) else { return 0 }
    guard above > 0 else { return curve.x[0] == value ? curve.density[0] : 0 }
    let (low, high) = (curve.x[above - 1], curve.x[above])
    let share = (value - low) / (high - low)
    return curve.density[above - 1] + share * (curve.density[above] - curve.density[above - 1])
  }

  /// "r = 0.012", and the arms of the interval raised and lowered behind it.
  private func drawHeading(_ k: Int) throws(PlottingError) {
    let (curve, axis) = (plot.entries[0].curves[k], layout.axes[k])
    let texts = cornerHeading(curve, power: axis.power)
    let unit = plot.parameters[k].unit
    let tail =
      (axis.power == 0 ? "" : " 10^{\(axis.power)}") + (unit.isEmpty ? "" : " \(unit)")
    let start = "\(plot.parameters[k].name) = \(texts.value)"
    var size = 12.0
    func widths(_ size: Double) throws(PlottingError) -> (Double, Double, Double) {
      (
        try canvas.textWidth(start, size: size),
        max(
          try canvas.textWidth(texts.up, size: 0.75 * size),
          try canvas.textWidth(texts.down, size: 0.75 * size)) + 2,
        try canvas.textWidth(tail, size: size)
      )
    }
    var parts = try widths(size)
    while size > 7, parts.0 + parts.1 + parts.2 > layout.side {
      size -= 0.5
      parts = try widths(size)
    }
    let x = layout.x(k) + (layout.side - parts.0 - parts.1 - parts.2) / 2
    let y = layout.y(k) - 9
    try canvas.text(start, x: x, y: y, size: size)
    try canvas.text(texts.up, x: x + parts.0 + 2, y: y - 0.45 * size, size: 0.75 * size)
    try canvas.text(texts.down, x: x + parts.0 + 2, y: y + 0.3 * size, size: 0.75 * size)
    try canvas.text(tail, x: x + parts.0 + parts.1, y: y, size: size)
  }

  // MARK: - Below the diagonal

  private func drawSurfaces(_ row: Int, _ column: Int) throws(PlottingError) {
    let (side, left, top) = (layout.side, layout.x(column), layout.y(row))
    func place(_ point: ContourLoops.Point) -> (x: Double, y: Double) {
      (
        left + side * layout.axes[column].fraction(point.x),
        top + side * (1 - layout.axes[row].fraction(point.y))
      )
    }
    try canvas.clipped(x: left, y: top, width: side, height: side) { () throws(PlottingError) in
      for (index, entry) in plot.entries.enumerated() {
        let surface = entry.surfaces[row * (row - 1) / 2 + column]
        let colour = CornerPlot.colour(index)
        let opacities = CornerPlot.opacities(
          several: plot.entries.count > 1, levels: surface.levels.count)
        for (level, opacity) in zip(surface.levels, opacities).reversed() {
          let loops = ContourLoops.loops(
            x: surface.x, y: surface.y, values: surface.density, level: level
          ).map { $0.map(place) }
          canvas.fillRegion(loops, colour.withOpacity(opacity))
          for loop in loops { canvas.stroke(loop, colour, width: 1.1, isClosed: true) }
        }
      }
      drawTruth(row, column)
    }
  }

  private func drawTruth(_ row: Int, _ column: Int) {
    let (side, left, top) = (layout.side, layout.x(column), layout.y(row))
    let x = plot.parameters[column].truth.map { left + side * layout.axes[column].fraction($0) }
    let y = plot.parameters[row].truth.map { top + side * (1 - layout.axes[row].fraction($0)) }
    if let x { canvas.stroke([(x, top), (x, top + side)], .darkGrey, width: 1.2, .dotted) }
    if let y { canvas.stroke([(left, y), (left + side, y)], .darkGrey, width: 1.2, .dotted) }
    if let x, let y { canvas.marker(.square, x: x, y: y, .darkGrey, radius: 3) }
  }

  // MARK: - Frames and texts

  private func drawFrame(_ row: Int, _ column: Int) throws(PlottingError) {
    let (side, left, top) = (layout.side, layout.x(column), layout.y(row))
    let (right, bottom) = (left + side, top + side)
    let isLast = row == plot.parameters.count - 1
    let hasY = column == 0 && row > 0
    for tick in layout.axes[column].ticks {
      let x = left + side * layout.axes[column].fraction(tick.position)
      canvas.stroke([(x, bottom), (x, bottom - 4)], .darkGrey, width: 1)
      guard isLast else { continue }
      try canvas.text(
        tick.label, x: x, y: bottom + 15, size: CornerLayout.tickSize, anchor: .middle)
    }
    if row != column {
      for tick in layout.axes[row].ticks {
        let y = top + side * (1 - layout.axes[row].fraction(tick.position))
        canvas.stroke([(left, y), (left + 4, y)], .darkGrey, width: 1)
        guard hasY else { continue }
        try canvas.text(
          tick.label, x: left - 6, y: y + 3.5, size: CornerLayout.tickSize, anchor: .end)
      }
    }
    canvas.stroke(
      [(left, top), (right, top), (right, bottom), (left, bottom)], .darkGrey, width: 1,
      isClosed: true)
    if isLast {
      try canvas.text(
        layout.axes[column].label, x: (left + right) / 2, y: bottom + 35,
        size: CornerLayout.labelSize, anchor: .middle)
    }
    if hasY {
      try canvas.text(
        layout.axes[row].label, x: 16, y: (top + bottom) / 2, size: CornerLayout.labelSize,
        anchor: .middle, quarterTurn: true)
    }
  }

  private func drawLegend() throws(PlottingError) {
    let n = plot.parameters.count
    let isBelow = n == 1
    let x = isBelow ? layout.left : layout.x(1) + 14
    let first = isBelow ? layout.y(0) + layout.side + 46 : layout.y(0) + 4
    let room = layout.width - 12 - x - 38
    for (index, line) in layout.legend.enumerated() {
      let middle = first + CornerLayout.legendRow * (Double(index) + 0.5)
      var isNote = false
      switch line.symbol {
      case .region(let colour):
        let opacities = CornerPlot.opacities(several: plot.entries.count > 1, levels: 2)
        canvas.fill(
          x: x, y: middle - 5, width: 28, height: 10, colour.withOpacity(opacities[1]))
        canvas.fill(
          x: x + 7, y: middle - 5, width: 14, height: 10, colour.withOpacity(opacities[0]))
        canvas.stroke(
          [(x, middle - 5), (x + 28, middle - 5), (x + 28, middle + 5), (x, middle + 5)], colour,
          width: 1, isClosed: true)
      case .truth:
        canvas.stroke([(x, middle), (x + 28, middle)], .darkGrey, width: 1.2, .dotted)
        canvas.marker(.square, x: x + 14, y: middle, .darkGrey, radius: 3)
      case .note: isNote = true
      case .median:
        canvas.stroke(
          [(x, middle), (x + 28, middle)], CornerPlot.colour(0), width: 1, .dashed)
      }
      try canvas.text(
        try shortened(line.text, room: room), x: x + 36, y: middle + 4,
        size: CornerLayout.legendSize, isNote ? .darkGrey : .black)
    }
  }

  /// A text whose middle is left out if it has no room: the ends of file names tell them apart.
  private func shortened(_ text: String, room: Double) throws(PlottingError) -> String {
    var result = text
    var kept = text.count
    while kept > 8, try canvas.textWidth(result, size: CornerLayout.legendSize) > room {
      kept -= 1
      result = "\(text.prefix(kept / 3))...\(text.suffix(kept - kept / 3))"
    }
    return result
  }
}

/// The median and the arms of the interval around it, with as many decimals as the shorter arm
/// needs for two digits, all divided by a power of ten.
func cornerHeading(
  _ curve: CornerPlot.Curve, power: Int
) -> (value: String, up: String, down: String) {
  let unit = pow(10, Double(abs(power)))
  func scaled(_ value: Double) -> Double { power < 0 ? value * unit : value / unit }
  let median = scaled(curve.median)
  let up = scaled(curve.interval.upperBound) - median
  let down = median - scaled(curve.interval.lowerBound)
  let arm = min(up, down) > 0 ? min(up, down) : max(up, down)
  let decimals = arm > 0 ? min(max(1 - Int(log10(arm).rounded(.down)), 0), 12) : 3
  func text(_ value: Double) -> String { String(format: "%.\(decimals)f", value) }
  return (text(median), "+\(text(up))", "-\(text(down))")
}
