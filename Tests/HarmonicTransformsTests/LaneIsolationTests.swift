import FourierTransforms
import Kernels
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

/// Analysis in which every lane is paired with zeros.
@Suite("Isolated lanes")
struct LaneIsolationTests {
  static let lanes = 37

  /// The coefficients of a field whose lanes stand in the given order, padded lanes zero.
  private func analysis<T: FourierScalar>(
    _ c: TransformCase, _ values: [T], lanes: Int, isolatesLanes: Bool
  ) -> [[T]] {
    let transform = ScalarTransform<T>(grid: c.grid, lmax: c.lmax, mmax: c.mmax)
    let workspace = TransformWorkspace(transform, lanes: lanes, isolatesLanes: isolatesLanes)
    let field = transform.padded(
      FieldStack(grid: c.grid, lanes: lanes, values: values), workspace)
    let panel = AlignedBuffer<T>(count: transform.panelCount(workspace))
    withViews(field, panel) {
      transform.analysePanel($0, workspace, transform.analysisFactors, to: $1, threads: 2)
    }
    let a = transform.stack(panel: panel, workspace).values
    return (0..<lanes).map { lane in stride(from: lane, to: a.count, by: lanes).map { a[$0] } }
  }

  /// The same coefficients up to the rounding of the Fourier transforms and of sums over rings, and
  /// the same bits wherever a field stands and whatever stands beside it; without isolation some
  /// bits differ.
  @Test("The same coefficients, independent of neighbours", arguments: TransformCase.small)
  func independent(_ c: TransformCase) {
    var numbers = TestNumbers(seed: 51)
    let values = numbers.normals(c.grid.pointCount * Self.lanes).map { Float($0) }
    let reversed = (0..<c.grid.pointCount).flatMap { p in
      values[(p * Self.lanes)..<((p + 1) * Self.lanes)].reversed()
    }
    let isolated = analysis(c, values, lanes: Self.lanes, isolatesLanes: true)
    let paired = analysis(c, values, lanes: Self.lanes, isolatesLanes: false)
    let longest = c.grid.rings.map(\.count).max() ?? 1
    let bound =
      2 * RoundingBound.fourierTransform(length: longest, Float.self)
      + RoundingBound.probable(operations: 2 * c.grid.rings.count, Float.self)
    #expect(relativeError(isolated.flatMap { $0 }, paired.flatMap { $0 }) <= bound)
    #expect(
      analysis(c, reversed, lanes: Self.lanes, isolatesLanes: true) == isolated.reversed())
    let doubled = isolated.map { $0.map { 2 * $0 } }
    #expect(relativeError(doubled.flatMap { $0 }, paired.flatMap { $0 }) > 1000 * bound)
  }
}
