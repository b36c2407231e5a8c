import Foundation

/// An analytic gradient of a scalar function compared with differences of the function.
///
/// Definition: with four points and step h along a direction d,
///
///     f'(x; d) ≈ [8 (f(x + h d) − f(x − h d)) − (f(x + 2h d) − f(x − 2h d))] / 12 h,
///
///             Richardson's combination of two central differences, in which the h² terms cancel:
///             truncation h⁴ f⁽⁵⁾/30. Rounding contributes at most 18 ε|f| / 12 h = 1.5 ε|f| / h,
///             ε being the relative error of one evaluation.
/// Step:       if f varies over a length L, so that f⁽⁵⁾ ~ |f|/L⁵, the sum of both is smallest at
///             h = (45 ε/4)^{1/5} L, about 10⁻³ L, where it is 5/4 · 1.5 ε|f|/h,
///             about 2·10⁻¹³ |f|/L.
///             With two points, truncation h² f'''/6 and rounding ε|f|/h give h = (3 ε)^{1/3} L,
///             about 7·10⁻⁶ L, and an error of 1.5 ε|f|/h, about 2·10⁻¹¹ |f|/L. h is rounded down
///             to a power of two, so that h, 2h and the division by h are exact.
/// Scalars:    a layer y(x) is checked through f(x) = Σ c_k y_k with random c: with c = 1, errors
///             of opposite sign cancel.
/// Kinks:      a function with kinks (a rectifier) is wrong wherever a kink lies within 2h of the
///             point. Two points with their small step cross fewer; better, choose a point whose
///             pre-activations stay away from zero.
/// Cost:       four (two) evaluations per element or direction.
/// Checked by: GradientCheckTests.
package struct GradientCheck: Sendable, CustomStringConvertible {
  /// How the function is differenced.
  package enum Stencil: Sendable {
    /// f(x ± h): small step, for functions with kinks.
    case twoPoint
    /// f(x ± h) and f(x ± 2h): most accurate for smooth functions.
    case fourPoint
  }

  /// Along which directions the derivative is compared.
  package enum Probe: Sendable {
    /// Every parameter by itself: sees every component, for small vectors.
    case elements
    /// Random unit directions: for large vectors. A wrong component k shows with weight d_k ~ 1/√n.
    case directions(count: Int, seed: UInt64)
  }

  /// The analytic derivatives against the differences, element by element or direction by
  /// direction.
  package let comparison: Comparison
  /// The step h.
  package let step: Double
  /// What differencing itself may contribute to `comparison.relativeL2`: the error per derivative
  /// derived above, as norm over all derivatives, relative to the norm of the differences.
  package let differencingBound: Double

  /// ‖analytic − differences‖ / ‖differences‖; infinite when the two cannot be compared.
  package var relativeL2: Double { comparison.relativeL2 }

  package var description: String {
    "gradient: \(comparison); step \(step), differencing \(differencingBound)"
  }

  /// Differences `function` around `point` and compares.
  ///
  /// - Parameters:
  ///   - gradient: ∂f/∂x_k at `point`, one number per parameter.
  ///   - point: x.
  ///   - probe: which derivatives are compared.
  ///   - stencil: how they are differenced.
  ///   - lengthScale: L, the distance over which f changes by its own size.
  ///   - evaluationError: ε, the relative error of one evaluation of f; for a sum of n terms,
  ///     `RoundingBound.probable(operations: n)`.
  ///   - function: f.
  /// - Throws: what `function` throws.
  package init<Failure: Error>(
    _ gradient: [Double], at point: [Double], along probe: Probe = .elements,
    stencil: Stencil = .fourPoint, lengthScale: Double = 1,
    evaluationError: Double = RoundingBound.probable(operations: 16),
    of function: ([Double]) throws(Failure) -> Double
  ) throws(Failure) {
    precondition(lengthScale > 0, "the length scale is \(lengthScale)")
    let h = GradientCheck.step(stencil, lengthScale: lengthScale, evaluationError: evaluationError)
    step = h
    guard gradient.count == point.count, !point.isEmpty else {
      comparison = Comparison(gradient, with: point.map { _ in Double.nan })
      differencingBound = 0
      return
    }
    var analytic: [Double] = []
    var differences: [Double] = []
    var largest = 0.0
    for direction in Directions(probe: probe, dimension: point.count) {
      analytic.append(zip(direction, gradient).reduce(0) { $0 + $1.0 * $1.1 })
      func value(_ multiple: Double) throws(Failure) -> Double {
        let f = try function(zip(point, direction).map { $0 + multiple * h * $1 })
        largest = max(largest, abs(f))
        return f
      }
      let inner = try value(1) - value(-1)
      switch stencil {
      case .twoPoint: differences.append(inner / (2 * h))
      case .fourPoint:
        let outer = try value(2) - value(-2)
        differences.append((8 * inner - outer) / (12 * h))
      }
    }
    comparison = Comparison(analytic, with: differences)
    let perDerivative = (stencil == .twoPoint ? 1.5 : 1.875) * evaluationError * largest / h
    let norm = differences.reduce(0) { $0 + $1 * $1 }.squareRoot()
    differencingBound = perDerivative * Double(differences.count).squareRoot() / norm
  }

  /// The step of least error, rounded down to a power of two.
  private static func step(
    _ stencil: Stencil, lengthScale: Double, evaluationError epsilon: Double
  ) -> Double {
    let best: Double
    switch stencil {
    case .twoPoint: best = cbrt(3 * epsilon) * lengthScale
    case .fourPoint: best = pow(11.25 * epsilon, 0.2) * lengthScale
    }
    return Double(sign: .plus, exponent: best.exponent, significand: 1)
  }
}

/// The directions of a probe: unit vectors along the axes, or random ones.
private struct Directions: Sequence, IteratorProtocol {
  let probe: GradientCheck.Probe
  let dimension: Int
  private var numbers: TestNumbers
  private var produced = 0

  init(probe: GradientCheck.Probe, dimension: Int) {
    self.probe = probe
    self.dimension = dimension
    switch probe {
    case .elements: numbers = TestNumbers(seed: 0)
    case .directions(_, let seed): numbers = TestNumbers(seed: seed)
    }
  }

  mutating func next() -> [Double]? {
    defer { produced += 1 }
    switch probe {
    case .elements:
      guard produced < dimension else { return nil }
      var axis = [Double](repeating: 0, count: dimension)
      axis[produced] = 1
      return axis
    case .directions(let count, _):
      guard produced < count else { return nil }
      let normals = numbers.normals(dimension)
      let length = normals.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return normals.map { $0 / length }
    }
  }
}
