import FileFormats
import FourierTransforms
import HarmonicTransforms
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
    switch operation {
    case .legendre: return try legendre(data, as: type)
    case .spinLegendre: return try spinLegendre(data, as: type)
    case .gaussLegendre: return try nodes(gaussLegendre, withCosines: true, data, as: type)
    case .clenshawCurtis: return try nodes(clenshawCurtis, withCosines: false, data, as: type)
    case .healpixCentres: return try centres(data, as: type)
    case .healpixPixelOfDirection: return try pixels(data)
    case .healpixNestedToRing:
      let grid = try HealpixGrid(nside: try data.integer("nside"))
      return ["ring": tensor(try data.indices("nested").map { try grid.ringPixel(nested: $0) })]
    case .healpixRingToNested:
      let grid = try HealpixGrid(nside: try data.integer("nside"))
      return ["nested": tensor(try data.indices("ring").map { try grid.nestedPixel(ring: $0) })]
    case .healpixInterpolation: return try interpolation(data, as: type)
    case .scalarSynthesis, .scalarAnalysis, .scalarAdjointSynthesis, .scalarSynthesisGradient,
      .scalarAnalysisGradient:
      return try scalarTransform(operation, data, as: type)
    case .spin2Synthesis, .spin2Analysis, .spin2AdjointSynthesis, .spin2SynthesisGradient,
      .spin2AnalysisGradient:
      return try spinTransform(operation, data, as: type)
    case .leastSquaresAnalysis, .spin2LeastSquaresAnalysis:
      return try leastSquares(operation, data, as: type)
    case .rotation: return try rotation(data, as: type)
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
