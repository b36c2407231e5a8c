import FileFormats
import Foundation
import SphereGrids
import Testing

@testable import Conformance

private typealias Op = Conformance.Operation

/// A wrong convention: how it changes what a backend reads, runs or writes.
struct WrongBackend: Sendable, CustomTestStringConvertible {
  /// The case on which it shows.
  let id: String
  let name: String
  let outputs: @Sendable (CaseData) throws -> NamedTensors
  var testDescription: String { "\(id): \(name)" }

  /// Wrong inputs, as if they were read so.
  static func reading(
    _ id: String, _ operation: Conformance.Operation, _ name: String,
    _ change: @escaping @Sendable (inout CaseData) throws -> Void
  ) -> WrongBackend {
    WrongBackend(id: id, name: name) { data in
      var changed = data
      try change(&changed)
      return try ReferenceBackend.outputs(operation, changed, as: Double.self)
    }
  }

  /// Wrong outputs.
  static func writing(
    _ id: String, _ operation: Conformance.Operation, _ name: String,
    _ change: @escaping @Sendable (inout NamedTensors) throws -> Void
  ) -> WrongBackend {
    WrongBackend(id: id, name: name) { data in
      var outputs = try ReferenceBackend.outputs(operation, data, as: Double.self)
      try change(&outputs)
      return outputs
    }
  }

  /// Another operation in place of the right one.
  static func running(
    _ id: String, _ operation: Conformance.Operation, _ name: String,
    input: [String: String] = [:], output: [String: String] = [:]
  ) -> WrongBackend {
    WrongBackend(id: id, name: name) { data in
      var changed = data
      for (old, new) in input { changed.inputs[new] = data.inputs[old] }
      let found = try ReferenceBackend.outputs(operation, changed, as: Double.self)
      var outputs = NamedTensors()
      for (key, tensor) in found { outputs[output[key] ?? key] = tensor }
      return outputs
    }
  }
}

extension NamedTensors {
  fileprivate mutating func change(
    _ name: String, _ body: (_ index: Int, _ value: Double) -> Double
  ) throws {
    self[name] = try tensor(name).mapping(body)
  }

  /// The numbers of a matrix read row by row though they are stored column by column.
  fileprivate mutating func reread(_ name: String, rows: Int, columns: Int) throws {
    let tensor = try tensor(name)
    let values = try tensor.doubles()
    let size = rows * columns
    self[name] = try tensor.mapping { index, _ in
      let (block, place) = (index / size, index % size)
      return values[block * size + place % columns * rows + place / columns]
    }
  }
}

/// Every operation of the kit rejects a backend with a wrong convention.
@Suite("Negative controls of the kit")
struct NegativeControlTests {
  private static let functions: [WrongBackend] = [
    .writing("legendre-lmax64", Op.legendre, "no Condon-Shortley phase") {
      try $0.change("lambda") { $0 / (7 * 65) % 2 == 0 ? $1 : -$1 }
    },
    .reading("spin-legendre-lmax32", Op.spinLegendre, "spin -2") { $0.parameters["spin"] = -2 },
    .writing("gauss-legendre-n32", Op.gaussLegendre, "weights that sum to 1") {
      try $0.change("weights") { $1 / 2 }
    },
    .running("fejer1-n32", Op.fejerSecond, "nodes of the second rule"),
    .running("fejer2-n32", Op.fejerFirst, "nodes of the first rule"),
    .writing("driscoll-healy-n32", Op.driscollHealy, "weights of L = n/2 twice") {
      try $0.change("weights") { 2 * $1 }
    },
    .writing("mcewen-wiaux-n33", Op.mcEwenWiaux, "the pole counted twice") {
      try $0.change("weights") { $0 == 32 ? 2 * $1 : $1 }
    },
    .writing("wigner-3j-12-9-2-m2", Op.wigner3j, "no phase") {
      try $0.change("w") { abs($1) }
    },
    .writing("clenshaw-curtis-n32", Op.clenshawCurtis, "poles counted twice") {
      try $0.change("weights") { $0 == 0 || $0 == 31 ? 2 * $1 : $1 }
    },
    .writing("healpix-centres-nside4", Op.healpixCentres, "shifted by half a pixel") {
      try $0.change("phi") { $1 + .pi / 16 }
    },
    .writing("healpix-nested-to-ring-nside8", Op.healpixNestedToRing, "orderings exchanged") {
      try $0.change("ring") { index, _ in Double(index) }
    },
    .reading("healpix-ring-to-nested-nside8", Op.healpixRingToNested, "pixels counted from 1") {
      try $0.inputs.change("ring") { $0 == 0 ? 0 : $1 - 1 }
    },
    .writing("healpix-interpolation-nside4", Op.healpixInterpolation, "west and east exchanged") {
      let weights = try $0.tensor("weights").doubles()
      try $0.change("weights") { index, _ in weights[index ^ 1] }
    },
    WrongBackend(id: "healpix-pixels-published", name: "nearest centre for containing pixel") {
      let grid = try HealpixGrid(nside: try $0.integer("nside"))
      let (theta, phi) = (try $0.values("theta"), try $0.values("phi"))
      return [
        "pixel": TensorData(
          theta.indices.map {
            Int64(grid.nearestPoint(to: Direction(theta: theta[$0], phi: phi[$0])))
          })
      ]
    },
    WrongBackend(id: "healpix-pixels-nside4", name: "ties to the west") {
      var data = $0
      try data.inputs.change("phi") { $1 - 1e-12 }
      return try ReferenceBackend.outputs(.healpixPixelOfDirection, data, as: Double.self)
    },
    .reading("healpix-pixels-nside8192", Op.healpixPixelOfDirection, "colatitude from its cosine") {
      try $0.inputs.change("theta") { acos(cos($1)) }
    },
    .writing(
      "healpix-interpolation-poles-nside16", Op.healpixInterpolation, "opposite pixels exchanged"
    ) {
      let pixels = try $0.tensor("pixels").integers()
      try $0.change("pixels") { index, _ in Double(pixels[index ^ 1]) }
    },
  ]

