import FileFormats
import Foundation
import Testing

@testable import Conformance

/// A port that is wrong in one way, written out here without the registry of faults.
///
/// It answers what is expected but for the cases that its convention touches, which it computes
/// with this program from other numbers, or by loops of its own.
struct WrongPort: Sendable, CustomTestStringConvertible {
  /// The fault's name in the registry.
  let fault: String
  /// Whether answers with the fault are computed; otherwise flags name it.
  var isExplained = true
  /// The answer, or nil for a case that is not touched.
  let answer:
    @Sendable (Conformance.Operation, CaseData, NamedTensors) throws
      -> NamedTensors?
  var testDescription: String { fault }

  private static func run(
    _ operation: Conformance.Operation, _ data: CaseData
  ) throws -> NamedTensors {
    try ReferenceBackend.uncheckedOutputs(operation, data, as: Double.self)
  }

  /// (l, m) of places m-major.
  private static func places(_ data: CaseData) throws -> [(l: Int, m: Int)] {
    let (lmax, mmax) = (try data.integer("lmax"), try data.largestOrder())
    var result: [(l: Int, m: Int)] = []
    for m in 0...mmax { for l in m...lmax { result.append((l, m)) } }
    return result
  }

  // MARK: - Transforms

  private static let transforms: [WrongPort] = [
    WrongPort(fault: "not-conjugated") { operation, data, right in
      switch operation {
      case .scalarAnalysis, .scalarAdjointSynthesis, .maskedAnalysis:
        return ["coefficients": try right.tensor("coefficients").conjugated()]
      case .spinAnalysis, .spinAdjointSynthesis, .spinMaskedAnalysis:
        return ["e": try right.tensor("e").conjugated(), "b": try right.tensor("b").conjugated()]
      case .iteratedAnalysis:
        return try iterated(data) { try $0.conjugated() }
      default: return nil
      }
    },
    WrongPort(fault: "latitude") { operation, data, _ in
      let name = data.inputs["ring_theta"] == nil ? "theta" : "ring_theta"
      guard data.inputs[name] != nil else { return nil }
      var changed = data
      changed.inputs[name] = try data.inputs.tensor(name).mapping { _, theta in
        theta < .pi / 2 ? .pi / 2 - theta : theta - .pi / 2
      }
      // A fit has no solution there, where rings of both hemispheres coincide.
      return try? run(operation, changed)
    },
    WrongPort(fault: "ring-offset") { operation, data, _ in
      guard data.inputs["ring_phi0"] != nil else { return nil }
      var changed = data
      changed.inputs["ring_phi0"] = try data.inputs.tensor("ring_phi0").mapping { _, _ in 0 }
      return try? run(operation, changed)
    },
    WrongPort(fault: "longitude-weights") { operation, data, _ in
      guard data.inputs["ring_weight"] != nil else { return nil }
      let counts = try data.indices("ring_count")
      var changed = data
      changed.inputs["ring_weight"] = try data.inputs.tensor("ring_weight").mapping {
        $1 / (2 * .pi / Double(counts[$0]))
      }
      return try run(operation, changed)
    },
    WrongPort(fault: "gradient-orders-once") { operation, data, right in
      let names = ["coefficients_gradient", "e_gradient", "b_gradient"]
      guard operation != .rotationGradient, names.contains(where: { right[$0] != nil }) else {
        return nil
      }
      let places = try places(data)
      var result = right
      for name in names {
        result[name] = try right[name]?.mapping {
          places[$0 / 2 % places.count].m == 0 ? $1 : $1 / 2
        }
      }
      return result
    },
    WrongPort(fault: "lmax-exclusive") { operation, data, _ in
      guard operation.linearMap != nil else { return nil }
      return try withoutLast(operation, data)
    },
    WrongPort(fault: "transposes-exchanged") { operation, data, _ in
      var changed = data
      func read(_ name: String, as other: String) throws {
        let value = try data.inputs.tensor(name)
        changed.inputs[other] = value
      }
      switch operation {
      case .scalarSynthesisGradient:
        try read("field_gradient", as: "field")
        return ["coefficients_gradient": try run(.scalarAnalysis, changed).tensor("coefficients")]
      case .maskedSynthesisGradient:
        let mask = try data.values("mask")
        changed.inputs["field"] = try data.inputs.tensor("field_gradient").mapping {
          $1 * mask[$0 % mask.count]
        }
        return ["coefficients_gradient": try run(.scalarAnalysis, changed).tensor("coefficients")]
      case .scalarAnalysisGradient:
        try read("coefficients_gradient", as: "coefficients")
        return ["field_gradient": try run(.scalarSynthesis, changed).tensor("field")]
      case .spinSynthesisGradient:
        try read("q_gradient", as: "q")
        try read("u_gradient", as: "u")
        let found = try run(.spinAnalysis, changed)
        return ["e_gradient": try found.tensor("e"), "b_gradient": try found.tensor("b")]
      case .spinAnalysisGradient:
        try read("e_gradient", as: "e")
        try read("b_gradient", as: "b")
        let found = try run(.spinSynthesis, changed)
        return ["q_gradient": try found.tensor("q"), "u_gradient": try found.tensor("u")]
      default: return nil
      }
    },
    WrongPort(fault: "orders-above-half-ring") { operation, data, _ in
      let maps: Set<Conformance.Operation> = [
        .scalarSynthesis, .scalarSynthesisGradient, .maskedSynthesis, .scalarAnalysis,
        .scalarModes,
      ]
      guard maps.contains(operation), data.parameters["nyquist"] != "once" else { return nil }
      return try ringByRing(operation, data)
    },
    WrongPort(fault: "half-pixel-shift") { operation, data, _ in
      guard data.inputs["ring_phi0"] != nil else { return nil }
      let counts = try data.indices("ring_count")
      var changed = data
      changed.inputs["ring_phi0"] = try data.inputs.tensor("ring_phi0").mapping {
        $1 + .pi / Double(counts[$0])
      }
      changed.parameters["nyquist"] = data.parameters["nyquist"].map { _ in "evaluated" }
      guard data.parameters["nyquist"] == "once" else { return try run(operation, changed) }
      let places = try places(data)
      func isNyquist(_ index: Int) -> Bool {
        2 * places[index / 2 % places.count].m == counts[0]
      }
      if operation == .scalarSynthesis {
        // What is left without the order, and half of what its real part gives.
        let own = try data.inputs.tensor("coefficients")
        changed.inputs["coefficients"] = try own.mapping { isNyquist($0) ? 0 : $1 }
        let others = try run(operation, changed).tensor("field")
        changed.inputs["coefficients"] = try own.mapping {
          isNyquist($0) && $0 % 2 == 0 ? $1 : 0
        }
        let order = try run(operation, changed).tensor("field").doubles()
        return ["field": try others.mapping { $1 + order[$0] / 2 }]
      }
      let found = try run(operation, changed)
      guard operation == .scalarSynthesisGradient else { return found }
      return [
        "coefficients_gradient": try found.tensor("coefficients_gradient").mapping {
          isNyquist($0) ? ($0 % 2 == 0 ? $1 / 2 : 0) : $1
        }
      ]
    },
  ]

