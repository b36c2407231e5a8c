import FileFormats
import Foundation
import HarmonicTransforms
import Numerics

extension KnownFault {
  /// The same case as another linear map, names of tensors and gradients changed accordingly.
  private static func asMap(
    _ map: LinearMap, _ operation: Operation, _ data: CaseData
  ) throws -> Altered? {
    guard let own = operation.linearMap else { return nil }
    let (from, to) = (own.isGradient ? "_gradient" : "", map.isGradient ? "_gradient" : "")
    let isSpin = operation.isSpin
    let names = isSpin ? ["e", "b", "q", "u"] : ["coefficients", "field"]
    func renamed(_ tensors: NamedTensors, _ from: String, _ to: String) -> NamedTensors {
      var result: NamedTensors = [:]
      for (name, tensor) in tensors {
        let stem = from.isEmpty ? name : name.replacing(from, with: "")
        result[names.contains(stem) ? stem + to : name] = tensor
      }
      return result
    }
    var altered = Altered(operation: map.operation(isSpin: isSpin), data: data)
    altered.data.inputs = renamed(data.inputs, from, to)
    altered.outputs = { renamed($0, to, from) }
    return altered
  }

  static var analysisFaults: [KnownFault] {
    [
      KnownFault(
        "not-conjugated", wrong: "analysis multiplies by Y in place of its conjugate",
        shows: "coefficients of m > 0 are the complex conjugates", notConjugated,
        stated: isNetwork),
      KnownFault(
        "transposes-exchanged",
        wrong: "analysis stands for the gradient of synthesis, and synthesis for that of analysis",
        shows: "values are right; gradients are off by weights and by 2 for m > 0",
        reports: [
          "https://github.com/astro-informatics/s2fft/pull/380",
          "https://github.com/JuliaAstro/Healpix.jl/issues/114",
        ],
        .computed { operation, data in
          switch operation.linearMap {
          case .synthesisGradient: return try asMap(.analysis, operation, data)
          case .analysisGradient: return try asMap(.synthesis, operation, data)
          case .maskedSynthesisGradient: return try asMap(.maskedAnalysis, operation, data)
          case .maskedAnalysisGradient: return try asMap(.maskedSynthesis, operation, data)
          default: return try pointAdjoint(operation, data)
          }
        }, stated: isNetwork),
      KnownFault(
        "weighted-adjoint", wrong: "the adjoint of synthesis has quadrature weights",
        shows: "the adjoint is analysis",
        reports: ["https://github.com/astro-informatics/s2fft/issues/243"],
        .computed { operation, data in
          operation.linearMap == .adjointSynthesis
            ? try asMap(.analysis, operation, data) : nil
        }),
      KnownFault(
        "one-iteration-more", wrong: "the first analysis counts as an iteration, or one is added",
        shows: "iterated analyses differ by about one correction",
        reading { operation, data in
          guard case .integer(let iterations)? = data.parameters["iterations"] else { return nil }
          var result = data
          result.parameters["iterations"] = .integer(iterations + 1)
          return result
        }),
      KnownFault(
        "gradient-of-one-iteration",
        wrong: "the gradient of an iterated analysis is that of one without iterations",
        shows: "gradients are right for 0 iterations alone",
        reports: ["https://github.com/astro-informatics/s2fft/pull/244"],
        reading { operation, data in
          guard operation.linearMap == .iteratedGradient else { return nil }
          var result = data
          result.parameters["iterations"] = 0
          return result
        }),
      KnownFault(
        "gradient-without-mask", wrong: "the mask does not enter the gradient",
        shows: "values with a mask are right, gradients see unobserved points",
        reports: ["https://github.com/CMBSciPol/jax-healpy/issues/17"],
        reading { operation, data in
          guard let map = operation.linearMap, map.isMasked, map.isGradient else { return nil }
          var result = data
          result.inputs["mask"] = try data.inputs.tensor("mask").mappingFloats { _, _ in 1 }
          return result
        }),
      KnownFault(
        "fit-by-quadrature", wrong: "a quadrature stands for the fit by least squares",
        shows: "errors of per cent where the fit is exact",
        reports: ["https://github.com/astro-informatics/s2fft/issues/291"],
        .computed { operation, data in
          switch operation.linearMap {
          case .leastSquares: return try asMap(.analysis, operation, data)
          case .leastSquaresGradient: return try asMap(.analysisGradient, operation, data)
          default: return nil
          }
        }),
      KnownFault(
        "zero-at-poles", wrong: "derivatives at the poles are set to 0, or divided by sin(theta)",
        shows: "only points at the poles are wrong, or not finite",
        reports: [
          "https://github.com/GalacticDynamics/galax/pull/836",
          "https://github.com/adrn/gala/issues/298",
        ],
        writing(
          { operation, data, outputs in
            if operation == .scalarDerivatives {
              let (theta, counts) = (
                try data.values("ring_theta"), try data.indices("ring_count")
              )
              let isPole = zip(theta, counts).flatMap {
                [Bool](repeating: sin($0) < 1e-12, count: $1)
              }
              return try outputs.mapping(["d_theta", "d_phi"]) {
                isPole[$0 % isPole.count] ? 0 : $1
              }
            }
            let theta = try data.values("theta")
            return try outputs.mapping(["theta_gradient", "phi_gradient"]) {
              sin(theta[$0]) < 1e-12 ? 0 : $1
            }
          },
          where: { operation, _ in
            [.scalarDerivatives, .pointSynthesisGradient, .spinPointSynthesisGradient].contains(
              operation)
          })),
    ]
  }