  private static let scalars: [WrongBackend] = [
    .reading("scalar-synthesis-gauss-legendre", Op.scalarSynthesis, "conjugate") {
      $0.inputs["coefficients"] = try $0.inputs.tensor("coefficients").conjugated()
    },
    .reading("scalar-synthesis-clenshaw-curtis", Op.scalarSynthesis, "Nyquist twice") {
      $0.parameters["nyquist"] = "evaluated"
    },
    .reading("scalar-synthesis-healpix", Op.scalarSynthesis, "rings from phi 0") {
      try $0.inputs.change("ring_phi0") { _, _ in 0 }
    },
    .writing("scalar-analysis-healpix", Op.scalarAnalysis, "conjugate") {
      $0["coefficients"] = try $0.tensor("coefficients").conjugated()
    },
    .running("scalar-adjoint-synthesis-odd", Op.scalarAnalysis, "with weights"),
    .running(
      "scalar-synthesis-gradient-healpix", Op.scalarAdjointSynthesis, "m > 0 once",
      input: ["field_gradient": "field"], output: ["coefficients": "coefficients_gradient"]),
    .reading(
      "scalar-synthesis-gradient-clenshaw-curtis", Op.scalarSynthesisGradient, "Nyquist twice"
    ) { $0.parameters["nyquist"] = "evaluated" },
    .reading("scalar-analysis-gradient-odd", Op.scalarAnalysisGradient, "without weights") {
      try $0.inputs.change("ring_weight") { _, _ in 1 }
    },
    .running(
      "scalar-analysis-gradient-gauss-legendre", Op.scalarSynthesis, "m > 0 twice, no weights",
      input: ["coefficients_gradient": "coefficients"], output: ["field": "field_gradient"]),
  ]

  private static let spins: [WrongBackend] = [
    .writing("spin2-synthesis-healpix", Op.spinSynthesis, "IAU's U") {
      try $0.change("u") { -$1 }
    },
    .writing("spin2-analysis-healpix", Op.spinAnalysis, "E without its sign") {
      try $0.change("e") { -$1 }
    },
    .running("spin2-adjoint-synthesis-odd", Op.spinAnalysis, "with weights"),
    .running(
      "spin2-synthesis-gradient-odd", Op.spinAdjointSynthesis, "m > 0 once",
      input: ["q_gradient": "q", "u_gradient": "u"],
      output: ["e": "e_gradient", "b": "b_gradient"]),
    .reading("spin2-analysis-gradient-odd", Op.spinAnalysisGradient, "E and B exchanged") {
      let e = $0.inputs["e_gradient"]
      $0.inputs["e_gradient"] = $0.inputs["b_gradient"]
      $0.inputs["b_gradient"] = e
    },
    .running("spin2-least-squares-healpix", Op.spinAnalysis, "quadrature"),
    WrongBackend(id: "least-squares-healpix", name: "quadrature") {
      var data = $0
      data.parameters["mmax"] = 8
      data.parameters["nyquist"] = "evaluated"
      return try ReferenceBackend.outputs(.scalarAnalysis, data, as: Double.self)
    },
    .reading("rotation-general", Op.rotation, "angles in the opposite order") {
      let alpha = $0.parameters["alpha"]
      $0.parameters["alpha"] = $0.parameters["gamma"]
      $0.parameters["gamma"] = alpha
    },
    .writing("power-spectrum", Op.powerSpectrum, "D_l") {
      try $0.change("auto") { Double($0 % 17 * ($0 % 17 + 1)) / (2 * .pi) * $1 }
    },
    .running("resample-containing-pixel", Op.resampleBilinear, "bilinear"),
    .running("resample-bilinear", Op.resampleContainingPixel, "containing pixel"),
    .running(
      "resample-containing-pixel-transpose", Op.resampleBilinearTranspose, "of the other rule"),
    .running(
      "resample-bilinear-transpose", Op.resampleContainingPixelTranspose, "of the other rule"),
  ]

