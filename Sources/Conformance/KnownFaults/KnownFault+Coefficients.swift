import FileFormats
import HarmonicTransforms
import Numerics

extension KnownFault {
  /// A fault of transforms that multiplies coefficients: synthesis gets factor · a, analysis
  /// returns a / factor.
  private static func scaling(
    _ factor: @escaping @Sendable (_ l: Int, _ m: Int) -> Double
  ) -> Effect {
    .computed { operation, data in
      guard let (role, isInput) = CoefficientRole.of(operation) else {
        return try functionsScaled(operation, data, factor)
      }
      let degrees = try data.degrees(operation)
      let divides = role == .analysed || role == .analysedGradient
      func scaled(_ tensors: NamedTensors) throws -> NamedTensors {
        try tensors.mappingCoefficients(degrees) { l, m, z in
          z.multiplied(by: divides ? 1 / factor(l, m) : factor(l, m))
        }
      }
      var altered = Altered(operation: operation, data: data)
      let isPoint = operation == .pointSynthesisGradient || operation == .spinPointSynthesisGradient
      if isInput || isPoint { altered.data.inputs = try scaled(data.inputs) }
      if !isInput { altered.outputs = scaled }
      return altered
    }
  }

  /// The same for tables of functions and for single values; nil for other operations.
  private static func functionsScaled(
    _ operation: Operation, _ data: CaseData, _ factor: @escaping @Sendable (Int, Int) -> Double
  ) throws -> Altered? {
    switch operation {
    case .legendre, .spinLegendre:
      let (lmax, orders) = (try data.integer("lmax"), try data.integers("orders"))
      let angles = try data.shape("theta")[0]
      return Altered(operation: operation, data: data) { outputs in
        try outputs.mapping(["lambda"]) { index, value in
          let (l, row) = (index % (lmax + 1), index / (lmax + 1))
          return factor(l, orders[row / angles]) * value
        }
      }
    case .spinHarmonics:
      let (l, m) = (try data.indices("l"), try data.indices("m"))
      return Altered(operation: operation, data: data) { outputs in
        try outputs.mapping(["y"]) { factor(l[$0 / 2], m[$0 / 2]) * $1 }
      }
    default: return nil
    }
  }

  /// A fault that changes what transforms read or write of coefficients, whatever their role.
  private static func onTransforms(
    _ body:
      @escaping @Sendable (_ data: CaseData, _ l: Int, _ m: Int, Complex<Double>) throws ->
      Complex<Double>
  ) -> Effect {
    .computed { operation, data in
      guard let isInput = CoefficientRole.of(operation)?.isInput else { return nil }
      let degrees = try data.degrees(operation)
      func changed(_ tensors: NamedTensors) throws -> NamedTensors {
        try tensors.mappingCoefficients(degrees) { (try? body(data, $0, $1, $2)) ?? $2 }
      }
      var altered = Altered(operation: operation, data: data)
      let isPoint = operation == .pointSynthesisGradient || operation == .spinPointSynthesisGradient
      if isInput || isPoint { altered.data.inputs = try changed(data.inputs) }
      if !isInput { altered.outputs = changed }
      return altered
    }
  }

  /// Whether the coefficients of the operation are the gradient of what synthesis reads.
  private static func isSynthesisGradient(_ operation: Operation) -> Bool {
    CoefficientRole.of(operation)?.role == .synthesisedGradient
      && operation.linearMap != .adjointSynthesis
  }

  /// A fault of synthesis, of its gradient, and of iterations that have a synthesis inside: it
  /// gets `body` of the coefficients, its gradient returns `transpose` of them.
  private static func onSynthesis(
    _ body:
      @escaping @Sendable (_ l: Int, _ m: Int, Complex<Double>) -> Complex<Double>,
    transpose: (@Sendable (_ l: Int, _ m: Int, Complex<Double>) -> Complex<Double>)? = nil
  ) -> Effect {
    @Sendable func alter(_ operation: Operation, _ data: CaseData) throws -> Altered? {
      let isGradient = isSynthesisGradient(operation)
      guard isGradient || CoefficientRole.of(operation)?.role == .synthesised else { return nil }
      let degrees = try data.degrees(operation)
      var altered = Altered(operation: operation, data: data)
      // Gradients at points are of coefficients that are given, too.
      altered.data.inputs = try data.inputs.mappingCoefficients(
        degrees, names: ["coefficients", "e", "b", "amplitude"], body)
      if isGradient {
        let conjugates = try data.complexGradient() == .conjugate
        altered.outputs = { outputs in
          let plain = conjugates ? try outputs.conjugatingGradients() : outputs
          let changed = try plain.mappingCoefficients(degrees, transpose ?? body)
          return conjugates ? try changed.conjugatingGradients() : changed
        }
      }
      return altered
    }
    return .computed { operation, data in
      switch operation.linearMap {
      case .iteratedAnalysis, .iteratedGradient:
        return composing(operation, data, fits: { _, _ in true }, alter)
      default: return try alter(operation, data)
      }
    }
  }

