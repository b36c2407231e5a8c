import FileFormats
import HarmonicTransforms
import SphereGrids

extension ConformanceKit {
  /// The five transforms of every setting and spin.
  static func transformCases(seed: UInt64) throws -> [CaseDraft] {
    let maps: [LinearMap] = [
      .synthesis, .analysis, .adjointSynthesis, .synthesisGradient, .analysisGradient,
    ]
    let settings = try TransformSetting.all()
    return [0, 1, 2, 3].flatMap { spin in
      settings.filter { $0.spins.contains(spin) }.flatMap { setting in
        maps.map { linearCase($0, spin: spin, setting, seed: seed) }
      }
    }
  }

  /// Iterated, masked and least-squares analyses, their gradients, and gradients as JAX has them.
  static func furtherCases(seed: UInt64) throws -> [CaseDraft] {
    let settings = try TransformSetting.small()
    let (gauss, healpix) = (settings[0], settings[2])
    let fitted = TransformSetting("healpix", healpix.grid, lmax: 8, lanes: 2)
    let small = TransformSetting("healpix-nside2", try HealpixGrid(nside: 2), lmax: 4)
    let conjugate: [String: ParameterValue] = ["complex_gradient": "re-im"]
    var drafts: [CaseDraft] = []
    for spin in [0, 2] {
      for setting in [gauss, healpix] {
        for iterations in 0...3 {
          for map in [LinearMap.iteratedAnalysis, .iteratedGradient] {
            drafts.append(
              linearCase(
                map, spin: spin, setting, seed: seed, ["iterations": .integer(iterations)],
                ending: "-\(iterations)"))
          }
        }
        for map in LinearMap.allCases where map.isMasked {
          drafts.append(linearCase(map, spin: spin, setting, seed: seed))
        }
        for map in LinearMap.allCases
        where map.isGradient && map != .leastSquaresGradient && map != .iteratedGradient {
          drafts.append(
            linearCase(map, spin: spin, setting, seed: seed, conjugate, ending: "-conjugate"))
        }
      }
      for setting in [fitted, small] {
        for map in [LinearMap.leastSquares, .leastSquaresGradient] {
          drafts.append(linearCase(map, spin: spin, setting, seed: seed))
        }
      }
    }
    return drafts
  }

  /// One linear map: `spin2-masked-analysis-healpix`, and the case's inputs.
  ///
  /// With a twin, a small setting of the same kind, expected values are those of the fast
  /// transform, and the flags are the twin's.
  static func linearCase(
    _ map: LinearMap, spin: Int, _ setting: TransformSetting, seed: UInt64,
    _ more: [String: ParameterValue] = [:], ending: String = "", twin: TransformSetting? = nil
  ) -> CaseDraft {
    let isSpin = spin > 0
    let operation = map.operation(isSpin: isSpin)
    let isFit = map == .leastSquares || map == .leastSquaresGradient
    let id =
      (isSpin ? "spin\(spin)-" : map.isPlain ? "scalar-" : "")
      + "\(map.idPart)-\(setting.name)\(ending)"
    let numbers = CaseNumbers(seed: seed, id: id)
    let suffix = map.isGradient ? "_gradient" : ""
    var inputs: NamedTensors = [:]
    if map.isFromCoefficients {
      for name in isSpin ? ["e", "b"] : ["coefficients"] {
        // Scalar transforms see imaginary parts of m = 0, which do not enter.
        inputs[name + suffix] =
          isSpin
          ? realFieldCoefficients(
            numbers, name + suffix, leading: [setting.lanes], lmax: setting.lmax,
            mmax: setting.mmax, firstDegree: spin)
          : numbers.tensor(name + suffix, setting.coefficientShape)
      }
    } else {
      for name in isSpin ? ["q", "u"] : ["field"] {
        inputs[name + suffix] = numbers.tensor(name + suffix, setting.fieldShape)
      }
    }
    if map.isMasked { inputs["mask"] = mask(numbers, count: setting.grid.pointCount) }
    var parameters = setting.parameters(spin: spin).merging(more) { $1 }
    if !map.isPlain { parameters["nyquist"] = nil }
    if isFit { parameters["mmax"] = nil }
    let data = CaseData(parameters: parameters, inputs: inputs.adding(setting.grid))
    guard let twin else {
      return CaseDraft(id, operation, data) {
        try TransformDefinitions.linear(map, isSpin: isSpin, $0)
      }
    }
    // Which faults show depends on the kind of grid, not on its size.
    let small = linearCase(map, spin: spin, twin, seed: seed, more, ending: ending)
    return CaseDraft(id) {
      try ConformanceCase($0, operation, data, faults: small.make().description.faults)
    }
  }

  /// A third of the points unobserved, the others with weights between 0 and 1 or equal to 1.
  private static func mask(_ numbers: CaseNumbers, count: Int) -> TensorData {
    let draws = numbers.uniforms("mask", count: count, 0, 1)
    return TensorData(draws.map { Double(Float($0 < 1.0 / 3 ? 0 : $0 > 2.0 / 3 ? 1 : $0)) })
  }

  // MARK: - Coefficients

  /// Random coefficients of real fields `[leading..., lm, 2]`: Im a_l0 and degrees below the first
  /// are 0.
  static func realFieldCoefficients(
    _ numbers: CaseNumbers, _ name: String, leading: [Int], lmax: Int, mmax: Int? = nil,
    firstDegree: Int = 0
  ) -> TensorData {
    let mmax = mmax ?? lmax
    let count = coefficientCount(lmax: lmax, mmax: mmax)
    let lanes = leading.reduce(1, *)
    var values = numbers.normals(name, count: lanes * count * 2)
    for lane in 0..<lanes {
      for m in 0...mmax {
        for l in m...lmax {
          let place = 2 * (lane * count + coefficientIndex(l: l, m: m, lmax: lmax))
          if m == 0 { values[place + 1] = 0 }
          if l < firstDegree { (values[place], values[place + 1]) = (0, 0) }
        }
      }
    }
    return TensorData(values, shape: leading + [count, 2])
  }
}

extension LinearMap {
  /// Whether it is one of the five transforms as they are.
  fileprivate var isPlain: Bool {
    switch self {
    case .synthesis, .analysis, .adjointSynthesis, .synthesisGradient, .analysisGradient:
      return true
    default: return false
    }
  }

  /// The part of a case's id that names the map.
  fileprivate var idPart: String {
    switch self {
    case .synthesis: return "synthesis"
    case .analysis: return "analysis"
    case .adjointSynthesis: return "adjoint-synthesis"
    case .synthesisGradient: return "synthesis-gradient"
    case .analysisGradient: return "analysis-gradient"
    case .iteratedAnalysis: return "iterated-analysis"
    case .iteratedGradient: return "iterated-analysis-gradient"
    case .maskedSynthesis: return "masked-synthesis"
    case .maskedSynthesisGradient: return "masked-synthesis-gradient"
    case .maskedAnalysis: return "masked-analysis"
    case .maskedAnalysisGradient: return "masked-analysis-gradient"
    case .leastSquares: return "least-squares"
    case .leastSquaresGradient: return "least-squares-gradient"
    }
  }
}
