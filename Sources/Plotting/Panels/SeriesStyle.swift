/// Colour, line and marker of a series.
package struct SeriesStyle: Sendable, Hashable {
  package var colour: Colour
  package var line: LineKind
  package var marker: MarkerKind
  /// Radius of the marker, in points.
  package var size: Double

  /// A style from its parts.
  package init(
    _ colour: Colour, line: LineKind = .solid, marker: MarkerKind = .disc, size: Double = 3
  ) {
    self.colour = colour
    self.line = line
    self.marker = marker
    self.size = size
  }

  /// Style k of a figure: a colour of the palette with a marker of its own, so that a reader who
  /// sees no colour tells them apart too.
  package static func number(_ k: Int, line: LineKind = .solid) -> SeriesStyle {
    let markers: [MarkerKind] = [.disc, .square, .diamond, .triangle, .ring, .cross]
    return SeriesStyle(
      Colour.palette[k % Colour.palette.count], line: line, marker: markers[k % markers.count])
  }
}
