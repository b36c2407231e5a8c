import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

/// How far a grid's quadrature keeps spherical harmonics orthonormal, found by search.
@Suite("Orthonormality on the grids")
struct AnalysisDegreePropertyTests {
  static let grids: [any RingGrid] =
    [0, 1, 2, 7, 12].map { GaussLegendreGrid(lmax: $0) } + [
      GaussLegendreGrid(ringCount: 8, longitudeCount: 5),
      GaussLegendreGrid(ringCount: 8, longitudeCount: 16),
      GaussLegendreGrid(ringCount: 8, longitudeCount: 15),
      GaussLegendreGrid(ringCount: 3, longitudeCount: 31),
      ClenshawCurtisGrid(ringCount: 2, longitudeCount: 9),
      ClenshawCurtisGrid(ringCount: 9, longitudeCount: 16),
      ClenshawCurtisGrid(ringCount: 8, longitudeCount: 16),
      ClenshawCurtisGrid(ringCount: 19, longitudeCount: 8),
      ClenshawCurtisGrid(ringCount: 20, longitudeCount: 40),
      ClenshawCurtisGrid(ringCount: 21, longitudeCount: 40),
      PublishedSamplingGrid(),
      PublishedSamplingGrid(ringCount: 5, longitudeCount: 12),
    ] + [1, 2, 3, 4, 8].compactMap { try? HealpixGrid(nside: $0) }

  /// Elements of the Gram matrix Σ_p w_p Y_lm Y*_l'm' minus the identity, one unit coefficient per
  /// lane: the analysis of the synthesis of every Y_lm, m ≥ 0, as a pair of real fields. That is
  /// every pair with either sign of the orders, since Y_{l,−m} = (−1)^m Y*_lm.
  private func defects(_ grid: any RingGrid, lmax: Int) throws -> (Int) -> Double {
    let transform = ScalarTransform<Double>(grid: grid, lmax: lmax)
    let units = UnitCoefficients(lmax: lmax, from: 0, copies: 1)
    let stack = CoefficientStack<Double>(
      lmax: lmax, mmax: lmax, lanes: units.lanes, values: units.values)
    return units.defects(of: try transform.analysis(transform.synthesis(stack), .lossy).values)
  }

  /// The same for the harmonics of spin s: of E, of B and of the two together.
  private func defects(
    _ grid: any RingGrid, spin: Int, lmax: Int
  ) throws -> (Int) -> Double {
    let transform = SpinTransform<Double>(grid: grid, spin: spin, lmax: lmax)
    let units = UnitCoefficients(lmax: lmax, from: spin, copies: 2)
    let half = units.values.count / 2
    func stack(_ values: ArraySlice<Double>) -> CoefficientStack<Double> {
      CoefficientStack(lmax: lmax, mmax: lmax, lanes: units.lanes, values: Array(values))
    }
    let a = SpinCoefficients(e: stack(units.values[..<half]), b: stack(units.values[half...]))
    return units.defects(of: try transform.analysis(transform.synthesis(a), .lossy).values)
  }

  /// The largest L with ⟨Y_lm, Y_l'm'⟩ = δ for all l, l' ≤ L, found degree by degree, is the one
  /// that the grid claims.
  ///
  /// A field of two harmonics carries 4 (l + 4) rounding errors per point, of either sign over the
  /// sum of points, whose weights times |Y|² add up to 1 or 2. The degree after the last exact one
  /// misses the bound by a factor above 1000: that is the negative control, and there is nothing in
  /// between.
  /// Blind to: a factor that synthesis has and analysis divides by (TransformOracleTests).
  @Test("The largest exact degree is the claim", arguments: grids.indices)
  func largestDegree(index: Int) throws {
    let grid = Self.grids[index]
    let claim = grid.exactAnalysisDegree
    search(grid, expecting: claim, try defects(grid, lmax: claim + 2))
  }

  /// The same for harmonics of spin 1, 2 and 3: their products are of no higher degrees. Degrees
  /// below the spin hold no harmonics, so that none of theirs can be wrong.
  @Test("Spin harmonics have the same limit", arguments: grids.indices, [1, 2, 3])
  func largestDegreeOfSpin(index: Int, spin: Int) throws {
    let grid = Self.grids[index]
    let claim = max(grid.exactAnalysisDegree, spin - 1)
    search(grid, expecting: claim, try defects(grid, spin: spin, lmax: claim + 2))
  }