  /// a_0 = A f, a_{k+1} = a_k + A (f − S a_k) with another A.
  private static func iterated(
    _ data: CaseData, _ change: (TensorData) throws -> TensorData
  ) throws -> NamedTensors {
    let field = try data.inputs.tensor("field")
    var step = data
    step.parameters["iterations"] = nil
    func analysed(_ field: TensorData) throws -> [Double] {
      step.inputs["field"] = field
      return try change(try run(.scalarAnalysis, step).tensor("coefficients")).doubles()
    }
    var a = try analysed(field)
    let shape = [field.shape[0], try places(data).count, 2]
    for _ in 0..<(try data.integer("iterations")) {
      step.inputs["coefficients"] = TensorData(a, shape: shape)
      let fitted = try run(.scalarSynthesis, step).tensor("field").doubles()
      let more = try analysed(try field.mapping { $1 - fitted[$0] })
      a = zip(a, more).map { $0 + $1 }
    }
    return ["coefficients": TensorData(a, shape: shape)]
  }

  /// The same operation of a program that knows the degrees below lmax alone.
  private static func withoutLast(
    _ operation: Conformance.Operation, _ data: CaseData
  ) throws -> NamedTensors? {
    let (lmax, mmax) = (try data.integer("lmax"), try data.largestOrder())
    let isSpin = data.parameters["spin"] != nil
    guard lmax > (isSpin ? try data.integer("spin") : 0) else { return nil }
    var changed = data
    changed.parameters["lmax"] = .integer(lmax - 1)
    if data.parameters["mmax"] != nil {
      changed.parameters["mmax"] = .integer(min(mmax, lmax - 1))
    }
    let places = try places(data)
    let kept = places.indices.filter { places[$0].l < lmax }
    for name in ["coefficients", "e", "b"].flatMap({ [$0, $0 + "_gradient"] }) {
      guard let tensor = data.inputs[name] else { continue }
      let (values, lanes) = (try tensor.doubles(), tensor.shape[0])
      var own: [Double] = []
      for lane in 0..<lanes {
        for place in kept {
          let first = 2 * (lane * places.count + place)
          own += values[first...first + 1]
        }
      }
      changed.inputs[name] = TensorData(own, shape: [lanes, kept.count, 2])
    }
    var result = try run(operation, changed)
    for (name, tensor) in result where tensor.shape.count == 3 {
      let (values, lanes) = (try tensor.doubles(), tensor.shape[0])
      var whole = [Double](repeating: 0, count: 2 * lanes * places.count)
      for lane in 0..<lanes {
        for (k, place) in kept.enumerated() {
          for part in 0...1 {
            whole[2 * (lane * places.count + place) + part] =
              values[2 * (lane * kept.count + k) + part]
          }
        }
      }
      result[name] = TensorData(whole, shape: [lanes, places.count, 2])
    }
    return result
  }

