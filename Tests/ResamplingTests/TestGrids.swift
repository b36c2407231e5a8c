import SphereGrids

/// A grid that is nothing but its table of rings: what a resampler knows of it is the protocol.
struct PlainRings: RingGrid {
  var rings: [Ring]
  var name: String
  var pointCount: Int { rings.reduce(0) { $0 + $1.count } }
  var exactDegree: Int { 0 }
  var exactAnalysisDegree: Int { 0 }

  /// The rings of another grid without its type.
  init(of grid: any RingGrid) {
    rings = grid.rings
    name = "rings of " + grid.name
  }

  /// θ_j = (j + ½) π / n, φ_k = 2π k / longitudes.
  init(shiftedRings count: Int, longitudes: Int) {
    rings = PublishedSamplingGrid(ringCount: 2 * count, longitudeCount: longitudes).rings
      .enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    for j in rings.indices { rings[j].start = j * longitudes }
    name = "shifted \(count) x \(longitudes)"
  }
}

/// Pairs of grids, source first, that cover both directions and both kinds.
enum ResamplingPairs {
  static let all: [(source: any RingGrid, target: any RingGrid)] = {
    guard let coarse = try? HealpixGrid(nside: 4), let fine = try? HealpixGrid(nside: 16),
      let odd = try? HealpixGrid(nside: 3)
    else { return [] }
    let gauss = GaussLegendreGrid(lmax: 11)
    let clenshaw = ClenshawCurtisGrid(ringCount: 13, longitudeCount: 24)
    return [
      (fine, PublishedSamplingGrid()),
      (fine, ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64)),
      (fine, coarse), (coarse, fine), (odd, gauss), (gauss, odd), (gauss, coarse),
      (clenshaw, coarse), (coarse, clenshaw), (gauss, clenshaw), (clenshaw, gauss),
      (PublishedSamplingGrid(ringCount: 8, longitudeCount: 16), coarse),
      (GaussLegendreGrid(ringCount: 1, longitudeCount: 1), odd),
    ]
  }()
}
