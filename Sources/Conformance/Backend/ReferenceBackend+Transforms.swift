import FileFormats
import FourierTransforms
import HarmonicTransforms
import Resampling
import SphereGrids

extension ReferenceBackend {
  // MARK: - Scalar and spin transforms

  static func scalarTransform<T: FourierScalar>(
    _ operation: Operation, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let (grid, lmax, mmax) = (try data.grid(), try data.integer("lmax"), try data.integer("mmax"))
    let transform = ScalarTransform<T>(
      grid: grid, lmax: lmax, mmax: mmax, nyquist: try nyquist(data))
    func coefficients(_ name: String) throws -> CoefficientStack<T> {
      try data.coefficients(name, lmax: lmax, mmax: mmax, as: type)
    }
    func field(_ name: String) throws -> FieldStack<T> {
      try data.field(name, grid: grid, as: type)
    }
    switch operation {
    case .scalarSynthesis:
      return ["field": tensor(transform.synthesis(try coefficients("coefficients")))]
    case .scalarAnalysis:
      return ["coefficients": tensor(try transform.analysis(try field("field"), .lossy))]
    case .scalarAdjointSynthesis:
      return ["coefficients": tensor(try transform.adjointSynthesis(try field("field")))]
    case .scalarSynthesisGradient:
      return [
        "coefficients_gradient": tensor(transform.synthesisGradient(try field("field_gradient")))
      ]
    default:
      return [
        "field_gradient": tensor(
          transform.analysisGradient(try coefficients("coefficients_gradient")))
      ]
    }
  }

  private static func nyquist(_ data: CaseData) throws -> NyquistOrder {
    switch try data.text("nyquist") {
    case "once": return .once
    case "evaluated": return .evaluated
    case let other:
      throw ConformanceError.parameter(
        name: "nyquist", found: other, expected: "once or evaluated")
    }
  }

  static func spinTransform<T: FourierScalar>(
    _ operation: Operation, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let (grid, lmax) = (try data.grid(), try data.integer("lmax"))
    let transform = SpinTransform<T>(grid: grid, spin: try data.integer("spin"), lmax: lmax)
    func coefficients(_ suffix: String) throws -> SpinCoefficients<T> {
      SpinCoefficients(
        e: try data.coefficients("e\(suffix)", lmax: lmax, as: type),
        b: try data.coefficients("b\(suffix)", lmax: lmax, as: type))
    }
    func fields(_ suffix: String) throws -> SpinFields<T> {
      SpinFields(
        q: try data.field("q\(suffix)", grid: grid, as: type),
        u: try data.field("u\(suffix)", grid: grid, as: type))
    }
    switch operation {
    case .spin2Synthesis: return tensors(transform.synthesis(try coefficients("")))
    case .spin2Analysis: return tensors(try transform.analysis(try fields(""), .lossy))
    case .spin2AdjointSynthesis: return tensors(try transform.adjointSynthesis(try fields("")))
    case .spin2SynthesisGradient:
      return tensors(transform.synthesisGradient(try fields("_gradient")), suffix: "_gradient")
    default:
      return tensors(transform.analysisGradient(try coefficients("_gradient")), suffix: "_gradient")
    }
  }

  static func leastSquares<T: FourierScalar>(
    _ operation: Operation, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let (grid, lmax) = (try data.grid(), try data.integer("lmax"))
    if operation == .leastSquaresAnalysis {
      let analysis = try LeastSquaresAnalysis<T>(grid: grid, lmax: lmax)
      return [
        "coefficients": tensor(
          try analysis.analysis(try data.field("field", grid: grid, as: type)))
      ]
    }
    let analysis = try SpinLeastSquaresAnalysis<T>(
      grid: grid, spin: try data.integer("spin"), lmax: lmax)
    let fields = SpinFields(
      q: try data.field("q", grid: grid, as: type), u: try data.field("u", grid: grid, as: type))
    return tensors(try analysis.analysis(fields))
  }

  // MARK: - Rotation, spectra, resampling

  static func rotation<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let a = try data.coefficients("coefficients", lmax: try data.integer("lmax"), as: type)
    let rotation = Rotation(
      alpha: try data.number("alpha"), beta: try data.number("beta"),
      gamma: try data.number("gamma"))
    return ["rotated": tensor(a.rotated(by: rotation))]
  }

  static func powerSpectrum<T: FourierScalar>(
    _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let lmax = try data.integer("lmax")
    let a = try data.coefficients("a", lmax: lmax, as: type)
    let b = try data.coefficients("b", lmax: lmax, as: type)
    let shape = [a.lanes, lmax + 1]
    return [
      "auto": tensor(rounding: a.spectra().flatMap { $0 }, shape: shape, to: type),
      "cross": tensor(rounding: a.crossSpectra(with: b).flatMap { $0 }, shape: shape, to: type),
    ]
  }

  static func resampling<T: FourierScalar>(
    _ operation: Operation, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let target = GivenRings.points(theta: try data.values("theta"), phi: try data.values("phi"))
    let copies: Set<Operation> = [.resampleContainingPixel, .resampleContainingPixelTranspose]
    let resampler = Resampler<T>(
      from: try HealpixGrid(nside: try data.integer("nside")), to: target,
      method: copies.contains(operation) ? .containingPixel : .bilinear)
    if operation == .resampleContainingPixel || operation == .resampleBilinear {
      let (values, lanes) = try data.lanes("field", as: type)
      return [
        "values": tensor(
          lanesLast: resampler.apply(values, lanes: lanes), leading: [lanes],
          shape: [target.pointCount])
      ]
    }
    let (values, lanes) = try data.lanes("values_gradient", as: type)
    return [
      "field_gradient": tensor(
        lanesLast: resampler.transpose(values, lanes: lanes), leading: [lanes],
        shape: [resampler.sourceCount])
    ]
  }
}

/// E and B as the outputs of a case.
func tensors<T: FourierScalar>(_ a: SpinCoefficients<T>, suffix: String = "") -> NamedTensors {
  ["e\(suffix)": tensor(a.e), "b\(suffix)": tensor(a.b)]
}

/// Q and U as the outputs of a case.
func tensors<T: FourierScalar>(_ f: SpinFields<T>, suffix: String = "") -> NamedTensors {
  ["q\(suffix)": tensor(f.q), "u\(suffix)": tensor(f.u)]
}
