import Foundation
import SpecialFunctions
import SphereGrids
import Testing

@Suite("Exact degree of the grids")
struct GridExactnessTests {

  static let grids: [any RingGrid] =
    [0, 1, 2, 7, 16, 47].map { GaussLegendreGrid(lmax: $0) } + [
      GaussLegendreGrid(ringCount: 8, longitudeCount: 5),
      GaussLegendreGrid(ringCount: 8, longitudeCount: 16),
      GaussLegendreGrid(ringCount: 8, longitudeCount: 15),
      GaussLegendreGrid(ringCount: 3, longitudeCount: 31),
      ClenshawCurtisGrid(ringCount: 2, longitudeCount: 9),
      ClenshawCurtisGrid(ringCount: 9, longitudeCount: 16),
      ClenshawCurtisGrid(ringCount: 8, longitudeCount: 16),
      ClenshawCurtisGrid(ringCount: 32, longitudeCount: 8),
      ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64),
      ClenshawCurtisGrid(ringCount: 33, longitudeCount: 64),
      PublishedSamplingGrid(),
      PublishedSamplingGrid(ringCount: 5, longitudeCount: 12),
    ] + [1, 2, 3, 4, 8, 16].compactMap { try? HealpixGrid(nside: $0) }

  /// max over m of |Σ_points weight Y_lm − √4π δ_l0| / √4π.
  private func quadratureError(_ grid: any RingGrid, degree l: Int) -> Double {
    var worst = 0.0
    for m in 0...l {
      var (real, imaginary) = (l == 0 ? -(4 * Double.pi).squareRoot() : 0, 0.0)
      for ring in grid.rings {
        let values = normalisedLegendre(
          m: m, lmax: l, cosTheta: ring.cosTheta, sinTheta: ring.sinTheta)
        var (ringReal, ringImaginary) = (0.0, 0.0)
        for k in 0..<ring.count {
          let phi = ring.phi0 + 2 * .pi * Double(k) / Double(ring.count)
          ringReal += cos(Double(m) * phi)
          ringImaginary += sin(Double(m) * phi)
        }
        real += ring.weight * values[l - m] * ringReal
        imaginary += ring.weight * values[l - m] * ringImaginary
      }
      let error = hypot(real, imaginary)
      worst = max(worst, error.isNaN ? .infinity : error)
    }
    return worst / (4 * Double.pi).squareRoot()
  }

  /// `exactDegree` is the largest L such that every Y_lm with l ≤ L is integrated exactly: all of
  /// them are, for every order, and some Y_lm of degree L + 1 is not.
  ///
  /// Σ |weight| |Y_lm| ≤ 4π √((2l+1)/4π); the bound allows 4 (l + 4) rounding errors of it from
  /// λ_lm and from m φ, and √points from the summation. The failure at L + 1 is the negative
  /// control, more than a thousand times the bound.
  @Test("Exact to the claim and not beyond", arguments: grids.indices)
  func exactDegree(index: Int) {
    let grid = GridExactnessTests.grids[index]
    func bound(_ l: Int) -> Double {
      let roundings = 4 * Double(l + 4) + Double(grid.pointCount).squareRoot()
      return roundings * Double(2 * l + 1).squareRoot() * Double.ulpOfOne
    }
    for l in 0...grid.exactDegree {
      let error = quadratureError(grid, degree: l)
      #expect(error <= bound(l), "\(grid.name), degree \(l): \(error)")
    }
    let beyond = grid.exactDegree + 1
    let error = quadratureError(grid, degree: beyond)
    #expect(error > 1000 * bound(beyond), "\(grid.name), degree \(beyond): \(error)")
  }

  /// exactAnalysisDegree = min(⌊exactDegree/2⌋, ⌊(longitudes − 1)/2⌋), and a Gauss–Legendre grid
  /// made for lmax carries lmax.
  @Test("Analysis degree", arguments: grids.indices)
  func analysisDegree(index: Int) {
    let grid = GridExactnessTests.grids[index]
    let longitudes = grid.rings.map(\.count).min() ?? 0
    #expect(grid.exactAnalysisDegree == min(grid.exactDegree / 2, (longitudes - 1) / 2))
    for lmax in [0, 1, 16, 47, 100] {
      #expect(GaussLegendreGrid(lmax: lmax).exactAnalysisDegree >= lmax)
      #expect(GaussLegendreGrid(lmax: lmax).ringCount == lmax + 1)
      #expect(GaussLegendreGrid(lmax: lmax).longitudeCount >= 2 * lmax + 2)
    }
  }

  /// Rings follow each other without gaps from north to south, their angles agree with each other,
  /// and the weights sum to 4π.
  @Test("Ring tables are consistent", arguments: grids.indices)
  func ringTables(index: Int) {
    let grid = GridExactnessTests.grids[index]
    var start = 0
    var sum = 0.0
    for (i, ring) in grid.rings.enumerated() {
      #expect(ring.start == start)
      #expect(i == 0 || ring.theta > grid.rings[i - 1].theta)
      #expect(abs(cos(ring.theta) - ring.cosTheta) <= 4 * Double.ulpOfOne)
      #expect(abs(sin(ring.theta) - ring.sinTheta) <= 4 * Double.ulpOfOne)
      start += ring.count
      sum += Double(ring.count) * ring.weight
    }
    #expect(grid.pointCount == start)
    #expect(abs(sum - 4 * .pi) <= 4 * .pi * Double(grid.rings.count + 4) * Double.ulpOfOne)
  }

  /// Why HEALPix is not exact for l = 2 at any nside: Σ_pixels (z² − 1/3) = −10/27 − 2/(27 nside²).
  /// Bound: 4 rounding errors of each pixel's term, which is below 1.
  @Test("Second moment of HEALPix", arguments: [1, 2, 3, 16, 100])
  func healpixSecondMoment(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let sum = grid.rings.reduce(0.0) { partial, ring in
      partial + Double(ring.count) * (ring.cosTheta * ring.cosTheta - 1.0 / 3.0)
    }
    let exact = -10.0 / 27 - 2 / (27 * Double(nside * nside))
    let bound = 4 * Double(grid.pointCount) * Double.ulpOfOne
    #expect(abs(sum - exact) <= bound)
    #expect(abs(exact) > 1000 * bound)
  }

  /// Near the pole sin θ of HEALPix keeps all its digits: at nside 8192 the first ring has
  /// sin θ = √(t (2 − t)), t = 1/(3 · 8192²), that is 7.05e-5, while √(1 − z²) has lost eight
  /// digits.
  @Test("HEALPix sines near the poles")
  func polarSines() throws {
    let grid = try HealpixGrid(nside: 8192)
    let t = 1 / (3 * 8192.0 * 8192.0)
    let exact = (t * (2 - t)).squareRoot()
    let ring = grid.rings[0]
    #expect(abs(ring.sinTheta - exact) <= 4 * Double.ulpOfOne * exact)
    #expect(abs(ring.theta - asin(exact)) <= 4 * Double.ulpOfOne * exact)
    let naive = (1 - ring.cosTheta * ring.cosTheta).squareRoot()
    #expect(abs(naive - exact) > 4000 * Double.ulpOfOne * exact)
    #expect(grid.rings.last?.sinTheta == ring.sinTheta)
  }
}
