import FileFormats
import Foundation
import HarmonicTransforms
import SpecialFunctions
import SphereGrids

extension ConformanceKit {
  // MARK: - Modes

  /// Single modes at every ring of HEALPix, on single rings of high degree and at the poles.
  static func modeCases(seed: UInt64) throws -> [CaseDraft] {
    var grids: [(name: String, grid: GivenRings, lmax: Int)] = []
    for nside in [1, 2, 4, 8, 32, 128] {
      grids.append(
        ("healpix-nside\(nside)", try KitGrid.everyRing(nside: nside), 3 * nside - 1))
    }
    grids.append(("poles", KitGrid.poles, 8))
    for lmax in [511, 2047] {
      let rings = [0, 1, 2, lmax / 8, lmax / 3, lmax / 2, lmax - 5, lmax]
      grids.append(
        (
          "lmax\(lmax)",
          KitGrid.gaussLegendreRings(count: lmax + 1, rings: rings, longitudes: 3), lmax
        ))
    }
    return (0...3).flatMap { spin in
      grids.compactMap { name, grid, lmax in
        lmax < max(spin, 1) ? nil : modes(name, grid, lmax: lmax, spin: spin, seed: seed)
      }
    }
  }

  private static func modes(
    _ name: String, _ grid: GivenRings, lmax: Int, spin: Int, seed: UInt64
  ) -> CaseDraft {
    let id = (spin == 0 ? "scalar" : "spin\(spin)") + "-modes-\(name)"
    let degrees = [spin, spin + 1, lmax / 2, lmax - 1, lmax].filter { $0 >= spin && $0 <= lmax }
    var seen = Set<[Int]>()
    let pairs = degrees.flatMap { l in [0, 1, 2, l / 2, l - 1, l].map { [l, $0] } }
      .filter { 0...$0[0] ~= $0[1] && seen.insert($0).inserted }
    // Large grids take every fifth mode, which leaves orders of all kinds.
    let kept =
      grid.pointCount > 200
      ? stride(from: 0, to: pairs.count, by: 5).map { pairs[$0] } : pairs
    let numbers = CaseNumbers(seed: seed, id: id)
    var inputs: NamedTensors = [
      "l": tensor(kept.map { $0[0] }), "m": tensor(kept.map { $0[1] }),
    ]
    for part in spin == 0 ? ["amplitude"] : ["e", "b"] {
      inputs[part] = numbers.tensor(part, [kept.count, 2])
    }
    var parameters: [String: ParameterValue] = ["lmax": .integer(lmax)]
    if spin > 0 { parameters["spin"] = .integer(spin) }
    let data = CaseData(parameters: parameters, inputs: inputs.adding(grid))
    return spin == 0
      ? CaseDraft(id, .scalarModes, data, by: TransformDefinitions.scalarModes)
      : CaseDraft(id, .spinModes, data, by: TransformDefinitions.spinModes)
  }

  // MARK: - Derivatives and points

  /// Gradients of scalar fields on rings, poles included.
  static func derivativeCases(seed: UInt64) throws -> [CaseDraft] {
    let settings = [
      TransformSetting("gauss-legendre", GaussLegendreGrid(lmax: 9), lmax: 9, lanes: 2),
      TransformSetting("healpix", try HealpixGrid(nside: 4), lmax: 9),
      TransformSetting("poles", KitGrid.poles, lmax: 6),
      TransformSetting("mmax3", GaussLegendreGrid(lmax: 7), lmax: 7, mmax: 3),
    ]
    return settings.flatMap { setting in
      [Operation.scalarDerivatives, .scalarDerivativesGradient].map { operation in
        let isGradient = operation == .scalarDerivativesGradient
        let id = (isGradient ? "derivatives-gradient-" : "derivatives-") + setting.name
        let numbers = CaseNumbers(seed: seed, id: id)
        var inputs: NamedTensors = [:]
        if isGradient {
          for name in ["d_theta_gradient", "d_phi_gradient"] {
            inputs[name] = numbers.tensor(name, setting.fieldShape)
          }
        } else {
          inputs["coefficients"] = realFieldCoefficients(
            numbers, "coefficients", leading: [setting.lanes], lmax: setting.lmax,
            mmax: setting.mmax)
        }
        return CaseDraft(
          id, operation,
          CaseData(
            parameters: ["lmax": .integer(setting.lmax), "mmax": .integer(setting.mmax)],
            inputs: inputs.adding(setting.grid))
        ) { try TransformDefinitions.derivatives(operation, $0) }
      }
    }
  }

