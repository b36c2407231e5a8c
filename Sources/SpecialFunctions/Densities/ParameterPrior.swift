import Foundation

/// The prior of one parameter θ on a finite range.
///
/// Definition: with q(θ) the probability below θ,
///                 uniform      p ∝ 1                                q = (θ − a)/(b − a)
///                 log-uniform  p ∝ 1/(θ + c)                        q = ln((θ + c)/(a + c)) /
///                                                                       ln((b + c)/(a + c))
///                 Gaussian     p ∝ exp(−(θ − μ)²/2σ²)               q by erfc
///             on a...b, zero elsewhere; c > −a is the offset, so that θ = 0 may be in the range.
/// Use:        q is the coordinate in which every prior is uniform on 0...1: random draws, tables
///             and densities are made in q, and only what is printed is turned into θ.
/// Accuracy:   `quantile(of:)` and `value(at:)` are inverse to each other to 10⁻¹⁴ of the range
///             for the first two, and for a Gaussian that is cut at five σ to 10⁻⁹.
/// Checked by: ParameterPriorTests.
public enum ParameterPrior: Sendable, Hashable {
  case uniform(ClosedRange<Double>)
  case logUniform(ClosedRange<Double>, offset: Double)
  case gaussian(ClosedRange<Double>, mean: Double, standardDeviation: Double)

  /// a...b.
  public var range: ClosedRange<Double> {
    switch self {
    case .uniform(let range), .logUniform(let range, _), .gaussian(let range, _, _): return range
    }
  }

  /// Throws what makes no prior.
  ///
  /// - Parameter name: what messages call the parameter.
  /// - Throws: `ParameterPriorError`.
  public func validate(name: String) throws(ParameterPriorError) {
    guard range.lowerBound < range.upperBound, range.lowerBound.isFinite, range.upperBound.isFinite
    else { throw .emptyRange(name: name, lower: range.lowerBound, upper: range.upperBound) }
    switch self {
    case .uniform: return
    case .logUniform(_, let offset):
      guard offset.isFinite, range.lowerBound + offset > 0 else {
        throw .badOffset(name: name, offset: offset, lower: range.lowerBound)
      }
    case .gaussian(_, let mean, let deviation):
      guard deviation > 0, deviation.isFinite, mean.isFinite else {
        throw .badDeviation(name: name, found: deviation)
      }
      guard Self.mostDeviations >= max(range.upperBound - mean, mean - range.lowerBound) / deviation
      else { throw .tooWide(name: name, most: Self.mostDeviations) }
    }
  }

  /// How far a Gaussian prior may reach: beyond it q is 0 or 1 to rounding, and has no inverse.
  public static let mostDeviations = 5.0

  /// q(θ), 0...1; for θ outside the range the nearer end.
  public func quantile(of value: Double) -> Double {
    let (a, b) = (range.lowerBound, range.upperBound)
    if value <= a { return 0 }
    if value >= b { return 1 }
    switch self {
    case .uniform: return (value - a) / (b - a)
    case .logUniform(_, let c): return log((value + c) / (a + c)) / log((b + c) / (a + c))
    case .gaussian(_, let mean, let deviation):
      let lower = normalBelow((a - mean) / deviation)
      let upper = normalBelow((b - mean) / deviation)
      return (normalBelow((value - mean) / deviation) - lower) / (upper - lower)
    }
  }

  /// θ with the probability q below it.
  ///
  /// - Parameter quantile: q in 0...1 (a precondition).
  /// - Returns: θ, within the range.
  public func value(at quantile: Double) -> Double {
    precondition((0...1).contains(quantile), "a quantile of \(quantile)")
    let (a, b) = (range.lowerBound, range.upperBound)
    switch self {
    case .uniform: return min(max(a + (b - a) * quantile, a), b)
    case .logUniform(_, let c):
      return min(max((a + c) * exp(quantile * log((b + c) / (a + c))) - c, a), b)
    case .gaussian: return root(quantile)
    }
  }

  /// dq/dθ, the density of the prior, zero outside the range.
  public func density(at value: Double) -> Double {
    guard range.contains(value) else { return 0 }
    let (a, b) = (range.lowerBound, range.upperBound)
    switch self {
    case .uniform: return 1 / (b - a)
    case .logUniform(_, let c): return 1 / ((value + c) * log((b + c) / (a + c)))
    case .gaussian(_, let mean, let deviation):
      let mass =
        normalBelow((b - mean) / deviation) - normalBelow((a - mean) / deviation)
      let z = (value - mean) / deviation
      return exp(-z * z / 2) / (deviation * (2 * Double.pi).squareRoot() * mass)
    }
  }

  /// The coordinate in which spectra are smooth: θ, or ln(θ + c).
  public func coordinate(of value: Double) -> Double {
    if case .logUniform(_, let c) = self { return log(value + c) }
    return value
  }

  /// The inverse of q by bisection: 60 halvings reach the last bits of the range.
  private func root(_ quantile: Double) -> Double {
    var (low, high) = (range.lowerBound, range.upperBound)
    if quantile <= 0 { return low }
    if quantile >= 1 { return high }
    for _ in 0..<60 {
      let middle = low + 0.5 * (high - low)
      if self.quantile(of: middle) < quantile { low = middle } else { high = middle }
    }
    return low + 0.5 * (high - low)
  }
}

/// Φ(z), the probability of a standard normal number below z.
private func normalBelow(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

extension ParameterPrior: Codable {
  private enum Shape: String, Codable {
    case uniform
    case logUniform = "log-uniform"
    case gaussian
  }

  private enum CodingKeys: String, CodingKey {
    case shape, range, offset, mean
    case standardDeviation = "standard_deviation"
  }

  /// The prior in a file: shape and range, then what the shape needs.
  ///
  /// - Throws: `DecodingError`; the caller validates.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let ends = try values.decode([Double].self, forKey: .range)
    guard ends.count == 2, ends[0] < ends[1] else {
      throw DecodingError.dataCorruptedError(
        forKey: .range, in: values, debugDescription: "found \(ends), expected [low, high]")
    }
    switch try values.decode(Shape.self, forKey: .shape) {
    case .uniform: self = .uniform(ends[0]...ends[1])
    case .logUniform:
      self = .logUniform(
        ends[0]...ends[1], offset: try values.decode(Double.self, forKey: .offset))
    case .gaussian:
      self = .gaussian(
        ends[0]...ends[1], mean: try values.decode(Double.self, forKey: .mean),
        standardDeviation: try values.decode(Double.self, forKey: .standardDeviation))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode([range.lowerBound, range.upperBound], forKey: .range)
    switch self {
    case .uniform: try values.encode(Shape.uniform, forKey: .shape)
    case .logUniform(_, let offset):
      try values.encode(Shape.logUniform, forKey: .shape)
      try values.encode(offset, forKey: .offset)
    case .gaussian(_, let mean, let deviation):
      try values.encode(Shape.gaussian, forKey: .shape)
      try values.encode(mean, forKey: .mean)
      try values.encode(deviation, forKey: .standardDeviation)
    }
  }
}