  /// Analysis gives the complex conjugates, also inside of iterations.
  private static var notConjugated: Effect {
    .computed { operation, data in
      let conjugated = { @Sendable (tensors: NamedTensors, operation: Operation) in
        try tensors.mappingCoefficients(data.degrees(operation)) { $2.conjugate }
      }
      switch operation.linearMap {
      case .analysis, .adjointSynthesis, .maskedAnalysis:
        return Altered(operation: operation, data: data) { try conjugated($0, operation) }
      case .iteratedAnalysis, .iteratedGradient:
        return composing(operation, data, fits: { _, _ in true }) { plain, given in
          var altered = Altered(operation: plain, data: given)
          switch plain.linearMap {
          case .analysis: altered.outputs = { try conjugated($0, operation) }
          // The transpose of what analysis has become.
          case .analysisGradient: altered.data.inputs = try conjugated(given.inputs, operation)
          default: return nil
          }
          return altered
        }
      default: return nil
      }
    }
  }

  /// Single points have no weights: analysis on them is the gradient without the factor 2.
  private static func pointAdjoint(_ operation: Operation, _ data: CaseData) throws -> Altered? {
    guard operation == .pointSynthesisGradient || operation == .spinPointSynthesisGradient else {
      return nil
    }
    return Altered(operation: operation, data: data) { outputs in
      try outputs.mappingCoefficients(data.degrees(operation)) { _, m, z in
        m == 0 ? z : z.multiplied(by: 0.5)
      }
    }
  }

  // MARK: - Functions, spectra, rotations

  /// The same case with other colatitudes of functions.
  private static func turning(
    _ operations: Set<Operation>, _ body: @escaping @Sendable (Double) -> Double
  ) -> Effect {
    reading { operation, data in
      guard operations.contains(operation) else { return nil }
      var result = data
      for name in ["theta", "beta"] {
        result.inputs[name] = try data.inputs[name]?.mappingFloats { body($1) }
      }
      return result
    }
  }

