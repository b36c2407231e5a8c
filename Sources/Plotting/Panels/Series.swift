/// Points joined by a line, with error bars where there are any.
package struct Series: Sendable {
  /// The entry in the legend; series of one name and style share it. Empty: none.
  package var name: String
  package var x: [Double]
  package var y: [Double]
  /// Half the length of the bar at every point, in units of y; nil: no bars.
  package var errors: [Double]?
  package var style: SeriesStyle

  /// Points in the order of the line.
  package init(
    _ name: String, x: [Double], y: [Double], errors: [Double]? = nil, style: SeriesStyle
  ) {
    self.name = name
    self.x = x
    self.y = y
    self.errors = errors
    self.style = style
  }
}
