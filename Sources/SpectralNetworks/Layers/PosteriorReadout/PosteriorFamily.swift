import Foundation
import SpecialFunctions

/// The joint densities of one to three parameters that a readout can answer with: those whose
/// logarithm is a sum of given functions of the probabilities q_i of the prior below θ_i.
///
///     p(q | η) = exp(Σ_k η_k φ_k(q)) / Z(η)
///     Z(η)     = ∫ exp(Σ_k η_k φ_k(q)) dq                       over the unit cube
///     φ_k(q)   = Π_i f_{k_i}(q_i),                f_0 = 1
///
/// The density is relative to the prior, whatever the prior's shape is: η = 0 is the prior. Where a
/// map's likelihood is that of band powers P_l with expectation C_l(θ), ln p = −½ Σ_l (2l + 1)
/// [P_l/C_l(θ) + ln C_l(θ)] is linear in the powers, and each coefficient is a smooth function of
/// q: natural parameters that are linear in the powers can then be the exact posterior, as far as
/// the functions f reach.
///
/// Polynomials: without `pieces`, f_j(q) = √(2j + 1) P_j(2q − 1), all k with
///              0 < k_1 + … + k_D ≤ J.
/// Splines:     with n `pieces`, f_1, …, f_{n+J} are the B-splines of degree J with n equal pieces,
///              and f_{n+J+j} the polynomials of degree j above, j = 1...M, M the `mixedDegree`.
///              The terms are the splines of every parameter alone, and the products of
///              polynomials of two or more parameters whose degrees have a sum of at most M.
/// Why splines: a posterior of width σ is that narrow because ln p falls by some 1/2σ² over the
///              prior, 5 10⁵ nats at σ = 1/1000. Polynomials that are exact to 0.01 nats where a
///              map's density is have to cancel these numbers; a spline's coefficients are those of
///              its own place. The B-splines of a parameter have the sum 1, which is in no density:
///              η is determined up to a constant per parameter.
/// Accuracy:    for T1 without noise, σ = 1/214 in the median, splines of degree 5 with 8, 10, 12
///              and 16 pieces come within 1.3 10⁻⁴, 10⁻⁵, 2 10⁻⁶ and 3 10⁻⁸ nats of the posterior;
///              of degree 3 with 8, 16 and 24 pieces within 0.016, 3 10⁻⁴ and 2 10⁻⁵.
/// `DensityFamily` is the case of polynomials of one parameter with a uniform prior, one for every
/// output.
public struct PosteriorFamily: Codable, Sendable, Hashable {
  /// One per parameter, one to three.
  public var priors: [ParameterPrior]
  /// J ≥ 1.
  public var degree: Int
  /// n ≥ 1, the pieces of splines; nil: polynomials.
  public var pieces: Int?
  /// M of the products beside splines; nil: there are none. Without `pieces` it has no meaning.
  public var mixedDegree: Int?

  /// The densities of degree `degree` under some priors, polynomials or splines.
  public init(
    priors: [ParameterPrior], degree: Int, pieces: Int? = nil, mixedDegree: Int? = nil
  ) {
    self.priors = priors
    self.degree = degree
    self.pieces = pieces
    self.mixedDegree = mixedDegree
  }

  /// Degrees that a family may have.
  public static let degrees = 1...32
  /// Numbers of pieces that splines may have.
  public static let pieceCounts = 1...256

  /// n + J, the splines of one parameter; 0 for polynomials.
  private var splineCount: Int { pieces.map { $0 + degree } ?? 0 }
  /// Largest degree of the polynomials among f.
  private var polynomialDegree: Int { pieces == nil ? degree : mixedDegree ?? 0 }
  /// Number of f_0, f_1, ….
  package var functionCount: Int { 1 + splineCount + polynomialDegree }

  /// k of every term. Of polynomials by ascending k_1 + … + k_D; of one sum, descending in k_1,
  /// then in k_2. Splines: those of the first parameter, of the next ones, products.
  package var terms: [[Int]] {
    let degree = polynomialDegree
    let products =
      degree == 0
      ? [] : (1...degree).flatMap { Self.exponents(sum: $0, count: priors.count) }
    guard pieces != nil else { return products }
    let splines = priors.indices.flatMap { axis in
      (1...splineCount).map { j in priors.indices.map { $0 == axis ? j : 0 } }
    }
    let mixed = products.filter { k in k.count { $0 > 0 } > 1 }
    return splines + mixed.map { k in k.map { $0 == 0 ? 0 : $0 + splineCount } }
  }

