import Kernels
import Numerics
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Iterative analysis")
struct IterativeAnalysisTests {
  /// The error of a is (SᵀS)⁻¹ times the residual of the normal equations, so the relative error is
  /// at most κ(SᵀS) times the relative residual; rounding adds the block operator's own bound.
  /// Blind to: an error in synthesis, which both methods invert.
  @Test("Conjugate gradients against the block operator", arguments: TransformCase.overdetermined)
  func blocks(_ c: TransformCase) throws {
    let tolerance = 1e-13
    let operation = try LeastSquaresAnalysis<Double>(grid: c.grid, lmax: c.lmax, mmax: c.mmax)
    let f: FieldStack<Double> = c.field(seed: 91)
    let (a, reports) = try operation.transform.leastSquares(f, tolerance: tolerance)
    let bound =
      tolerance / operation.reciprocalCondition + LeastSquaresDefinitionTests.bound(operation, c)
    let comparison = Comparison(a.values, with: try operation.analysis(f).values)
    #expect(comparison.relativeL2 <= bound, "\(c): \(comparison), bound \(bound)")
    for report in reports {
      #expect(report.stop == .converged && report.normalResidual <= tolerance, "\(c): \(report)")
      #expect(report.residual < 1)
    }
    // Negative control: on HEALPix the quadrature with equal weights, which is no least-squares
    // fit.
    if c.grid is HealpixGrid {
      let quadrature = try operation.transform.analysis(f, .lossy)
      #expect(relativeError(quadrature.values, a.values) > 1000 * bound, "\(c)")
    }
  }

  /// The tolerance is met over its whole range, and the residual is that of the answer itself.
  @Test("Tolerances", arguments: [1e-2, 1e-5, 1e-8, 1e-11])
  func tolerances(_ tolerance: Double) throws {
    let c = TransformCase(try HealpixGrid(nside: 8), lmax: 23)
    let transform = ScalarTransform<Double>(grid: c.grid, lmax: c.lmax)
    let f: FieldStack<Double> = c.field(seed: 92)
    let (a, reports) = try transform.leastSquares(f, tolerance: tolerance)
    var rest = f
    let fitted = transform.synthesis(a)
    for i in rest.values.indices { rest.values[i] -= fitted.values[i] }
    let whole = try transform.adjointSynthesis(f).spectra()
    let left = try transform.adjointSynthesis(rest).spectra()
    for (lane, report) in reports.enumerated() {
      #expect(report.stop == .converged, "\(report)")
      let ratio = (power(left[lane]) / power(whole[lane])).squareRoot()
      #expect(ratio <= tolerance && abs(ratio - report.normalResidual) <= 1e-15 + 1e-9 * ratio)
      // 10⁻¹³ beyond the tolerance would mean that the iteration does not stop when it may.
      #expect(report.normalResidual > 1e-3 * tolerance)
    }
  }

  private func power(_ spectrum: [Double]) -> Double {
    spectrum.enumerated().reduce(0) { $0 + Double(2 * $1.offset + 1) * $1.element }
  }

  /// A lane's answer and its stop do not depend on what the other lanes need.
  @Test("Lanes stop on their own")
  func lanes() throws {
    let c = TransformCase(try HealpixGrid(nside: 4), lmax: 11, lanes: 3)
    let transform = ScalarTransform<Double>(grid: c.grid, lmax: c.lmax)
    var f: FieldStack<Double> = c.field(seed: 93)
    let smooth = transform.synthesis(CoefficientStack(lmax: 11, lanes: 1).withUnit(l: 2, m: 1))
    for p in 0..<c.grid.pointCount {
      f.values[3 * p] = 0
      f.values[3 * p + 1] = smooth.values[p]
    }
    let (a, reports) = try transform.leastSquares(f, tolerance: 1e-10)
    #expect(reports[0].iterations == 0 && reports[0].stop == .converged)
    #expect(a.spectra()[0].allSatisfy { $0 == 0 })
    #expect(reports[1].iterations < reports[2].iterations, "\(reports)")
    #expect(abs(a[2, 1, 1].real - 1) <= 1e-8 && reports[1].residual <= 1e-8)
    let alone = FieldStack(grid: c.grid, lanes: 1, values: smooth.values)
    let (single, _) = try transform.leastSquares(alone, tolerance: 1e-10)
    #expect(abs(single[2, 1].real - a[2, 1, 1].real) <= 1e-14)
  }

