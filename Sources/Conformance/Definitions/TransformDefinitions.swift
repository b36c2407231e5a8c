import FileFormats
import Foundation
import HarmonicTransforms
import Kernels
import Numerics
import SpecialFunctions
import SphereGrids

/// The operations on rings and points by their definitions: plain loops in `Double`.
enum TransformDefinitions {
  /// A linear map between coefficients and fields on rings.
  static func linear(_ map: LinearMap, isSpin: Bool, _ data: CaseData) throws -> NamedTensors {
    let conjugates = try data.complexGradient() == .conjugate
    let given = conjugates ? try data.conjugatingGradients() : data
    let outputs = isSpin ? try spin(map, given) : try scalar(map, given)
    return conjugates ? try outputs.conjugatingGradients() : outputs
  }

  // MARK: - Scalar fields

  private static func scalar(_ map: LinearMap, _ data: CaseData) throws -> NamedTensors {
    let (grid, lmax, mmax) = (try data.grid(), try data.integer("lmax"), try data.largestOrder())
    let direct = DirectTransform(grid: grid, lmax: lmax, mmax: mmax, nyquist: try data.nyquist())
    let suffix = map.isGradient ? "_gradient" : ""
    let mask = map.isMasked ? try data.values("mask") : nil
    let iterations = try data.iterations()
    if map.isFromCoefficients {
      let a = try data.coefficients(
        "coefficients\(suffix)", lmax: lmax, mmax: mmax, as: Double.self)
      let f: FieldStack<Double>
      switch map {
      case .synthesis, .maskedSynthesis: f = direct.synthesis(a).multiplied(by: mask)
      case .iteratedGradient: f = direct.iteratedGradient(a, iterations: iterations)
      case .leastSquaresGradient: f = try direct.leastSquaresGradient(a)
      default: f = direct.analysisGradient(a).multiplied(by: mask)
      }
      return ["field\(suffix)": tensor(f)]
    }
    let f = try data.field("field\(suffix)", grid: grid, as: Double.self).multiplied(by: mask)
    let a: CoefficientStack<Double>
    switch map {
    case .analysis, .maskedAnalysis: a = direct.analysis(f, weighted: true)
    case .adjointSynthesis: a = direct.analysis(f, weighted: false)
    case .iteratedAnalysis: a = direct.iterated(f, iterations: iterations)
    case .leastSquares: a = try direct.leastSquares(f)
    default: a = direct.synthesisGradient(f)
    }
    return ["coefficients\(suffix)": tensor(a)]
  }

  // MARK: - Fields of a spin

  private static func spin(_ map: LinearMap, _ data: CaseData) throws -> NamedTensors {
    let (grid, lmax, mmax) = (try data.grid(), try data.integer("lmax"), try data.largestOrder())
    let direct = DirectSpinTransform(
      grid: grid, spin: try data.integer("spin"), lmax: lmax, mmax: mmax)
    let suffix = map.isGradient ? "_gradient" : ""
    let mask = map.isMasked ? try data.values("mask") : nil
    let iterations = try data.iterations()
    if map.isFromCoefficients {
      let a = try data.spinCoefficients(suffix, lmax: lmax, mmax: mmax, as: Double.self)
      let f: SpinFields<Double>
      switch map {
      case .synthesis, .maskedSynthesis: f = direct.synthesis(a).multiplied(by: mask)
      case .iteratedGradient: f = direct.iteratedGradient(a, iterations: iterations)
      case .leastSquaresGradient: f = try direct.leastSquaresGradient(a)
      default: f = direct.analysisGradient(a).multiplied(by: mask)
      }
      return tensors(f, suffix: suffix)
    }
    let f = try data.spinFields(suffix, grid: grid, as: Double.self).multiplied(by: mask)
    let a: SpinCoefficients<Double>
    switch map {
    case .analysis, .maskedAnalysis: a = direct.analysis(f, weighted: true)
    case .adjointSynthesis: a = direct.analysis(f, weighted: false)
    case .iteratedAnalysis: a = direct.iterated(f, iterations: iterations)
    case .leastSquares: a = try direct.leastSquares(f)
    default: a = direct.synthesisGradient(f)
    }
    return tensors(a, suffix: suffix)
  }

  // MARK: - Modes

  /// (2 − δ_m0) Re(a_lm λ_lm e^{imφ}) for each mode alone.
  static func scalarModes(_ data: CaseData) throws -> NamedTensors {
    let grid = try data.grid()
    let (l, m, amplitude) = (
      try data.indices("l"), try data.indices("m"), try data.values("amplitude")
    )
    let points = Self.points(grid)
    let values = l.indices.flatMap { k in
      points.map { theta, phi in
        let angle = Double(m[k]) * phi
        let wave =
          m[k] == 0
          ? amplitude[2 * k]
          : 2 * (amplitude[2 * k] * cos(angle) - amplitude[2 * k + 1] * sin(angle))
        return spinLambda(spin: 0, l: l[k], m: m[k], theta: theta) * wave
      }
    }
    return ["field": tensor(values, shape: [l.count, points.count])]
  }

