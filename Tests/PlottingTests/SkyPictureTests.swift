import SphereGrids
import Testing
import Verification

@testable import Plotting

/// What the picture of a map shows, from the pixels of the PNG file.
/// Blind to: the projection's own errors (`MollweidePropertyTests`).
@Suite("Pictures of maps")
struct SkyPictureTests {
  private let grid: HealpixGrid

  init() throws { grid = try HealpixGrid(nside: 2) }

  private func figure(_ values: [Double], range: ClosedRange<Double>? = nil) -> Figure {
    Figure(
      columns: 1, panelWidth: 420, panelHeight: 260,
      [Panel("", sky: SkyPicture(grid: grid, values: values, unit: "uK", range: range))])
  }

  /// The place of the ellipse in a PNG with one pixel per point: 1.5 panels wide, as `SkyDrawing`
  /// has it.
  private func ellipse(_ image: PixelImage) -> (left: Double, top: Double, radius: Double) {
    let radius = min((420 - 20) / 4.0, (260 - 8 - 40) / 2.0).rounded(.down)
    return ((420 - 4 * radius) / 2, 6 + 8, radius)
  }

  /// Every pixel of the file that has one of the two colours exactly has that of the HEALPix pixel
  /// that contains its direction: no mismatch. Lines of the graticule blend colours; at least 80 %
  /// are exact.
  /// Control: the mirrored sky mismatches in more than a tenth of them.
  @Test("Colours of pixels", arguments: [0, 5, 17, 47])
  func lookup(chosen: Int) throws {
    let values = (0..<grid.pointCount).map { $0 == chosen || $0 % 3 == 0 ? 1.0 : 0 }
    let image = try PixelImage(png: figure(values).png(scale: 1))
    let place = ellipse(image)
    let colours = [0.0, 1].map { ColourScale.sequential.colour($0).premultiplied & 0xFF_FFFF }
    var (exact, wrong, mirrored, inside) = (0, 0, 0, 0)
    for y in 0..<image.height - 40 {
      for x in 0..<image.width {
        let u = (Double(x) + 0.5 - place.left) / place.radius - 2
        let v = 1 - (Double(y) + 0.5 - place.top) / place.radius
        guard
          let direction = MollweideProjection().direction(x: u, y: v),
          let mirror = MollweideProjection().direction(x: -u, y: v)
        else { continue }
        inside += 1
        guard let found = colours.firstIndex(of: image.pixel(x, y)) else { continue }
        exact += 1
        if values[try grid.pixel(at: direction)] != Double(found) { wrong += 1 }
        if values[try grid.pixel(at: mirror)] != Double(found) { mirrored += 1 }
      }
    }
    #expect(wrong == 0)
    #expect(5 * exact > 4 * inside && 10 * mirrored > exact, "\(exact) of \(inside), \(mirrored)")
  }

  /// Every HEALPix pixel covers 1/npix of the ellipse: counted in rows and columns of directions, 4
  /// radius² of them. A region of perimeter L errs by at most L cells; the outline of a pixel in
  /// the ellipse is within twice its extent both ways. Control: counting in a plate carrée picture
  /// gives the polar pixels more than their bound.
  @Test("Equal areas, counted")
  func equalAreas() throws {
    let radius = 400
    var counts = [Int](repeating: 0, count: grid.pointCount)
    var flat = counts
    var extent = [(low: (Int, Int), high: (Int, Int))](
      repeating: ((.max, .max), (.min, .min)), count: grid.pointCount)
    for row in 0..<2 * radius {
      for column in 0..<4 * radius {
        let y = 1 - (Double(row) + 0.5) / Double(radius)
        let x = (Double(column) + 0.5) / Double(radius) - 2
        let plain = Direction(theta: .pi / 2 * (1 - y), phi: .pi / 2 * x)
        flat[try grid.pixel(at: plain)] += 1
        guard let direction = MollweideProjection(centre: .pi / 4).direction(x: x, y: y) else {
          continue
        }
        let pixel = try grid.pixel(at: direction)
        counts[pixel] += 1
        let e = extent[pixel]
        extent[pixel] = (
          (min(e.low.0, column), min(e.low.1, row)), (max(e.high.0, column), max(e.high.1, row))
        )
      }
    }
    let expected = 2 * Double.pi * Double(radius * radius) / Double(grid.pointCount)
    for pixel in 0..<grid.pointCount {
      let e = extent[pixel]
      let bound = Double(2 * (e.high.0 - e.low.0 + e.high.1 - e.low.1))
      #expect(abs(Double(counts[pixel]) - expected) <= bound, "\(pixel): \(counts[pixel])")
    }
    let plain = 8 * Double(radius * radius) / Double(grid.pointCount)
    #expect(abs(Double(flat[0]) - plain) > plain)
  }

  /// Pixels without an observation are grey, a third here; without a mask only a few pixels of
  /// letters are.
  @Test("Masked pixels")
  func mask() throws {
    let values = (0..<grid.pointCount).map { $0 % 3 == 0 ? .nan : $0 % 2 == 0 ? 1.0 : -1 }
    let image = try PixelImage(png: figure(values).png(scale: 1))
    let radius = ellipse(image).radius
    let share = Double(image.count(.grey)) / (2 * .pi * radius * radius)
    #expect(share > 0.25 && share < 0.34, "\(share)")
    let whole = try PixelImage(png: figure(values.map { $0.isNaN ? 1 : $0 }).png(scale: 1))
    #expect(1000 * whole.count(.grey) < image.count(.grey))
  }

  /// A symmetric range about zero where both signs occur, the data's own range where they do not.
  @Test("Ranges of colours")
  func ranges() throws {
    func range(_ values: [Double], _ given: ClosedRange<Double>? = nil) throws -> [Double] {
      let padded = values + [Double](repeating: values[0], count: 48 - values.count)
      let picture = SkyPicture(grid: grid, values: padded, range: given)
      let colours = try picture.colours("map")
      return [colours.range.lowerBound, colours.range.upperBound]
    }
    #expect(try range([-1, 3]) == [-3, 3])
    #expect(try range([1, 3, .nan]) == [1, 3])
    #expect(try range([2]) == [1, 3])
    #expect(try range([0]) == [-1, 1])
    #expect(try range([-1, 3], -2...2) == [-2, 2])
  }

  /// Maps are images within SVG files, and Cairo numbers them: still the same bytes twice.
  @Test("Equal bytes")
  func determinism() throws {
    let values = (0..<grid.pointCount).map { Double($0) - 20 }
    #expect(try figure(values).svg() == figure(values).svg())
    #expect(try figure(values).png() == figure(values).png())
    #expect(try figure(values).svg() != figure(values.map { -$0 }).svg())
  }
}
