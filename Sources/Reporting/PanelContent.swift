/// How a line is drawn.
public enum LineKind: Sendable, Hashable { case none, solid, dashed, dotted }

/// How a point is drawn.
public enum MarkerKind: Sendable, Hashable, CaseIterable {
  case none, disc, square, diamond, triangle, ring, cross
}

/// Colour, line and marker of a series.
public struct SeriesStyle: Sendable, Hashable {
  public var colour: Colour
  public var line: LineKind
  public var marker: MarkerKind
  /// Radius of the marker, in points.
  public var size: Double

  /// A style from its parts.
  public init(
    _ colour: Colour, line: LineKind = .solid, marker: MarkerKind = .disc, size: Double = 3
  ) {
    self.colour = colour
    self.line = line
    self.marker = marker
    self.size = size
  }

  /// Style k of a figure: a colour of the palette with a marker of its own, so that a reader who sees no
  /// colour tells them apart too.
  public static func number(_ k: Int, line: LineKind = .solid) -> SeriesStyle {
    let markers: [MarkerKind] = [.disc, .square, .diamond, .triangle, .ring, .cross]
    return SeriesStyle(
      Colour.palette[k % Colour.palette.count], line: line, marker: markers[k % markers.count])
  }
}

/// Points joined by a line, with error bars where there are any.
public struct Series: Sendable {
  /// The entry in the legend; series of one name and style share it. Empty: none.
  public var name: String
  public var x: [Double]
  public var y: [Double]
  /// Half the length of the bar at every point, in units of y; nil: no bars.
  public var errors: [Double]?
  public var style: SeriesStyle

  /// Points in the order of the line.
  public init(
    _ name: String, x: [Double], y: [Double], errors: [Double]? = nil, style: SeriesStyle
  ) {
    self.name = name
    self.x = x
    self.y = y
    self.errors = errors
    self.style = style
  }
}

/// A shaded region between two curves.
public struct Band: Sendable {
  /// The entry in the legend; empty: none.
  public var name: String
  public var x: [Double]
  public var lower: [Double]
  public var upper: [Double]
  public var colour: Colour

  /// The region between `lower` and `upper`.
  public init(_ name: String, x: [Double], lower: [Double], upper: [Double], colour: Colour) {
    self.name = name
    self.x = x
    self.lower = lower
    self.upper = upper
    self.colour = colour
  }
}

/// A table of coloured cells, with a text in each or with a colour bar beside it.
///
/// Layout: row 0 at the bottom; cell (row, column) covers column...column + 1, row...row + 1 of the axes,
///         which therefore have ticks at half-integers (`HeatMap.ticks`).
public struct HeatMap: Sendable {
  /// `[row][column]`; nil: a cell that stays white.
  public var values: [[Double?]]
  /// What is written into each cell, in the same shape; nil: nothing, and no lines between the cells.
  public var texts: [[String]]?
  /// Values at both ends of the colours; those beyond get the colour of the end.
  public var range: ClosedRange<Double>
  public var scale: AxisScale
  /// The quantity, beside a colour bar; nil: no bar.
  public var barLabel: String?

  /// Cells from their values.
  public init(
    values: [[Double?]], texts: [[String]]? = nil, range: ClosedRange<Double>,
    scale: AxisScale = .linear, barLabel: String? = nil
  ) {
    self.values = values
    self.texts = texts
    self.range = range
    self.scale = scale
    self.barLabel = barLabel
  }

  /// Ticks in the middle of the cells.
  public static func ticks(_ labels: [String]) -> [Tick] {
    labels.enumerated().map { Tick(position: Double($0.offset) + 0.5, label: $0.element) }
  }
}

/// What a panel shows, in the order of drawing.
public enum PanelContent: Sendable {
  case series(Series)
  case band(Band)
  case cells(HeatMap)
  case histogram(Histogram)
  case density(PointDensity)
  /// A map of the sky, alone in its panel, whose axes are not drawn.
  case sky(SkyPicture)
}

/// One pair of axes with what they show.
public struct Panel: Sendable {
  /// Stands above the frame.
  public var title: String
  public var x: Axis
  public var y: Axis
  public var contents: [PanelContent]

  /// A panel from its axes and contents.
  public init(_ title: String, x: Axis, y: Axis, _ contents: [PanelContent]) {
    self.title = title
    self.x = x
    self.y = y
    self.contents = contents
  }

  /// A panel with a map of the sky.
  public init(_ title: String, sky: SkyPicture) {
    self.init(title, x: Axis(""), y: Axis(""), [.sky(sky)])
  }

  /// The map of the sky that fills the panel, if it is one.
  ///
  /// Domain: no other content beside a map (a precondition).
  var sky: SkyPicture? {
    for case .sky(let picture) in contents {
      precondition(contents.count == 1, "panel '\(title)' has more than its map")
      return picture
    }
    return nil
  }

  /// The first colour bar of the panel's cells.
  var colourBar: ColourBar? {
    for case .cells(let map) in contents {
      guard let label = map.barLabel else { continue }
      return ColourBar(range: map.range, scale: map.scale, label: label, colour: map.colour)
    }
    return nil
  }
}