  private static let layers: [WrongBackend] = [
    WrongBackend(id: "mean-inpainting-mask", name: "nothing filled") {
      [
        "output": try $0.inputs.tensor("x"),
        "input_gradient": try $0.inputs.tensor("output_gradient"),
      ]
    },
    WrongBackend(id: "mean-inpainting-fractional-mask", name: "observed from one half on") {
      var data = $0
      let x = try $0.values("x")
      func isMask(_ index: Int) -> Bool { index / 60 % 3 == 2 }
      try data.inputs.change("x") { isMask($0) && $1 < 0.5 ? 0 : $1 }
      var outputs = try ReferenceBackend.outputs(.meanInpainting, data, as: Double.self)
      try outputs.change("output") { isMask($0) ? x[$0] : $1 }
      return outputs
    },
    .reading("degreewise-mixing-narrow", Op.degreewiseMixing, "Im of m = 0 dropped before") {
      try $0.inputs.change("x") { $0 % 42 < 12 && $0 % 2 == 1 ? 0 : $1 }
    },
    .reading("orderwise-mixing-all-orders", Op.orderwiseMixing, "Im of m = 0 dropped before") {
      try $0.inputs.change("x") { $0 % 42 < 12 && $0 % 2 == 1 ? 0 : $1 }
    },
    .reading("dense-layers-zeros", Op.denseLayers, "derivative 1 of the ReLU at 0") {
      try $0.inputs.change("fc.0.bias") { $1 + 1e-9 }
    },
    .reading("degreewise-mixing", Op.degreewiseMixing, "weights transposed") {
      try $0.inputs.reread("weights", rows: 2, columns: 4)
    },
    .reading("orderwise-mixing", Op.orderwiseMixing, "weights conjugated") {
      try $0.inputs.change("weight_imag") { -$1 }
    },
    .writing("orderwise-mixing", Op.orderwiseMixing, "gradient without conjugate") {
      try $0.change("weight_imag_gradient") { -$1 }
    },
    .reading("band-powers", Op.bandPowers, "m > 0 once") {
      try $0.inputs.change("x") { $0 % 72 < 16 ? $1 : $1 * 0.5.squareRoot() }
    },
    .reading("batch-normalisation-equal-training", Op.batchNormalisation, "biased variance kept") {
      $0.parameters["weighting"] = "area"
    },
    .reading("batch-normalisation-area-training", Op.batchNormalisation, "all points alike") {
      try $0.inputs.change("point_weights") { _, _ in 1 }
    },
    .reading("batch-normalisation-equal-inference", Op.batchNormalisation, "batch statistics") {
      $0.parameters["mode"] = "training"
    },
    .reading("dense-layers", Op.denseLayers, "weights transposed") {
      try $0.inputs.reread("fc.0.weight", rows: 8, columns: 6)
    },
    .reading("adam-50-steps", Op.adam, "another decay of squares") {
      $0.parameters["beta2"] = 0.99
    },
    .reading("published-network-training", Op.publishedNetwork, "weights transposed") {
      // [out][in][l][m] of 4 x 4 channels, 10 degrees, 9 orders
      let weights = try $0.inputs.tensor("state.blocks.1.weight_real").doubles()
      try $0.inputs.change("state.blocks.1.weight_real") { index, _ in
        let (pair, place) = (index / 90, index % 90)
        return weights[(pair % 4 * 4 + pair / 4) * 90 + place]
      }
    },
    .reading("published-network-inference", Op.publishedNetwork, "batch statistics") {
      $0.parameters["mode"] = "training"
    },
    .reading("isotropic-network-coefficients-training", Op.isotropicNetwork, "weights transposed") {
      try $0.inputs.reread("state.blocks.1.weights", rows: 3, columns: 4)
    },
    .reading("isotropic-network-maps-training", Op.isotropicNetwork, "rotation transposed") {
      try $0.inputs.reread("state.readout.rotation", rows: 4, columns: 4)
    },
  ]

  static let all = functions + scalars + spins + layers

  /// At least one output exceeds its tolerance a thousandfold; where the tolerance is 0, integers
  /// differ, or numbers by more than a thousandth.
  @Test("A wrong convention is caught", arguments: all)
  func caught(_ wrong: WrongBackend) throws {
    let item = try SharedKit.item(wrong.id)
    let rows = try SharedKit.rows(item, try wrong.outputs(item.data))
    let largest = rows.reduce(0.0) { largest, row in
      guard let error = row.error, let tolerance = row.tolerance else { return largest }
      return max(largest, tolerance > 0 ? error / tolerance : error * 1e6)
    }
    #expect(largest >= 1000, "\(wrong.testDescription): \(largest) times the tolerance")
    #expect(rows.contains { !$0.passes })
  }

