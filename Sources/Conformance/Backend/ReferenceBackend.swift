import FileFormats
import Foundation
import FourierTransforms
import HarmonicTransforms
import MapTools
import RandomFields
import RandomNumbers
import SkyModels
import SpecialFunctions
import SphereGrids

/// The backend that this program is: every operation by its fast implementation.
///
/// It reads nothing but what the kit gives to all backends.
/// Checked by: ReferenceBackendDefinitionTests.
public enum ReferenceBackend {
  /// The outputs of one case.
  ///
  /// - Parameters:
  ///   - operation: what is asked for.
  ///   - data: parameters and input tensors.
  ///   - type: `Float` or `Double`, in which the operation runs and its outputs are.
  /// - Returns: the outputs by name.
  /// - Throws: `ConformanceError`, `TensorError` for a case that is not as Docs/Conformance.md
  ///   says, and what the operation itself throws.
  public static func outputs<T: FourierScalar>(
    _ operation: Operation, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    try CaseValidation.require(operation, data)
    return try uncheckedOutputs(operation, data, as: type)
  }

  /// The outputs of a case that is known to be fit, or that stands for what a faulty program reads.
  static func uncheckedOutputs<T: FourierScalar>(
    _ operation: Operation, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let conjugates = try data.complexGradient() == .conjugate
    let given = conjugates ? try data.conjugatingGradients() : data
    let outputs = try ownOutputs(operation, given, as: type)
    return conjugates ? try outputs.conjugatingGradients() : outputs
  }

  /// The outputs with gradients of complex numbers as ∂L/∂Re + i ∂L/∂Im.
  private static func ownOutputs<T: FourierScalar>(
    _ operation: Operation, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    if let map = operation.linearMap {
      return try linear(map, isSpin: operation.isSpin, data, as: type)
    }
    switch operation {
    case .legendre: return try legendre(data, as: type)
    case .spinLegendre: return try spinLegendre(data, as: type)
    case .gaussLegendre: return try nodes(gaussLegendre, withCosines: true, data, as: type)
    case .clenshawCurtis: return try nodes(clenshawCurtis, withCosines: false, data, as: type)
    case .fejerFirst: return try nodes(fejerFirst, withCosines: false, data, as: type)
    case .fejerSecond: return try nodes(fejerSecond, withCosines: false, data, as: type)
    case .driscollHealy: return try nodes(driscollHealy, withCosines: false, data, as: type)
    case .mcEwenWiaux: return try nodes(mcEwenWiaux, withCosines: false, data, as: type)
    case .wignerD: return try wignerD(data, as: type)
    case .spinHarmonics: return try spinHarmonics(data, as: type)
    case .wigner3j:
      let symbols = WignerThreeJ(
        l2: try data.integer("l2"), l3: try data.integer("l3"), m2: try data.integer("m2"),
        m3: try data.integer("m3"))
      return ["w": tensor(rounding: symbols.values, to: type)]
    case .modeCoupling:
      let lmax = try data.integer("lmax")
      let matrix = ModeCouplingMatrix(maskSpectrum: try data.values("mask_spectrum"), lmax: lmax)
      return [
        "matrix": tensor(
          rounding: (0...lmax).flatMap { l in (0...lmax).map { matrix.elements[l, $0] } },
          shape: [lmax + 1, lmax + 1], to: type)
      ]
    case .healpixCentres: return try centres(data, as: type)
    case .healpixPixelOfDirection: return try pixels(data)
    case .healpixNestedToRing:
      let grid = try HealpixGrid(nside: try data.integer("nside"))
      return ["ring": tensor(try data.indices("nested").map { try grid.ringPixel(nested: $0) })]
    case .healpixRingToNested:
      let grid = try HealpixGrid(nside: try data.integer("nside"))
      return ["nested": tensor(try data.indices("ring").map { try grid.nestedPixel(ring: $0) })]
    case .healpixInterpolation: return try interpolation(data, as: type)
    case .scalarModes, .spinModes: return try modes(operation, data, as: type)
    case .scalarDerivatives, .scalarDerivativesGradient:
      return try derivatives(operation, data, as: type)
    case .pointSynthesis, .pointSynthesisGradient, .spinPointSynthesis,
      .spinPointSynthesisGradient:
      return try points(operation, data, as: type)
    case .rotation, .rotationGradient: return try rotation(operation, data, as: type)
    case .smoothing, .laplacian: return try filter(operation, data, as: type)
    case .powerSpectrum: return try powerSpectrum(data, as: type)
    case .resampleContainingPixel, .resampleContainingPixelTranspose, .resampleBilinear,
      .resampleBilinearTranspose:
      return try resampling(operation, data, as: type)
    case .gaussianField: return try gaussianField(data, as: type)
    case .publishedNetwork: return try publishedNetwork(data, as: type)
    case .isotropicNetwork: return try isotropicNetwork(data, as: type)
    case .meanInpainting, .degreewiseMixing, .orderwiseMixing, .bandPowers, .batchNormalisation,
      .denseLayers, .adam:
      return try layer(operation, data, as: type)
    default: throw ConformanceError.unknownOperation(name: operation.rawValue)
    }
  }

