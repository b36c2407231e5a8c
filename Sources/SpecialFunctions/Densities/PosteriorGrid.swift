import Foundation

/// A probability density of one to three parameters, tabulated on a product grid.
///
/// Definition: with q_i the probability of the prior below θ_i (`ParameterPrior.quantile`), p(q) is
///             the density in q, so that p = 1 everywhere is the prior itself, and the density in θ
///             is p(q) Π dq_i/dθ_i. Outside the box of the grid it is zero.
/// Method:     p is given at equally spaced q; integrals are trapezoidal sums, which converge
///             faster than any power of the spacing where p falls to zero inside the prior, and
///             with its square where it does not. `zoomed` puts the box where the density is.
/// Accuracy:   with the standard numbers of points a box of ±6 σ has 67 (one parameter), 10 (two)
///             or 3.3 (three) points to a σ.
/// Checked by: PosteriorGridTests.
public struct PosteriorGrid: Sendable, Equatable {
  /// One parameter.
  public struct Axis: Sendable, Equatable {
    /// Its prior.
    public let prior: ParameterPrior
    /// q, equally spaced and ascending, at least two.
    public let quantiles: [Double]

    /// θ at the points.
    public var values: [Double] { quantiles.map { prior.value(at: $0) } }
    /// Distance of two points in q.
    var spacing: Double {
      (quantiles[quantiles.count - 1] - quantiles[0]) / Double(quantiles.count - 1)
    }
    /// Weights of the trapezoidal rule.
    var weights: [Double] {
      quantiles.indices.map { $0 == 0 || $0 == quantiles.count - 1 ? spacing / 2 : spacing }
    }

    public init(prior: ParameterPrior, quantiles: [Double]) {
      precondition(quantiles.count >= 2, "\(quantiles.count) points")
      self.prior = prior
      self.quantiles = quantiles
    }
  }

  /// The parameters.
  public let axes: [Axis]
  /// p at the points, the last parameter fastest; its integral over q is 1.
  public let density: [Double]

  /// A density from its logarithm, up to a constant, the last parameter fastest.
  public init(axes: [Axis], logDensity: [Double]) {
    precondition(
      (1...3).contains(axes.count)
        && logDensity.count == axes.reduce(1) { $0 * $1.quantiles.count },
      "\(logDensity.count) densities of \(axes.count) parameters")
    let largest = logDensity.max() ?? 0
    precondition(largest.isFinite, "the largest log density is \(largest)")
    self.axes = axes
    let relative = logDensity.map { exp($0 - largest) }
    let sum = zip(relative, Self.weights(axes)).reduce(0) { $0 + $1.0 * $1.1 }
    density = relative.map { $0 / sum }
  }

  /// A density whose points and integral are known to fit.
  init(uncheckedAxes axes: [Axis], density: [Double]) {
    self.axes = axes
    self.density = density
  }

  /// Points per parameter over the whole prior and in the box, for one, two and three parameters.
  static let coarseCounts = [257, 65, 25]
  static let fineCounts = [801, 121, 41]
  /// How far ln p has fallen at the rim of the box: what is left out is 10⁻⁹ of the peak.
  static let rimDepth = 20.0

  /// A density on a grid around its peaks.
  ///
  /// - Parameters:
  ///   - priors: one per parameter.
  ///   - logDensity: receives q of every parameter and returns ln p on their product, up to a
  ///     constant, the last parameter fastest. Called twice.
  /// - Returns: the density in the smallest box whose rim lies `rimDepth` below the peak.
  public static func zoomed(
    _ priors: [ParameterPrior], logDensity: (_ quantiles: [[Double]]) -> [Double]
  ) -> PosteriorGrid {
    precondition((1...3).contains(priors.count), "\(priors.count) parameters")
    let count = coarseCounts[priors.count - 1]
    let whole = priors.map { _ in (0..<count).map { Double($0) / Double(count - 1) } }
    let values = logDensity(whole)
    let limit = (values.max() ?? 0) - rimDepth
    var ranges = priors.map { _ in (count, -1) }
    for (point, value) in values.enumerated() where value >= limit {
      var rest = point
      for axis in priors.indices.reversed() {
        let index = rest % count
        rest /= count
        ranges[axis] = (min(ranges[axis].0, index), max(ranges[axis].1, index))
      }
    }
    let fine = fineCounts[priors.count - 1]
    let box = ranges.map { low, high in
      let first = Double(max(low - 1, 0)) / Double(count - 1)
      let last = Double(min(high + 1, count - 1)) / Double(count - 1)
      return (0..<fine).map { first + (last - first) * Double($0) / Double(fine - 1) }
    }
    return PosteriorGrid(
      axes: zip(priors, box).map { Axis(prior: $0, quantiles: $1) }, logDensity: logDensity(box))
  }

