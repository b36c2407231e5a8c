import Testing
import Verification

@testable import ReadoutFits

@Suite("Limited-memory BFGS")
struct LimitedMemoryMinimiserTests {
  /// f = ½ Σ λ_i (x_i − c_i)², λ from 1 to 10³: the minimum is 0 at c. What ten iterations no
  /// longer lower by 10⁻¹² is within 10⁻⁹ of it. The control ends after three iterations and says
  /// so.
  @Test("A quadratic form")
  func quadratic() {
    let n = 40
    var numbers = TestNumbers(seed: 9)
    let center = numbers.normals(n)
    func f(_ x: [Double]) -> (value: Double, gradient: [Double]) {
      var (value, gradient) = (0.0, x)
      for i in 0..<n {
        let curvature = 1 + 999 * Double(i) / Double(n - 1)
        let distance = x[i] - center[i]
        value += 0.5 * curvature * distance * distance
        gradient[i] = curvature * distance
      }
      return (value, gradient)
    }
    let start = [Double](repeating: 0, count: n)
    let found = LimitedMemoryMinimiser(iterations: 500, tolerance: 1e-12).minimise(from: start, f)
    #expect(found.hasConverged && found.value <= 1e-9)
    let early = LimitedMemoryMinimiser(iterations: 3, tolerance: 1e-12).minimise(from: start, f)
    #expect(!early.hasConverged && early.iterations == 3 && early.value > 1e-6)
    let atRest = LimitedMemoryMinimiser().minimise(from: center, f)
    #expect(atRest.hasConverged && atRest.x == center && atRest.evaluations == 1)
  }

  /// Rosenbrock's valley from its usual start; the minimum is 0 at (1, 1).
  @Test("Rosenbrock's function")
  func rosenbrock() {
    let found = LimitedMemoryMinimiser(iterations: 500, tolerance: 1e-16).minimise(
      from: [-1.2, 1]
    ) { x in
      let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
      return (a * a + 100 * b * b, [-2 * a - 400 * b * x[0], 200 * b])
    }
    // f = (1 − x)² near the bottom of the valley.
    #expect(found.value <= 1e-14)
    #expect(abs(found.x[0] - 1) <= 1e-6 && abs(found.x[1] - 1) <= 1e-6)
  }
}
