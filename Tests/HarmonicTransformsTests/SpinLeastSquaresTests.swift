import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Least-squares analysis of spin fields")
struct SpinLeastSquaresTests {
  static let cases: [SpinCase] =
    [
      SpinCase(TransformCase(GaussLegendreGrid(lmax: 8), lmax: 8), spin: 2),
      SpinCase(
        TransformCase(ClenshawCurtisGrid(ringCount: 12, longitudeCount: 20), lmax: 9, mmax: 6),
        spin: 1),
    ]
    + [2, 3, 4].compactMap {
      (try? HealpixGrid(nside: $0)).map {
        SpinCase(TransformCase($0, lmax: 3 * $0.nside - 1), spin: 2)
      }
    }

  private func operation<T>(
    _ c: SpinCase, as type: T.Type = T.self
  ) throws -> SpinLeastSquaresAnalysis<T> {
    try SpinLeastSquaresAnalysis(
      grid: c.base.grid, spin: c.spin, lmax: c.base.lmax, mmax: c.base.mmax)
  }

  /// (SᵀS)⁻¹ Sᵀ S a = a: rounding of the sums times the condition number of SᵀS.
  @Test("Inverts synthesis", arguments: cases)
  func inverts(_ c: SpinCase) throws {
    let operation: SpinLeastSquaresAnalysis<Double> = try operation(c)
    let a: SpinCoefficients<Double> = c.coefficients(seed: 1)
    let back = try operation.analysis(operation.transform.synthesis(a))
    let bound = SpinDefinitionTests.bound(c, unit: 0x1p-53) / operation.reciprocalCondition
    #expect(relativeError(back.values, a.values) <= bound, "\(c)")
    if c.base.grid is HealpixGrid {
      let quadrature = try operation.transform.analysis(
        operation.transform.synthesis(a), .lossy)
      #expect(relativeError(quadrature.values, a.values) > 1000 * bound, "\(c)")
    }
  }

  /// For any field the residual is orthogonal to all harmonics, Sᵀ(f − S a) = 0: what defines the
  /// minimum. Relative to ‖Sᵀ f‖, rounding times the square root of the condition number.
  @Test("The residual is orthogonal to every harmonic", arguments: cases)
  func orthogonal(_ c: SpinCase) throws {
    let operation: SpinLeastSquaresAnalysis<Double> = try operation(c)
    let f: SpinFields<Double> = c.fields(seed: 2)
    var rest = operation.transform.synthesis(try operation.analysis(f))
    for i in rest.q.values.indices {
      rest.q.values[i] = f.q.values[i] - rest.q.values[i]
      rest.u.values[i] = f.u.values[i] - rest.u.values[i]
    }
    let gradient = operation.transform.synthesisGradient(rest).values
    let scale = operation.transform.synthesisGradient(f).values
    let bound = SpinDefinitionTests.bound(c, unit: 0x1p-53) / operation.reciprocalCondition
    let norms = [gradient, scale].map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    #expect(norms[0] <= bound * norms[1], "\(c): \(norms)")
  }

  /// The blocks against a dense solution by singular values: rounding times the condition number of
  /// SᵀS. The control is equal-weight quadrature.
  @Test("Against a dense solution")
  func dense() throws {
    let c = SpinCase(TransformCase(try HealpixGrid(nside: 2), lmax: 4), spin: 2)
    let operation: SpinLeastSquaresAnalysis<Double> = try operation(c)
    let f: SpinFields<Double> = c.fields(seed: 9)
    let slow = try DirectSpinTransform(grid: c.base.grid, spin: c.spin, lmax: c.base.lmax)
      .leastSquares(f)
    let bound = SpinDefinitionTests.bound(c, unit: 0x1p-53) / operation.reciprocalCondition
    #expect(relativeError(try operation.analysis(f).values, slow.values) <= bound)
    let quadrature = try operation.transform.analysis(f, .lossy)
    #expect(relativeError(quadrature.values, slow.values) > 1000 * bound)
  }

  /// The iterative solution is the direct one.
  @Test("Conjugate gradients find the same", arguments: cases)
  func iterative(_ c: SpinCase) throws {
    let operation: SpinLeastSquaresAnalysis<Double> = try operation(c)
    let f: SpinFields<Double> = c.fields(seed: 3)
    let direct = try operation.analysis(f)
    let (a, reports) = try operation.transform.leastSquares(f, tolerance: 1e-12)
    #expect(reports.count == c.base.lanes && reports.allSatisfy { $0.stop == .converged })
    let bound = 1e-12 / operation.reciprocalCondition
    #expect(relativeError(a.values, direct.values) <= bound, "\(c)")
    let early = try operation.transform.leastSquares(f, tolerance: 0, maximumIterations: 1)
    #expect(early.reports.allSatisfy { $0.stop == .iterationLimit && $0.iterations == 1 })
  }

  /// ⟨A f, ā⟩ = ⟨f, Aᵀ ā⟩ for the operator and its gradient.
  @Test("Gradient is the transpose", arguments: cases)
  func transpose(_ c: SpinCase) throws {
    let operation: SpinLeastSquaresAnalysis<Double> = try operation(c)
    let f: SpinFields<Double> = c.fields(seed: 4)
    let da: SpinCoefficients<Double> = c.coefficients(seed: 5)
    let check = AdjointCheck(
      image: try operation.analysis(f).values, y: da.values, x: f.values,
      transposed: operation.analysisGradient(da).values, terms: 2 * c.base.grid.pointCount)
    #expect(
      check.mismatch <= check.roundingBound / operation.reciprocalCondition, "\(c): \(check)")
  }

  /// At nside 16, lmax 47 the condition number of S is 6.5: analysis to 2.94 nside is harmless.
  @Test("Condition number at nside 16, lmax 47")
  func condition() throws {
    let operation = try SpinLeastSquaresAnalysis<Double>(grid: HealpixGrid(nside: 16), lmax: 47)
    let condition = try operation.conditionNumber()
    #expect(abs(condition - 6.5) < 0.05, "\(condition)")
    let (e, b) = operation.noiseVariance
    for l in 2...47 {
      #expect(e[l] > 0.99 && e[l] < 1.4 && b[l] > 0.99 && b[l] < 1.4, "l \(l): \(e[l]), \(b[l])")
    }
    #expect(e[0] == 0 && b[1] == 0)
  }

  /// More unknowns than numbers, as for scalars.
  @Test("Too many degrees are refused")
  func refusal() throws {
    let grid = try HealpixGrid(nside: 2)
    #expect(throws: HarmonicTransformError.self) {
      try SpinLeastSquaresAnalysis<Double>(grid: grid, lmax: 12)
    }
    let transform = SpinTransform<Double>(grid: grid, lmax: 4)
    var f = SpinFields<Double>(grid: grid)
    f.u.values[7] = .nan
    #expect(throws: HarmonicTransformError.notFinite(point: 7, lane: 0)) {
      try transform.iterated(f, iterations: 0)
    }
    let other = SpinFields<Double>(grid: try HealpixGrid(nside: 4))
    #expect(throws: HarmonicTransformError.self) { try transform.adjointSynthesis(other) }
  }
}