  /// Not reaching the tolerance is said, with the number that was reached.
  @Test("Limits are reported")
  func limits() throws {
    let c = TransformCase(try HealpixGrid(nside: 4), lmax: 11, lanes: 2)
    let transform = ScalarTransform<Double>(grid: c.grid, lmax: c.lmax)
    let f: FieldStack<Double> = c.field(seed: 94)
    let short = try transform.leastSquares(f, tolerance: 1e-10, maximumIterations: 2).reports
    #expect(short.allSatisfy { $0.stop == .iterationLimit && $0.iterations == 2 })
    #expect(short.allSatisfy { $0.normalResidual > 1e-10 })
    let none = try transform.leastSquares(f, tolerance: 1e-10, maximumIterations: 0)
    #expect(none.reports.allSatisfy { $0.normalResidual == 1 && $0.residual == 1 })
    #expect(none.coefficients.values.allSatisfy { $0 == 0 })
    let single = ScalarTransform<Float>(grid: c.grid, lmax: c.lmax)
    let rounded = FieldStack(grid: c.grid, lanes: 2, values: f.values.map { Float($0) })
    let reports = try single.leastSquares(rounded, tolerance: 1e-12).reports
    #expect(reports.allSatisfy { $0.stop == .roundingLimit }, "\(reports)")
  }

  /// More unknowns than points: a solution of least norm still fits, where the direct operator
  /// refuses.
  @Test("Underdetermined fits")
  func underdetermined() throws {
    let c = TransformCase(try HealpixGrid(nside: 2), lmax: 9)
    let transform = ScalarTransform<Double>(grid: c.grid, lmax: c.lmax)
    let f: FieldStack<Double> = c.field(seed: 95)
    let (a, reports) = try transform.leastSquares(f, tolerance: 1e-12)
    #expect(reports.allSatisfy { $0.stop == .converged && $0.residual <= 1e-9 }, "\(reports)")
    #expect(relativeError(transform.synthesis(a).values, f.values) <= 1e-9)
    // Negative control: with fewer unknowns than points a white field is not fitted.
    let fewer = try ScalarTransform<Double>(grid: c.grid, lmax: 5).leastSquares(f, tolerance: 1e-12)
    #expect(fewer.reports.allSatisfy { $0.residual > 1000 * 1e-9 }, "\(fewer.reports)")
  }

  /// Jacobi iteration approaches the least-squares solution, each step closer, and with it the one
  /// of healpy's default, three steps.
  @Test("Jacobi iteration converges to least squares")
  func jacobi() throws {
    let c = TransformCase(try HealpixGrid(nside: 8), lmax: 16)
    let operation = try LeastSquaresAnalysis<Double>(grid: c.grid, lmax: c.lmax)
    let f: FieldStack<Double> = c.field(seed: 96)
    let exact = try operation.analysis(f)
    var errors: [Double] = []
    for iterations in 0...4 {
      let a = try operation.transform.iterated(f, iterations: iterations)
      errors.append(relativeError(a.values, exact.values))
    }
    #expect(zip(errors, errors.dropFirst()).allSatisfy { $1 < 0.5 * $0 }, "\(errors)")
    #expect(
      try operation.transform.iterated(f, iterations: 0)
        == operation.transform.analysis(f, .lossy))
    let many = try operation.transform.iterated(f, iterations: 200)
    #expect(
      relativeError(many.values, exact.values) <= LeastSquaresDefinitionTests.bound(operation, c))
    // Negative control: healpy's three steps are not the limit.
    #expect(errors[3] > 1000 * LeastSquaresDefinitionTests.bound(operation, c), "\(errors)")
  }

  @Test("1 and 2 threads: the same bits")
  func sameBits() throws {
    let c = TransformCase(try HealpixGrid(nside: 4), lmax: 9, lanes: 20)
    let transform = ScalarTransform<Float>(grid: c.grid, lmax: c.lmax)
    let f: FieldStack<Float> = c.field(seed: 97)
    let one = try transform.leastSquares(f, tolerance: 1e-5)
    let two = try transform.leastSquares(f, tolerance: 1e-5, threads: 2)
    #expect(one.coefficients == two.coefficients && one.reports == two.reports)
    #expect(
      try transform.iterated(f, iterations: 3)
        == transform.iterated(f, iterations: 3, threads: 2))
  }
}

extension CoefficientStack {
  /// The same with a_lm = 1 in all lanes.
  func withUnit(l: Int, m: Int) -> CoefficientStack {
    var a = self
    for lane in 0..<lanes { a[l, m, lane] = 1 }
    return a
  }
}
