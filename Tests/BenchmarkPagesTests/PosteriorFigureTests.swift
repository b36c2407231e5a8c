import Foundation
import Models
import Plotting
import SkyModels
import SpecialFunctions
import Testing

@testable import BenchmarkPages

/// What a corner plot is given of posteriors, against a normal density and a prior's end.
@Suite("Figures of posteriors")
struct PosteriorFigureTests {
  private static let parameters = [
    ModelParameter(name: "a", prior: .uniform(0...10)),
    ModelParameter(name: "b", prior: .uniform(-1...1), unit: "uK"),
    ModelParameter(name: "c", prior: .uniform(0...1)),
  ]

  /// Normal in q around 0.5 with the width 0.05; c around 0, where its prior ends.
  private static func file(_ maps: [String], dimensions: Int = 3) -> PosteriorFile {
    let own = Array(parameters.prefix(dimensions))
    let grid = PosteriorGrid.zoomed(own.map(\.prior)) { quantiles in
      let axes = quantiles.enumerated().map { axis, q in
        q.map { -200 * ($0 - (axis == 2 ? 0 : 0.5)) * ($0 - (axis == 2 ? 0 : 0.5)) }
      }
      return axes.reduce([0]) { sums, own in sums.flatMap { sum in own.map { sum + $0 } } }
    }
    return PosteriorFile(
      parameters: own,
      entries: maps.enumerated().map {
        PosteriorFile.Entry(map: $1, number: $0 + 1, posterior: grid)
      })
  }

  /// The area of the region of probability P is −2 ln(1 − P) π σ_a σ_b, from the levels and points
  /// that are drawn.
  @Test("Areas of the drawn regions", arguments: [2, 3])
  func areas(dimensions: Int) throws {
    let plot = CornerPlot.posteriors(Self.file(["m.fits"], dimensions: dimensions))
    let surface = plot.entries[0].surfaces[0]
    #expect(surface.x.count >= 160 && surface.levels.count == 2)
    for (level, probability) in zip(surface.levels, PosteriorGrid.intervalProbabilities) {
      let loops = ContourLoops.loops(
        x: surface.x, y: surface.y, values: surface.density, level: level)
      let expected = -2 * log(1 - probability) * Double.pi * (10 * 0.05) * (2 * 0.05)
      #expect(abs(ContourLoops.area(loops) / expected - 1) < 0.01, "\(dimensions) \(probability)")
    }
  }

  /// Axes: 3.3 σ and a margin; the end of the prior of c; a truth beyond them.
  @Test("Ranges and names")
  func ranges() {
    let plot = CornerPlot.posteriors(
      Self.file(["x/m.fits", "y/n.fits"]), truths: ["b": 0.9], title: "t")
    let a = plot.parameters[0].range
    #expect(abs(a.lowerBound - (5 - 3.55 * 0.5)) < 0.05 && abs(a.upperBound - 6.775) < 0.05)
    #expect(plot.parameters[1].range.contains(0.9) && plot.parameters[1].truth == 0.9)
    #expect(plot.parameters[2].range.lowerBound == 0 && plot.parameters[2].range.upperBound < 0.2)
    #expect(plot.entries.map(\.name) == ["m.fits", "n.fits"] && plot.parameters[1].unit == "uK")
    let same = CornerPlot.posteriors(Self.file(["x/m.fits", "y/m.fits"]))
    #expect(same.entries.map(\.name) == ["x/m.fits", "y/m.fits"])
    #expect(plot.entries[0].surfaces.count == 3 && plot.entries[0].curves.count == 3)
  }

  @Test("A picture of every number of parameters", arguments: 1...3)
  func pictures(dimensions: Int) throws {
    let plot = CornerPlot.posteriors(Self.file(["m.fits"], dimensions: dimensions))
    #expect(try plot.png(scale: 1).count > 1000)
    #expect(try plot.size().width < 700)
  }
}
