import Foundation
import Testing

@testable import Plotting

/// What is in the files of corner plots. Blind to: whether they are pleasant.
@Suite("Corner plots")
struct CornerPlotTests {
  /// Normal densities of widths 1 around 0 for any number of parameters.
  private static func plot(
    _ count: Int, maps: Int = 1, truth: Double? = nil, scale: Double = 1
  ) -> CornerPlot {
    let x = (0...80).map { scale * (Double($0) / 10 - 4) }
    func normal(_ x: Double, _ centre: Double) -> Double {
      let z = x / scale - centre
      return exp(-z * z / 2)
    }
    let entries = (0..<maps).map { map in
      let centre = Double(map) / 2
      let surface = CornerPlot.Surface(
        x: x, y: x, density: x.flatMap { a in x.map { normal(a, centre) * normal($0, centre) } },
        levels: [0.3173, 0.0455])
      let curve = CornerPlot.Curve(
        x: x, density: x.map { normal($0, centre) }, median: scale * centre,
        interval: scale * (centre - 1)...scale * (centre + 1))
      return CornerPlot.Entry(
        name: "map \(map)", curves: [CornerPlot.Curve](repeating: curve, count: count),
        surfaces: [CornerPlot.Surface](repeating: surface, count: count * (count - 1) / 2))
    }
    return CornerPlot(
      "title",
      parameters: (0..<count).map {
        CornerPlot.Parameter(
          name: "p\($0)", unit: "uK", range: -4 * scale...4 * scale, truth: truth)
      }, entries: entries)
  }

  @Test("Equal pictures are equal bytes, others are not")
  func bytes() throws {
    var seen = Set<Data>()
    for plot in [Self.plot(1), Self.plot(2), Self.plot(3), Self.plot(2, maps: 3)] {
      let png = try plot.png(scale: 1)
      #expect(try plot.png(scale: 1) == png && plot.svg() == plot.svg())
      #expect(png.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
      seen.insert(png)
    }
    seen.insert(try Self.plot(2, truth: 1).png(scale: 1))
    #expect(seen.count == 5)
  }

  /// The shaded region of one density covers the area of its ellipse: 2.2955 π σ² and 6.18 π σ² of
  /// the panel's (8 σ)², counted in pixels, rims apart: 3 %.
  @Test("The areas of the regions in the picture")
  func regions() throws {
    let plot = Self.plot(2)
    let scale = 2.0
    let image = try decodedPixels(plot.png(scale: scale))
    let measure = try Canvas(width: 1, height: 1, .png(scale: 1))
    let layout = try CornerLayout(plot, measure)
    var counts: [UInt32: Int] = [:]
    let (left, top) = (Int(scale * layout.x(0)) + 12, Int(scale * layout.y(1)) + 2)
    let side = Int(scale * layout.side) - 14
    for y in top..<top + side {
      for x in left..<left + side { counts[image.pixels[y * image.width + x], default: 0] += 1 }
    }
    let blue = CornerPlot.colour(0)
    let opacities = CornerPlot.opacities(several: false, levels: 2)
    func over(_ below: Double, _ opacity: Double, _ part: Double) -> Double {
      below * (1 - opacity) + part * opacity
    }
    func pixel(_ layers: [Double]) -> [Double] {
      [blue.red, blue.green, blue.blue].map { part in layers.reduce(1) { over($0, $1, part) } }
    }
    func near(_ colour: [Double]) -> Int {
      counts.filter { key, _ in
        zip([16, 8, 0], colour).allSatisfy { abs(Double(key >> $0 & 0xFF) - 255 * $1) <= 2 }
      }.values.reduce(0, +)
    }
    let whole = scale * layout.side * scale * layout.side / 64
    let inner = Double(near(pixel([opacities[1], opacities[0]]))) / whole
    let outer = Double(near(pixel([opacities[1]]))) / whole
    // Rims are lines of 1.1 points around circles of radius √2.2955 and √6.18.
    let rim = 1.1 / (layout.side / 8) * Double.pi
    let (a, b) = (-2 * log(0.3173), -2 * log(0.0455))
    #expect(abs(inner / (Double.pi * a - rim * a.squareRoot()) - 1) < 0.03, "\(inner)")
    let ring = Double.pi * (b - a) - rim * (a.squareRoot() + b.squareRoot())
    #expect(abs(outer / ring - 1) < 0.03, "\(outer), expected \(ring)")
  }

  /// Two digits of the shorter arm; a power of ten that the label names.
  @Test("Headings and labels")
  func texts() throws {
    let curve = CornerPlot.Curve(
      x: [0, 1], density: [1, 1], median: 0.01234, interval: 0.0089...0.0169)
    #expect(cornerHeading(curve, power: 0) == ("0.0123", "+0.0046", "-0.0034"))
    #expect(cornerHeading(curve, power: -2) == ("1.23", "+0.46", "-0.34"))
    let measure = try Canvas(width: 1, height: 1, .png(scale: 1))
    let layout = try CornerLayout(Self.plot(2, scale: 1e-9), measure)
    #expect(layout.axes[0].power == -9 && layout.axes[0].label == "p0 [10^{-9} uK]")
    #expect(layout.axes[0].ticks.contains { $0.label == "2" && abs($0.position - 2e-9) < 1e-20 })
    let plain = try CornerLayout(Self.plot(2), measure)
    #expect(plain.axes[0].power == 0 && plain.axes[0].label == "p0 [uK]")
  }

  @Test("The curve between two values")
  func parts() {
    let curve = CornerPlot.Curve(x: [0, 1, 2], density: [0, 2, 0], median: 1, interval: 0.5...1.5)
    let part = CornerDrawing.part(curve, curve.interval)
    #expect(part.map(\.x) == [0.5, 1, 1.5] && part.map(\.y) == [1, 2, 1])
    #expect(CornerDrawing.density(curve, at: -1) == 0 && CornerDrawing.density(curve, at: 3) == 0)
  }

  @Test("What cannot be drawn")
  func refusals() {
    var plot = Self.plot(2)
    plot.entries[0].curves[0].density[3] = .nan
    #expect(throws: PlottingError.self) { try plot.png() }
    plot = Self.plot(2)
    plot.entries[0].surfaces[0].density.removeLast()
    #expect(throws: PlottingError.self) { try plot.png() }
    plot = Self.plot(2, truth: 5)
    #expect(throws: PlottingError.self) { try plot.png() }
    plot = Self.plot(2)
    plot.parameters[0].name = "\u{3a9}"
    #expect(throws: PlottingError.self) { try plot.png() }
    plot.entries = []
    #expect(throws: PlottingError.self) { try plot.png() }
    #expect(throws: Never.self) { try Self.plot(2).png() }
  }
}