  /// −[(E + iB) ₛY_lm + (−1)^m (E* + iB*) ₛY_{l,−m}] for each mode alone, the second for m > 0.
  static func spinModes(_ data: CaseData) throws -> NamedTensors {
    let (grid, spin) = (try data.grid(), try data.integer("spin"))
    let (l, m) = (try data.indices("l"), try data.indices("m"))
    let (e, b) = (try data.values("e"), try data.values("b"))
    let points = Self.points(grid)
    let values = l.indices.flatMap { k in
      let isZonal = m[k] == 0
      let electric = Complex(e[2 * k], isZonal ? 0 : e[2 * k + 1])
      let magnetic = Complex(b[2 * k], isZonal ? 0 : b[2 * k + 1])
      let sign = m[k].isMultiple(of: 2) ? 1.0 : -1.0
      return points.map { theta, phi -> Complex<Double> in
        let angle = Double(m[k]) * phi
        let wave = Complex(cos(angle), sin(angle))
        let plus = spinLambda(spin: spin, l: l[k], m: m[k], theta: theta)
        let first = (electric + .i * magnetic) * wave.multiplied(by: plus)
        guard !isZonal else { return -first }
        let minus = sign * spinLambda(spin: spin, l: l[k], m: -m[k], theta: theta)
        let mirrored = electric.conjugate + .i * magnetic.conjugate
        return -(first + mirrored * wave.conjugate.multiplied(by: minus))
      }
    }
    let shape = [l.count, points.count]
    return [
      "q": tensor(values.map(\.real), shape: shape),
      "u": tensor(values.map(\.imaginary), shape: shape),
    ]
  }

  /// (θ, φ) of every point, ring by ring.
  private static func points(_ grid: GivenRings) -> [(Double, Double)] {
    grid.rings.flatMap { ring in
      (0..<ring.count).map {
        (ring.theta, ring.phi0 + 2 * .pi * Double($0) / Double(ring.count))
      }
    }
  }

  // MARK: - Derivatives and points

  /// The spin-1 synthesis of E = √[l(l+1)] a, B = 0, or its transpose.
  static func derivatives(_ operation: Operation, _ data: CaseData) throws -> NamedTensors {
    let (grid, lmax, mmax) = (try data.grid(), try data.integer("lmax"), try data.largestOrder())
    let direct = DirectSpinTransform(grid: grid, spin: 1, lmax: lmax, mmax: mmax)
    func raised(_ a: CoefficientStack<Double>) -> CoefficientStack<Double> {
      a.scaled { Double($0 * ($0 + 1)).squareRoot() }
    }
    if operation == .scalarDerivatives {
      let a = try data.coefficients("coefficients", lmax: lmax, mmax: mmax, as: Double.self)
      let none = CoefficientStack<Double>(lmax: lmax, mmax: mmax, lanes: a.lanes)
      let f = direct.synthesis(SpinCoefficients(e: raised(a), b: none))
      return ["d_theta": tensor(f.q), "d_phi": tensor(f.u)]
    }
    let df = SpinFields(
      q: try data.field("d_theta_gradient", grid: grid, as: Double.self),
      u: try data.field("d_phi_gradient", grid: grid, as: Double.self))
    return ["coefficients_gradient": tensor(raised(direct.synthesisGradient(df).e))]
  }

  /// Values at points: each is a ring of its own.
  static func pointSynthesis(_ operation: Operation, _ data: CaseData) throws -> NamedTensors {
    let (lmax, mmax) = (try data.integer("lmax"), try data.largestOrder())
    let grid = GivenRings.points(theta: try data.values("theta"), phi: try data.values("phi"))
    guard operation.isSpin else {
      let a = try data.coefficients("coefficients", lmax: lmax, mmax: mmax, as: Double.self)
      let direct = DirectTransform(grid: grid, lmax: lmax, mmax: mmax)
      return ["values": tensor(direct.synthesis(a))]
    }
    let direct = DirectSpinTransform(
      grid: grid, spin: try data.integer("spin"), lmax: lmax, mmax: mmax)
    return tensors(
      direct.synthesis(try data.spinCoefficients("", lmax: lmax, mmax: mmax, as: Double.self)))
  }
}

/// ₛλ_lm(θ) = (−1)^s √[(2l+1)/4π] d^l_{m,−s}(θ), 0 for l < max(|m|, s).
func spinLambda(spin: Int, l: Int, m: Int, theta: Double) -> Double {
  guard l >= max(abs(m), spin) else { return 0 }
  let column = WignerRecurrence(m: m, n: -spin, lmax: l).values(
    cosBeta: cos(theta), sinBeta: max(sin(theta), 0))
  return (spin.isMultiple(of: 2) ? 1 : -1) * column[column.count - 1]
}