  static var functionFaults: [KnownFault] {
    [
      KnownFault(
        "colatitude-from-cosine", wrong: "functions know cos(theta) alone",
        shows: "right but for angles close to the poles, which lose half of their digits",
        turning([
          .legendre, .spinLegendre, .wignerD, .spinHarmonics, .pointSynthesis,
          .pointSynthesisGradient, .spinPointSynthesis, .spinPointSynthesisGradient,
        ]) { acos(cos($0)) }),
      KnownFault(
        "wigner-transposed", wrong: "d^l_nm in place of d^l_mn, or the angle -beta",
        shows: "numbers of odd m - n have the other sign",
        reading { operation, data in
          guard operation == .wignerD else { return nil }
          var result = data
          (result.parameters["m"], result.parameters["n"]) = (
            data.parameters["n"], data.parameters["m"]
          )
          return result
        }),
      KnownFault(
        "angles-exchanged", wrong: "theta and phi are exchanged",
        shows: "single harmonics are wrong but for m = 0 and equal angles",
        reports: [
          "https://github.com/scipy/scipy/issues/24383",
          "https://github.com/SHTOOLS/SHTOOLS/issues/158",
        ],
        .computed { operation, data in
          guard operation == .spinHarmonics else { return nil }
          let (theta, phi) = (try data.values("theta"), try data.values("phi"))
          // Colatitudes beyond a pole lie on the opposite meridian, where the axes of a spin are
          // turned by half a circle: a factor (-1)^s.
          var altered = Altered(operation: operation, data: data)
          let turned = phi.map {
            let angle = $0.truncatingRemainder(dividingBy: 2 * .pi)
            return angle < 0 ? angle + 2 * .pi : angle
          }
          let isBeyond = turned.map { $0 > .pi }
          altered.data.inputs["theta"] = TensorData(
            turned.map { $0 > .pi ? 2 * .pi - $0 : $0 })
          altered.data.inputs["phi"] = TensorData(
            zip(isBeyond, theta).map { $0 ? $1 + .pi : $1 })
          let sign = try data.integer("spin").isMultiple(of: 2) ? 1.0 : -1.0
          altered.outputs = { outputs in
            try outputs.mapping(["y"]) { isBeyond[$0 / 2] ? sign * $1 : $1 }
          }
          return altered
        }),
      KnownFault(
        "coupling-transposed", wrong: "the mode-coupling matrix is transposed",
        shows: "rows and columns are exchanged: the factor 2 l + 1 is on the wrong side",
        writing(
          { _, data, outputs in
            let n = try data.integer("lmax") + 1
            let values = try outputs.tensor("matrix").doubles()
            return try outputs.mapping(["matrix"]) { index, _ in
              values[index % n * n + index / n]
            }
          }, where: { operation, _ in operation == .modeCoupling })),
      KnownFault(
        "coupling-without-4-pi", wrong: "the mode-coupling matrix lacks the factor 1/4 pi",
        shows: "all numbers are 4 pi times too large",
        writing(
          { _, _, outputs in try outputs.mapping(["matrix"]) { 4 * .pi * $1 } },
          where: { operation, _ in operation == .modeCoupling })),
      KnownFault(
        "pole-weights-doubled", wrong: "the poles of Clenshaw-Curtis have weights twice as large",
        shows: "the first and the last weight are wrong",
        writing(
          { _, data, outputs in
            let last = try data.integer("count") - 1
            return try outputs.mapping(["weights"]) { $0 == 0 || $0 == last ? 2 * $1 : $1 }
          }, where: { operation, _ in operation == .clenshawCurtis }), stated: isPublished),
      KnownFault(
        "d-l-for-c-l", wrong: "D_l = l(l + 1) C_l/2 pi in place of C_l",
        shows: "spectra grow like l squared",
        writing(
          { _, data, outputs in
            let n = try data.integer("lmax") + 1
            return try outputs.mapping(["auto", "cross"]) {
              Double(($0 % n) * ($0 % n + 1)) / (2 * .pi) * $1
            }
          }, where: { operation, _ in operation == .powerSpectrum }),
        stated: { operation, _ in operation == .gaussianField }),
      KnownFault(
        "spectrum-of-stored-orders", wrong: "a spectrum sums over m >= 0 only",
        shows: "spectra are about half of the expected ones",
        .computed { operation, data in
          guard operation == .powerSpectrum else { return nil }
          var altered = Altered(operation: operation, data: data)
          let degrees = try data.degrees(operation)
          altered.data.inputs = try data.inputs.mappingCoefficients(
            degrees, names: ["a", "b"]
          ) { $1 == 0 ? $2 : $2.multiplied(by: 0.5.squareRoot()) }
          return altered
        }),
      KnownFault(
        "column-sign", wrong: "3j symbols with another phase: the sign (-1)^l1",
        shows: "signs alternate; columns of m = 0 are right if l2 + l3 is even",
        writing(
          { _, data, outputs in
            let first = try firstDegree(data)
            return try outputs.mapping(["w"]) { (first + $0).isMultiple(of: 2) ? $1 : -$1 }
          }, where: { operation, _ in operation == .wigner3j })),
      KnownFault(
        "column-start", wrong: "a column of 3j symbols starts at another degree",
        shows: "numbers are shifted by a degree",
        writing(
          { _, _, outputs in
            let values = try outputs.tensor("w").doubles()
            return try outputs.mapping(["w"]) { index, _ in index == 0 ? 0 : values[index - 1] }
          }, where: { operation, _ in operation == .wigner3j })),
      KnownFault(
        "rotation-angles-exchanged", wrong: "alpha and gamma are exchanged",
        shows: "rotations by beta alone are right",
        rotating { ($2, $1, $0) }),
      KnownFault(
        "rotation-inverse", wrong: "the inverse rotation",
        shows: "a half turn is right if both other angles fit, all others are wrong",
        rotating { (-$2, -$1, -$0) }),
      KnownFault(
        "fwhm-as-sigma", wrong: "the full width at half maximum is taken for sigma",
        shows: "fields are smoothed 2.35 times as widely",
        reading { operation, data in
          guard operation == .smoothing else { return nil }
          var result = data
          result.parameters["fwhm"] = .number(try data.number("fwhm") * (8 * log(2)).squareRoot())
          return result
        }),
      KnownFault(
        "beam-without-spin", wrong: "the beam of a spin is that of a scalar",
        shows: "numbers of a spin are exp(-s^2 sigma^2/2) of the expected ones",
        reports: ["https://github.com/litebird/litebird_sim/issues/493"],
        reading { operation, data in
          guard operation == .smoothing else { return nil }
          var result = data
          result.parameters["spin"] = 0
          return result
        }),
      KnownFault(
        "laplacian-sign", wrong: "+l(l + 1) in place of -l(l + 1)",
        shows: "all numbers have the other sign",
        writing(
          { _, _, outputs in try outputs.mapping(["laplacian"]) { -$1 } },
          where: { operation, _ in operation == .laplacian })),
    ]
  }

  /// l_min of a column of 3j symbols.
  private static func firstDegree(_ data: CaseData) throws -> Int {
    max(
      abs(try data.integer("l2") - data.integer("l3")),
      abs(try data.integer("m2") + data.integer("m3")))
  }

  private static func rotating(
    _ body: @escaping @Sendable (Double, Double, Double) -> (Double, Double, Double)
  ) -> Effect {
    reading { operation, data in
      guard operation == .rotation || operation == .rotationGradient else { return nil }
      let (alpha, beta, gamma) = body(
        try data.number("alpha"), try data.number("beta"), try data.number("gamma"))
      var result = data
      result.parameters["alpha"] = .number(alpha)
      result.parameters["beta"] = .number(beta)
      result.parameters["gamma"] = .number(gamma)
      return result
    }
  }
}
