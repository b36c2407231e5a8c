import Foundation
import LinearAlgebra

/// How some powers of a map are distributed, given what a model predicts from it.
///
/// Definition:  f_k the powers; ln f_k is on average Σ_j c_jk φ_j(p), so that
///              y_k = (f_k exp(−Σ_j c_jk φ_j(p)))^(1/3)
///              has about the same distribution for all p: the mean power of ν Gaussian modes is
///              χ²_ν/ν times its expectation, whose third root is normal to good accuracy, with
///              variance 2/(9ν) [WilsonHilferty1931]. With mean ȳ and covariance Σ = L Lᵀ of y
///              χ² = ‖L⁻¹ (y − ȳ)‖².
/// Smooth:      a wrong gain, a beam, a foreground change all powers a little, and smoothly. With D
///              the changes ȳ_k P_d(x_k), d = 0...3, P_d Legendre polynomials over the powers of a
///              channel (`PowerLayout`; of E and of B apart), the same maps are tested for them
///              alone,
///              χ²_s = bᵀ (DᵀΣ⁻¹D)⁻¹ b, b = DᵀΣ⁻¹ (y − ȳ).
/// Floor:       (0.01)² is added to every variance: no power is compared more finely than to 3 %,
///              which is about what the polynomials leave, and powers that follow from each other
///              give no singular matrix.
/// Limit:       the largest values of χ^(2/3) over the calibration fall off like exp(−(z − z_0)/β)
///              above the z_0 that a share s of them exceeds (β their mean excess), which for a
///              tail that falls faster than exponentially is an upper bound far out. A false-alarm
///              rate α < s has the limit z_0 + β ln(s/α). The χ² are those of maps that took no
///              part in c, ȳ and Σ: each half of the calibration is judged by the other half.
/// Checked by:  ConditionalPowersTests.
struct ConditionalPowers: Sendable, Equatable {
  /// Which powers.
  let group: MapFeatures.Group
  /// Number of powers.
  let width: Int
  /// How they follow each other; nil where they have no order.
  let layout: PowerLayout?
  /// c, ȳ and L, rounded to float32 as files have them.
  private let fit: Fit
  /// The limits of χ².
  let tail: Tail
  /// The limits of χ²_s; nil where powers have no order.
  let smoothTail: Tail?
  private let smooth: SmoothChanges?

  private static let floor = 0.01

  /// Fewest maps of a calibration of so many powers with so many functions: eight per number that
  /// is estimated from all of them together, and enough for a tail.
  static func leastMaps(width: Int, terms: Int) -> Int { max(256, 8 * max(width, terms)) }

  /// The distribution over a calibration; nil if there are too few maps, or if some power is 0 in a
  /// map.
  ///
  /// - Parameters:
  ///   - group: which powers.
  ///   - values: f, `[map][k]`.
  ///   - layout: how the powers follow each other; nil: in no order.
  ///   - basis: φ of every map.
  /// - Throws: `LinearAlgebraError`.
  init?(
    _ group: MapFeatures.Group, values: [Double], layout: PowerLayout?, basis: [[Double]]
  ) throws(LinearAlgebraError) {
    let count = basis.count
    let width = values.count / max(count, 1)
    guard width > 0, count >= Self.leastMaps(width: width, terms: basis[0].count),
      values.allSatisfy({ $0 > 0 })
    else { return nil }
    self.group = group
    self.width = width
    self.layout = layout
    let all = Array(0..<count)
    var (scores, smoothScores): ([Double], [Double]) = ([], [])
    for half in 0...1 {
      let fitted = try Fit(
        values, width: width, basis: basis, maps: all.filter { $0 % 2 != half })
      let changes = layout.map { SmoothChanges(fitted, $0) }
      for map in all where map % 2 == half {
        let x = fitted.whitened(Array(values[map * width..<(map + 1) * width]), basis[map])
        scores.append(Self.square(x))
        if let changes { smoothScores.append(changes.chiSquare(x)) }
      }
    }
    let fit = try Fit(values, width: width, basis: basis, maps: all).rounded
    self.fit = fit
    tail = Tail(scores)
    smooth = layout.map { SmoothChanges(fit, $0) }
    smoothTail = layout == nil ? nil : Tail(smoothScores)
  }

  /// χ² and χ²_s of one map, the latter nil where powers have no order.
  func chiSquares(_ values: [Double], basis: [Double]) -> (all: Double, smooth: Double?) {
    let x = fit.whitened(values, basis)
    return (Self.square(x), smooth?.chiSquare(x))
  }

  private static func square(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 } }
}

/// How the features of a group follow each other: channels one after the other, the powers of one
/// by ascending degree; channel c belongs to field c mod `fields`.
struct PowerLayout: Codable, Sendable, Equatable {
  let channels: Int
  let fields: Int
}

/// The upper end of a distribution of χ².
struct Tail: Codable, Sendable, Equatable {
  /// z_0, β and s.
  let start, scale, share: Double

  /// The share of the calibration that the tail is fitted to.
  private static let fittedShare = 0.01