  /// Nothing of degree lmax, also inside of iterations and fits.
  private static var lmaxExclusive: Effect {
    let effect = onTransforms { data, l, _, z in l == (try data.integer("lmax")) ? 0 : z }
    return .computed { operation, data in
      guard case .computed(let alter) = effect else { return nil }
      let lmax = try data.inputs["ring_theta"].map { _ in try data.integer("lmax") }
      return try composing(operation, data, fits: { l, _ in l != lmax }, alter)
        ?? alter(operation, data)
    }
  }

  /// Numbers that are stored degree by degree, read and written as if they were m-major.
  private static var degreeMajor: Effect {
    let filters: Set<Operation> = [
      .rotation, .rotationGradient, .powerSpectrum, .smoothing, .laplacian, .degreewiseMixing,
      .orderwiseMixing, .bandPowers,
    ]
    return .computed { operation, data in
      let isTransform =
        CoefficientRole.of(operation) != nil && operation != .scalarModes && operation != .spinModes
      guard isTransform || filters.contains(operation) else { return nil }
      let (lmax, mmax) = (try data.integer("lmax"), try data.largestOrder())
      // Place in the file, m-major, of what the program takes for the l-major place k.
      let places = (0...lmax).flatMap { l in
        (0...min(l, mmax)).map { coefficientIndex(l: l, m: $0, lmax: lmax) }
      }
      let names: Set<String>
      switch operation {
      case .powerSpectrum: names = ["a", "b"]
      case .degreewiseMixing, .orderwiseMixing:
        names = ["x", "output", "input_gradient", "output_gradient"]
      case .bandPowers: names = ["x", "input_gradient"]
      default: names = NamedTensors.coefficientNames
      }
      func moved(_ tensors: NamedTensors, reading: Bool) throws -> NamedTensors {
        var result = tensors
        for name in tensors.names where names.contains(name) {
          let tensor = try tensors.tensor(name)
          let values = try tensor.doubles()
          var other = values
          for i in values.indices {
            let (row, part) = (i / 2, i % 2)
            let (lane, k) = (row / places.count, row % places.count)
            let mMajor = 2 * (lane * places.count + places[k]) + part
            if reading { other[mMajor] = values[i] } else { other[i] = values[mMajor] }
          }
          result[name] = TensorData(other, shape: tensor.shape)
        }
        return result
      }
      var altered = Altered(operation: operation, data: data)
      altered.data.inputs = try moved(data.inputs, reading: true)
      altered.outputs = { try moved($0, reading: false) }
      return altered
    }
  }

  static var coefficientFaults: [KnownFault] {
    [
      KnownFault(
        "lmax-exclusive", wrong: "lmax is taken for a number of degrees: the last one is missing",
        shows: "all of degree lmax is 0, everything else is right",
        reports: [
          "https://github.com/healpy/healpy/issues/274",
          "https://github.com/astro-informatics/s2fft/issues/58",
        ],
        lmaxExclusive, stated: isNetwork),
      KnownFault(
        "condon-shortley", wrong: "functions without the phase (-1)^m",
        shows: "numbers of odd m have the other sign",
        reports: [
          "https://github.com/NVIDIA/torch-harmonics/issues/92",
          "https://github.com/SHTOOLS/SHTOOLS/issues/225",
        ],
        scaling { _, m in m.isMultiple(of: 2) ? 1 : -1 }),
      KnownFault(
        "four-pi-normalisation", wrong: "functions whose mean square is 1: geodesy's 4 pi",
        shows: "fields are sqrt(4 pi) = 3.545 times too large, coefficients as much too small",
        reports: ["https://github.com/GenericMappingTools/gmt/issues/7004"],
        scaling { _, _ in (4 * Double.pi).squareRoot() },
        stated: { operation, _ in operation == .isotropicNetwork }),
      KnownFault(
        "schmidt-normalisation", wrong: "Schmidt's semi-normalised functions",
        shows: "numbers are off by sqrt(4 pi/(2l + 1)), more the larger l",
        reports: ["https://github.com/NVIDIA/torch-harmonics/issues/92"],
        scaling { l, _ in (4 * .pi / Double(2 * l + 1)).squareRoot() },
        stated: { operation, _ in operation == .isotropicNetwork }),
      KnownFault(
        "degree-major", wrong: "coefficients are stored degree by degree, (l, m) transposed",
        shows: "right only for m = 0 of degree 0 and where nothing is there",
        reports: [
          "https://github.com/healpy/healpy/issues/911",
          "https://github.com/LSSTDESC/NaMaster/issues/145",
        ], degreeMajor,
        stated: { operation, data in
          operation == .gaussianField || isCoefficientNetwork(operation, data)
        }),
      KnownFault(
        "positive-orders-once", wrong: "synthesis counts m > 0 once: the factor 2 is missing",
        shows: "fields have half of the part that varies with longitude",
        onSynthesis { _, m, z in m == 0 ? z : z.multiplied(by: 0.5) }, stated: isNetwork),
      KnownFault(
        "gradient-orders-once",
        wrong: "the gradient of synthesis without the factor 2 for m > 0: its adjoint instead",
        shows: "gradients of m > 0 are half of the expected ones",
        reports: [
          "https://github.com/astro-informatics/s2fft/issues/243",
          "https://github.com/astro-informatics/s2fft/pull/244",
        ],
        writing(
          { operation, data, outputs in
            try outputs.mappingCoefficients(data.degrees(operation)) { _, m, z in
              m == 0 ? z : z.multiplied(by: 0.5)
            }
          },
          where: { operation, _ in
            isSynthesisGradient(operation)
          }), stated: isNetwork),
      KnownFault(
        "imaginary-of-order-zero", wrong: "imaginary parts of m = 0 enter the field",
        shows: "fields are wrong only where such parts are given",
        reports: [
          "https://github.com/NVIDIA/torch-harmonics/pull/72",
          "https://github.com/neuraloperator/neuraloperator/pull/591",
        ],
        onSynthesis(
          { _, m, z in m == 0 ? Complex(z.real + z.imaginary, 0) : z },
          transpose: { _, m, z in m == 0 ? Complex(z.real, z.real) : z }),
        stated: { isPublished($0, $1) || isCoefficientNetwork($0, $1) }),
      KnownFault(
        "complex-gradient", wrong: "gradients of complex numbers in the other convention",
        shows: "gradients of coefficients are the complex conjugates",
        reports: [
          "https://github.com/jax-ml/jax/issues/9110", "https://github.com/jax-ml/jax/issues/15872",
        ],
        .computed { operation, data in
          let isComplex =
            CoefficientRole.of(operation) != nil || operation == .rotationGradient
          guard isComplex, operation.rawValue.hasSuffix("_gradient") else { return nil }
          var altered = Altered(operation: operation, data: try data.conjugatingGradients())
          altered.outputs = { try $0.conjugatingGradients() }
          return altered
        }),
    ]
  }

