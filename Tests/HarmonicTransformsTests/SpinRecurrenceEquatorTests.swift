import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

/// The rings of a Gauss-Legendre grid far from the poles.
private struct EquatorialGrid: RingGrid {
  let rings: [Ring]
  var pointCount: Int { rings.reduce(0) { $0 + $1.count } }
  var exactDegree: Int { 0 }
  var exactAnalysisDegree: Int { 0 }
  var name: String { "equatorial test rings" }

  init() {
    var rings = GaussLegendreGrid(ringCount: 12, longitudeCount: 20).rings
      .filter { $0.sinTheta > 0.7 }
    var start = 0
    for i in rings.indices {
      rings[i].start = start
      start += rings[i].count
    }
    self.rings = rings
  }
}

@Suite("Spin transforms by recurrence without polar rings")
struct SpinRecurrenceEquatorTests {
  /// Near the equator sin^s θ is divided by in every block, and no functions of spin are made. The
  /// other way to the same sums; the recurrence has rounding errors of its own.
  @Test("Equal those by tables", arguments: [1, 2])
  func tables(spin: Int) throws {
    let (grid, lmax) = (EquatorialGrid(), 9)
    #expect(grid.rings.count == 6)
    var a = SpinCoefficients<Double>(lmax: lmax, lanes: 2)
    var numbers = TestNumbers(seed: 12)
    for l in spin...lmax {
      for m in 0...l {
        for lane in 0..<2 {
          a.e[l, m, lane] = .init(numbers.normal(), m == 0 ? 0 : numbers.normal())
          a.b[l, m, lane] = .init(numbers.normal(), m == 0 ? 0 : numbers.normal())
        }
      }
    }
    func field(_ path: TransformPath) -> [Double] {
      let fields = SpinTransform<Double>(grid: grid, spin: spin, lmax: lmax, path: path)
        .synthesis(a)
      return fields.q.values + fields.u.values
    }
    let (table, way) = (field(.table), field(.recurrence))
    #expect(relativeError(way, table) <= 8 * Double(lmax + 1) * 0x1p-53)
    #expect(table.contains { abs($0) > 0.1 })
  }
}
