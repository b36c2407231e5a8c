import Testing
import Verification

@testable import Plotting

/// Data that cannot be drawn is refused with its place, before anything is drawn.
@Suite("Refusals of figures")
struct FigureErrorTests {
  private func figure(
    x: [Double] = [1, 2], y: [Double] = [1, 2], errors: [Double]? = nil,
    yAxis: Axis = Axis("y", .logarithmic), title: String = "p"
  ) -> Figure {
    let series = Series("s", x: x, y: y, errors: errors, style: .number(0))
    return Figure(columns: 1, [Panel(title, x: Axis("x"), y: yAxis, [.series(series)])])
  }

  private let name = "series 's' of panel 'p'"

  @Test("Numbers that are not positive on a logarithmic axis")
  func notPositive() {
    for value in [0.0, -1] {
      #expect(
        throws: PlottingError.notPositive(content: name, axis: "y", index: 1, value: value)
      ) { try figure(y: [1, value]).png() }
    }
    #expect(
      throws: PlottingError.notPositive(
        content: "ends of the bars of \(name)", axis: "y", index: 0, value: -1)
    ) { try figure(errors: [2, 0]).svg() }
    #expect(throws: Never.self) { try figure(y: [1, 0], yAxis: Axis("y")).png() }
  }

  @Test("Numbers that are not finite")
  func notFinite() {
    #expect(
      throws: PlottingError.notFinite(content: name, axis: "x", index: 0, value: "nan")
    ) { try figure(x: [.nan, 1]).png() }
    #expect(
      throws: PlottingError.notFinite(content: name, axis: "y", index: 1, value: "inf")
    ) { try figure(y: [1, .infinity], yAxis: Axis("y")).png() }
    #expect(
      "\(PlottingError.notFinite(content: name, axis: "x", index: 0, value: "nan"))"
        .contains("number 0 on the x axis is nan"))
  }

  @Test("Lengths, ranges, characters, room")
  func others() {
    #expect(
      throws: PlottingError.lengthsDiffer(content: name, list: "y", found: 1, expected: 2)
    ) { try figure(y: [1]).png() }
    #expect(throws: PlottingError.empty(content: name)) { try figure(x: [], y: []).png() }
    #expect(throws: PlottingError.empty(content: "the list of panels")) {
      try Figure(columns: 1, []).png()
    }
    #expect(throws: PlottingError.invalidRange(axis: "y", lower: 0, upper: 1)) {
      try figure(y: [1, 1], yAxis: Axis("y", .logarithmic, range: 0...1)).png()
    }
    #expect(
      throws: PlottingError.outsideRange(
        content: name, axis: "y", index: 1, value: 2, range: "0.5...1.5")
    ) { try figure(yAxis: Axis("y", range: 0.5...1.5)).png() }
    #expect(throws: PlottingError.noGlyph(text: "θ", character: "θ")) {
      try figure(title: "θ").png()
    }
    var small = figure()
    small.panelWidth = 60
    #expect(throws: PlottingError.self) { try small.png() }
  }

  @Test("Cells")
  func cells() {
    func map(_ values: [[Double?]], texts: [[String]]) -> Figure {
      let map = HeatMap(values: values, texts: texts, range: 1e-3...1, scale: .logarithmic)
      return Figure(columns: 1, [Panel("p", x: Axis("x"), y: Axis("y"), [.cells(map)])])
    }
    #expect(throws: Never.self) { try map([[0.1, nil]], texts: [["a", "b"]]).png() }
    #expect(throws: PlottingError.self) { try map([[0.1, nil]], texts: [["a"]]).png() }
    #expect(
      throws: PlottingError.notPositive(
        content: "cells of panel 'p'", axis: "colour", index: 0, value: 0)
    ) { try map([[0]], texts: [["a"]]).png() }
  }
}