  /// One ring after the other, with the orders that its points carry.
  private static func ringByRing(
    _ operation: Conformance.Operation, _ data: CaseData
  ) throws -> NamedTensors {
    let counts = try data.indices("ring_count")
    let modes = operation == .scalarModes ? try data.indices("m") : nil
    let orders = try modes ?? places(data).map(\.m)
    let suffix = operation == .scalarSynthesisGradient ? "_gradient" : ""
    let reads = operation == .scalarSynthesis || operation == .maskedSynthesis || modes != nil
    let points = counts.reduce(0, +)
    var (total, shape, start): ([Double], [Int], Int) = ([], [], 0)
    for (j, count) in counts.enumerated() {
      var ring = data
      for name in ["ring_theta", "ring_phi0", "ring_weight"] {
        ring.inputs[name] = TensorData([try data.values(name)[j]])
      }
      ring.inputs["ring_count"] = TensorData([Int64(count)])
      func part(_ name: String) throws -> TensorData? {
        guard let whole = data.inputs[name] else { return nil }
        let values = try whole.doubles()
        let rows = values.count / points
        var own: [Double] = []
        for row in 0..<rows {
          let first = row * points + start
          own += values[first..<first + count]
        }
        return TensorData(own, shape: whole.shape.dropLast() + [count])
      }
      ring.inputs["mask"] = try part("mask")
      ring.inputs["field\(suffix)"] = try part("field\(suffix)")
      for name in ["coefficients", "amplitude"] {
        ring.inputs[name] = try data.inputs[name]?.mapping {
          2 * orders[$0 / 2 % orders.count] > count ? 0 : $1
        }
      }
      let output = try run(operation, ring).tensor(
        reads ? "field" : "coefficients\(suffix)")
      let values = try output.doubles()
      if reads {
        shape = [output.shape[0], points]
        if total.isEmpty { total = [Double](repeating: 0, count: output.shape[0] * points) }
        for (i, value) in values.enumerated() {
          total[i / count * points + start + i % count] = value
        }
      } else {
        shape = output.shape
        if total.isEmpty { total = values.map { _ in 0 } }
        for (i, value) in values.enumerated() where 2 * orders[i / 2 % orders.count] <= count {
          total[i] += value
        }
      }
      start += count
    }
    return [reads ? "field" : "coefficients\(suffix)": TensorData(total, shape: shape)]
  }

  // MARK: - Spins