  /// A field with twice the variance exceeds its statistical bound by the number of draws, not a
  /// thousandfold.
  @Test("Random fields with twice the variance")
  func field() throws {
    let item = try SharedKit.item("gaussian-field")
    var outputs = try ReferenceBackend.outputs(.gaussianField, item.data, as: Double.self)
    try outputs.change("coefficients") { $1 * 2.0.squareRoot() }
    #expect(try SharedKit.rows(item, outputs).contains { !$0.passes && ($0.error ?? 0) > 10 })
  }

  /// Uniform numbers and signs of the right variance, and amplitudes 1.5 % too large: the two
  /// cases together see them, by their fourth moment and by their number.
  @Test("Random fields of another distribution, and amplitudes slightly too large")
  func distributions() throws {
    func fails(_ id: String, _ body: (_ value: Double, _ deviation: Double) -> Double) throws
      -> Bool
    {
      let item = try SharedKit.item(id)
      var outputs = try ReferenceBackend.outputs(.gaussianField, item.data, as: Double.self)
      let (lmax, cl) = (try item.data.integer("lmax"), try item.data.values("cl"))
      let degrees = (0...lmax).flatMap { m in (m...lmax).map { (l: $0, m: m) } }
      try outputs.change("coefficients") { index, value in
        let (l, m) = degrees[index / 2 % degrees.count]
        return body(value, (cl[l] / (m == 0 ? 1 : 2)).squareRoot())
      }
      return try SharedKit.rows(item, outputs).contains { !$0.passes }
    }
    // The distribution function of a normal number is uniform.
    let uniform = { (x: Double, deviation: Double) in
      x == 0 ? 0 : erf(x / deviation / 2.0.squareRoot()) * 3.0.squareRoot() * deviation
    }
    let sign = { (x: Double, deviation: Double) in x == 0 ? 0 : (x > 0 ? deviation : -deviation) }
    #expect(try fails("gaussian-field", uniform) && fails("gaussian-field", sign))
    #expect(try fails("gaussian-field-many") { x, _ in 1.015 * x })
    #expect(try !fails("gaussian-field-many") { x, _ in x })
  }

  /// In single precision the mean square less the squared mean has no digit of the variance left
  /// where the deviation is a 4096th of the mean.
  @Test("Variance from a mean square", arguments: ["equal", "area"])
  func narrowVariance(weighting: String) throws {
    let item = try SharedKit.item("batch-normalisation-narrow-\(weighting)")
    let (x, shape) = (try item.data.values("x").map { Float($0) }, try item.data.shape("x"))
    let weights = try item.data.values("point_weights").map { Float($0) }
    let (gamma, beta) = (try item.data.values("gamma"), try item.data.values("beta"))
    let total = weights.reduce(0, +) * Float(shape[0])
    var y = x
    for channel in 0..<shape[1] {
      var (mean, square) = (Float(0), Float(0))
      func places(_ map: Int) -> Range<Int> {
        let first = (map * shape[1] + channel) * shape[2]
        return first..<first + shape[2]
      }
      for map in 0..<shape[0] {
        for (p, index) in places(map).enumerated() {
          mean += weights[p] / total * x[index]
          square += weights[p] / total * x[index] * x[index]
        }
      }
      let deviation = abs(square - mean * mean).squareRoot() + 1e-6
      for map in 0..<shape[0] {
        for index in places(map) {
          y[index] =
            Float(gamma[channel]) * (x[index] - mean) / deviation + Float(beta[channel])
        }
      }
    }
    let rows = try SharedKit.rows(item, ["output": TensorData(y, shape: shape)])
    let row = try #require(rows.first { $0.output == "output" })
    let (error, tolerance) = (try #require(row.error), try #require(row.tolerance))
    #expect(error > 20 * tolerance, "\(error), tolerance \(tolerance)")
    #expect(tolerance < 0.01)
  }

  /// Controls are those of this suite, of `KnownFaultTests` (faults with a computed answer) and of
  /// random fields.
  @Test("Every operation has a control")
  func everyOperation() throws {
    let own = try Set(Self.all.map { try SharedKit.item($0.id).description.operation })
    let computed = Set(KnownFault.all.filter(\.isComputed).map(\.name))
    let flagged = try SharedKit.kit().cases.map(\.description).filter {
      !computed.isDisjoint(with: $0.faults ?? [])
    }.map(\.operation)
    #expect(
      own.union(flagged).union(["gaussian_field"]) == Set(Op.allCases.map(\.rawValue)))
  }
}
