import SphereGrids
import Testing
import Verification

@testable import Plotting

/// Maps that cannot be drawn are refused with the reason.
@Suite("Refusals of maps")
struct SkyPictureErrorTests {
  private let name = "the map of panel 'sky'"

  private func draw(
    _ values: [Double], range: ClosedRange<Double>? = nil, width: Double = 420
  ) throws {
    let picture = SkyPicture(grid: try HealpixGrid(nside: 1), values: values, range: range)
    _ = try Figure(columns: 1, panelWidth: width, [Panel("sky", sky: picture)]).png()
  }

  @Test("Numbers and ranges")
  func numbers() throws {
    let fine = (0..<12).map(Double.init)
    #expect(throws: Never.self) { try draw(fine) }
    #expect(
      throws: PlottingError.lengthsDiffer(content: name, list: "the map", found: 11, expected: 12)
    ) { try draw(Array(fine.dropLast())) }
    #expect(throws: PlottingError.empty(content: "the observed part of \(name)")) {
      try draw([Double](repeating: .nan, count: 12))
    }
    #expect(
      throws: PlottingError.notFinite(content: name, axis: "colour", index: 3, value: "-inf")
    ) { try draw(fine.map { $0 == 3 ? -.infinity : $0 }) }
    #expect(throws: PlottingError.invalidRange(axis: "colour", lower: 2, upper: 2)) {
      try draw(fine, range: 2...2)
    }
    #expect(throws: PlottingError.self) { try draw(fine, width: 50) }
  }
}
