import HarmonicTransforms
import Testing
import Verification

@Suite("Gaussian smoothing, a toy layer")
struct GaussianSmoothingTests {
  private static let lmax = 9

  private func coefficients(_ seed: UInt64) -> CoefficientStack<Double> {
    var numbers = TestNumbers(seed: seed)
    var stack = CoefficientStack<Double>(lmax: Self.lmax, lanes: 2)
    for i in stack.values.indices { stack.values[i] = numbers.normal() }
    return stack
  }

  /// Bound: two exponentials and a product, a few units of rounding. Control: the next degree.
  @Test("Forward against its definition")
  func forward() {
    let (layer, x) = (GaussianSmoothing<Double>(lmax: Self.lmax), coefficients(1))
    let y = layer.forward(x, width: 0.3)
    var next = 0.0
    for m in 0...Self.lmax {
      for l in m...Self.lmax {
        let i = 4 * coefficientIndex(l: l, m: m, lmax: Self.lmax)
        let expected = layer.forwardByDefinition(l: l, x.values[i], width: 0.3)
        #expect(abs(y.values[i] - expected) <= 8 * .ulpOfOne * abs(expected))
        next += abs(y.values[i] - layer.forwardByDefinition(l: l + 1, x.values[i], width: 0.3))
      }
    }
    #expect(next > 0.1)
  }

  /// ⟨ȳ, y⟩ as a function of σ and of x against central differences of a smooth function. Bound:
  /// rounding of the sum over the step, and its third derivative times the step squared.
  @Test("Backward against differences")
  func backward() {
    let layer = GaussianSmoothing<Double>(lmax: Self.lmax)
    let (x, dy, width, step) = (coefficients(2), coefficients(3), 0.3, 1e-5)
    func product(_ x: CoefficientStack<Double>, _ width: Double) -> Double {
      zip(layer.forward(x, width: width).values, dy.values).reduce(0) { $0 + $1.0 * $1.1 }
    }
    var slope = 0.0
    let dx = layer.backward(dy, saved: x, width: width, accumulatingInto: &slope)
    let difference = (product(x, width + step) - product(x, width - step)) / (2 * step)
    #expect(abs(slope - difference) < 1e-6 * abs(difference))
    for i in [0, 7, 55, 150] {
      var moved = x
      moved.values[i] += 1
      let own = product(moved, width) - product(x, width)
      #expect(abs(dx.values[i] - own) < 1e-12)
    }
  }
}
