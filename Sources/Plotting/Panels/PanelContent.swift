/// How a line is drawn.
package enum LineKind: Sendable, Hashable { case none, solid, dashed, dotted }

/// How a point is drawn.
package enum MarkerKind: Sendable, Hashable, CaseIterable {
  case none, disc, square, diamond, triangle, ring, cross
}

/// What a panel shows, in the order of drawing.
package enum PanelContent: Sendable {
  case series(Series)
  case band(Band)
  case cells(HeatMap)
  case histogram(Histogram)
  case density(PointDensity)
  /// A map of the sky, alone in its panel, whose axes are not drawn.
  case sky(SkyPicture)
}
