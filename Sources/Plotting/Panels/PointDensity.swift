import Foundation

/// Many points as a picture: how many lie in each of the small cells of a panel.
///
/// Colour:      by log(1 + n)/log(1 + largest n), light blue to dark blue; empty cells stay white.
///              A single point is visible, unlike in a cloud of transparent discs.
/// Checked by:  HistogramTests.
package struct PointDensity: Sendable {
  package var x: [Double]
  package var y: [Double]
  /// Cells along each axis of the panel.
  package var cells: Int

  /// Points and the fineness of the picture.
  package init(x: [Double], y: [Double], cells: Int = 90) {
    precondition(cells >= 1, "\(cells) cells")
    self.x = x
    self.y = y
    self.cells = cells
  }

  /// Numbers of points by cells, `[row][column]`, row 0 at the bottom, for positions in 0...1 along
  /// the axes.
  static func counts(
    _ positions: [(x: Double, y: Double)], cells: Int
  ) -> [[Int]] {
    var counts = [[Int]](repeating: [Int](repeating: 0, count: cells), count: cells)
    for position in positions {
      let column = min(cells - 1, Int(position.x * Double(cells)))
      let row = min(cells - 1, Int(position.y * Double(cells)))
      counts[row][column] += 1
    }
    return counts
  }

  /// The colour of a cell with `count` of at most `most` points; nil without points.
  static func colour(_ count: Int, most: Int) -> Colour? {
    guard count > 0 else { return nil }
    let t = log(1 + Double(count)) / log(1 + Double(most))
    return ColourScale.diverging.colour(0.36 * (1 - t))
  }
}