  /// Π of the trapezoidal weights of every point.
  static func weights(_ axes: [Axis]) -> [Double] {
    axes.reduce([1]) { products, axis in
      let own = axis.weights
      return products.flatMap { product in own.map { product * $0 } }
    }
  }

  /// The index along every axis of a point.
  private func place(_ point: Int) -> [Int] {
    var rest = point
    var place = axes.map { _ in 0 }
    for axis in axes.indices.reversed() {
      place[axis] = rest % axes[axis].quantiles.count
      rest /= axes[axis].quantiles.count
    }
    return place
  }

  // MARK: - One parameter

  /// The density of one parameter, integrated over the others, in its q.
  public func marginal(_ axis: Int) -> Posterior {
    var sums = [Double](repeating: 0, count: axes[axis].quantiles.count)
    let inner = axes[(axis + 1)...].reduce(1) { $0 * $1.quantiles.count }
    let own = axes[axis].weights
    for (point, weight) in Self.weights(axes).enumerated() {
      let index = point / inner % sums.count
      sums[index] += density[point] * weight / own[index]
    }
    return Posterior(parameters: axes[axis].quantiles, logDensity: sums.map { log($0) })
  }

  /// θ below which the given probability lies, of one parameter.
  public func quantile(_ axis: Int, _ probability: Double) -> Double {
    axes[axis].prior.value(at: marginal(axis).quantile(probability) { _ in 1 })
  }

  /// The interval of one parameter that holds `probability`, with as much below as above it.
  public func interval(_ axis: Int, probability: Double) -> ClosedRange<Double> {
    let low = quantile(axis, 0.5 - probability / 2)
    return low...max(low, quantile(axis, 0.5 + probability / 2))
  }

  /// The probability below θ, of one parameter: uniform on 0...1 over maps if posteriors are right.
  public func probabilityBelow(_ axis: Int, _ value: Double) -> Double {
    let q = axes[axis].prior.quantile(of: value)
    return marginal(axis).probability(below: q)
  }

  /// Kullback-Leibler divergence of one parameter's posterior from its prior, in nats: what the map
  /// says of it. 0 where it says nothing.
  public func information(_ axis: Int) -> Double {
    let own = marginal(axis)
    return zip(own.density, axes[axis].weights).reduce(0) { sum, point in
      point.0 > 0 ? sum + point.0 * log(point.0) * point.1 : sum
    }
  }

  // MARK: - All parameters

  /// ⟨θ⟩ of every parameter.
  public var mean: [Double] { moments.mean }

  /// ⟨(θ_i − ⟨θ_i⟩)(θ_j − ⟨θ_j⟩)⟩, row by row.
  public var covariance: [[Double]] { moments.covariance }

  /// √ of the covariance's diagonal.
  public var standardDeviations: [Double] {
    let covariance = covariance
    return axes.indices.map { covariance[$0][$0].squareRoot() }
  }

  /// Mean and covariance.
  public var moments: (mean: [Double], covariance: [[Double]]) {
    let n = axes.count
    let values = axes.map(\.values)
    // The masses of every axis, and of every pair of axes.
    var own = axes.map { [Double](repeating: 0, count: $0.quantiles.count) }
    let weights = axes.map(\.weights)
    var place = [Int](repeating: 0, count: n)
    var mean = [Double](repeating: 0, count: n)
    var covariance = [[Double]](repeating: mean, count: n)
    var masses = [Double](repeating: 0, count: density.count)
    for point in density.indices {
      var mass = density[point]
      for i in 0..<n { mass *= weights[i][place[i]] }
      masses[point] = mass
      for i in 0..<n { own[i][place[i]] += mass }
      advance(&place)
    }
    for i in 0..<n {
      mean[i] = zip(own[i], values[i]).reduce(0) { $0 + $1.0 * $1.1 }
      covariance[i][i] = zip(own[i], values[i]).reduce(0) {
        $0 + $1.0 * ($1.1 - mean[i]) * ($1.1 - mean[i])
      }
    }
    guard n > 1 else { return (mean, covariance) }
    for point in density.indices {
      let mass = masses[point]
      for i in 1..<n {
        for j in 0..<i {
          covariance[i][j] +=
            mass * (values[i][place[i]] - mean[i]) * (values[j][place[j]] - mean[j])
        }
      }
      advance(&place)
    }
    for i in 1..<n {
      for j in 0..<i { covariance[j][i] = covariance[i][j] }
    }
    return (mean, covariance)
  }

  /// The next point, the last parameter fastest; after the last one the first.
  private func advance(_ place: inout [Int]) {
    for axis in axes.indices.reversed() {
      place[axis] += 1
      if place[axis] < axes[axis].quantiles.count { return }
      place[axis] = 0
    }
  }

