import Foundation

/// A probability density of one parameter, tabulated and linear between its points.
///
/// Accuracy:   of second order in the spacing: a density as narrow as its spacing is wrong by
///             some percent of its width, one three spacings wide by 10⁻³ of it.
/// Checked by: PosteriorTests.
public struct Posterior: Sendable {
  /// θ_j, ascending.
  public let parameters: [Double]
  /// p(θ_j), of integral 1.
  public let density: [Double]

  /// A density from its logarithm, up to a constant.
  public init(parameters: [Double], logDensity: [Double]) {
    precondition(
      parameters.count >= 2 && parameters.count == logDensity.count,
      "\(logDensity.count) densities at \(parameters.count) parameters")
    let largest = logDensity.max() ?? 0
    precondition(largest.isFinite, "the largest log density is \(largest)")
    let relative = logDensity.map { exp($0 - largest) }
    var integral = 0.0
    for j in 1..<parameters.count {
      integral += 0.5 * (relative[j] + relative[j - 1]) * (parameters[j] - parameters[j - 1])
    }
    self.parameters = parameters
    density = relative.map { $0 / integral }
  }

  /// ⟨θ⟩: the estimate of least mean square error.
  public var mean: Double {
    integral { parameter in parameter }
  }

  /// √⟨(θ − ⟨θ⟩)²⟩.
  public var standardDeviation: Double {
    let mean = mean
    return integral { parameter in (parameter - mean) * (parameter - mean) }.squareRoot()
  }

  /// The parameter with half of the probability below it: the estimate of least mean |error|.
  public var median: Double {
    quantile(0.5) { _ in 1 }
  }

  /// The estimate of least mean |estimate − θ|/θ, the metric of the benchmark: the median of the
  /// density weighted by 1/θ.
  ///
  /// Setting the derivative of ∫ |x − θ| p(θ)/θ dθ with respect to x to zero says that p(θ)/θ has
  /// equal integrals on both sides of x. Needs θ > 0.
  public var optimalEstimate: Double {
    quantile(0.5) { 1 / $0 }
  }

  /// The parameter below which the fraction `probability` of the density times `weight` lies.
  public func quantile(_ probability: Double, weight: (Double) -> Double) -> Double {
    precondition(0 < probability && probability < 1, "a quantile of \(probability)")
    let weighted = zip(parameters, density).map { weight($0) * $1 }
    var cumulative = [0.0]
    cumulative.reserveCapacity(parameters.count)
    for j in 1..<parameters.count {
      let step = parameters[j] - parameters[j - 1]
      cumulative.append(cumulative[j - 1] + 0.5 * (weighted[j] + weighted[j - 1]) * step)
    }
    let target = probability * cumulative[parameters.count - 1]
    let upper = cumulative.firstIndex { $0 >= target } ?? parameters.count - 1
    let j = max(upper, 1)

    // Within a cell of width h the density is a + (b − a) t, 0 ≤ t ≤ 1, and the probability
    // h (a t + (b − a) t²/2) = r. This form of the root has no cancellation and holds for a = b.
    let h = parameters[j] - parameters[j - 1]
    let (a, b) = (weighted[j - 1], weighted[j])
    let r = (target - cumulative[j - 1]) / h
    let discriminant = (a * a + 2 * (b - a) * r).squareRoot()
    let t = 2 * r / (a + discriminant)
    return parameters[j - 1] + t * h
  }

  /// The probability below a parameter; 0 below the first and 1 above the last.
  public func probability(below parameter: Double) -> Double {
    let last = parameters.count - 1
    if parameter <= parameters[0] { return 0 }
    if parameter >= parameters[last] { return 1 }
    var sum = 0.0
    for j in 1...last {
      let (left, right) = (parameters[j - 1], parameters[j])
      let end = min(parameter, right)
      let share = (end - left) / (right - left)
      let atEnd = density[j - 1] + share * (density[j] - density[j - 1])
      sum += 0.5 * (density[j - 1] + atEnd) * (end - left)
      if parameter <= right { break }
    }
    return min(sum, 1)
  }

  /// ∫ f(θ) p(θ) dθ by the trapezoidal rule.
  private func integral(_ f: (Double) -> Double) -> Double {
    var sum = 0.0
    var before = f(parameters[0]) * density[0]
    for j in 1..<parameters.count {
      let here = f(parameters[j]) * density[j]
      sum += 0.5 * (before + here) * (parameters[j] - parameters[j - 1])
      before = here
    }
    return sum
  }
}
