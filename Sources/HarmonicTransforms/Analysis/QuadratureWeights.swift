import LinearAlgebra
import SphereGrids

/// Quadrature weights that depend on the ring and on the order m.
///
/// Definition:  analysis with them is a_lm = Σ_rings w_m(ring) Σ_k f(θ, φ_k) Y*_lm(θ, φ_k); a
///              grid's own weights are the case in which w_m is the same for all m. Mirrored rings
///              share a weight. With R_lm,l'm' = Σ_p w_m(p) Y*_lm(p) Y_l'm'(p) the result is R a:
///              the elements of R with m' = m, l' ≠ l and l' = l less 1 are the *inexactness* of
///              order m, those with m' ≠ m the *aliasing* into it, which exists where m' ≡ m modulo
///              the length of a ring.
/// Layout:      `values[m][pair]`, pairs as in `RingPair`: rings from the north pole to the
///              equator.
/// Checked by:  QuadratureWeightTests, QuadratureWeightOracleTests (healpy).
public struct QuadratureWeights: Sendable {
  /// The grid whose rings the weights belong to.
  public let grid: any RingGrid
  /// w_m of every order 0...mmax and ring pair.
  public let values: [[Double]]

  /// Largest order, inclusive.
  public var mmax: Int { values.count - 1 }

  /// One weight per ring, the same for all orders, exact for m = 0: healpy's ring weights.
  ///
  /// Definition:  w = w_grid (1 + δ) with the smallest Σ_rings n² δ², n the number of points of a
  ///              ring pair, among all w that integrate Y_l0 exactly for l ≤ degree.
  /// Method:      least-norm solution of degree/2 + 1 equations by singular values; odd l hold by
  ///              symmetry.
  /// Domain:      grids with mirror symmetry. HEALPix has 2 nside ring pairs, so that degree can be
  ///              at most 4 nside − 2; near this limit weights become large. healpy's files of ring
  ///              weights [Gorski2005] hold the same for the degrees 2, 8, 24, 48, 100 at nside 2,
  ///              4, 8, 16, 32; 3 nside is a good choice throughout.
  /// - Throws: `LinearAlgebraError.noConvergence`.
  public static func perRing(
    grid: any RingGrid, degree: Int, mmax: Int
  ) throws(LinearAlgebraError) -> QuadratureWeights {
    precondition(degree >= 0 && mmax >= 0, "degree \(degree), mmax \(mmax)")
    let pairs = RingPair.pairs(of: grid.rings)
    precondition(pairs.count < grid.rings.count, "\(grid.name) is not symmetric about the equator")
    let table = LegendreTable<Double>(lmax: degree, mmax: 0, pairs: pairs)
    let zonal = table.order(0)
    let constant = 1 / (4 * Double.pi).squareRoot()
    let equations = degree / 2 + 1
    // In the unknowns n δ: Σ w_grid λ_00 λ_l0 (n δ) = δ_l0 − Σ n w_grid λ_00 λ_l0.
    let element = { (k: Int, j: Int) in
      pairs[j].north.weight * constant * zonal[table.row(l: 2 * k, m: 0) + j]
    }
    let matrix = Matrix(rows: equations, columns: pairs.count, element: element)
    let rest = Matrix(rows: equations, columns: 1) { k, _ in
      pairs.indices.reduce(k == 0 ? 1.0 : 0) { $0 - element(k, $1) * pairs[$1].pointCount }
    }
    let solution = try LeastSquaresSolution(matrix, rest).solution
    let weights = pairs.indices.map {
      pairs[$0].north.weight * (1 + solution[$0, 0] / pairs[$0].pointCount)
    }
    return QuadratureWeights(
      grid: grid, values: [[Double]](repeating: weights, count: mmax + 1))
  }

  /// One weight per ring and order: of all weights of this kind nearly those with the least error.
  ///
  /// Definition:  for every order m the w that minimise
  ///              Σ_ll' (inexactness of l, l')² + Σ_rings (n w)² h(ring) [aliasing(ring) +
  ///              roundoff²], the second term being the mean square of what other orders and
  ///              rounding add to order m for coefficients of equal variance, *if rings add
  ///              incoherently*: n points per ring, h and aliasing the sums of λ² over the degrees
  ///              of order m and of all orders m' ≡ m that reach the ring. So a ring that other
  ///              orders reach is left out as long as the remaining ones suffice to be exact.
  /// Method:      (lmax − m + 1)²/2 equations of 2 nside unknowns, by singular values.
  /// Domain:      HEALPix from nside 8: 2e-12 up to lmax = nside, 2e-7 up to 1.5 nside, better than
  ///              a weight per ring up to 1.75 nside (Docs/Exactness.md). From 2 nside on, orders
  ///              alias in every ring coherently, which no weight can repair, and plain weights do
  ///              better. Single weights can be huge where λ_lm is tiny.
  /// Cost:        about lmax³ nside²/2 operations.
  ///
  /// - Parameters:
  ///   - grid: the rings.
  ///   - spin: s, 0...8.
  ///   - lmax: largest degree, inclusive.
  ///   - mmax: largest order; lmax when nil.
  ///   - roundoff: relative error of the field's numbers, the unit roundoff of their type.
  ///   - threads: any number gives the same bits.
  /// - Returns: the weights, `mmax` + 1 orders.
  /// - Throws: `LinearAlgebraError.noConvergence`.
  public static func perOrder(
    grid: any RingGrid, spin: Int = 0, lmax: Int, mmax: Int? = nil, roundoff: Double = 0x1p-53,
    threads: Int = 1
  ) throws(LinearAlgebraError) -> QuadratureWeights {
    let mmax = mmax ?? lmax
    precondition(0 <= mmax && mmax <= lmax, "mmax \(mmax) is outside 0...lmax = 0...\(lmax)")
    precondition(roundoff > 0, "roundoff \(roundoff)")
    let fit = OrderWeightFit(grid: grid, spin: spin, lmax: lmax, mmax: mmax, roundoff: roundoff)
    return QuadratureWeights(grid: grid, values: try fit.solve(threads: threads))
  }
}

extension RingPair {
  /// Points of both rings.
  var pointCount: Double { Double(north.count * (south == nil ? 1 : 2)) }
}