  private static let spins: [WrongPort] = [
    WrongPort(fault: "e-b-exchanged") { operation, data, _ in
      guard operation.rawValue.hasPrefix("spin_"), data.parameters["spin"] != nil,
        operation != .spinLegendre, operation != .spinHarmonics
      else { return nil }
      func exchanged(_ tensors: NamedTensors) -> NamedTensors {
        var result = tensors
        for (one, other) in [("e", "b"), ("e_gradient", "b_gradient")] {
          (result[one], result[other]) = (tensors[other], tensors[one])
        }
        return result
      }
      return exchanged(
        try run(
          operation, CaseData(parameters: data.parameters, inputs: exchanged(data.inputs))))
    },
    WrongPort(fault: "u-sign") { operation, data, _ in
      guard operation.rawValue.hasPrefix("spin_"), data.parameters["spin"] != nil,
        operation != .spinLegendre, operation != .spinHarmonics
      else { return nil }
      func turned(_ tensors: NamedTensors) throws -> NamedTensors {
        var result = tensors
        for name in ["u", "u_gradient"] { result[name] = try tensors[name]?.mapping { -$1 } }
        return result
      }
      return try turned(
        run(operation, CaseData(parameters: data.parameters, inputs: try turned(data.inputs))))
    },
    WrongPort(fault: "angles-exchanged") { operation, data, _ in
      guard operation == .spinHarmonics else { return nil }
      let spin = try data.integer("spin")
      let (l, m) = (try data.indices("l"), try data.indices("m"))
      let (theta, phi) = (try data.values("theta"), try data.values("phi"))
      // d^l_m,-s(2 pi - x) = (-1)^(m + s) d^l_m,-s(x).
      let values = l.indices.flatMap { k -> [Double] in
        let isBeyond = phi[k] > .pi
        let lambda = spinLambda(
          spin: spin, l: l[k], m: m[k], theta: isBeyond ? 2 * .pi - phi[k] : phi[k])
        let value = isBeyond && !(m[k] + spin).isMultiple(of: 2) ? -lambda : lambda
        return [
          value * cos(Double(m[k]) * theta[k]), value * sin(Double(m[k]) * theta[k]),
        ]
      }
      return ["y": TensorData(values, shape: [l.count, 2])]
    },
    WrongPort(fault: "wigner-transposed") { operation, data, right in
      guard operation == .wignerD else { return nil }
      let (m, n) = (try data.integers("m"), try data.integers("n"))
      let d = try right.tensor("d")
      let row = d.shape[1] * d.shape[2]
      return ["d": try d.mapping { (m[$0 / row] - n[$0 / row]).isMultiple(of: 2) ? $1 : -$1 }]
    },
  ]

  // MARK: - Spectra and rotations

  private static let spectra: [WrongPort] = [
    WrongPort(fault: "rotation-inverse") { operation, data, _ in
      guard operation == .rotation || operation == .rotationGradient else { return nil }
      var changed = data
      for (name, other) in [("alpha", "gamma"), ("beta", "beta"), ("gamma", "alpha")] {
        changed.parameters[name] = .number(-(try data.number(other)))
      }
      return try run(operation, changed)
    },
    WrongPort(fault: "d-l-for-c-l") { operation, _, right in
      guard operation == .powerSpectrum else { return nil }
      var result = right
      for name in ["auto", "cross"] {
        let degrees = try right.tensor(name).shape[1]
        result[name] = try right.tensor(name).mapping {
          let l = Double($0 % degrees)
          return $1 * l * (l + 1) / (2 * .pi)
        }
      }
      return result
    },
    WrongPort(fault: "spectrum-of-stored-orders") { operation, data, right in
      guard operation == .powerSpectrum else { return nil }
      let places = try places(data)
      func spectrum(_ one: String, _ other: String) throws -> TensorData {
        let (a, b) = (try data.values(one), try data.values(other))
        let shape = try right.tensor("auto").shape
        var sums = [Double](repeating: 0, count: shape[0] * shape[1])
        for i in 0..<a.count / 2 {
          let (l, m) = places[i % places.count]
          let imaginary = m == 0 ? 0 : a[2 * i + 1] * b[2 * i + 1]
          sums[i / places.count * shape[1] + l] +=
            (a[2 * i] * b[2 * i] + imaginary) / Double(2 * l + 1)
        }
        return TensorData(sums, shape: shape)
      }
      return ["auto": try spectrum("a", "a"), "cross": try spectrum("a", "b")]
    },
    WrongPort(fault: "fwhm-as-sigma") { operation, data, _ in
      guard operation == .smoothing else { return nil }
      let (places, spin) = (try places(data), try data.integer("spin"))
      let width = try data.number("fwhm")
      return [
        "smoothed": try data.inputs.tensor("coefficients").mapping {
          let l = places[$0 / 2 % places.count].l
          return $1 * exp(-0.5 * Double(l * (l + 1) - spin * spin) * width * width)
        }
      ]
    },
    WrongPort(fault: "laplacian-sign") { operation, data, _ in
      guard operation == .laplacian else { return nil }
      let places = try places(data)
      return [
        "laplacian": try data.inputs.tensor("coefficients").mapping {
          let l = Double(places[$0 / 2 % places.count].l)
          return l * (l + 1) * $1
        }
      ]
    },
    WrongPort(fault: "coupling-transposed") { operation, data, right in
      guard operation == .modeCoupling else { return nil }
      let (n, values) = (try data.integer("lmax") + 1, try right.tensor("matrix").doubles())
      return [
        "matrix": try right.tensor("matrix").mapping { index, _ in
          values[index % n * n + index / n]
        }
      ]
    },
    WrongPort(fault: "column-sign") { operation, data, right in
      guard operation == .wigner3j else { return nil }
      var l1 = abs(try data.integer("l2") - data.integer("l3"))
      l1 = max(l1, abs(try data.integer("m2") + data.integer("m3")))
      return ["w": try right.tensor("w").mapping { pow(-1, Double(l1 + $0)) * $1 }]
    },
  ]

