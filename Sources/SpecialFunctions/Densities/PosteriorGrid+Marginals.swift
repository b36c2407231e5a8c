import Foundation

/// Densities of fewer parameters, on finer points, in θ: what a picture of a posterior needs.
extension PosteriorGrid {
  /// A density that is known at its points, without the logarithm's rounding: one read from a file.
  ///
  /// - Parameters:
  ///   - axes: the parameters, one to three.
  ///   - density: p at the points, the last parameter fastest; finite, not negative, of integral 1
  ///     within `integralTolerance` (a precondition).
  public init(axes: [Axis], density: [Double]) {
    precondition((1...3).contains(axes.count), "\(axes.count) parameters")
    let integral = Self.integral(axes: axes, density: density)
    precondition(
      abs(integral - 1) <= Self.integralTolerance && density.allSatisfy { $0 >= 0 },
      "a density of integral \(integral)")
    self.init(uncheckedAxes: axes, density: density)
  }

  /// How far the integral of a density may be from 1: sums over a million points keep ten digits.
  public static let integralTolerance = 1e-9

  /// ∫ p dq by the trapezoidal rule.
  ///
  /// - Parameters:
  ///   - axes: the parameters.
  ///   - density: p at the points, as many as there are (a precondition), the last parameter
  ///     fastest.
  /// - Returns: the integral.
  public static func integral(axes: [Axis], density: [Double]) -> Double {
    precondition(
      density.count == axes.reduce(1) { $0 * $1.quantiles.count },
      "\(density.count) densities of \(axes.count) parameters")
    return zip(density, weights(axes)).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The density of some of the parameters, integrated over the others.
  ///
  /// - Parameter kept: places of the parameters, ascending and different (a precondition).
  /// - Returns: their density on the same points.
  ///
  /// Checked by: PosteriorSummaryTests.
  public func marginal(over kept: [Int]) -> PosteriorGrid {
    precondition(
      !kept.isEmpty && zip(kept, kept.dropFirst()).allSatisfy { $0 < $1 }
        && kept.allSatisfy(axes.indices.contains), "the parameters \(kept) of \(axes.count)")
    let own = kept.map { axes[$0] }
    var sums = [Double](repeating: 0, count: own.reduce(1) { $0 * $1.quantiles.count })
    let weights = axes.map(\.weights)
    var place = axes.map { _ in 0 }
    for value in density {
      var (mass, point) = (value, 0)
      for axis in axes.indices where !kept.contains(axis) { mass *= weights[axis][place[axis]] }
      for axis in kept { point = point * axes[axis].quantiles.count + place[axis] }
      sums[point] += mass
      for axis in axes.indices.reversed() {
        place[axis] += 1
        if place[axis] < axes[axis].quantiles.count { break }
        place[axis] = 0
      }
    }
    return PosteriorGrid(uncheckedAxes: own, density: sums)
  }

  /// The density on points that are so many times as dense, with the integral 1 on these.
  ///
  /// Method:     cubic polynomials through four neighbours of ln p along every axis, which are
  ///             exact for a normal density; what is below e⁻⁶⁰ of the peak counts as that.
  ///
  /// - Parameter factor: 1 or more (a precondition).
  /// - Returns: the density on count · factor − factor + 1 points of each parameter.
  ///
  /// Checked by: PosteriorSummaryTests.
  public func refined(by factor: Int) -> PosteriorGrid {
    precondition(factor >= 1, "a factor of \(factor)")
    guard factor > 1 else { return self }
    let floor = log(density.max() ?? 1) - 60
    var values = density.map { max(log($0), floor) }
    var counts = axes.map(\.quantiles.count)
    for axis in axes.indices {
      let inner = counts[(axis + 1)...].reduce(1, *)
      let outer = counts[..<axis].reduce(1, *)
      let (old, new) = (counts[axis], (counts[axis] - 1) * factor + 1)
      var finer = [Double](repeating: 0, count: outer * new * inner)
      for point in 0..<new {
        let (first, weights) = Self.cubic(at: Double(point) / Double(factor), count: old)
        for block in 0..<outer {
          for place in 0..<inner {
            var sum = 0.0
            for (k, weight) in weights.enumerated() {
              sum += weight * values[(block * old + first + k) * inner + place]
            }
            finer[(block * new + point) * inner + place] = sum
          }
        }
      }
      values = finer
      counts[axis] = new
    }
    let finer = zip(axes, counts).map { axis, count in
      Axis(
        prior: axis.prior,
        quantiles: (0..<count).map { point in
          let share = Double(point) / Double(count - 1)
          let (low, high) = (axis.quantiles[0], axis.quantiles[axis.quantiles.count - 1])
          return point == count - 1 ? high : low + (high - low) * share
        })
    }
    return PosteriorGrid(axes: finer, logDensity: values)
  }

  /// Lagrange's weights of up to four neighbours of a place between points 0, 1, 2, ...
  private static func cubic(at x: Double, count: Int) -> (first: Int, weights: [Double]) {
    let used = min(4, count)
    let first = min(max(Int(x) - 1, 0), count - used)
    let weights = (0..<used).map { k in
      (0..<used).filter { $0 != k }.reduce(1) { product, j in
        product * (x - Double(first + j)) / Double(k - j)
      }
    }
    return (first, weights)
  }

  /// The density in θ, p Π dq_i/dθ_i, at the points, the last parameter fastest.
  public var parameterDensity: [Double] {
    let factors = axes.map { axis in axis.values.map { axis.prior.density(at: $0) } }
    let products = factors.reduce([1.0]) { products, own in
      products.flatMap { product in own.map { product * $0 } }
    }
    return zip(density, products).map { $0 * $1 }
  }

  /// The density in θ above which a probability lies: the contour of the region of highest density.
  ///
  /// Method:     points in the order of their density; half of a point's probability lies above its
  ///             density, and the logarithm is linear between neighbours of the order.
  /// Accuracy:   2·10⁻³ in probability for twenty points to a σ of two parameters.
  ///
  /// - Parameter probability: between 0 and 1 (a precondition).
  /// - Returns: the density in θ.
  ///
  /// Checked by: PosteriorSummaryTests.
  public func parameterLevel(probability: Double) -> Double {
    precondition(0 < probability && probability < 1, "a probability of \(probability)")
    let values = parameterDensity
    let masses = zip(density, Self.weights(axes)).map { $0 * $1 }
    var sum = 0.0
    var before: (mass: Double, value: Double)?
    for point in values.indices.sorted(by: { values[$0] > values[$1] }) {
      let here = (mass: sum + masses[point] / 2, value: values[point])
      if here.mass >= probability {
        guard let before, here.value > 0 else { return here.value }
        let share = (probability - before.mass) / (here.mass - before.mass)
        return exp(log(before.value) + share * (log(here.value) - log(before.value)))
      }
      sum += masses[point]
      before = here
    }
    return 0
  }
}
