import FileFormats
import Foundation
import FourierTransforms
import HarmonicTransforms
import Kernels
import Numerics
import Resampling
import SphereGrids

extension ReferenceBackend {
  // MARK: - Linear maps between coefficients and fields on rings

  static func linear<T: FourierScalar>(
    _ map: LinearMap, isSpin: Bool, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    isSpin ? try spinLinear(map, data, as: type) : try scalarLinear(map, data, as: type)
  }

  private static func scalarLinear<T: FourierScalar>(
    _ map: LinearMap, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let (grid, lmax, mmax) = (try data.grid(), try data.integer("lmax"), try data.largestOrder())
    let suffix = map.isGradient ? "_gradient" : ""
    let mask: [T]? = map.isMasked ? try data.values("mask", as: type) : nil
    let iterations = try data.iterations()
    lazy var transform = ScalarTransform<T>(
      grid: grid, lmax: lmax, mmax: mmax, nyquist: (try? data.nyquist()) ?? .evaluated)
    func coefficients() throws -> CoefficientStack<T> {
      try data.coefficients("coefficients\(suffix)", lmax: lmax, mmax: mmax, as: type)
    }
    func field() throws -> FieldStack<T> {
      try data.field("field\(suffix)", grid: grid, as: type)
    }
    if map.isFromCoefficients {
      let a = try coefficients()
      let f: FieldStack<T>
      switch map {
      case .synthesis: f = transform.synthesis(a)
      case .maskedSynthesis: f = transform.synthesis(a).multiplied(by: mask)
      case .maskedAnalysisGradient: f = transform.analysisGradient(a).multiplied(by: mask)
      case .iteratedGradient: f = transform.iteratedGradient(a, iterations: iterations)
      case .leastSquaresGradient:
        f = try LeastSquaresAnalysis<T>(grid: grid, lmax: lmax).analysisGradient(a)
      default: f = transform.analysisGradient(a)
      }
      return ["field\(suffix)": tensor(f)]
    }
    let f = try field()
    let a: CoefficientStack<T>
    switch map {
    case .analysis: a = try transform.analysis(f, .lossy)
    case .adjointSynthesis: a = try transform.adjointSynthesis(f)
    case .maskedAnalysis: a = try transform.analysis(f.multiplied(by: mask), .lossy)
    case .maskedSynthesisGradient: a = transform.synthesisGradient(f.multiplied(by: mask))
    case .iteratedAnalysis: a = try transform.iterated(f, iterations: iterations)
    case .leastSquares: a = try LeastSquaresAnalysis<T>(grid: grid, lmax: lmax).analysis(f)
    default: a = transform.synthesisGradient(f)
    }
    return ["coefficients\(suffix)": tensor(a)]
  }

  private static func spinLinear<T: FourierScalar>(
    _ map: LinearMap, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let (grid, lmax, mmax) = (try data.grid(), try data.integer("lmax"), try data.largestOrder())
    let (spin, iterations) = (try data.integer("spin"), try data.iterations())
    let suffix = map.isGradient ? "_gradient" : ""
    let mask: [T]? = map.isMasked ? try data.values("mask", as: type) : nil
    lazy var transform = SpinTransform<T>(grid: grid, spin: spin, lmax: lmax, mmax: mmax)
    func leastSquares() throws -> SpinLeastSquaresAnalysis<T> {
      try SpinLeastSquaresAnalysis<T>(grid: grid, spin: spin, lmax: lmax)
    }
    if map.isFromCoefficients {
      let a = try data.spinCoefficients(suffix, lmax: lmax, mmax: mmax, as: type)
      let f: SpinFields<T>
      switch map {
      case .synthesis: f = transform.synthesis(a)
      case .maskedSynthesis: f = transform.synthesis(a).multiplied(by: mask)
      case .maskedAnalysisGradient: f = transform.analysisGradient(a).multiplied(by: mask)
      case .iteratedGradient: f = transform.iteratedGradient(a, iterations: iterations)
      case .leastSquaresGradient: f = try leastSquares().analysisGradient(a)
      default: f = transform.analysisGradient(a)
      }
      return tensors(f, suffix: suffix)
    }
    let f = try data.spinFields(suffix, grid: grid, as: type)
    let a: SpinCoefficients<T>
    switch map {
    case .analysis: a = try transform.analysis(f, .lossy)
    case .adjointSynthesis: a = try transform.adjointSynthesis(f)
    case .maskedAnalysis: a = try transform.analysis(f.multiplied(by: mask), .lossy)
    case .maskedSynthesisGradient: a = transform.synthesisGradient(f.multiplied(by: mask))
    case .iteratedAnalysis: a = try transform.iterated(f, iterations: iterations)
    case .leastSquares: a = try leastSquares().analysis(f)
    default: a = transform.synthesisGradient(f)
    }
    return tensors(a, suffix: suffix)
  }

  // MARK: - Modes, derivatives, points

