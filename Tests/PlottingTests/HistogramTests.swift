import Testing
import Verification

@testable import Plotting

/// Histograms and pictures of many points, by exact expectation: counts compare with `==`.
/// Blind to: how they look.
@Suite("Histograms and densities of points")
struct HistogramTests {
  private func histogram(
    _ values: [Double], range: ClosedRange<Double> = 0...4, bins: Int = 4
  ) throws -> Histogram {
    try Histogram("h", values: values, range: range, bins: bins, colour: .black)
  }

  /// Bins are closed below; the last is closed above as well. Heights times widths add up to the
  /// share of values within the range: exactly, for these binary fractions.
  @Test("Counts")
  func counts() throws {
    let h = try histogram([0, 0.5, 1, 3.9, 4, -0.1, 4.1, 2])
    #expect(h.counts == [2, 1, 1, 2])
    #expect(h.beyond.below == 1 && h.beyond.above == 1 && h.valueCount == 8)
    #expect(h.densities == [0.25, 0.125, 0.125, 0.25])
    #expect(h.densities.reduce(0, +) * h.width == 6.0 / 8)
    #expect(h.outline.first?.y == 0 && h.outline.last?.y == 0 && h.outline.count == 10)
  }

  /// Counts of 100,000 normal deviates against the normal integral of each bin: five standard
  /// errors of a binomial. Control: the density of another width, 1.1, exceeds it in the middle bin
  /// by far.
  @Test("The normal density")
  func normal() throws {
    var numbers = TestNumbers(seed: 3)
    let n = 100_000
    let h = try histogram((0..<n).map { _ in numbers.normal() }, range: -4...4, bins: 16)
    let middle = h.densities[8] * h.width
    let share = 0.19146246127401312  // of 0...1/2 in a unit normal distribution
    let bound = 5 * (share * (1 - share) / Double(n)).squareRoot()
    #expect(abs(middle - share) <= bound, "\(middle)")
    #expect(abs(middle - 0.17528) > 2 * bound)
  }

  @Test("Refusals")
  func refusals() {
    #expect(throws: PlottingError.empty(content: "histogram 'h'")) { try histogram([]) }
    #expect(
      throws: PlottingError.notFinite(
        content: "histogram 'h'", axis: "x", index: 1, value: "nan")
    ) { try histogram([1, .nan]) }
    #expect(throws: PlottingError.invalidRange(axis: "x", lower: 1, upper: 1)) {
      try histogram([1], range: 1...1)
    }
  }

  @Test("Points in cells")
  func points() {
    let counts = PointDensity.counts([(0, 0), (0.49, 0.2), (1, 1), (0.5, 0)], cells: 2)
    #expect(counts == [[2, 1], [0, 1]])
    #expect(PointDensity.colour(0, most: 9) == nil)
    let steps = [1, 2, 5, 9].compactMap { PointDensity.colour($0, most: 9)?.lightness.l }
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 > $1 + 1 }, "\(steps)")
    // One point of many is seen on white, whose lightness is 100.
    #expect(steps[0] < 80)
  }

  @Test("Points that cannot be shown")
  func pointRefusals() {
    func draw(_ x: [Double], _ y: [Double], range: ClosedRange<Double>? = nil) throws {
      let panel = Panel(
        "p", x: Axis("x", range: range), y: Axis("y"), [.density(PointDensity(x: x, y: y))])
      _ = try Figure(columns: 1, [panel]).svg()
    }
    #expect(throws: Never.self) { try draw([1, 2], [1, 2]) }
    #expect(throws: PlottingError.empty(content: "points of panel 'p'")) { try draw([], []) }
    #expect(
      throws: PlottingError.notFinite(
        content: "points of panel 'p'", axis: "y", index: 0, value: "nan")
    ) { try draw([1], [.nan]) }
    #expect(throws: PlottingError.self) { try draw([1, 2], [1]) }
    #expect(throws: PlottingError.self) { try draw([1, 9], [1, 2], range: 0...5) }
  }

  /// Cells without texts fill the frame, each its share of it; a colour bar is drawn beside them.
  @Test("Cells without texts")
  func cells() throws {
    func image(_ label: String?) throws -> PixelImage {
      let map = HeatMap(values: [[0, 1], [nil, 1]], range: 0...1, barLabel: label)
      let panel = Panel(
        "", x: Axis("x", range: 0...2), y: Axis("y", range: 0...2), [.cells(map)])
      return try PixelImage(png: Figure(columns: 1, [panel]).png(scale: 1))
    }
    let plain = try image(nil)
    let ends = [0.0, 1].map { plain.count(ColourScale.sequential.colour($0)) }
    #expect(Double(abs(ends[1] - 2 * ends[0])) <= 0.05 * Double(ends[1]), "\(ends)")
    #expect(ends[0] > 8000)
    #expect(try image("w").count(ColourScale.sequential.colour(0)) < ends[0])
    #expect(
      throws: PlottingError.lengthsDiffer(
        content: "cells of panel ''", list: "a row", found: 1, expected: 2)
    ) {
      let map = HeatMap(values: [[0, 1], [0]], range: 0...1)
      _ = try Figure(columns: 1, [Panel("", x: Axis(""), y: Axis(""), [.cells(map)])]).png()
    }
  }
}