  /// ln p at some parameters, multilinear between the points; −∞ outside the box.
  public func logDensity(at values: [Double]) -> Double {
    precondition(values.count == axes.count, "\(values.count) values of \(axes.count) parameters")
    var (points, weights) = ([0], [1.0])
    for (axis, value) in zip(axes, values) {
      let q = axis.prior.quantile(of: value)
      let count = axis.quantiles.count
      let x = (q - axis.quantiles[0]) / axis.spacing
      // An end of the prior may lie a rounding outside.
      guard x >= -1e-9, x <= Double(count - 1) + 1e-9 else { return -.infinity }
      let below = min(max(Int(x), 0), count - 2)
      let share = min(max(x - Double(below), 0), 1)
      points = points.flatMap { [$0 * count + below, $0 * count + below + 1] }
      weights = weights.flatMap { [$0 * (1 - share), $0 * share] }
    }
    var sum = 0.0
    for (point, weight) in zip(points, weights) where weight > 0 {
      sum += weight * log(density[point])
    }
    return sum
  }

  /// The probability of all parameters with a larger p than these: a region of highest density of
  /// probability P holds them if this is at most P. Uniform on 0...1 over maps if posteriors are
  /// right.
  public func probabilityAbove(_ values: [Double]) -> Double {
    let own = logDensity(at: values)
    guard own > -.infinity else { return 1 }
    let limit = exp(own)
    return zip(density, Self.weights(axes)).reduce(0) { sum, point in
      point.0 > limit ? sum + point.0 * point.1 : sum
    }
  }

  /// The probability of all parameters whose q is nearer to a point than that of a truth is:
  /// uniform on 0...1 over maps, for points drawn without knowledge of the truth, if posteriors are
  /// right.
  public func probabilityNearer(to point: [Double], than truth: [Double]) -> Double {
    func distance(_ q: [Double]) -> Double {
      zip(q, point).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let limit = distance(truth)
    let squares = axes.indices.map { axis in
      axes[axis].quantiles.map { ($0 - point[axis]) * ($0 - point[axis]) }
    }
    let weights = axes.map(\.weights)
    var place = axes.map { _ in 0 }
    var sum = 0.0
    for value in density {
      var (square, mass) = (0.0, value)
      for axis in axes.indices {
        square += squares[axis][place[axis]]
        mass *= weights[axis][place[axis]]
      }
      if square < limit { sum += mass }
      advance(&place)
    }
    return min(sum, 1)
  }

  /// ∫ p ln(p/p̂) dq, the Kullback-Leibler divergence of another density p̂ from this one, in nats.
  ///
  /// - Parameter other: ln p̂ on the product of some q, the last parameter fastest.
  /// - Returns: the divergence, at least 0 but for the error of the sums.
  public func divergence(from other: (_ quantiles: [[Double]]) -> [Double]) -> Double {
    let values = other(axes.map(\.quantiles))
    let weights = Self.weights(axes)
    var sum = 0.0
    for point in density.indices where density[point] > 0 {
      sum += density[point] * weights[point] * (log(density[point]) - values[point])
    }
    return sum
  }

  /// The density above which `probability` lies: the contour of a credible region.
  public func level(probability: Double) -> Double {
    let weights = Self.weights(axes)
    var sum = 0.0
    for point in density.indices.sorted(by: { density[$0] > density[$1] }) {
      sum += density[point] * weights[point]
      if sum >= probability { return density[point] }
    }
    return 0
  }

  /// Some parameters drawn from the density, uniform within the cell of a point.
  ///
  /// - Parameter uniforms: one number of 0..<1 per sample, and one more per parameter and sample:
  ///   `[sample][1 + parameters]`.
  /// - Returns: `[sample][parameter]`.
  public func samples(_ uniforms: [Double]) -> [[Double]] {
    let width = 1 + axes.count
    precondition(uniforms.count.isMultiple(of: width), "\(uniforms.count) numbers for samples")
    var cumulative: [Double] = []
    var sum = 0.0
    for (p, weight) in zip(density, Self.weights(axes)) {
      sum += p * weight
      cumulative.append(sum)
    }
    return stride(from: 0, to: uniforms.count, by: width).map { first in
      let target = uniforms[first] * sum
      var (low, high) = (0, cumulative.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] > target { high = middle } else { low = middle + 1 }
      }
      return zip(axes, place(low)).enumerated().map { k, own in
        let (axis, index) = own
        let half = axis.spacing / 2
        let lower = index == 0 ? axis.quantiles[0] : axis.quantiles[index] - half
        let isLast = index == axis.quantiles.count - 1
        let upper = isLast ? axis.quantiles[index] : axis.quantiles[index] + half
        let q = lower + uniforms[first + 1 + k] * (upper - lower)
        return axis.prior.value(at: min(max(q, 0), 1))
      }
    }
  }
}