  /// Values off any grid and their gradients towards coefficients and angles.
  static func pointCases(seed: UInt64) -> [CaseDraft] {
    let operations: [Operation] = [
      .pointSynthesis, .pointSynthesisGradient, .spinPointSynthesis, .spinPointSynthesisGradient,
    ]
    let sizes: [(name: String, lmax: Int, mmax: Int, lanes: Int, count: Int)] = [
      ("lmax8", 8, 8, 2, 20), ("mmax4", 9, 4, 1, 12), ("lmax40", 40, 40, 1, 6),
      ("one", 6, 6, 8, 1), ("none", 4, 4, 2, 0),
    ]
    return [0, 1, 2, 3].flatMap { spin in
      sizes.flatMap { size in
        operations.filter { $0.isSpin == (spin > 0) }.map { operation in
          pointCase(operation, spin: spin, size, seed: seed)
        }
      }
    }
  }

  private static func pointCase(
    _ operation: Operation, spin: Int,
    _ size: (name: String, lmax: Int, mmax: Int, lanes: Int, count: Int), seed: UInt64
  ) -> CaseDraft {
    let isGradient = operation.rawValue.hasSuffix("_gradient")
    let id =
      (spin == 0 ? "" : "spin\(spin)-") + "points-" + (isGradient ? "gradient-" : "") + size.name
    let numbers = CaseNumbers(seed: seed, id: id)
    // The poles, the equator and a point twice among random ones.
    let special = [0, .pi, .pi / 2, 1e-3, 1.0, 1.0].prefix(size.count > 6 ? 6 : 0)
    let random = numbers.uniforms("z", count: size.count - special.count, -1, 1).map { acos($0) }
    let theta = Array(special) + random
    var phi = numbers.uniforms("phi", count: size.count, 0, 2 * .pi)
    if special.count == 6 { phi[5] = phi[4] }
    var inputs: NamedTensors = ["theta": TensorData(theta), "phi": TensorData(phi)]
    for name in spin == 0 ? ["coefficients"] : ["e", "b"] {
      inputs[name] = realFieldCoefficients(
        numbers, name, leading: [size.lanes], lmax: size.lmax, mmax: size.mmax, firstDegree: spin)
    }
    if isGradient {
      for name in spin == 0 ? ["values_gradient"] : ["q_gradient", "u_gradient"] {
        inputs[name] = numbers.tensor(name, [size.lanes, size.count])
      }
    }
    var parameters: [String: ParameterValue] = [
      "lmax": .integer(size.lmax), "mmax": .integer(size.mmax),
    ]
    if spin > 0 { parameters["spin"] = .integer(spin) }
    let data = CaseData(parameters: parameters, inputs: inputs)
    return isGradient
      ? CaseDraft(id, operation, data)
      : CaseDraft(id, operation, data) {
        try TransformDefinitions.pointSynthesis(operation, $0)
      }
  }

  // MARK: - Coefficients

  static func coefficientCases(seed: UInt64) -> [CaseDraft] {
    rotationCases(seed: seed) + filterCases(seed: seed) + couplingCases()
      + [powerSpectrumCase("power-spectrum", lmax: 16, lanes: 2, seed: seed)]
      + [("lmax0", 0, 1), ("lmax64", 64, 1), ("none", 5, 0)].map { name, lmax, lanes in
        powerSpectrumCase("power-spectrum-\(name)", lmax: lmax, lanes: lanes, seed: seed)
      }
  }

