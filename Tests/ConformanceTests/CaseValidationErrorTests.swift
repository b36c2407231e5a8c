import FileFormats
import Testing

@testable import Conformance

private typealias Op = Conformance.Operation

/// Altered parameters and tensors are refused with what was found and what was expected; nothing
/// runs.
///
/// Blind to: alterations that leave a case of the same sizes, which only make other numbers.
@Suite("Refusals of altered cases")
struct CaseValidationErrorTests {
  /// A parameter of a case that the operation cannot run with, and what the refusal says.
  struct Alteration: Sendable, CustomTestStringConvertible {
    let id: String
    let parameter: String
    let value: ParameterValue
    let message: String
    var testDescription: String { "\(id): \(parameter) = \(value)" }

    init(_ id: String, _ parameter: String, _ value: ParameterValue, _ message: String) {
      (self.id, self.parameter, self.value, self.message) = (id, parameter, value, message)
    }
  }

  static let parameters: [Alteration] = [
    Alteration(
      "scalar-synthesis-healpix", "lmax", -5, "lmax is -5, expected an integer in 0...2048"),
    Alteration("scalar-analysis-odd", "lmax", 1_000_000_000_000, "expected an integer in 0...2048"),
    Alteration("scalar-synthesis-healpix", "mmax", 10, "mmax is 10, expected an integer in 0...9"),
    Alteration("scalar-synthesis-gradient-healpix", "nyquist", "once", "as nyquist is once"),
    Alteration("legendre-lmax64", "orders", [-3, 70], "orders is [-3, 70]"),
    Alteration("legendre-lmax64", "orders", [], "at least one"),
    Alteration("spin-legendre-lmax32", "spin", 100, "spin is 100, expected an integer in -32...32"),
    Alteration("spin2-synthesis-odd", "spin", 100, "spin is 100, expected an integer in 1...8"),
    Alteration("spin2-least-squares-healpix", "spin", 0, "spin is 0"),
    Alteration("least-squares-healpix", "lmax", 14, "(lmax + 1)^2 <= 192"),
    Alteration("gauss-legendre-n1", "count", 0, "count is 0"),
    Alteration("gauss-legendre-n1", "count", -1, "count is -1"),
    Alteration("clenshaw-curtis-n32", "count", 1, "count is 1, expected an integer in 2...8192"),
    Alteration("healpix-centres-nside4", "nside", 0, "nside is 0"),
    Alteration("driscoll-healy-n4", "count", 5, "count is 5, expected an even number"),
    Alteration("mcewen-wiaux-n3", "count", 0, "count is 0"),
    Alteration("wigner-d-lmax24", "n", [1, 2], "n is 2 orders, expected 9"),
    Alteration("wigner-d-lmax24", "m", [30], "m is [30]"),
    Alteration("wigner-3j-8-8-0-0", "m2", 9, "m2 is 9, expected an integer in -8...8"),
    Alteration("iterated-analysis-healpix-2", "iterations", -1, "iterations is -1"),
    Alteration("points-lmax8", "mmax", 9, "mmax is 9, expected an integer in 0...8"),
    Alteration("spin2-points-lmax8", "spin", 0, "spin is 0"),
    Alteration("least-squares-healpix", "mmax", 3, "mmax is 3, expected lmax = 8"),
    Alteration("smoothing-scalar", "fwhm", -0.1, "fwhm is -0.1, expected radians >= 0"),
    Alteration("mode-coupling-cap", "lmax", 100_000, "lmax is 100000"),
    Alteration("rotation-general", "lmax", 4096, "lmax is 4096, expected an integer in 0...512"),
    Alteration(
      "scalar-synthesis-gradient-healpix", "complex_gradient", "im+re",
      "complex_gradient is im+re, expected re+im or re-im"),
    Alteration(
      "spin2-synthesis-healpix", "nyquist", "once", "nyquist is once, expected evaluated"),
    Alteration("adam-50-steps", "after_steps", [0, 999], "after_steps is [0, 999]"),
    Alteration("adam-50-steps", "after_steps", [2, 1], "ascending"),
    Alteration("adam-50-steps", "beta1", 1, "beta1 is 1"),
    Alteration("batch-normalisation-area-training", "mode", "both", "mode is both"),
    Alteration("published-network-training", "dense_width", 1_000_000_000_000, "dense_width"),
    Alteration("isotropic-network-maps-training", "grid_rings", 3, "grid_rings is 3"),
    Alteration("gaussian-field", "draws", .integer(1 << 62), "draws is 4611686018427387904"),
  ]

