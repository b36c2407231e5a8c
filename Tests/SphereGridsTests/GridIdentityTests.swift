import SphereGrids
import Testing

@Suite("Identity of grids")
struct GridIdentityTests {
  /// A grid that is given ring by ring, and names itself by their number.
  private struct GivenGrid: RingGrid {
    var rings: [Ring]
    var pointCount: Int { rings.reduce(0) { $0 + $1.count } }
    var exactDegree: Int { 0 }
    var exactAnalysisDegree: Int { 0 }
    var name: String { "\(rings.count) rings" }
  }

  /// A grid is the same as one that is made again from the same sizes, and no other of the list.
  @Test("Types and sizes")
  func typesAndSizes() throws {
    func grids() throws -> [any RingGrid] {
      [
        try HealpixGrid(nside: 2), try HealpixGrid(nside: 4), GaussLegendreGrid(lmax: 5),
        GaussLegendreGrid(ringCount: 6, longitudeCount: 14),
        GaussLegendreGrid(ringCount: 7, longitudeCount: 12),
        ClenshawCurtisGrid(ringCount: 6, longitudeCount: 12),
        PublishedSamplingGrid(ringCount: 6, longitudeCount: 12),
        GivenGrid(rings: GaussLegendreGrid(lmax: 5).rings),
      ]
    }
    let (all, again) = (try grids(), try grids())
    for i in all.indices {
      for j in again.indices {
        #expect(all[i].isSame(as: again[j]) == (i == j), "\(all[i].name), \(again[j].name)")
      }
    }
  }

  /// One number of one ring makes another grid, whatever the name says.
  @Test("Rings of equal number")
  func ringsOfEqualNumber() {
    let grid = GivenGrid(rings: GaussLegendreGrid(lmax: 5).rings)
    let changes: [(inout Ring) -> Void] = [
      { $0.theta = $0.theta.nextUp }, { $0.phi0 = 0.1 }, { $0.weight = $0.weight.nextDown },
    ]
    for change in changes {
      var other = grid
      change(&other.rings[3])
      #expect(other.name == grid.name && other.pointCount == grid.pointCount)
      #expect(!grid.isSame(as: other) && !other.isSame(as: grid))
    }
    #expect(grid.isSame(as: GivenGrid(rings: Array(grid.rings.map { $0 }))))
  }
}