  private static func rotationCases(seed: UInt64) -> [CaseDraft] {
    let angles: [(String, Int, [String: ParameterValue])] = [
      ("general", 12, ["alpha": 0.7, "beta": 1.1, "gamma": -2.3]),
      ("half-turn", 12, ["alpha": 0.25, "beta": .number(.pi), "gamma": 1.5]),
      ("longitude", 12, ["alpha": 1.25, "beta": 0, "gamma": 0]),
      ("quarter-turn", 9, ["alpha": 0, "beta": .number(.pi / 2), "gamma": 0]),
      ("negative", 7, ["alpha": -0.4, "beta": -0.9, "gamma": 12.5]),
      ("lmax64", 64, ["alpha": 0.3, "beta": 2.4, "gamma": -1]),
      ("lmax1", 1, ["alpha": 0.3, "beta": 0.4, "gamma": 0.5]),
    ]
    return angles.flatMap { name, lmax, angles in
      let parameters = angles.merging(["lmax": .integer(lmax)]) { $1 }
      return ["", "-gradient"].map { kind in
        let id = "rotation\(kind)-\(name)"
        let input = kind.isEmpty ? "coefficients" : "rotated_gradient"
        let data = CaseData(
          parameters: parameters,
          inputs: [
            input: realFieldCoefficients(
              CaseNumbers(seed: seed, id: id), input, leading: [lmax > 32 ? 1 : 2], lmax: lmax)
          ])
        return CaseDraft(id, kind.isEmpty ? .rotation : .rotationGradient, data)
      }
    }
  }

  private static func filterCases(seed: UInt64) -> [CaseDraft] {
    func coefficients(_ id: String, _ lmax: Int) -> NamedTensors {
      [
        "coefficients": realFieldCoefficients(
          CaseNumbers(seed: seed, id: id), "coefficients", leading: [2], lmax: lmax)
      ]
    }
    let beams: [(String, Int, Int, Double)] = [
      ("scalar", 16, 0, 0.2), ("spin2", 16, 2, 0.2), ("wide", 24, 0, 1.1), ("narrow", 8, 1, 0.01),
    ]
    return beams.map { name, lmax, spin, fwhm in
      let id = "smoothing-\(name)"
      return CaseDraft(
        id, .smoothing,
        CaseData(
          parameters: [
            "lmax": .integer(lmax), "spin": .integer(spin), "fwhm": .number(fwhm),
          ], inputs: coefficients(id, lmax)))
    }
      + [1, 16].map { lmax in
        let id = "laplacian-lmax\(lmax)"
        return CaseDraft(
          id, .laplacian,
          CaseData(parameters: ["lmax": .integer(lmax)], inputs: coefficients(id, lmax)))
      }
  }

  /// Masks whose spectra are those of a cap, of a constant and of noise.
  private static func couplingCases() -> [CaseDraft] {
    let spectra: [(String, Int, [Double])] = [
      ("cap", 12, (0...24).map { 1 / Double(1 + $0 * $0 * $0) }),
      ("constant", 8, [4 * .pi]), ("white", 20, [Double](repeating: 0.25, count: 41)),
    ]
    return spectra.map { name, lmax, spectrum in
      CaseDraft(
        "mode-coupling-\(name)", .modeCoupling,
        CaseData(
          parameters: ["lmax": .integer(lmax)],
          inputs: ["mask_spectrum": TensorData(spectrum)]))
    }
  }

  private static func powerSpectrumCase(
    _ id: String, lmax: Int, lanes: Int, seed: UInt64
  ) -> CaseDraft {
    let numbers = CaseNumbers(seed: seed, id: id)
    let data = CaseData(
      parameters: ["lmax": .integer(lmax)],
      inputs: [
        "a": realFieldCoefficients(numbers, "a", leading: [lanes], lmax: lmax),
        "b": realFieldCoefficients(numbers, "b", leading: [lanes], lmax: lmax),
      ])
    return CaseDraft(id, .powerSpectrum, data) { data in
      let a = try data.coefficients("a", lmax: lmax, as: Double.self)
      let b = try data.coefficients("b", lmax: lmax, as: Double.self)
      func spectrum(_ b: CoefficientStack<Double>) -> TensorData {
        tensor(a.crossSpectraByDefinition(with: b).flatMap { $0 }, shape: [lanes, lmax + 1])
      }
      return ["auto": spectrum(a), "cross": spectrum(b)]
    }
  }
}