  private func search(_ grid: any RingGrid, expecting claim: Int, _ defect: (Int) -> Double) {
    func bound(_ l: Int) -> Double { 4 * Double(l + 4) * RoundingBound.unitRoundoff() }
    var found = -1
    for l in 0...claim + 2 {
      if defect(l) > bound(l) { break }
      found = l
    }
    #expect(found == claim, "\(grid.name) keeps degree \(found), claims \(claim)")
    #expect(defect(found + 1) > 1000 * bound(found + 1), "\(grid.name): \(defect(found + 1))")
  }

  /// Σ_p w_p f_p² = Σ_l Σ_{m ≥ 0} (2 − δ_m0) |a_lm|²: Parseval's law of a scalar field, and with Q²
  /// + U² and E, B that of a spin field, on every grid up to its exact degree.
  ///
  /// The two sides are sums of squares that agree to the few rounding errors per degree of the
  /// fields, 8 (lmax + 4) u, and to those of the sum over the points, points u, relative: the terms
  /// may be equal (lmax = 0), and then their roundings are not independent.
  /// Blind to: anything that keeps the norm (phases, orders exchanged).
  @Test("Parseval", arguments: grids.indices, [0, 1, 2, 3])
  func parseval(index: Int, spin: Int) {
    let grid = Self.grids[index]
    let lmax = grid.exactAnalysisDegree
    let c = SpinCase(TransformCase(grid, lmax: lmax, lanes: 1), spin: spin)
    guard lmax >= spin else { return }
    let a: SpinCoefficients<Double> = c.coefficients(seed: 500)
    let fields: [FieldStack<Double>]
    if spin == 0 {
      fields = [ScalarTransform<Double>(grid: grid, lmax: lmax).synthesis(a.e)]
    } else {
      let f = SpinTransform<Double>(grid: grid, spin: spin, lmax: lmax).synthesis(a)
      fields = [f.q, f.u]
    }
    let weights = grid.rings.flatMap { [Double](repeating: $0.weight, count: $0.count) }
    let power = fields.reduce(0.0) { sum, f in
      sum + zip(weights, f.values).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
    }
    func norm(_ doubled: Double) -> Double {
      (spin == 0 ? [a.e] : [a.e, a.b]).reduce(0.0) { sum, stack in
        var sum = sum
        stack.forEachCoefficient { _, m, first in
          let square =
            stack.values[first] * stack.values[first] + stack.values[first + 1]
            * stack.values[first + 1]
          sum += (m == 0 ? 1 : doubled) * square
        }
        return sum
      }
    }
    let bound =
      8 * Double(lmax + 4) * RoundingBound.unitRoundoff()
      + RoundingBound.certain(operations: grid.pointCount)
    #expect(abs(power - norm(2)) <= bound * norm(2), "\(c): \(power) against \(norm(2))")
    // Negative control: every stored order once.
    if lmax > 0 { #expect(abs(power - norm(1)) > 1000 * bound * norm(2), "\(c)") }
  }
}

/// One stored number of one lane set to 1, for every number that is a degree of freedom.
private struct UnitCoefficients {
  let lmax: Int
  /// Degrees of the rows, one copy after the other.
  let degrees: [Int]
  /// `[copy][(l, m)][re, im][lane]`, as many lanes as rows.
  let values: [Double]
  var lanes: Int { degrees.count }

  /// Coefficients of degrees `first`...lmax in so many copies (E and B, or one).
  init(lmax: Int, from first: Int, copies: Int) {
    self.lmax = lmax
    var rows: [(l: Int, isFree: Bool)] = []
    for m in 0...lmax {
      for l in m...lmax { rows += [(l, l >= first), (l, l >= first && m > 0)] }
    }
    rows = (0..<copies).flatMap { _ in rows }
    degrees = rows.map(\.l)
    var values = [Double](repeating: 0, count: rows.count * rows.count)
    for k in rows.indices where rows[k].isFree { values[k * rows.count + k] = 1 }
    self.values = values
  }

  /// max |back − unit| over pairs of rows and lanes whose larger degree is l.
  func defects(of back: [Double]) -> (Int) -> Double {
    var largest = [Double](repeating: 0, count: lmax + 1)
    for row in 0..<lanes {
      for lane in 0..<lanes {
        let l = max(degrees[row], degrees[lane])
        largest[l] = max(largest[l], abs(back[row * lanes + lane] - values[row * lanes + lane]))
      }
    }
    return { largest[$0] }
  }
}
