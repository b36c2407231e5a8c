import FileFormats
import HarmonicTransforms
import SphereGrids

/// One grid of the transform cases with the degrees asked for.
private struct TransformSetting {
  let name: String
  let grid: any RingGrid
  let lmax: Int
  let mmax: Int
  let lanes: Int
  var nyquist = NyquistOrder.evaluated

  var parameters: [String: ParameterValue] {
    [
      "lmax": .integer(lmax), "mmax": .integer(mmax),
      "nyquist": nyquist == .evaluated ? "evaluated" : "once",
    ]
  }
  var coefficientShape: [Int] { [lanes, coefficientCount(lmax: lmax, mmax: mmax), 2] }
  var fieldShape: [Int] { [lanes, grid.pointCount] }
  var transform: DirectTransform {
    DirectTransform(grid: grid, lmax: lmax, mmax: mmax, nyquist: nyquist)
  }
}

extension ConformanceKit {
  /// Gauss-Legendre, a product grid of odd sizes, HEALPix nside 4.
  private static func smallSettings() throws -> [TransformSetting] {
    [
      TransformSetting(
        name: "gauss-legendre", grid: GaussLegendreGrid(lmax: 12), lmax: 12, mmax: 12, lanes: 2),
      TransformSetting(
        name: "odd", grid: ClenshawCurtisGrid(ringCount: 11, longitudeCount: 15), lmax: 8, mmax: 8,
        lanes: 3),
      TransformSetting(
        name: "healpix", grid: try HealpixGrid(nside: 4), lmax: 9, mmax: 9, lanes: 2),
    ]
  }

