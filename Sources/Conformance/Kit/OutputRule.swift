import Foundation
import Verification

/// How an output is judged: measure, tolerance and the reason for it.
///
/// Every bound is a formula in the unit roundoff u of the backend's type; `table` is 2⁻⁵³, the
/// roundoff of angles and tables, which are made in float64 whatever the type.
struct OutputRule {
  let measure: Measure
  let reason: String
  private let bound: (_ u: Double) -> Double
  /// Tolerances of lower precisions than the type of the file, where the rule has them.
  private var further: [CheckPrecision: Double] = [:]

  private static var table: Double { RoundingBound.unitRoundoff(Double.self) }

  private init(_ measure: Measure, _ reason: String, _ bound: @escaping (Double) -> Double) {
    self.measure = measure
    self.reason = reason
    self.bound = bound
  }

  /// The tolerance for every type that a backend may write.
  func tolerance(isInteger: Bool) -> [String: Double] {
    if isInteger { return ["I64": 0] }
    let own = [
      "F64": bound(RoundingBound.unitRoundoff(Double.self)),
      "F32": bound(RoundingBound.unitRoundoff(Float.self)),
    ]
    return further.reduce(into: own) { $0[$1.key.rawValue] = $1.value }
  }

  /// The rule for one output of a case.
  init(_ operation: Operation, output: String, isInteger: Bool, _ data: CaseData) throws {
    if isInteger {
      self = OutputRule(.equal, "integers are equal") { _ in 0 }
      return
    }
    if let map = operation.linearMap {
      self = try Self.linear(map, isSpin: operation.isSpin, data)
      return
    }
    switch operation {
    case .legendre, .spinLegendre, .wignerD:
      self = Self.functions(.rowL2, lmax: try data.integer("lmax"))
    case .spinHarmonics:
      self = Self.functions(.relativeL2, lmax: try data.indices("l").max() ?? 0)
    case .wigner3j:
      let degrees = try data.integer("l2") + data.integer("l3")
      self = OutputRule(.relativeL2, "4 (l2 + l3 + 10) u: a rounding per degree") {
        4 * Double(degrees + 10) * $0
      }
    case .modeCoupling:
      let lmax = try data.integer("lmax")
      self = OutputRule(.relativeL2, "16 (lmax + 5) u: squares of 3j symbols") {
        16 * Double(lmax + 5) * $0
      }
    case .gaussLegendre, .clenshawCurtis, .fejerFirst, .fejerSecond, .driscollHealy, .mcEwenWiaux:
      self = Self.nodes(count: try data.integer("count"))
    case .healpixCentres, .healpixPixelOfDirection, .healpixNestedToRing, .healpixRingToNested:
      self = OutputRule(.absolute, "angles up to 2 pi, ulp 8 u, a few roundings: 32 u") { 32 * $0 }
    case .healpixInterpolation: self = Self.interpolation(nside: try data.integer("nside"))
    case .scalarModes, .spinModes, .scalarDerivatives, .scalarDerivativesGradient:
      let fields = operation == .scalarModes ? 1 : 2
      self = Self.transform(
        points: fields * (try data.grid().pointCount), lmax: try data.integer("lmax"), factor: 1)
    case .pointSynthesis, .spinPointSynthesis, .pointSynthesisGradient,
      .spinPointSynthesisGradient:
      // The derivatives of a field of degree l are l times as large, and so are their errors.
      let isAngle = ["theta_gradient", "phi_gradient"].contains(output)
      self = Self.transform(
        points: (operation.isSpin ? 2 : 1) * (try data.shape("theta")[0]),
        lmax: try data.integer("lmax"), factor: isAngle ? 2 : 1)
    case .rotation, .rotationGradient:
      let lmax = try data.integer("lmax")
      self = OutputRule(.relativeL2, "16 (lmax + 5) u: a rounding per degree and phase") {
        16 * Double(lmax + 5) * $0
      }
    case .smoothing, .laplacian:
      self = OutputRule(.relativeL2, "16 u: a factor per degree, an exponential at most") {
        16 * $0
      }
    case .gaussianField:
      self = OutputRule(
        .distribution, "6.5 standard errors, which 50,000 scores exceed with probability below 1e-4"
      ) { _ in 6.5 }
    case .publishedNetwork, .isotropicNetwork: self = try Self.network(operation, data)
    case .batchNormalisation: self = try Self.normalisation(data, output: output)
    default: self = try Self.layer(operation, data)
    }
  }

