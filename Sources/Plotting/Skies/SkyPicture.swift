import Foundation
import SphereGrids

/// A HEALPix map in Mollweide projection, with a graticule and a colour bar: fills a panel alone.
///
/// Picture:     every point of the picture has the colour of the pixel that contains its direction,
///              without interpolation. Parallels every 30, meridians every 60 degrees.
/// Masks:       NaN is a pixel that was not observed, drawn grey.
/// Colours:     blue to red about zero with a symmetric range if there are values of both signs,
///              else from the smallest value, dark, to the largest, yellow.
/// Checked by:  MollweidePropertyTests, SkyPictureTests, SkyPictureErrorTests.
package struct SkyPicture: Sendable {
  /// The grid of the values.
  package var grid: HealpixGrid
  /// One value per pixel, RING order, or those of `pixels`; NaN where nothing was observed.
  package var values: [Double]
  /// The RING numbers of the values, ascending; other pixels were not observed. Nil: all pixels.
  package var pixels: [Int]?
  /// The unit, beside the colour bar; empty: none.
  package var unit: String
  /// Values at both ends of the colour bar; those beyond get the colour of the end. Nil: all
  /// values.
  package var range: ClosedRange<Double>?
  package var projection: MollweideProjection

  /// A picture of a map.
  package init(
    grid: HealpixGrid, values: [Double], pixels: [Int]? = nil, unit: String = "",
    range: ClosedRange<Double>? = nil,
    projection: MollweideProjection = MollweideProjection()
  ) {
    self.grid = grid
    self.values = values
    self.pixels = pixels
    self.unit = unit
    self.range = range
    self.projection = projection
  }

  /// Range and colours, settled on the values.
  ///
  /// - Throws: `PlottingError.lengthsDiffer`, `.empty` for a map without observed pixels,
  ///   `.notFinite` for infinities, `.invalidRange`.
  func colours(_ name: String) throws(PlottingError) -> ValueColours {
    let expected = pixels?.count ?? grid.pointCount
    if values.count != expected {
      throw .lengthsDiffer(
        content: name, list: "the map", found: values.count, expected: expected)
    }
    let observed = values.filter { !$0.isNaN }
    if let index = values.firstIndex(where: { $0.isInfinite }) {
      throw .notFinite(content: name, axis: "colour", index: index, value: "\(values[index])")
    }
    guard let least = observed.min(), let most = observed.max() else {
      throw .empty(content: "the observed part of \(name)")
    }
    if let range {
      guard range.lowerBound < range.upperBound, range.lowerBound.isFinite,
        range.upperBound.isFinite
      else {
        throw .invalidRange(axis: "colour", lower: range.lowerBound, upper: range.upperBound)
      }
      let isAboutZero = range.lowerBound == -range.upperBound
      return ValueColours(range: range, scale: isAboutZero ? .diverging : .sequential)
    }
    if least < 0 && most > 0 {
      let limit = max(-least, most)
      guard (2 * limit).isFinite else {
        throw .invalidRange(axis: "colour", lower: least, upper: most)
      }
      return ValueColours(range: -limit...limit, scale: .diverging)
    }
    // One value alone gets a range around it.
    let margin = least == most ? max(1, abs(least) / 2) : 0
    guard (most - least + 2 * margin).isFinite else {
      throw .invalidRange(axis: "colour", lower: least, upper: most)
    }
    return ValueColours(range: least - margin...most + margin, scale: .sequential)
  }

  /// The value of a pixel; NaN where nothing was observed.
  func value(_ pixel: Int) -> Double {
    guard let pixels else { return values[pixel] }
    var (low, high) = (0, pixels.count)
    while low < high {
      let middle = (low + high) / 2
      if pixels[middle] < pixel { low = middle + 1 } else { high = middle }
    }
    return low < pixels.count && pixels[low] == pixel ? values[low] : .nan
  }
}

/// Which colour a value has.
struct ValueColours {
  let range: ClosedRange<Double>
  let scale: ColourScale

  func colour(_ value: Double) -> Colour {
    let t = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return scale.colour(min(1, max(0, t)))
  }
}

/// Draws a map into its part of a canvas.
struct SkyDrawing {
  private let title: String
  private let picture: SkyPicture
  private let colours: ValueColours
  private let canvas: Canvas
  /// Upper left corner and half height of the ellipse.
  private let left: Double
  private let top: Double
  private let radius: Double

  /// Settles colours and places.
  ///
  /// - Throws: `PlottingError` for a map that cannot be shown, or without room for it.
  init(
    _ picture: SkyPicture, title: String, x: Double, y: Double, width: Double, height: Double,
    _ canvas: Canvas
  ) throws(PlottingError) {
    self.title = title
    self.picture = picture
    self.canvas = canvas
    colours = try picture.colours("the map of panel '\(title)'")
    let topMargin = title.isEmpty ? 8.0 : 24
    let (roomX, roomY) = (width - 20, height - topMargin - 40)
    radius = min(roomX / 4, roomY / 2).rounded(.down)
    guard 4 * radius >= 40 else { throw .noRoom(panel: title, width: roomX, height: roomY) }
    left = (x + (width - 4 * radius) / 2).rounded()
    top = (y + topMargin).rounded()
  }

  func draw() throws(PlottingError) {
    let grey = Colour.grey
    try canvas.image(x: left, y: top, width: 4 * radius, height: 2 * radius) { u, v in
      guard
        let direction = picture.projection.direction(x: 4 * u - 2, y: 1 - 2 * v)
      else { return nil }
      let value = picture.value(picture.grid.pixelContaining(direction))
      return value.isNaN ? grey : colours.colour(value)
    }
    for line in picture.projection.graticule {
      canvas.stroke(line.map(place), Colour.black.withOpacity(0.28), width: 0.6)
    }
    let outline = (0..<180).map { k -> (x: Double, y: Double) in
      let angle = Double(k) * .pi / 90
      return place((2 * cos(angle), sin(angle)))
    }
    canvas.stroke(outline, .darkGrey, width: 1.2, isClosed: true)
    try canvas.text(
      title, x: left + 2 * radius, y: top - 8, size: 12, anchor: .middle, isBold: true)
    try ColourBar(range: colours.range, label: picture.unit, colour: colours.colour).drawBelow(
      canvas, x: left + 0.9 * radius, y: top + 2 * radius + 9, width: 2.2 * radius)
  }

  private func place(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
    (left + radius * (point.x + 2), top + radius * (1 - point.y))
  }
}