  /// The tail of some χ².
  init(_ values: [Double]) {
    let sorted = values.map { cbrt($0) }.sorted(by: >)
    let number = min(max(16, Int(Self.fittedShare * Double(sorted.count))), sorted.count - 1)
    let start = sorted[number]
    self.start = start
    scale = sorted[0..<number].reduce(0) { $0 + $1 - start } / Double(number)
    share = Double(number) / Double(sorted.count)
  }

  /// The χ² that a share `rate` of good maps exceeds, `rate` at most `share`.
  func limit(rate: Double) -> Double {
    let z = start + scale * log(share / rate)
    return z * z * z
  }

  /// Whether these are numbers that a calibration can have.
  var isUsable: Bool {
    start.isFinite && start > 0 && scale.isFinite && scale > 0 && share > 0 && share < 1
  }
}

extension ConditionalPowers {
  /// The smooth changes of powers, as directions in the space of x = L⁻¹ (y − ȳ).
  fileprivate struct SmoothChanges: Sendable, Equatable {
    /// Orthonormal rows that span L⁻¹ D.
    let directions: [[Double]]

    private static let degrees = 4

    /// Gram-Schmidt of L⁻¹ D; a direction that the others have already is left out.
    init(_ fit: Fit, _ layout: PowerLayout) {
      let length = fit.width / layout.channels
      var directions: [[Double]] = []
      for field in 0..<layout.fields {
        for degree in 0..<Self.degrees {
          let change = (0..<fit.width).map { k in
            guard k / length % layout.fields == field else { return 0.0 }
            let x = length > 1 ? 2 * Double(k % length) / Double(length - 1) - 1 : 0
            return fit.mean[k] * legendre(degree, x)
          }
          var v = fit.solved(change)
          let size = ConditionalPowers.square(v)
          for u in directions {
            let share = zip(u, v).reduce(0) { $0 + $1.0 * $1.1 }
            for k in v.indices { v[k] -= share * u[k] }
          }
          let rest = ConditionalPowers.square(v)
          guard rest > 1e-9 * size else { continue }
          directions.append(v.map { $0 / rest.squareRoot() })
        }
      }
      self.directions = directions
    }

    func chiSquare(_ x: [Double]) -> Double {
      directions.reduce(0) { sum, u in
        let share = zip(u, x).reduce(0) { $0 + $1.0 * $1.1 }
        return sum + share * share
      }
    }
  }

  /// Number of smooth changes.
  var smoothCount: Int { smooth?.directions.count ?? 0 }
}

/// P_d(x), d = 0...3.
private func legendre(_ degree: Int, _ x: Double) -> Double {
  switch degree {
  case 0: return 1
  case 1: return x
  case 2: return (3 * x * x - 1) / 2
  default: return (5 * x * x - 3) * x / 2
  }
}

extension ConditionalPowers {
  /// What is estimated, in double precision.
  fileprivate struct Fit: Sendable, Equatable {
    let width: Int
    /// c, `[j][k]`.
    let coefficients: [Double]
    /// ȳ.
    let mean: [Double]
    /// L by rows up to the diagonal.
    let factor: [Double]

    var rounded: Fit {
      func round(_ values: [Double]) -> [Double] { values.map { Double(Float($0)) } }
      return Fit(
        width: width, coefficients: round(coefficients), mean: round(mean), factor: round(factor))
    }

    init(width: Int, coefficients: [Double], mean: [Double], factor: [Double]) {
      self.width = width
      self.coefficients = coefficients
      self.mean = mean
      self.factor = factor
    }

    /// Least squares of ln f, then mean and covariance of y, over some maps.
    init(
      _ values: [Double], width: Int, basis: [[Double]], maps: [Int]
    ) throws(LinearAlgebraError) {
      self.width = width
      let terms = basis[0].count
      let count = Double(maps.count)
      let functions = Matrix(
        rows: maps.count, columns: terms, storage: maps.flatMap { basis[$0] })
      let logarithms = Matrix(
        rows: maps.count, columns: width,
        storage: maps.flatMap { values[$0 * width..<($0 + 1) * width].map { log($0) } })
      let transposed = functions.transposed
      var normal = transposed.multiplied(by: functions)
      // Functions that coincide on these maps share their coefficient.
      for j in 0..<terms { normal[j, j] += 1e-9 * count }
      let solution = try CholeskyFactor(Self.symmetric(normal))
        .solve(transposed.multiplied(by: logarithms))
      coefficients = solution.storage
      var deviations = Matrix(rows: maps.count, columns: width)
      var sums = [Double](repeating: 0, count: width)
      for (row, map) in maps.enumerated() {
        let y = Self.roots(
          Array(values[map * width..<(map + 1) * width]), basis[map], solution.storage)
        for k in 0..<width {
          deviations[row, k] = y[k]
          sums[k] += y[k]
        }
      }
      let mean = sums.map { $0 / count }
      for row in maps.indices {
        for k in 0..<width { deviations[row, k] -= mean[k] }
      }
      var covariance = deviations.transposed.multiplied(by: deviations)
      for k in covariance.storage.indices { covariance.storage[k] /= count - 1 }
      for k in 0..<width { covariance[k, k] += ConditionalPowers.floor * ConditionalPowers.floor }
      let lower = try CholeskyFactor(Self.symmetric(covariance)).lower
      self.mean = mean
      factor = (0..<width).flatMap { i in (0...i).map { lower[i, $0] } }
    }

    /// The mean of a matrix and its transpose, which differ by rounding.
    private static func symmetric(_ a: Matrix) -> Matrix {
      Matrix(rows: a.rows, columns: a.columns) { (a[$0, $1] + a[$1, $0]) / 2 }
    }

    /// y of one map.
    private static func roots(
      _ values: [Double], _ basis: [Double], _ coefficients: [Double]
    ) -> [Double] {
      let width = values.count
      var expected = [Double](repeating: 0, count: width)
      for (j, function) in basis.enumerated() {
        for k in 0..<width { expected[k] += function * coefficients[j * width + k] }
      }
      return (0..<width).map { cbrt(values[$0]) * exp(-expected[$0] / 3) }
    }

    /// x = L⁻¹ (y − ȳ) of one map.
    func whitened(_ values: [Double], _ basis: [Double]) -> [Double] {
      let y = Self.roots(values, basis, coefficients)
      return solved(zip(y, mean).map { $0 - $1 })
    }

    /// L⁻¹ v by forward substitution.
    func solved(_ v: [Double]) -> [Double] {
      var x = v
      var place = 0
      for i in 0..<width {
        for j in 0..<i { x[i] -= factor[place + j] * x[j] }
        x[i] /= factor[place + i]
        place += i + 1
      }
      return x
    }
  }
}

