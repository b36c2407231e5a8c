// How a panel draws its contents.

extension PanelDrawing {
  func draw(_ series: Series) {
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
    for point in points {
      canvas.marker(style.marker, x: point.x, y: point.y, style.colour, radius: style.size)
    }
  }

  func draw(_ band: Band) {
    let lower = zip(band.x, band.lower).map { place($0, $1) }
    let upper = zip(band.x, band.upper).map { place($0, $1) }
    canvas.fillPolygon(lower + upper.reversed(), band.colour)
  }

  func draw(_ histogram: Histogram) {
    let outline = histogram.outline.map { place($0.x, $0.y) }
    canvas.fillPolygon(outline, histogram.colour.withOpacity(0.3))
    canvas.stroke(outline, histogram.colour, width: 1.1)
  }

  func draw(_ points: PointDensity) throws(PlottingError) {
    let positions = zip(points.x, points.y).map { (x: axes.x.fraction($0), y: axes.y.fraction($1)) }
    let counts = PointDensity.counts(positions, cells: points.cells)
    let most = counts.joined().max() ?? 0
    let cells = Double(points.cells)
    try canvas.image(x: left, y: top, width: width, height: height) { u, v in
      PointDensity.colour(counts[Int((1 - v) * cells)][Int(u * cells)], most: most)
    }
  }

  func draw(_ map: HeatMap) throws(PlottingError) {
    guard let texts = map.texts else {
      let (rows, columns) = (Double(map.values.count), Double(map.values[0].count))
      let (corner, other) = (place(0, rows), place(columns, 0))
      return try canvas.image(
        x: corner.x, y: corner.y, width: other.x - corner.x, height: other.y - corner.y
      ) { u, v in
        map.values[Int((1 - v) * rows)][Int(u * columns)].map(map.colour)
      }
    }
    for (row, values) in map.values.enumerated() {
      for (column, value) in values.enumerated() {
        let corner = place(Double(column), Double(row + 1))
        let other = place(Double(column + 1), Double(row))
        let colour = value.map(map.colour) ?? .white
        canvas.fill(
          x: corner.x, y: corner.y, width: other.x - corner.x, height: other.y - corner.y, colour)
        canvas.stroke(
          [corner, (other.x, corner.y), other, (corner.x, other.y)], .white, width: 1,
          isClosed: true)
        try canvas.text(
          texts[row][column], x: (corner.x + other.x) / 2, y: (corner.y + other.y) / 2 + 3.5,
          size: tickSize, colour.luminance < 0.45 ? .white : .black, anchor: .middle)
      }
    }
  }
}

extension Canvas {
  /// A marker of one point.
  func marker(_ kind: MarkerKind, x: Double, y: Double, _ colour: Colour, radius r: Double = 3) {
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