  // MARK: - Functions, nodes and pixels

  private static func legendre<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let (lmax, orders) = (try data.integer("lmax"), try data.integers("orders"))
    let theta = try data.values("theta")
    let values = orders.flatMap { m in
      theta.flatMap {
        [Double](repeating: 0, count: m) + normalisedLegendre(m: m, lmax: lmax, theta: $0)
      }
    }
    return [
      "lambda": tensor(rounding: values, shape: [orders.count, theta.count, lmax + 1], to: type)
    ]
  }

  private static func spinLegendre<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let (lmax, spin) = (try data.integer("lmax"), try data.integer("spin"))
    let orders = try data.integers("orders")
    let directions = GivenRings.angles(try data.values("theta"))
    let sign = spin.isMultiple(of: 2) ? 1.0 : -1.0
    let values = orders.flatMap { m in
      let recurrence = WignerRecurrence(m: m, n: -spin, lmax: lmax)
      return directions.flatMap { angle in
        [Double](repeating: 0, count: recurrence.firstDegree)
          + recurrence.values(cosBeta: angle.cosine, sinBeta: angle.sine).map { sign * $0 }
      }
    }
    return [
      "lambda": tensor(
        rounding: values, shape: [orders.count, directions.count, lmax + 1], to: type)
    ]
  }

  private static func wignerD<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let lmax = try data.integer("lmax")
    let (first, second) = (try data.integers("m"), try data.integers("n"))
    let directions = GivenRings.angles(try data.values("beta"))
    let values = zip(first, second).flatMap { m, n in
      let recurrence = WignerRecurrence(m: m, n: n, lmax: lmax)
      return directions.flatMap { angle in
        [Double](repeating: 0, count: recurrence.firstDegree)
          + recurrence.values(cosBeta: angle.cosine, sinBeta: angle.sine).enumerated().map {
            let l = recurrence.firstDegree + $0.offset
            return $0.element * (4 * .pi / Double(2 * l + 1)).squareRoot()
          }
      }
    }
    return [
      "d": tensor(rounding: values, shape: [first.count, directions.count, lmax + 1], to: type)
    ]
  }

  private static func spinHarmonics<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let spin = try data.integer("spin")
    let (l, m) = (try data.indices("l"), try data.indices("m"))
    let (theta, phi) = (try data.values("theta"), try data.values("phi"))
    let values = l.indices.flatMap { k in
      let lambda = spinLambda(spin: spin, l: l[k], m: m[k], theta: theta[k])
      let angle = Double(m[k]) * phi[k]
      return [lambda * cos(angle), lambda * sin(angle)]
    }
    return ["y": tensor(rounding: values, shape: [l.count, 2], to: type)]
  }

  private static func nodes<T: FourierScalar>(
    _ rule: (Int) -> QuadratureRule, withCosines: Bool, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let rule = rule(try data.integer("count"))
    var outputs: NamedTensors = ["theta": tensor(rounding: rule.theta, to: type)]
    if withCosines { outputs["cos_theta"] = tensor(rounding: rule.cosTheta, to: type) }
    outputs["weights"] = tensor(rounding: rule.weights, to: type)
    return outputs
  }

  private static func centres<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let centres = try HealpixGrid(nside: try data.integer("nside")).centres
    return [
      "theta": tensor(rounding: centres.map(\.theta), to: type),
      "phi": tensor(rounding: centres.map(\.phi), to: type),
    ]
  }

  private static func pixels(_ data: CaseData) throws -> NamedTensors {
    let grid = try HealpixGrid(nside: try data.integer("nside"))
    let (theta, phi) = (try data.values("theta"), try data.values("phi"))
    return [
      "pixel": tensor(try theta.indices.map { try grid.pixel(theta: theta[$0], phi: phi[$0]) })
    ]
  }

  private static func interpolation<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let grid = try HealpixGrid(nside: try data.integer("nside"))
    let (theta, phi) = (try data.values("theta"), try data.values("phi"))
    let found = try theta.indices.map {
      try grid.interpolationWeights(theta: theta[$0], phi: phi[$0])
    }
    return [
      "pixels": tensor(found.flatMap(\.pixels), shape: [found.count, 4]),
      "weights": tensor(rounding: found.flatMap(\.weights), shape: [found.count, 4], to: type),
    ]
  }

  // MARK: - Random fields

  private static func gaussianField<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let (lmax, draws) = (try data.integer("lmax"), try data.integer("draws"))
    let spectrum = try PowerSpectrum(data.values("cl"))
    var stack = CoefficientStack<T>(lmax: lmax, lanes: draws)
    for draw in 0..<draws {
      drawGaussianCoefficients(
        spectrum: spectrum, lmax: lmax,
        key: MapKey(seed: 1, split: .test, index: UInt64(draw)), into: &stack.values, lane: draw,
        lanes: draws)
    }
    return ["coefficients": tensor(stack)]
  }
}