  /// The published network's transform: more degrees than its nodes carry, orders up to Nyquist.
  private static var publishedSetting: TransformSetting {
    TransformSetting(
      name: "clenshaw-curtis", grid: ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64),
      lmax: 46, mmax: 32, lanes: 1, nyquist: .once)
  }

  private static var fewerOrders: TransformSetting {
    TransformSetting(
      name: "mmax5", grid: GaussLegendreGrid(lmax: 9), lmax: 9, mmax: 5, lanes: 1)
  }

  // MARK: - Scalar

  static func transformCases(seed: UInt64) throws -> [CaseDraft] {
    (try smallSettings() + [publishedSetting, fewerOrders]).flatMap { setting in
      func inputs(_ id: String, _ name: String, _ shape: [Int]) -> CaseData {
        let inputs: NamedTensors = [name: CaseNumbers(seed: seed, id: id).tensor(name, shape)]
        return CaseData(parameters: setting.parameters, inputs: inputs.adding(setting.grid))
      }
      func field(
        _ kind: String, _ operation: Operation, _ name: String, _ output: String,
        _ body: @escaping (DirectTransform, FieldStack<Double>) -> CoefficientStack<Double>
      ) -> CaseDraft {
        let id = "scalar-\(kind)-\(setting.name)"
        return CaseDraft(id, operation, inputs(id, name, setting.fieldShape)) { data in
          let f = try data.field(name, grid: setting.grid, as: Double.self)
          return [output: tensor(body(setting.transform, f))]
        }
      }
      func coefficients(
        _ kind: String, _ operation: Operation, _ name: String, _ output: String,
        _ body: @escaping (DirectTransform, CoefficientStack<Double>) -> FieldStack<Double>
      ) -> CaseDraft {
        let id = "scalar-\(kind)-\(setting.name)"
        return CaseDraft(id, operation, inputs(id, name, setting.coefficientShape)) { data in
          let a = try data.coefficients(
            name, lmax: setting.lmax, mmax: setting.mmax, as: Double.self)
          return [output: tensor(body(setting.transform, a))]
        }
      }
      return [
        coefficients("synthesis", .scalarSynthesis, "coefficients", "field") {
          $0.synthesis($1)
        },
        field("analysis", .scalarAnalysis, "field", "coefficients") {
          $0.analysis($1, weighted: true)
        },
        field("adjoint-synthesis", .scalarAdjointSynthesis, "field", "coefficients") {
          $0.analysis($1, weighted: false)
        },
        field(
          "synthesis-gradient", .scalarSynthesisGradient, "field_gradient", "coefficients_gradient"
        ) { $0.synthesisGradient($1) },
        coefficients(
          "analysis-gradient", .scalarAnalysisGradient, "coefficients_gradient", "field_gradient"
        ) { $0.analysisGradient($1) },
      ]
    }
  }

  // MARK: - Spin 2

  static func spinCases(seed: UInt64) throws -> [CaseDraft] {
    try smallSettings().flatMap { setting in
      func coefficients(_ id: String, _ name: String) -> TensorData {
        let numbers = CaseNumbers(seed: seed, id: id)
        return realFieldCoefficients(
          numbers, name, leading: [setting.lanes], lmax: setting.lmax, firstDegree: 2)
      }
      func draft(
        _ kind: String, _ operation: Operation, _ names: [String],
        _ body: @escaping (CaseData) throws -> NamedTensors
      ) -> CaseDraft {
        let id = "spin2-\(kind)-\(setting.name)"
        var inputs: NamedTensors = [:]
        for name in names {
          inputs[name] =
            name.hasPrefix("e") || name.hasPrefix("b")
            ? coefficients(id, name)
            : CaseNumbers(seed: seed, id: id).tensor(name, setting.fieldShape)
        }
        let data = CaseData(
          parameters: ["lmax": .integer(setting.lmax), "spin": 2],
          inputs: inputs.adding(setting.grid))
        return CaseDraft(id, operation, data, by: body)
      }
      let transform = DirectSpinTransform(grid: setting.grid, lmax: setting.lmax)
      func fields(_ data: CaseData, _ suffix: String = "") throws -> SpinFields<Double> {
        SpinFields(
          q: try data.field("q\(suffix)", grid: setting.grid, as: Double.self),
          u: try data.field("u\(suffix)", grid: setting.grid, as: Double.self))
      }
      func stacks(_ data: CaseData, _ suffix: String = "") throws -> SpinCoefficients<Double> {
        SpinCoefficients(
          e: try data.coefficients("e\(suffix)", lmax: setting.lmax, as: Double.self),
          b: try data.coefficients("b\(suffix)", lmax: setting.lmax, as: Double.self))
      }
      return [
        draft("synthesis", .spin2Synthesis, ["e", "b"]) {
          tensors(transform.synthesis(try stacks($0)))
        },
        draft("analysis", .spin2Analysis, ["q", "u"]) {
          tensors(transform.analysis(try fields($0), weighted: true))
        },
        draft("adjoint-synthesis", .spin2AdjointSynthesis, ["q", "u"]) {
          tensors(transform.analysis(try fields($0), weighted: false))
        },
        draft("synthesis-gradient", .spin2SynthesisGradient, ["q_gradient", "u_gradient"]) {
          tensors(transform.synthesisGradient(try fields($0, "_gradient")), suffix: "_gradient")
        },
        draft("analysis-gradient", .spin2AnalysisGradient, ["e_gradient", "b_gradient"]) {
          tensors(transform.analysisGradient(try stacks($0, "_gradient")), suffix: "_gradient")
        },
      ]
    }
  }

  // MARK: - Least squares

  static func leastSquaresCases(seed: UInt64) throws -> [CaseDraft] {
    let grid = try HealpixGrid(nside: 4)
    func inputs(_ id: String, _ names: [String]) -> NamedTensors {
      var inputs: NamedTensors = [:]
      for name in names {
        inputs[name] = CaseNumbers(seed: seed, id: id).tensor(name, [2, grid.pointCount])
      }
      return inputs.adding(grid)
    }
    let (scalar, spin) = ("least-squares-healpix", "spin2-least-squares-healpix")
    return [
      CaseDraft(
        scalar, .leastSquaresAnalysis,
        CaseData(parameters: ["lmax": 8], inputs: inputs(scalar, ["field"]))
      ) { data in
        let f = try data.field("field", grid: grid, as: Double.self)
        return ["coefficients": tensor(try DirectTransform(grid: grid, lmax: 8).leastSquares(f))]
      },
      CaseDraft(
        spin, .spin2LeastSquaresAnalysis,
        CaseData(parameters: ["lmax": 8, "spin": 2], inputs: inputs(spin, ["q", "u"]))
      ) { data in
        let f = SpinFields(
          q: try data.field("q", grid: grid, as: Double.self),
          u: try data.field("u", grid: grid, as: Double.self))
        return tensors(try DirectSpinTransform(grid: grid, lmax: 8).leastSquares(f))
      },
    ]
  }

  // MARK: - Coefficients

  /// Random coefficients of real fields `[leading..., lm, 2]`: Im a_l0 and degrees below the first
  /// are 0.
  static func realFieldCoefficients(
    _ numbers: CaseNumbers, _ name: String, leading: [Int], lmax: Int, firstDegree: Int = 0
  ) -> TensorData {
    let count = coefficientCount(lmax: lmax, mmax: lmax)
    let lanes = leading.reduce(1, *)
    var values = numbers.normals(name, count: lanes * count * 2)
    for lane in 0..<lanes {
      for m in 0...lmax {
        for l in m...lmax {
          let place = 2 * (lane * count + coefficientIndex(l: l, m: m, lmax: lmax))
          if m == 0 { values[place + 1] = 0 }
          if l < firstDegree { (values[place], values[place + 1]) = (0, 0) }
        }
      }
    }
    return TensorData(values, shape: leading + [count, 2])
  }

  static func coefficientCases(seed: UInt64) -> [CaseDraft] {
    let angles: [(String, [String: ParameterValue])] = [
      ("general", ["alpha": 0.7, "beta": 1.1, "gamma": -2.3]),
      ("half-turn", ["alpha": 0.25, "beta": .number(.pi), "gamma": 1.5]),
    ]
    return angles.map { name, parameters in
      let id = "rotation-\(name)"
      return CaseDraft(
        id, .rotation,
        CaseData(
          parameters: parameters.merging(["lmax": 12]) { a, _ in a },
          inputs: [
            "coefficients": realFieldCoefficients(
              CaseNumbers(seed: seed, id: id), "coefficients", leading: [2], lmax: 12)
          ]))
    } + [powerSpectrumCase(seed: seed)]
  }

  private static func powerSpectrumCase(seed: UInt64) -> CaseDraft {
    let numbers = CaseNumbers(seed: seed, id: "power-spectrum")
    let data = CaseData(
      parameters: ["lmax": 16],
      inputs: [
        "a": realFieldCoefficients(numbers, "a", leading: [2], lmax: 16),
        "b": realFieldCoefficients(numbers, "b", leading: [2], lmax: 16),
      ])
    return CaseDraft(numbers.id, .powerSpectrum, data) { data in
      let a = try data.coefficients("a", lmax: 16, as: Double.self)
      let b = try data.coefficients("b", lmax: 16, as: Double.self)
      func spectrum(_ b: CoefficientStack<Double>) -> TensorData {
        tensor(a.crossSpectraByDefinition(with: b).flatMap { $0 }, shape: [2, 17])
      }
      return ["auto": spectrum(a), "cross": spectrum(b)]
    }
  }
}