  // MARK: - Formulas

  /// Linear maps: T of a transform, as often as there are transforms, 8 of them for a fit.
  private static func linear(
    _ map: LinearMap, isSpin: Bool, _ data: CaseData
  ) throws -> OutputRule {
    let factor: Int
    switch map {
    case .leastSquares, .leastSquaresGradient: factor = 8
    case .iteratedAnalysis, .iteratedGradient: factor = 2 * (try data.iterations()) + 1
    default: factor = 1
    }
    var rule = transform(
      points: (isSpin ? 2 : 1) * (try data.grid().pointCount), lmax: try data.integer("lmax"),
      factor: Double(factor))
    rule.further = rule.lowPrecision(
      points: try data.grid().pointCount, lmax: try data.integer("lmax"), factor: Double(factor))
    return rule
  }

  /// Tolerances of all-float32 tables and of products in fewer bits.
  ///
  /// float32 throughout: the phases m phi of up to 2π lmax and recurrences of lmax steps are
  /// rounded at every step, and cos θ is: 4 (√points + 8 lmax) u + (lmax²/4) u with u of float32.
  /// Products of numbers rounded to p bits, v = 2^-p, summed in float32: a transform has two
  /// stages, each with two rounded factors, whose errors are independent: √4 v of root mean square
  /// at most; with a margin of 2, 4 v, beside the rounding of float32.
  private func lowPrecision(
    points: Int, lmax: Int, factor: Double
  ) -> [CheckPrecision: Double] {
    let single = RoundingBound.unitRoundoff(Float.self)
    var result: [CheckPrecision: Double] = [:]
    let sums = 4 * (Double(points).squareRoot() + 8 * Double(lmax))
    result[.float32All] = factor * (sums + Double(lmax * lmax) / 4) * single
    for precision in CheckPrecision.allCases {
      if let v = precision.unitRoundoff { result[precision] = factor * 4 * v + bound(single) }
    }
    return result
  }

  private static func functions(_ measure: Measure, lmax: Int) -> OutputRule {
    OutputRule(
      measure,
      "4 (lmax + 5) u, a rounding per degree, + lmax^2/8 2^-53, the rounding of cos(theta)"
    ) { 4 * Double(lmax + 5) * $0 + Double(lmax * lmax) / 8 * table }
  }

  private static func nodes(count: Int) -> OutputRule {
    OutputRule(.relativeL2, "8 sqrt(n) u: sums of n terms") {
      2 * RoundingBound.probable(operations: count) / table * $0
    }
  }

  private static func interpolation(nside: Int) -> OutputRule {
    OutputRule(.absolute, "64 nside 2^-53, angles over distances of rings, + 4 u") {
      64 * Double(nside) * table + 4 * $0
    }
  }

  /// T = 4 (√points + lmax) u + (lmax²/4) 2⁻⁵³.
  private static func transform(points: Int, lmax: Int, factor: Double) -> OutputRule {
    let prefix = factor == 1 ? "" : "\(Int(factor)) x "
    return OutputRule(
      .relativeL2,
      "\(prefix)[4 (sqrt(\(points)) + \(lmax)) u + \(lmax)^2/4 2^-53]: sums over points, phases "
        + "and nodes times lmax, the rounding of cos(theta)^2 next to poles and equator"
    ) {
      let sums = 4 * (Double(points).squareRoot() + Double(lmax)) * $0
      return factor * (sums + Double(lmax * lmax) / 4 * table)
    }
  }