  // MARK: - Layers, rules and pixels

  private static let others: [WrongPort] = [
    WrongPort(fault: "biased-variance") { operation, data, right in
      guard operation == .batchNormalisation, data.parameters["mode"] == "training",
        data.parameters["weighting"] == "equal"
      else { return nil }
      let (x, shape, momentum) = (
        try data.values("x"), try data.shape("x"), try data.number("momentum")
      )
      let old = try data.values("running_var")
      let variances = (0..<shape[1]).map { channel -> Double in
        let own = x.indices.filter { $0 / shape[2] % shape[1] == channel }.map { x[$0] }
        let mean = own.reduce(0, +) / Double(own.count)
        return own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count)
      }
      var result = right
      result["updated_running_var"] = TensorData(
        zip(old, variances).map { (1 - momentum) * $0 + momentum * $1 })
      return result
    },
    WrongPort(fault: "weights-transposed", isExplained: false) { operation, data, _ in
      guard operation == .degreewiseMixing || operation == .isotropicNetwork else { return nil }
      var changed = data
      for name in data.inputs.names where name.hasSuffix("weights") {
        changed.inputs[name] = try data.inputs.tensor(name).rereadTransposed()
      }
      var result = try run(operation, changed)
      for name in result.names where name.hasSuffix("weights") || name == "weights_gradient" {
        // Written as it was read.
        let own = try result.tensor(name)
        let written = try TensorData(own.doubles(), shape: own.shape.swappingLast)
          .rereadTransposed()
        result[name] = TensorData(try written.doubles(), shape: own.shape)
      }
      return result
    },
    WrongPort(fault: "complex-weight-gradient", isExplained: false) { operation, _, right in
      guard operation == .orderwiseMixing else { return nil }
      var result = right
      result["weight_imag_gradient"] = try right.tensor("weight_imag_gradient").mapping { -$1 }
      return result
    },
    WrongPort(fault: "mask-threshold", isExplained: false) { operation, data, right in
      guard operation == .meanInpainting, try data.shape("x")[1] > 1 else { return nil }
      let (shape, x) = (try data.shape("x"), try data.values("x"))
      func isMask(_ index: Int) -> Bool { index / shape[2] % shape[1] == shape[1] - 1 }
      var changed = data
      changed.inputs["x"] = try data.inputs.tensor("x").mapping {
        isMask($0) ? ($1 >= 0.5 ? 1 : 0) : $1
      }
      var result = try run(operation, changed)
      result["output"] = try result.tensor("output").mapping { isMask($0) ? x[$0] : $1 }
      return result
    },
    WrongPort(fault: "band-power-orders", isExplained: false) { operation, data, _ in
      guard operation == .bandPowers else { return nil }
      let places = try places(data)
      var changed = data
      func weighted(_ tensor: TensorData) throws -> TensorData {
        try tensor.mapping { places[$0 / 2 % places.count].m > 0 ? $1 * 0.5.squareRoot() : $1 }
      }
      changed.inputs["x"] = try weighted(try data.inputs.tensor("x"))
      var result = try run(operation, changed)
      result["input_gradient"] = try weighted(try result.tensor("input_gradient"))
      return result
    },
    WrongPort(fault: "rule-of-another-grid", isExplained: false) { operation, data, _ in
      switch operation {
      case .fejerFirst: return try run(.fejerSecond, data)
      case .fejerSecond: return try run(.fejerFirst, data)
      default: return nil
      }
    },
    WrongPort(fault: "float32-tables", isExplained: false) { operation, _, right in
      let functions: Set<Conformance.Operation> = [
        .legendre, .spinLegendre, .wignerD, .spinHarmonics, .gaussLegendre, .clenshawCurtis,
        .fejerFirst, .fejerSecond, .driscollHealy, .mcEwenWiaux,
      ]
      guard functions.contains(operation) else { return nil }
      var result = right
      for name in right.names {
        result[name] = try right.tensor(name).mapping { Double(Float($1)) }
      }
      return result
    },
    WrongPort(fault: "adam-epsilon", isExplained: false) { operation, data, _ in
      guard operation == .adam else { return nil }
      var p = try data.values("parameters")
      let (rate, epsilon) = (try data.number("learning_rate"), try data.number("epsilon"))
      let (beta1, beta2) = (try data.number("beta1"), try data.number("beta2"))
      let (gradients, n) = (try data.values("gradients"), p.count)
      var (first, second) = (p.map { _ in 0.0 }, p.map { _ in 0.0 })
      let steps = try data.integers("after_steps")
      var rows: [Double] = []
      for t in 1...(steps.max() ?? 1) {
        for i in 0..<n {
          let g = gradients[(t - 1) * n + i]
          first[i] = beta1 * first[i] + (1 - beta1) * g
          second[i] = beta2 * second[i] + (1 - beta2) * g * g
          let mean = first[i] / (1 - pow(beta1, Double(t)))
          let square = second[i] / (1 - pow(beta2, Double(t)))
          // Epsilon inside the root.
          p[i] -= rate * mean / (square + epsilon).squareRoot()
        }
        if steps.contains(t) { rows += p }
      }
      return ["parameters": TensorData(rows, shape: [steps.count, n])]
    },
    WrongPort(fault: "ring-numbers", isExplained: false) { operation, _, right in
      switch operation {
      case .healpixNestedToRing: return ["ring": try right.tensor("ring").mapping { $1 + 1 }]
      case .healpixRingToNested: return ["nested": try right.tensor("nested").mapping { $1 + 1 }]
      default: return nil
      }
    },
    WrongPort(fault: "pole-pixels", isExplained: false) { operation, _, right in
      guard operation == .healpixInterpolation else { return nil }
      let pixels = try right.tensor("pixels").integers()
      var result = right
      result["pixels"] = try right.tensor("pixels").mapping { index, _ in
        Double(pixels[index ^ 1])
      }
      return result
    },
    WrongPort(fault: "relu-at-zero", isExplained: false) { operation, data, right in
      guard operation == .denseLayers, try data.values("x").contains(0) else { return nil }
      var changed = data
      changed.inputs["fc.0.bias"] = try data.inputs.tensor("fc.0.bias").mapping { $1 + 1e-9 }
      var result = try run(operation, changed)
      result["output"] = right["output"]
      return result
    },
  ]

  static let all = transforms + spins + spectra + others
}

extension TensorData {
  /// The same numbers read as if the last two axes were in the other order in the file.
  fileprivate func rereadTransposed() throws -> TensorData {
    let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
    let (values, size) = (try doubles(), rows * columns)
    return try mapping { index, _ in
      let (block, place) = (index / size, index % size)
      return values[block * size + place % columns * rows + place / columns]
    }
  }
}

extension [Int] {
  /// The same with the last two exchanged.
  fileprivate var swappingLast: [Int] {
    dropLast(2) + [self[count - 1], self[count - 2]]
  }
}
