import Foundation

/// What can be drawn into a file.
package protocol Picture: Sendable {
  /// Size of the whole picture, in points.
  ///
  /// - Throws: `PlottingError`.
  func size() throws(PlottingError) -> (width: Double, height: Double)

  /// The picture as a PNG file with so many pixels per point.
  ///
  /// - Throws: `PlottingError`.
  func png(scale: Double) throws(PlottingError) -> Data

  /// The picture as an SVG file, letters as outlines.
  ///
  /// - Throws: `PlottingError`.
  func svg() throws(PlottingError) -> Data
}

extension Figure: Picture {}