  // MARK: - Spins

  /// A fault of E, B, Q and U: `body` gives the numbers that the program reads or writes.
  private static func onPairs(
    coefficients: (e: Double, b: Double), exchanges: Bool = false,
    fields: (q: Double, u: Double) = (1, 1)
  ) -> Effect {
    .computed { operation, data in
      guard operation.isSpin else { return nil }
      func changed(_ tensors: NamedTensors) throws -> NamedTensors {
        var result = tensors
        for suffix in ["", "_gradient"] {
          let pairs = [
            ("e\(suffix)", coefficients.e), ("b\(suffix)", coefficients.b),
            ("q\(suffix)", fields.q), ("u\(suffix)", fields.u),
          ]
          for (name, factor) in pairs {
            result[name] = try result[name]?.mappingFloats { factor * $1 }
          }
          if exchanges {
            let (e, b) = (result["e\(suffix)"], result["b\(suffix)"])
            (result["e\(suffix)"], result["b\(suffix)"]) = (b, e)
          }
        }
        return result
      }
      var altered = Altered(operation: operation, data: data)
      altered.data.inputs = try changed(data.inputs)
      altered.outputs = changed
      return altered
    }
  }

  static var spinFaults: [KnownFault] {
    [
      KnownFault(
        "eb-sign", wrong: "+(E + iB) in place of -(E + iB)",
        shows: "all numbers of a spin have the other sign",
        reports: ["https://github.com/astro-informatics/s2fft/issues/269"],
        onPairs(coefficients: (-1, -1))),
      KnownFault(
        "b-sign", wrong: "B has the other sign", shows: "E is right, B is its negative",
        reports: ["https://github.com/healpy/healpy/issues/707"],
        onPairs(coefficients: (1, -1))),
      KnownFault(
        "e-b-exchanged", wrong: "E and B are exchanged", shows: "E is where B is expected",
        onPairs(coefficients: (1, 1), exchanges: true)),
      KnownFault(
        "u-sign", wrong: "U in the convention of the IAU, with the other sign",
        shows: "Q is right, U is its negative; or E and B mix",
        reports: ["https://github.com/healpy/healpy/issues/986"],
        onPairs(coefficients: (1, 1), fields: (1, -1))),
      KnownFault(
        "spin-sign", wrong: "functions of spin -s for +s, d^l_{m,+s} for d^l_{m,-s}",
        shows: "as if B and U both had the other sign, for odd spins E and Q as well",
        .computed { operation, data in
          if operation == .spinLegendre || operation == .spinHarmonics {
            var altered = Altered(operation: operation, data: data)
            altered.data.parameters["spin"] = .integer(-(try data.integer("spin")))
            return altered
          }
          guard operation.isSpin,
            case .computed(let alter) = onPairs(
              coefficients: (1, -1), fields: (1, -1))
          else { return nil }
          let sign = try data.integer("spin").isMultiple(of: 2) ? 1.0 : -1.0
          guard var altered = try alter(operation, data) else { return nil }
          let outputs = altered.outputs
          altered.outputs = { tensors in
            let result = try outputs(tensors)
            return try result.mapping(Set(result.names)) { sign * $1 }
          }
          return altered
        }),
    ]
  }
}