  private static func network(_ operation: Operation, _ data: CaseData) throws -> OutputRule {
    let lmax = try data.integer("lmax")
    let (points, blocks): (Int, Int)
    if operation == .publishedNetwork {
      points = try data.integer("latitudes") * data.integer("longitudes")
      blocks = try data.integer("blocks")
    } else {
      points = try data.integer("grid_rings") * data.integer("longitudes")
      blocks = try data.integers("channels").count
    }
    return transform(points: points, lmax: lmax, factor: 8 * Double(blocks))
  }

  /// λ √terms u with independent roundings.
  private static func sums(_ terms: Int, factor: Double) -> OutputRule {
    OutputRule(.relativeL2, "\(Int(factor)) sqrt(\(terms)) u: sums of so many terms") {
      factor * Double(terms).squareRoot() * $0
    }
  }

  private static func layer(_ operation: Operation, _ data: CaseData) throws -> OutputRule {
    switch operation {
    case .powerSpectrum: return sums(2 * (try data.integer("lmax")) + 1, factor: 8)
    case .resampleContainingPixel:
      return OutputRule(.relativeL2, "0: values are copied") { _ in 0 }
    case .resampleContainingPixelTranspose: return sums(16, factor: 4)
    case .resampleBilinear, .resampleBilinearTranspose:
      let nside = try data.integer("nside")
      return OutputRule(.relativeL2, "64 nside 2^-53 of the weights + 4 sqrt(16) u of sums") {
        64 * Double(nside) * table + 16 * $0
      }
    case .meanInpainting: return sums(try data.shape("x")[2], factor: 4)
    case .degreewiseMixing, .orderwiseMixing:
      let shape = try data.shape("x")
      let outputs = try data.shape("output_gradient")[1]
      let maps = shape[0] * (try data.integer("lmax") + 1)
      return sums(2 * max(shape[1], outputs, maps), factor: 4)
    case .bandPowers:
      let degrees = try data.integer("lmax") + 1
      return sums(degrees * degrees * (try data.shape("x")[0]), factor: 4)
    case .denseLayers:
      let lengths = try data.shape("x") + data.shape("fc.3.weight")
      return sums(lengths.reduce(1, max), factor: 16)
    case .adam:
      let steps = try data.shape("gradients")[0]
      return OutputRule(.relativeL2, "(8 + steps) u: a few roundings and one per step") {
        Double(8 + steps) * $0
      }
    default: throw ConformanceError.unknownOperation(name: operation.rawValue)
    }
  }

  /// Sums over maps and points. Values that are further than 16 deviations from zero lose digits
  /// where their mean is taken off, in all that follows from (x − μ)/σ.
  private static func normalisation(_ data: CaseData, output: String) throws -> OutputRule {
    let shape = try data.shape("x")
    let (maps, channels, points) = (shape[0], shape[1], shape[2])
    let plain = sums(maps * points, factor: 16)
    guard ["output", "input_gradient", "gamma_gradient"].contains(output) else { return plain }
    let x = try data.values("x")
    var largest = 1.0
    for channel in 0..<channels {
      let own = (0..<maps).flatMap { map -> ArraySlice<Double> in
        let first = (map * channels + channel) * points
        return x[first..<first + points]
      }
      let mean = own.reduce(0, +) / Double(own.count)
      let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count)
      largest = max(largest, abs(mean) / (16 * variance.squareRoot()))
    }
    guard largest > 1 else { return plain }
    // A power of two: the manifest must not depend on the last bits of a mean.
    let factor = pow(2, log2(largest).rounded())
    return OutputRule(
      .relativeL2,
      "\(Int(factor)) x 16 sqrt(\(maps * points)) u: sums of so many terms, of values about "
        + "\(Int(16 * factor)) deviations from zero"
    ) { factor * 16 * Double(maps * points).squareRoot() * $0 }
  }
}
