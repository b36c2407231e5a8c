import HarmonicTransforms
import SphereGrids
import Testing
import Verification

/// Transposes of what is made of several transforms.
@Suite("Transposes of iterated analyses and rotations")
struct GradientTransposeTests {
  /// ⟨A_K f, a⟩ = ⟨f, A_Kᵀ a⟩ over stored numbers.
  @Test("Iterated analysis", arguments: [0, 1, 3])
  func scalar(iterations: Int) throws {
    let c = TransformCase(try HealpixGrid(nside: 4), lmax: 9, lanes: 2)
    let transform = ScalarTransform<Double>(grid: c.grid, lmax: c.lmax)
    let f: FieldStack<Double> = c.field(seed: 31)
    let a: CoefficientStack<Double> = c.coefficients(seed: 32)
    func check(_ gradient: FieldStack<Double>) throws -> AdjointCheck {
      AdjointCheck(
        image: try transform.iterated(f, iterations: iterations).values, y: a.values, x: f.values,
        transposed: gradient.values, terms: c.grid.pointCount)
    }
    let right = try check(transform.iteratedGradient(a, iterations: iterations))
    #expect(right.mismatch <= Double(2 * iterations + 1) * right.roundingBound, "\(right)")
    // The control: the gradient of one iteration more.
    let wrong = try check(transform.iteratedGradient(a, iterations: iterations + 1))
    #expect(wrong.mismatch > 1000 * wrong.roundingBound, "\(wrong)")
  }

  @Test("Iterated analysis of spin 2", arguments: [0, 2])
  func spin(iterations: Int) throws {
    let c = SpinCase(TransformCase(try HealpixGrid(nside: 4), lmax: 8, lanes: 1), spin: 2)
    let transform: SpinTransform<Double> = c.transform()
    let f: SpinFields<Double> = c.fields(seed: 41)
    let a: SpinCoefficients<Double> = c.coefficients(seed: 42)
    let gradient = transform.iteratedGradient(a, iterations: iterations)
    let check = AdjointCheck(
      image: try transform.iterated(f, iterations: iterations).values, y: a.values,
      x: f.values, transposed: gradient.values, terms: c.base.grid.pointCount)
    #expect(check.mismatch <= Double(2 * iterations + 1) * check.roundingBound, "\(check)")
  }

  @Test("Rotation of stored coefficients", arguments: [1, 12])
  func rotation(lmax: Int) {
    let c = TransformCase(GaussLegendreGrid(lmax: lmax), lmax: lmax)
    let (a, b): (CoefficientStack<Double>, CoefficientStack<Double>) = (
      c.coefficients(seed: 51), c.coefficients(seed: 52)
    )
    let turn = Rotation(alpha: 0.4, beta: 1.2, gamma: -0.8)
    func check(_ gradient: CoefficientStack<Double>) -> AdjointCheck {
      AdjointCheck(
        image: a.rotated(by: turn).values, y: b.values, x: a.values, transposed: gradient.values,
        terms: 2 * lmax + 1)
    }
    let right = check(b.rotationGradient(of: turn))
    #expect(right.mismatch <= 4 * right.roundingBound, "\(right)")
    let wrong = check(b.rotated(by: turn.inverse))
    #expect(wrong.mismatch > 1000 * wrong.roundingBound, "\(wrong)")
  }

  /// A batch of nothing is nothing, whatever is asked of it.
  @Test("No fields")
  func nothing() throws {
    let grid = try HealpixGrid(nside: 2)
    let (scalar, spin) = (
      ScalarTransform<Double>(grid: grid, lmax: 4), SpinTransform<Double>(grid: grid, lmax: 4)
    )
    let (f, a) = (
      FieldStack<Double>(grid: grid, lanes: 0), CoefficientStack<Double>(lmax: 4, lanes: 0)
    )
    let (qu, eb) = (
      SpinFields<Double>(grid: grid, lanes: 0), SpinCoefficients<Double>(lmax: 4, lanes: 0)
    )
    #expect(scalar.synthesis(a).values.isEmpty && scalar.synthesisGradient(f).values.isEmpty)
    #expect(try scalar.analysis(f, .lossy).values.isEmpty)
    #expect(try scalar.iterated(f, iterations: 2) == a)
    #expect(try scalar.leastSquares(f, tolerance: 1e-9).coefficients == a)
    #expect(try LeastSquaresAnalysis<Double>(grid: grid, lmax: 4).analysis(f) == a)
    #expect(spin.synthesis(eb).q.values.isEmpty && spin.synthesisGradient(qu) == eb)
    #expect(try spin.analysis(qu, .lossy) == eb)
    #expect(try spin.iterated(qu, iterations: 1) == eb)
    #expect(try spin.leastSquares(qu, tolerance: 1e-9).coefficients == eb)
    #expect(try SpinLeastSquaresAnalysis<Double>(grid: grid, spin: 2, lmax: 4).analysis(qu) == eb)
  }
}