// MARK: - Files

/// Numbers in JSON as little-endian float32 in base64.
private struct PackedFloats: Codable {
  let values: [Double]

  init(_ values: [Double]) { self.values = values }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let data = Data(base64Encoded: try container.decode(String.self)), data.count % 4 == 0
    else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected float32 numbers in base64")
    }
    values = stride(from: 0, to: data.count, by: 4).map { first in
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[first + $1]) << (8 * UInt32($1)) }
      return Double(Float(bitPattern: bits))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    var data = Data(capacity: 4 * values.count)
    for value in values {
      let bits = Float(value).bitPattern
      for k in 0..<4 { data.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt32(k)))) }
    }
    try container.encode(data.base64EncodedString())
  }
}

extension ConditionalPowers: Codable {
  private enum Key: String, CodingKey {
    case group, width, layout, coefficients, mean, factor, tail, smoothTail
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func floats(_ key: Key, count: (Int) -> Bool) throws -> [Double] {
      let values = try container.decode(PackedFloats.self, forKey: key).values
      guard count(values.count), values.allSatisfy(\.isFinite) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container,
          debugDescription: "\(values.count) numbers, or one that is not finite")
      }
      return values
    }
    func usable(_ tail: Tail, _ key: Key) throws -> Tail {
      guard tail.isUsable else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "\(tail) is no tail of a distribution")
      }
      return tail
    }
    group = try container.decode(MapFeatures.Group.self, forKey: .group)
    let width = try container.decode(Int.self, forKey: .width)
    guard (1...Self.largestWidth).contains(width) else {
      throw DecodingError.dataCorruptedError(
        forKey: .width, in: container, debugDescription: "\(width) powers")
    }
    self.width = width
    let fit = Fit(
      width: width,
      coefficients: try floats(.coefficients) { $0 > 0 && $0 % width == 0 },
      mean: try floats(.mean) { $0 == width },
      factor: try floats(.factor) { $0 == width * (width + 1) / 2 })
    self.fit = fit
    tail = try usable(try container.decode(Tail.self, forKey: .tail), .tail)
    let layout = try container.decodeIfPresent(PowerLayout.self, forKey: .layout)
    if let layout {
      guard (1...width).contains(layout.channels), width % layout.channels == 0,
        (1...2).contains(layout.fields)
      else {
        throw DecodingError.dataCorruptedError(
          forKey: .layout, in: container, debugDescription: "\(layout) of \(width) powers")
      }
      smooth = SmoothChanges(fit, layout)
      smoothTail = try usable(
        try container.decode(Tail.self, forKey: .smoothTail), .smoothTail)
    } else {
      (smooth, smoothTail) = (nil, nil)
    }
    self.layout = layout
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(group, forKey: .group)
    try container.encode(width, forKey: .width)
    try container.encodeIfPresent(layout, forKey: .layout)
    try container.encode(PackedFloats(fit.coefficients), forKey: .coefficients)
    try container.encode(PackedFloats(fit.mean), forKey: .mean)
    try container.encode(PackedFloats(fit.factor), forKey: .factor)
    try container.encode(tail, forKey: .tail)
    try container.encodeIfPresent(smoothTail, forKey: .smoothTail)
  }

  /// Largest number of powers that a file may have.
  private static let largestWidth = 1 << 14

  /// Number of functions of the predictions.
  var terms: Int { fit.coefficients.count / width }
}
