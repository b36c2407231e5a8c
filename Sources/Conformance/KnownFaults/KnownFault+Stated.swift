import FileFormats
import Foundation

extension KnownFault {
  /// Whether an input of the case has this value of a parameter.
  private static func says(
    _ data: CaseData, _ name: String, _ value: ParameterValue
  ) -> Bool {
    data.parameters[name] == value
  }

  /// Operations that normalise batches.
  private static let normalisations: Set<Operation> = [
    .batchNormalisation, .publishedNetwork, .isotropicNetwork,
  ]

  /// Faults whose answers are not computed here.
  static var statedFaults: [KnownFault] {
    [
      KnownFault(
        "float32-tables", wrong: "Legendre functions, phases or nodes are rounded to float32",
        shows: "errors of 1e-8 to 1e-6 in float64: outputs pass as float32 and fail as float64",
        reports: [
          "https://github.com/NVIDIA/torch-harmonics/pull/243",
          "https://github.com/astro-informatics/s2fft/issues/407",
          "https://github.com/SpeedyWeather/SpeedyWeather.jl/issues/104",
        ],
        .stated { operation, data in
          let functions: Set<Operation> = [
            .legendre, .spinLegendre, .wignerD, .spinHarmonics, .gaussLegendre, .clenshawCurtis,
            .fejerFirst, .fejerSecond, .driscollHealy, .mcEwenWiaux, .publishedNetwork,
            .isotropicNetwork,
          ]
          if operation == .rotation || operation == .rotationGradient {
            // Where beta is 0, or a half turn, functions are 0 and 1.
            return try abs(sin(data.number("beta"))) > 1e-12
          }
          guard functions.contains(operation) || CoefficientRole.of(operation) != nil else {
            return false
          }
          return try hasInputs(data)
        }),
      KnownFault(
        "weights-transposed", wrong: "weights are read with input and output exchanged",
        shows: "layers with as many inputs as outputs give other numbers, others fail",
        .stated { operation, data in
          switch operation {
          case .degreewiseMixing, .orderwiseMixing:
            // A matrix of one row or one column is the same numbers in the same order.
            return try data.shape("x")[1] > 1 && data.shape("output_gradient")[1] > 1
          case .denseLayers, .publishedNetwork, .isotropicNetwork: return true
          default: return false
          }
        }, place: .values),
      KnownFault(
        "complex-weight-gradient", wrong: "gradients of complex weights are not conjugated",
        shows: "gradients of weights are wrong, values and gradients of inputs right",
        .stated { operation, data in
          operation == .orderwiseMixing
            || operation == .publishedNetwork && says(data, "gradients", 1)
        }, place: .gradients),
      KnownFault(
        "equal-area-weights", wrong: "points count alike where they are to count by area",
        shows: "normalisation over a grid is off by per cent",
        .stated { operation, data in
          says(data, "mode", "training")
            && (operation == .isotropicNetwork
              || operation == .batchNormalisation && says(data, "weighting", "area"))
        }),
      KnownFault(
        "variance-from-squares", wrong: "a variance as mean square minus square of the mean",
        shows: "values far from zero lose their digits in float32",
        .stated { operation, data in
          normalisations.contains(operation) && says(data, "mode", "training")
        }),
      KnownFault(
        "batch-statistics-in-inference",
        wrong: "inference normalises by the batch in place of the running values",
        shows: "outputs of a map depend on the other maps",
        .stated { operation, data in
          says(data, "mode", "inference")
            && normalisations.contains(operation)
        }),
      KnownFault(
        "relu-at-zero", wrong: "the derivative of ReLU at 0 is 1",
        shows: "gradients are wrong where an input of ReLU is exactly 0",
        .stated { operation, data in
          try operation == .denseLayers && data.values("x").contains(0)
        }, place: .gradients),
      KnownFault(
        "relu-after-last-block", wrong: "a ReLU after the last block as well",
        shows: "the published network's outputs are wrong",
        .stated { operation, _ in operation == .publishedNetwork }),
      KnownFault(
        "mask-threshold", wrong: "points are observed where the mask is at least one half",
        shows: "only masks with values between 0 and 1/2 are wrong",
        .stated { operation, data in
          guard operation == .meanInpainting, try data.shape("x")[1] > 1 else { return false }
          let shape = try data.shape("x")
          return try data.values("x").enumerated().contains { index, value in
            // The last channel is the mask.
            index / shape[2] % shape[1] == shape[1] - 1 && value > 0 && value < 0.5
          }
        }),
      KnownFault(
        "filled-with-zero", wrong: "unobserved points stay 0 in place of the observed mean",
        shows: "the mean of a filled map is too close to 0",
        reports: ["https://github.com/healpy/healpy/issues/562"],
        .stated { operation, data in
          operation == .meanInpainting
            || operation == .publishedNetwork && says(data, "inpainting", 1)
        }),
      KnownFault(
        "band-power-orders", wrong: "powers of bands count m > 0 once",
        shows: "powers are about half of the expected ones",
        .stated { operation, _ in operation == .bandPowers || operation == .isotropicNetwork }),
      KnownFault(
        "adam-epsilon", wrong: "epsilon inside Adam's root, or no bias correction",
        shows: "the first steps are wrong", .stated { operation, _ in operation == .adam }),
      KnownFault(
        "field-variance", wrong: "m = 0 with half the variance, or Re and Im with the whole",
        shows: "mean squares of some orders are off by a factor of 2",
        .stated { operation, _ in operation == .gaussianField }),
      KnownFault(
        "pole-pixels", wrong: "the four pixels around a pole in another order or with weights of 1",
        shows: "interpolation within the first and the last ring of pixels is wrong",
        reports: ["https://github.com/astropy/astropy-healpix/issues/54"],
        .stated { operation, data in
          try operation == .healpixInterpolation && hasInputs(data)
        }),
      KnownFault(
        "rule-of-another-grid", wrong: "nodes or weights of another rule than the name says",
        shows: "nodes are shifted, or weights are not exact",
        .stated { operation, data in
          switch operation {
          // One node at the equator with the weight 2, whatever the rule.
          case .gaussLegendre, .fejerFirst, .fejerSecond: return !says(data, "count", 1)
          case .clenshawCurtis, .driscollHealy, .mcEwenWiaux, .publishedNetwork: return true
          default: return false
          }
        }),
      KnownFault(
        "ring-numbers", wrong: "rings or pixels are counted from another place",
        shows: "numbers of pixels or centres are shifted",
        reports: ["https://github.com/JuliaAstro/Healpix.jl/issues/108"],
        .stated { operation, _ in
          [.healpixCentres, .healpixNestedToRing, .healpixRingToNested].contains(operation)
        }),
      KnownFault(
        "empty-batch", wrong: "a batch of nothing is refused, or returned in another shape",
        shows: "only cases without lanes or without points fail",
        .stated { _, data in !(try hasInputs(data)) }),
      KnownFault(
        "zero-of-wigner",
        wrong: "a ratio of Wigner functions is formed where one of them is 0 on a ring",
        shows: "not finite numbers, or errors of per cent where they are left out of sums",
        reports: [
          "https://github.com/astro-informatics/s2fft/issues/398",
          "https://github.com/astro-informatics/s2fft/pull/387",
        ],
        .stated { operation, data in
          guard operation.isSpin, data.inputs["ring_theta"] != nil else { return false }
          // cos θ = 2/3 and 1/3 and the equator are zeros of functions of low degree.
          let zeros = [2.0 / 3, 1.0 / 3, 0]
          return try hasInputs(data)
            && data.values("ring_theta").contains { theta in
              zeros.contains { abs(abs(cos(theta)) - $0) < 1e-12 }
            }
        }),
      KnownFault(
        "high-degrees",
        wrong: "prefactors of high degrees overflow, or first functions of high orders underflow",
        shows: "not finite numbers or zeros beyond some degree",
        reports: [
          "https://github.com/scipy/scipy/issues/7778",
          "https://github.com/noshita/ktch/issues/200",
          "https://github.com/SpeedyWeather/SpeedyWeather.jl/issues/104",
        ],
        .stated { operation, data in
          let functions: Set<Operation> = [.legendre, .spinLegendre, .wignerD]
          if operation == .spinHarmonics { return true }
          let isTable = functions.contains(operation)
          guard isTable || CoefficientRole.of(operation) != nil, try hasInputs(data) else {
            return false
          }
          return try data.integer("lmax") >= 150
        }),
      KnownFault(
        "longitude-range", wrong: "longitudes outside 0...2 pi are not reduced",
        shows: "only directions with negative longitudes, or with more than a turn, are wrong",
        reports: ["https://github.com/healpy/healpy/issues/169"],
        .stated { operation, data in
          guard let phi = data.inputs["phi"], operation.rawValue.hasPrefix("healpix") else {
            return false
          }
          return try phi.doubles().contains { !(0...2 * .pi ~= $0) }
        }),
    ]
  }

  /// Whether every input has elements.
  private static func hasInputs(_ data: CaseData) throws -> Bool {
    data.inputs.allSatisfy { !$0.tensor.shape.contains(0) }
  }
}
