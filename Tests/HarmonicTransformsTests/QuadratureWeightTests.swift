import Kernels
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

/// Weights per ring and per order, by their definitions and by what they promise.
@Suite("Quadrature weights")
struct QuadratureWeightTests {
  /// Σ_p w_p Y_l0 = √4π δ_l0 up to the degree, not beyond. Scale: Σ_p |w_p Y_l0| ≤ √(2l+1) √4π; the
  /// least-squares solution loses its condition number, below 6 at these degrees.
  @Test("A weight per ring is exact for m = 0 up to its degree", arguments: [4, 7, 16])
  func perRing(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let degree = 3 * nside / 2 * 2
    let weights = try QuadratureWeights.perRing(grid: grid, degree: degree, mmax: 0).values[0]
    let pairs = RingPair.pairs(of: grid.rings)
    let table = LegendreTable<Double>(lmax: degree + 2, mmax: 0, pairs: pairs)
    let integral = { (l: Int) in
      pairs.indices.reduce(0.0) {
        $0 + weights[$1] * pairs[$1].pointCount * table.order(0)[table.row(l: l, m: 0) + $1]
      }
    }
    for l in stride(from: 0, through: degree, by: 2) {
      let scale = (4 * .pi * Double(2 * l + 1)).squareRoot()
      let bound = 6 * RoundingBound.probable(operations: degree * 2 * nside) * scale
      #expect(abs(integral(l) - (l == 0 ? (4 * .pi).squareRoot() : 0)) <= bound, "l \(l)")
    }
    #expect(abs(integral(degree + 2)) > 1e-4)
  }

  /// The transform with weights against plain sums over the points of the field times its weight,
  /// order by order. Bound as for all transforms; control: the weights of the next order.
  @Test("Weighted analysis by its definition", arguments: [0, 2])
  func definition(spin: Int) throws {
    let grid = try HealpixGrid(nside: 3)
    let lmax = 5
    let c = TransformCase(grid, lmax: lmax, lanes: 2)
    let weights = try QuadratureWeights.perOrder(grid: grid, spin: spin, lmax: lmax)
    let (q, u): (FieldStack<Double>, FieldStack<Double>) = (c.field(seed: 5), c.field(seed: 6))
    let found: [Double]
    let expected: (_ shift: Int) -> [Double]
    if spin == 0 {
      let transform = ScalarTransform<Double>(grid: grid, lmax: lmax)
      found = try WeightedAnalysis(transform, weights).analysis(q).values
      expected = { shift in
        var a = CoefficientStack<Double>(lmax: lmax, lanes: 2)
        for m in 0...lmax {
          let b = DirectTransform(grid: grid, lmax: lmax)
            .analysis(weighted(q, weights, order: (m + shift) % (lmax + 1)), weighted: false)
          for l in m...lmax { for lane in 0...1 { a[l, m, lane] = b[l, m, lane] } }
        }
        return a.values
      }
    } else {
      let transform = SpinTransform<Double>(grid: grid, spin: spin, lmax: lmax)
      let a = try WeightedAnalysis(transform, weights).analysis(SpinFields(q: q, u: u))
      found = a.e.values + a.b.values
      expected = { shift in
        var a = SpinCoefficients<Double>(lmax: lmax, lanes: 2)
        for m in 0...lmax {
          let order = (m + shift) % (lmax + 1)
          let b = DirectSpinTransform(grid: grid, spin: spin, lmax: lmax).analysis(
            SpinFields(
              q: weighted(q, weights, order: order), u: weighted(u, weights, order: order)),
            weighted: false)
          for l in m...lmax {
            for lane in 0...1 {
              a.e[l, m, lane] = b.e[l, m, lane]
              a.b[l, m, lane] = b.b[l, m, lane]
            }
          }
        }
        return a.e.values + a.b.values
      }
    }
    let bound = 8 * RoundingBound.unitRoundoff() * Double(2 * grid.pointCount).squareRoot()
    #expect(relativeError(found, expected(0)) <= bound)
    #expect(relativeError(found, expected(1)) > 1000 * bound)
  }

  private func weighted(
    _ f: FieldStack<Double>, _ weights: QuadratureWeights, order m: Int
  ) -> FieldStack<Double> {
    var f = f
    for (j, pair) in RingPair.pairs(of: f.grid.rings).enumerated() {
      for ring in [pair.north, pair.south].compactMap({ $0 }) {
        for i in ring.start * f.lanes..<(ring.start + ring.count) * f.lanes {
          f.values[i] *= weights.values[m][j]
        }
      }
    }
    return f
  }

  /// Weights per order give coefficients of degrees up to nside back to rounding, in both spins,
  /// where the grid's weights leave percents of a percent. Rounding: orders and degrees, 4
  /// √(points) u, times the largest cancellation of the weights, 100 at lmax = nside (sums of |w| n
  /// λ² over 1).
  /// Blind to: degrees beyond nside (Docs/Exactness.md has the curve).
  @Test("Weights per order are exact at lmax = nside", arguments: [0, 2], [4, 8, 16])
  func perOrder(spin: Int, nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let c = TransformCase(grid, lmax: nside, lanes: 2)
    let weights = try QuadratureWeights.perOrder(grid: grid, spin: spin, lmax: nside)
    let bound = 100 * RoundingBound.probable(operations: grid.pointCount)
    let a: CoefficientStack<Double> = c.coefficients(seed: 11)
    if spin == 0 {
      let transform = ScalarTransform<Double>(grid: grid, lmax: nside)
      let f = transform.synthesis(a)
      let b = try WeightedAnalysis(transform, weights).analysis(f)
      #expect(relativeError(b.values, a.values) <= bound)
      #expect(relativeError(try transform.analysis(f, .lossy).values, a.values) > 1000 * bound)
    } else {
      let transform = SpinTransform<Double>(grid: grid, spin: spin, lmax: nside)
      var e = a
      for i in e.values.indices where a.isBelow(spin, i) { e.values[i] = 0 }
      let f = transform.synthesis(SpinCoefficients(e: e, b: e))
      let b = try WeightedAnalysis(transform, weights).analysis(f)
      #expect(relativeError(b.e.values + b.b.values, e.values + e.values) <= bound)
      let plain = try transform.analysis(f, .lossy)
      #expect(relativeError(plain.e.values, e.values) > 1000 * bound)
    }
  }

  /// Any number of threads gives the same bits.
  @Test("Threads")
  func threads() throws {
    let grid = try HealpixGrid(nside: 4)
    let one = try QuadratureWeights.perOrder(grid: grid, lmax: 9, threads: 1)
    #expect(try QuadratureWeights.perOrder(grid: grid, lmax: 9, threads: 3).values == one.values)
  }
}

extension CoefficientStack {
  /// Whether number i belongs to a degree below `spin`.
  fileprivate func isBelow(_ spin: Int, _ i: Int) -> Bool {
    var found = false
    forEachCoefficient { l, _, first in
      if (first..<first + 2 * lanes).contains(i) { found = l < spin }
    }
    return found
  }
}
