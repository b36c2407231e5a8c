import FileFormats
import Kernels
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

/// healpy's ring weights and its analysis with them: `Fixtures/generators/weight_fixtures.py`.
@Suite("Ring weights against healpy")
struct QuadratureWeightOracleTests {
  private static let fixture = Result { try TransformFixture("healpy_weights") }

  /// The degrees to which healpy's weights are exact, by nside: 3 nside at 8 and 16, other choices
  /// elsewhere.
  private static let degrees = [2: 2, 4: 8, 8: 24, 16: 48, 32: 100]

  /// healpy's files hold the least-norm weights of a degree that they do not state (`degrees`). The
  /// solution of degree/2 + 1 equations of condition κ < 6 loses κ times probable(equations ·
  /// unknowns) of ‖w‖.
  /// Blind to: everything that is equal in both, above all the choice of the norm, which was found
  /// by comparing with these files. Control: weights of the next degree.
  @Test("Weights of healpy's files", arguments: [2, 4, 8, 16, 32])
  func files(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let degree = try #require(Self.degrees[nside])
    let expected = try Self.fixture.get().doubles("ring_weights.n\(nside)")
    let unit = 4 * Double.pi / Double(grid.pointCount)
    let found = { (degree: Int) in
      try QuadratureWeights.perRing(grid: grid, degree: degree, mmax: 0).values[0].map { $0 / unit }
    }
    let bound = 6 * RoundingBound.probable(operations: (degree / 2 + 1) * 2 * nside)
    #expect(relativeError(try found(degree), expected) <= bound)
    #expect(relativeError(try found(degree + 2), expected) > 1000 * bound)
  }

  /// The same analysis of the same coefficients; both sides make the field themselves, so that
  /// errors of synthesis and of four transforms enter: 1e-12 of the norm as for all transforms.
  /// Control: weights of another degree give another answer.
  @Test("Analysis of band-limited fields", arguments: [(4, 8), (8, 12), (8, 23)])
  func analysis(nside: Int, lmax: Int) throws {
    let fixture = try Self.fixture.get()
    let name = "n\(nside)_l\(lmax)"
    let grid = try HealpixGrid(nside: nside)
    let degree = try #require(Self.degrees[nside])
    let c = TransformCase(grid, lmax: lmax, lanes: 1)
    let transform = ScalarTransform<Double>(grid: grid, lmax: lmax)
    let f = transform.synthesis(try fixture.coefficients("\(name).coefficients", c))
    let expected = { (label: String) in try fixture.doubles("\(name).\(label)") }
    for (label, iterations) in [("iter0", 0), ("iter3", 3)] {
      let a = try transform.iterated(f, iterations: iterations)
      #expect(relativeError(a.values, try expected(label)) <= 1e-12, "\(label)")
    }
    let weighted = { (degree: Int) in
      let weights = try QuadratureWeights.perRing(grid: grid, degree: degree, mmax: lmax)
      return try WeightedAnalysis(transform, weights).analysis(f).values
    }
    #expect(relativeError(try weighted(degree), try expected("weights")) <= 1e-12)
    #expect(relativeError(try weighted(degree + 2), try expected("weights")) > 1e-9)
  }
}