// MARK: - What follows from the direct transforms

extension DirectTransform {
  /// a_0 = A f, a_{k+1} = a_k + A (f − S a_k).
  fileprivate func iterated(
    _ f: FieldStack<Double>, iterations: Int
  ) -> CoefficientStack<Double> {
    var a = analysis(f)
    for _ in 0..<iterations {
      var rest = f
      let fitted = synthesis(a)
      for i in rest.values.indices { rest.values[i] -= fitted.values[i] }
      let correction = analysis(rest)
      for i in a.values.indices { a.values[i] += correction.values[i] }
    }
    return a
  }

  /// The transpose step by step, backwards: of a_{k+1} = a_k + A (f − S a_k),
  /// f̄ += Aᵀ ā_{k+1}, ā_k = ā_{k+1} − Sᵀ Aᵀ ā_{k+1}; at last f̄ += Aᵀ ā_0.
  fileprivate func iteratedGradient(
    _ da: CoefficientStack<Double>, iterations: Int
  ) -> FieldStack<Double> {
    var (da, df) = (da, FieldStack<Double>(grid: grid, lanes: da.lanes))
    for step in 0...iterations {
      let part = analysisGradient(da)
      for i in df.values.indices { df.values[i] += part.values[i] }
      guard step < iterations else { break }
      let folded = synthesisGradient(part)
      for i in da.values.indices { da.values[i] -= folded.values[i] }
    }
    return df
  }

  /// f̄ = (A⁺)ᵀ ā.
  fileprivate func leastSquaresGradient(
    _ da: CoefficientStack<Double>
  ) throws -> FieldStack<Double> {
    let (inverse, points) = (try pseudoInverse(), grid.pointCount)
    var df = FieldStack<Double>(grid: grid, lanes: da.lanes)
    for row in 0..<da.values.count / max(da.lanes, 1) {
      for point in 0..<points {
        for lane in 0..<da.lanes {
          df.values[point * da.lanes + lane] +=
            inverse[row * points + point] * da.values[row * da.lanes + lane]
        }
      }
    }
    return df
  }
}

extension DirectSpinTransform {
  /// As `DirectTransform.iterated`.
  fileprivate func iterated(
    _ f: SpinFields<Double>, iterations: Int
  ) -> SpinCoefficients<Double> {
    var a = analysis(f)
    for _ in 0..<iterations {
      let fitted = synthesis(a)
      var rest = f
      for i in rest.q.values.indices {
        rest.q.values[i] -= fitted.q.values[i]
        rest.u.values[i] -= fitted.u.values[i]
      }
      let correction = analysis(rest)
      for i in a.e.values.indices {
        a.e.values[i] += correction.e.values[i]
        a.b.values[i] += correction.b.values[i]
      }
    }
    return a
  }

  /// As `DirectTransform.iteratedGradient`.
  fileprivate func iteratedGradient(
    _ da: SpinCoefficients<Double>, iterations: Int
  ) -> SpinFields<Double> {
    var (da, df) = (da, SpinFields<Double>(grid: grid, lanes: da.e.lanes))
    for step in 0...iterations {
      let part = analysisGradient(da)
      for i in df.q.values.indices {
        df.q.values[i] += part.q.values[i]
        df.u.values[i] += part.u.values[i]
      }
      guard step < iterations else { break }
      let folded = synthesisGradient(part)
      for i in da.e.values.indices {
        da.e.values[i] -= folded.e.values[i]
        da.b.values[i] -= folded.b.values[i]
      }
    }
    return df
  }

  /// f̄ = (A⁺)ᵀ ā: A⁺ column by column, as the fit of the fields that are 1 in Q or U of one point.
  fileprivate func leastSquaresGradient(
    _ da: SpinCoefficients<Double>
  ) throws -> SpinFields<Double> {
    let (points, lanes) = (grid.pointCount, da.e.lanes)
    var units = SpinFields<Double>(grid: grid, lanes: 2 * points)
    for p in 0..<points {
      units.q.values[p * 2 * points + p] = 1
      units.u.values[p * 2 * points + points + p] = 1
    }
    let inverse = try leastSquares(units)
    var df = SpinFields<Double>(grid: grid, lanes: lanes)
    for row in 0..<da.e.values.count / max(lanes, 1) {
      for p in 0..<points {
        for (first, isQ) in [(p, true), (points + p, false)] {
          let place = row * 2 * points + first
          let (e, b) = (inverse.e.values[place], inverse.b.values[place])
          for lane in 0..<lanes {
            let value =
              e * da.e.values[row * lanes + lane] + b * da.b.values[row * lanes + lane]
            if isQ {
              df.q.values[p * lanes + lane] += value
            } else {
              df.u.values[p * lanes + lane] += value
            }
          }
        }
      }
    }
    return df
  }
}
