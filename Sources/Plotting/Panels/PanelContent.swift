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
