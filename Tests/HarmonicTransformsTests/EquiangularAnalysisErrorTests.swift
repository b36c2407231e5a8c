import HarmonicTransforms
import SphereGrids
import Testing

@Suite("Analysis by interpolation refuses")
struct EquiangularAnalysisErrorTests {
  @Test("Degrees beyond the rings, and beyond the longitudes")
  func degrees() throws {
    let grid = ClenshawCurtisGrid(ringCount: 73, longitudeCount: 144)
    let expected = HarmonicTransformError.degreeBeyondInterpolation(
      grid: grid.name, lmax: 72, largest: 71)
    #expect(throws: expected) { try EquiangularAnalysis<Double>(grid: grid, lmax: 72) }
    #expect(throws: expected) { try SpinEquiangularAnalysis<Float>(grid: grid, lmax: 72) }
    #expect("\(expected)".contains("lmax ≤ 71") && "\(expected)".contains(grid.name))
    let short = ClenshawCurtisGrid(ringCount: 73, longitudeCount: 100)
    #expect(
      throws: HarmonicTransformError.degreeBeyondInterpolation(
        grid: short.name, lmax: 50, largest: 49)
    ) { try EquiangularAnalysis<Double>(grid: short, lmax: 50) }
    _ = try EquiangularAnalysis<Double>(grid: short, lmax: 49)
  }

  @Test("Odd numbers of longitudes")
  func longitudes() {
    let grid = ClenshawCurtisGrid(ringCount: 9, longitudeCount: 15)
    let expected = HarmonicTransformError.oddLongitudes(grid: grid.name, count: 15)
    #expect(throws: expected) { try EquiangularAnalysis<Double>(grid: grid, lmax: 7) }
    #expect(throws: expected) { try SpinEquiangularAnalysis<Double>(grid: grid, lmax: 7) }
    #expect("\(expected)".contains("15 longitudes"))
  }

  @Test("Fields on other grids, numbers that are not finite")
  func fields() throws {
    let grid = ClenshawCurtisGrid(ringCount: 9, longitudeCount: 16)
    let analysis = try EquiangularAnalysis<Double>(grid: grid, lmax: 7)
    let spin = try SpinEquiangularAnalysis<Double>(grid: grid, lmax: 7)
    let other = FieldStack<Double>(grid: GaussLegendreGrid(lmax: 7))
    let expected = HarmonicTransformError.otherGrid(found: other.grid.name, expected: grid.name)
    #expect(throws: expected) { try analysis.analysis(other) }
    #expect(throws: expected) { try spin.analysis(SpinFields(q: other, u: other)) }
    let good = FieldStack<Double>(grid: grid, lanes: 2)
    var bad = good
    bad.values[5 * 2 + 1] = .nan
    let notFinite = HarmonicTransformError.notFinite(point: 5, lane: 1)
    #expect(throws: notFinite) { try analysis.analysis(bad) }
    #expect(throws: notFinite) { try spin.analysis(SpinFields(q: good, u: bad)) }
  }
}
