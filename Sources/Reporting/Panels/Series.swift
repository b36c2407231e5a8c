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