  static func modes<T: FourierScalar>(
    _ operation: Operation, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let (grid, lmax) = (try data.grid(), try data.integer("lmax"))
    let (l, m) = (try data.indices("l"), try data.indices("m"))
    // Orders above the largest that is asked for are zero.
    let mmax = m.max() ?? 0
    func stack(_ name: String) throws -> CoefficientStack<T> {
      let amplitudes = try data.values(name)
      var a = CoefficientStack<T>(lmax: lmax, mmax: mmax, lanes: l.count)
      for k in l.indices { a[l[k], m[k], k] = Complex(amplitudes[2 * k], amplitudes[2 * k + 1]) }
      return a
    }
    if operation == .scalarModes {
      let transform = ScalarTransform<T>(grid: grid, lmax: lmax, mmax: mmax)
      return ["field": tensor(transform.synthesis(try stack("amplitude")))]
    }
    let transform = SpinTransform<T>(
      grid: grid, spin: try data.integer("spin"), lmax: lmax, mmax: mmax)
    return tensors(
      transform.synthesis(SpinCoefficients(e: try stack("e"), b: try stack("b"))))
  }

  static func derivatives<T: FourierScalar>(
    _ operation: Operation, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let (grid, lmax, mmax) = (try data.grid(), try data.integer("lmax"), try data.largestOrder())
    let gradient = GradientTransform<T>(grid: grid, lmax: lmax, mmax: mmax)
    if operation == .scalarDerivatives {
      let f = gradient.synthesis(
        try data.coefficients("coefficients", lmax: lmax, mmax: mmax, as: type))
      return ["d_theta": tensor(f.q), "d_phi": tensor(f.u)]
    }
    let df = SpinFields(
      q: try data.field("d_theta_gradient", grid: grid, as: type),
      u: try data.field("d_phi_gradient", grid: grid, as: type))
    return ["coefficients_gradient": tensor(gradient.synthesisGradient(df))]
  }

  static func points<T: FourierScalar>(
    _ operation: Operation, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let (lmax, mmax) = (try data.integer("lmax"), try data.largestOrder())
    let directions = zip(try data.values("theta"), try data.values("phi")).map {
      Direction(theta: $0, phi: $1)
    }
    let synthesis = PointSynthesis(
      at: directions, spin: operation.isSpin ? try data.integer("spin") : 0, lmax: lmax, mmax: mmax)
    func shaped(_ values: [T], _ lanes: Int) -> TensorData {
      tensor(lanesLast: values, leading: [lanes], shape: [directions.count])
    }
    if operation.isSpin {
      let a = try data.spinCoefficients("", lmax: lmax, mmax: mmax, as: type)
      if operation == .spinPointSynthesis {
        let (q, u) = synthesis.values(a)
        return ["q": shaped(q, a.e.lanes), "u": shaped(u, a.e.lanes)]
      }
      let result = synthesis.gradient(
        a, q: try data.lanes("q_gradient", as: type).values,
        u: try data.lanes("u_gradient", as: type).values)
      var outputs = tensors(result.coefficients, suffix: "_gradient")
      outputs["theta_gradient"] = tensor(result.theta)
      outputs["phi_gradient"] = tensor(result.phi)
      return outputs
    }
    let a = try data.coefficients("coefficients", lmax: lmax, mmax: mmax, as: type)
    if operation == .pointSynthesis { return ["values": shaped(synthesis.values(a), a.lanes)] }
    let result = synthesis.gradient(
      a, values: try data.lanes("values_gradient", as: type).values)
    return [
      "coefficients_gradient": tensor(result.coefficients), "theta_gradient": tensor(result.theta),
      "phi_gradient": tensor(result.phi),
    ]
  }

  // MARK: - Rotation, spectra, resampling

  static func rotation<T: FourierScalar>(
    _ operation: Operation, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let isGradient = operation == .rotationGradient
    let a = try data.coefficients(
      isGradient ? "rotated_gradient" : "coefficients", lmax: try data.integer("lmax"), as: type)
    let rotation = Rotation(
      alpha: try data.number("alpha"), beta: try data.number("beta"),
      gamma: try data.number("gamma"))
    return isGradient
      ? ["coefficients_gradient": tensor(a.rotationGradient(of: rotation))]
      : ["rotated": tensor(a.rotated(by: rotation))]
  }

  static func filter<T: FourierScalar>(
    _ operation: Operation, _ data: CaseData, as type: T.Type
  ) throws -> NamedTensors {
    let a = try data.coefficients("coefficients", lmax: try data.integer("lmax"), as: type)
    if operation == .laplacian {
      return ["laplacian": tensor(a.scaled { -Double($0 * ($0 + 1)) })]
    }
    let (fwhm, spin) = (try data.number("fwhm"), try data.integer("spin"))
    let variance = fwhm * fwhm / (8 * log(2))
    let smoothed = a.scaled { exp(-Double($0 * ($0 + 1) - spin * spin) * variance / 2) }
    return ["smoothed": tensor(smoothed)]
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

extension FieldStack {
  /// Every lane times the same numbers, one per point; nil: unchanged.
  func multiplied(by mask: [T]?) -> FieldStack {
    guard let mask else { return self }
    var result = self
    for i in result.values.indices { result.values[i] *= mask[i / lanes] }
    return result
  }
}

extension SpinFields {
  /// Q and U times the same numbers, one per point; nil: unchanged.
  func multiplied(by mask: [T]?) -> SpinFields {
    SpinFields(q: q.multiplied(by: mask), u: u.multiplied(by: mask))
  }
}