  static let shapes: [Alteration] = [
    Alteration("scalar-synthesis-odd", "lmax", 9, "input.coefficients is F64 [3, 45, 2], expected"),
    Alteration("rotation-general", "lmax", 3, "F64 [2, 91, 2], expected F64 [lanes >= 0, 10, 2]"),
    Alteration("power-spectrum", "lmax", 3, "input.a is"),
    Alteration("resample-bilinear", "nside", 5, "expected F64 [lanes >= 0, 300]"),
    Alteration("degreewise-mixing", "lmax", 3, "input.weights is"),
    Alteration("orderwise-mixing", "mmax", 0, "input.weight_real is"),
    Alteration("band-powers", "lmax", 4, "input.x is"),
    Alteration("published-network-training", "nside", 3, "expected F64 [maps >= 1, 1, 108]"),
    Alteration(
      "published-network-training", "blocks", 3, "input.state.blocks.2.weight_real is missing"),
    Alteration("isotropic-network-maps-training", "nside", 8, "expected F64 [maps >= 1, 1, 768]"),
    Alteration("gaussian-field", "lmax", 13, "input.cl is F64 [13], expected F64 [14]"),
  ]

  private func requireRefusal(_ alteration: Alteration, says prefix: String) throws {
    let item = try SharedKit.item(alteration.id)
    let operation = try #require(Op(rawValue: item.description.operation))
    var data = item.data
    data.parameters[alteration.parameter] = alteration.value
    let error = #expect(throws: ConformanceError.self) {
      try ReferenceBackend.outputs(operation, data, as: Double.self)
    }
    let text = try "\(#require(error))"
    #expect(text.hasPrefix(prefix) && text.contains(alteration.message), "\(text)")
  }

  @Test("Parameters outside their ranges", arguments: parameters)
  func range(_ alteration: Alteration) throws {
    try requireRefusal(alteration, says: "the ")
  }

  @Test("Parameters that do not fit the tensors", arguments: shapes)
  func shape(_ alteration: Alteration) throws {
    try requireRefusal(alteration, says: "the case of ")
  }

  @Test("Tensors that are none of the operation's")
  func tensors() throws {
    func refusal(_ id: String, _ name: String, _ tensor: TensorData?) throws -> String {
      let item = try SharedKit.item(id)
      let operation = try #require(Op(rawValue: item.description.operation))
      var data = item.data
      data.inputs[name] = tensor
      let error = #expect(throws: ConformanceError.self) {
        try CaseValidation.require(operation, data)
      }
      return try "\(#require(error))"
    }
    let grid = try SharedKit.item("scalar-synthesis-odd").data.inputs
    let count = try grid.tensor("ring_count").mapping { $0 == 3 ? -1 : $1 }
    #expect(
      try refusal("scalar-synthesis-odd", "ring_count", count)
        .contains("input.ring_count element 3 is -1, expected 1...65536"))
    let theta = try grid.tensor("ring_theta")
    #expect(
      try refusal("scalar-synthesis-odd", "ring_theta", theta.mapping { $0 == 10 ? 4 : $1 })
        .contains("element 10 is 4.0, expected 0...pi"))
    #expect(
      try refusal("scalar-synthesis-odd", "ring_theta", theta.mapping { $0 == 4 ? 0.1 : $1 })
        .contains("north to south"))
    let x = try SharedKit.item("mean-inpainting-mask").data.inputs.tensor("x")
    #expect(
      try refusal("mean-inpainting-mask", "x", x.mapping { $0 == 2 ? .nan : $1 })
        .contains("element 2 is nan, expected a finite number"))
    #expect(try refusal("mean-inpainting-mask", "x", nil).contains("input.x is missing"))
    #expect(
      try refusal("mean-inpainting-mask", "x", TensorData([1.0])).contains("F64 [1], expected"))
    #expect(
      try refusal("gaussian-field", "cl", TensorData([Int64](repeating: 1, count: 13)))
        .contains("I64 [13], expected F64 [13]"))
  }

  /// The control: what the kit has is not refused.
  @Test("All cases of the kit are valid")
  func kit() throws {
    for item in try SharedKit.kit().cases {
      let operation = try #require(Op(rawValue: item.description.operation))
      #expect(throws: Never.self) { try CaseValidation.require(operation, item.data) }
    }
  }
}