  /// Number of natural parameters.
  public var termCount: Int {
    let degree = polynomialDegree
    // (M + D over D) polynomials without the constant.
    let products = (1...priors.count).reduce(1) { $0 * (degree + $1) / $1 } - 1
    guard pieces != nil else { return products }
    return priors.count * (splineCount - degree) + products
  }

  private static func exponents(sum: Int, count: Int) -> [[Int]] {
    guard count > 1 else { return [[sum]] }
    return stride(from: sum, through: 0, by: -1).flatMap { first in
      exponents(sum: sum - first, count: count - 1).map { [first] + $0 }
    }
  }

  /// f_0, f_1, … at q.
  package func functions(_ q: Double) -> [Double] {
    var values = [Double](repeating: 0, count: functionCount)
    write(q, to: &values, stride: 1, at: 0)
    return values
  }

  /// Writes f_0, f_1, … at q to every `stride`-th of some numbers.
  package func write(_ q: Double, to values: inout [Double], stride: Int, at first: Int) {
    values[first] = 1
    if let pieces { writeSplines(q, pieces, to: &values, stride: stride, at: first + stride) }
    // √(2j + 1) P_j(u) by P_{j+1} = ((2j + 1) u P_j − j P_{j−1})/(j + 1).
    let u = 2 * q - 1
    var (before, here) = (1.0, u)
    for j in 1..<polynomialDegree + 1 {
      values[first + (splineCount + j) * stride] = Double(2 * j + 1).squareRoot() * here
      (before, here) = (
        here, (Double(2 * j + 1) * u * here - Double(j) * before) / Double(j + 1)
      )
    }
  }

  /// Writes the B-splines of degree J on n equal pieces of 0...1, with knots of multiplicity J + 1
  /// at the ends; 0 ≤ q ≤ 1.
  ///
  /// Method: of the J + 1 splines that are not zero in the piece of q, those of degree d from those
  ///         of degree d − 1 in their place [DeBoor1978, ch. X, BSPLVB]:
  ///         B_{i,d} = (x − t_i)/(t_{i+d} − t_i) B_{i,d−1}
  ///                 + (t_{i+d+1} − x)/(t_{i+d+1} − t_{i+1}) B_{i+1,d−1}.
  private func writeSplines(
    _ q: Double, _ pieces: Int, to values: inout [Double], stride: Int, at first: Int
  ) {
    let n = Double(pieces)
    func knot(_ i: Int) -> Double { min(max(Double(i - degree), 0), n) }
    for i in 0..<splineCount { values[first + i * stride] = 0 }
    let x = min(max(q * n, 0), n)
    let piece = min(Int(x), pieces - 1)
    // x lies between the knots t_left and t_{left + 1}.
    let left = piece + degree
    let own = first + piece * stride
    values[own] = 1
    for d in 1..<degree + 1 {
      var carried = 0.0
      for i in 0..<d {
        let (low, high) = (knot(left + 1 + i - d), knot(left + 1 + i))
        let share = values[own + i * stride] / (high - low)
        values[own + i * stride] = carried + share * (high - x)
        carried = share * (x - low)
      }
      values[own + d * stride] = carried
    }
  }

  /// φ_k at some parameters.
  package func basis(at values: [Double]) -> [Double] {
    basis(quantiles: zip(priors, values).map { $0.quantile(of: $1) })
  }

  /// φ_k at some q.
  package func basis(quantiles: [Double]) -> [Double] {
    let own = quantiles.map(functions)
    return terms.map { k in zip(own, k).reduce(1) { $0 * $1.0[$1.1] } }
  }

  /// Throws what makes no family.
  func validate() throws(NetworkConfigurationError) {
    let require = NetworkConfigurationError.require
    try require(
      (1...3).contains(priors.count), "number of parameters of the posterior", priors.count,
      "1, 2 or 3")
    try require(
      Self.degrees.contains(degree), "degree of the posterior", degree, "\(Self.degrees)")
    try require(
      Self.pieceCounts.contains(pieces ?? 1), "pieces of the posterior's splines", pieces ?? 1,
      "\(Self.pieceCounts)")
    try require(
      (0...Self.degrees.upperBound).contains(mixedDegree ?? 0), "mixed degree of the posterior",
      mixedDegree ?? 0, "0...\(Self.degrees.upperBound)")
    for (index, prior) in priors.enumerated() {
      do { try prior.validate(name: "parameter \(index)") } catch {
        throw .invalid(key: "prior", found: "\(error)", expected: "a prior")
      }
    }
  }
}
