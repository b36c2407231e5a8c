import FileFormats
import HarmonicTransforms

/// What parameters and inputs of a case have to be before its operation may run.
///
/// Parameters lie where the operation is defined and its memory is small; tensors have the types
/// and shapes of Docs/Conformance.md, an axis of one name having one length throughout a case;
/// floating inputs are finite.
/// Checked by: CaseValidationErrorTests.
struct CaseValidation {
  /// The length of an axis: given by parameters, or the same wherever the name occurs.
  enum Axis: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case named(String)
    case length(Int)

    init(stringLiteral value: String) { self = .named(value) }
    init(integerLiteral value: Int) { self = .length(value) }
  }

  /// The largest degree of a case.
  static let largestDegree = 2048
  /// The largest degrees of operations whose cost is the third power of it.
  static let largestRotation = 512
  static let largestCoupling = 512
  /// The largest sum of two degrees of a column of 3j symbols.
  static let largestColumn = 4096
  static let largestNside = 1024
  /// The same where no map is made, only the pixels of given directions.
  static let largestPixelNside = 8192
  static let largestRing = 1 << 16
  static let mostNodes = 8192
  static let mostIterations = 64
  static let mostChannels = 4096
  static let mostNumbers = 1 << 26

  /// Axes that may have no elements: a batch of nothing, no direction.
  static let mayBeEmpty: Set<String> = ["lanes", "n"]

  let operation: Operation
  let data: CaseData
  var lengths: [String: Int] = [:]

  /// Refuses a case that its operation cannot run.
  ///
  /// - Throws: `ConformanceError.parameter` or `.damagedKit`.
  static func require(_ operation: Operation, _ data: CaseData) throws {
    var validation = CaseValidation(operation: operation, data: data)
    try validation.require()
  }

  /// The shape `[draws, lm, 2]` of the coefficients of `gaussian_field`.
  ///
  /// - Throws: `ConformanceError.parameter`.
  static func sampleShape(_ data: CaseData) throws(ConformanceError) -> [Int] {
    let validation = CaseValidation(operation: .gaussianField, data: data)
    let count = validation.count(try validation.degree())
    return [try validation.integer("draws", in: 1...mostNumbers / (2 * count)), count, 2]
  }

  private init(operation: Operation, data: CaseData) {
    self.operation = operation
    self.data = data
  }

  private mutating func require() throws {
    _ = try data.complexGradient()
    if let map = operation.linearMap { return try linear(map) }
    switch operation {
    case .legendre, .spinLegendre: try functions()
    case .wignerD: try wignerD()
    case .spinHarmonics: try spinHarmonics()
    case .wigner3j: try wigner3j()
    case .modeCoupling:
      _ = try integer("lmax", in: 0...Self.largestCoupling)
      try tensor("mask_spectrum", ["degrees"])
    case .gaussLegendre, .fejerFirst, .fejerSecond, .mcEwenWiaux:
      _ = try integer("count", in: 1...Self.mostNodes)
    case .clenshawCurtis: _ = try integer("count", in: 2...Self.mostNodes)
    case .driscollHealy:
      let count = try integer("count", in: 2...Self.mostNodes)
      guard count.isMultiple(of: 2) else {
        throw ConformanceError.parameter(
          name: "count", found: "\(count)", expected: "an even number")
      }
    case .healpixCentres: _ = try nside()
    case .healpixPixelOfDirection, .healpixInterpolation, .resampleContainingPixel,
      .resampleContainingPixelTranspose, .resampleBilinear, .resampleBilinearTranspose:
      try directions()
    case .healpixNestedToRing, .healpixRingToNested:
      _ = try nside()
      try tensor(operation == .healpixNestedToRing ? "nested" : "ring", ["n"], .int64)
    case .scalarModes, .spinModes: try modes()
    case .scalarDerivatives, .scalarDerivativesGradient: try derivatives()
    case .pointSynthesis, .pointSynthesisGradient, .spinPointSynthesis,
      .spinPointSynthesisGradient:
      try pointSynthesis()
    case .rotation, .rotationGradient:
      for angle in ["alpha", "beta", "gamma"] { try number(angle, "a finite angle") { _ in true } }
      let lmax = try integer("lmax", in: 0...Self.largestRotation)
      try tensor(
        operation == .rotation ? "coefficients" : "rotated_gradient",
        ["lanes", .length(count(lmax)), 2])
    case .smoothing, .laplacian:
      try tensor("coefficients", ["lanes", .length(count(try degree())), 2])
      guard operation == .smoothing else { break }
      _ = try integer("spin", in: 0...8)
      try number("fwhm", "radians >= 0") { $0 >= 0 }
    case .powerSpectrum:
      let count = Axis.length(count(try degree()))
      for name in ["a", "b"] { try tensor(name, ["lanes", count, 2]) }
    case .gaussianField:
      _ = try Self.sampleShape(data)
      try tensor("cl", [.length(try degree() + 1)])
    case .publishedNetwork: try publishedNetwork()
    case .isotropicNetwork: try isotropicNetwork()
    case .meanInpainting, .degreewiseMixing, .orderwiseMixing, .bandPowers, .batchNormalisation,
      .denseLayers, .adam:
      try layer()
    default: throw ConformanceError.unknownOperation(name: operation.rawValue)
    }
  }
}

// MARK: - Parameters

extension CaseValidation {
  func integer(
    _ name: String, in range: ClosedRange<Int>
  ) throws(ConformanceError) -> Int {
    let value = try data.integer(name)
    guard range ~= value else {
      throw .parameter(name: name, found: "\(value)", expected: "an integer in \(range)")
    }
    return value
  }

  func integers(
    _ name: String, in range: ClosedRange<Int>
  ) throws(ConformanceError) -> [Int] {
    let values = try data.integers(name)
    guard !values.isEmpty, values.allSatisfy({ range ~= $0 }) else {
      throw .parameter(
        name: name, found: "\(values)", expected: "a list of integers in \(range), at least one")
    }
    return values
  }

  func number(
    _ name: String, _ expected: String, _ isValid: (Double) -> Bool
  ) throws(ConformanceError) {
    let value = try data.number(name)
    guard value.isFinite, isValid(value) else {
      throw .parameter(name: name, found: "\(value)", expected: expected)
    }
  }

  func text(_ name: String, of choices: [String]) throws(ConformanceError) -> String {
    let value = try data.text(name)
    guard choices.contains(value) else {
      throw .parameter(
        name: name, found: value, expected: choices.joined(separator: " or "))
    }
    return value
  }

  func channelCount(_ name: String) throws(ConformanceError) -> Int {
    try integer(name, in: 1...Self.mostChannels)
  }

  func nside() throws(ConformanceError) -> Int {
    let isPixel = operation == .healpixPixelOfDirection
    return try integer(
      "nside", in: 1...(isPixel ? Self.largestPixelNside : Self.largestNside))
  }

  func pixelCount() throws(ConformanceError) -> Int {
    let nside = try nside()
    return 12 * nside * nside
  }

  /// lmax, for a fit to points with at most as many numbers as there are points.
  func degree(
    from first: Int = 0, points: Int? = nil
  ) throws(ConformanceError) -> Int {
    let lmax = try integer("lmax", in: first...Self.largestDegree)
    if let points, (lmax + 1) * (lmax + 1) > points {
      throw .parameter(
        name: "lmax", found: "\(lmax)", expected: "(lmax + 1)^2 <= \(points), the number of points")
    }
    return lmax
  }

  func count(_ lmax: Int, _ mmax: Int? = nil) -> Int {
    coefficientCount(lmax: lmax, mmax: mmax ?? lmax)
  }
}

// MARK: - Tensors

extension CaseValidation {
  /// Requires type, shape and finite numbers, and notes the lengths of named axes.
  mutating func tensor(
    _ name: String, _ axes: [Axis], _ type: TensorData.DType = .float64
  ) throws {
    let expected = axes.map { axis in
      switch axis {
      case .length(let length): return "\(length)"
      case .named(let name):
        let least = Self.mayBeEmpty.contains(name) ? 0 : 1
        return lengths[name].map { "\(name) = \($0)" } ?? "\(name) >= \(least)"
      }
    }
    let found = data.inputs[name]
    guard let found, found.dtype == type, fits(found.shape, axes) else {
      throw ConformanceError.damagedKit(
        file: caseName, tensor: "input.\(name)",
        found: found.map { "\($0.dtype.rawValue) \($0.shape)" } ?? "missing",
        expected: "\(type.rawValue) [\(expected.joined(separator: ", "))]")
    }
    guard type == .float64 else { return }
    let values = try found.doubles()
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw fault(name, at: index, "\(values[index])", "a finite number")
    }
  }

  private mutating func fits(_ shape: [Int], _ axes: [Axis]) -> Bool {
    guard shape.count == axes.count else { return false }
    return zip(shape, axes).allSatisfy { length, axis in
      switch axis {
      case .length(let expected): return length == expected
      case .named(let name):
        let expected = lengths[name] ?? length
        lengths[name] = expected
        return length == expected && (length >= 1 || Self.mayBeEmpty.contains(name))
      }
    }
  }

  func colatitudes(_ name: String) throws {
    for (index, theta) in try data.values(name).enumerated() where !(0...Double.pi ~= theta) {
      throw fault(name, at: index, "\(theta)", "0...pi")
    }
  }

  func fault(
    _ name: String, at index: Int, _ found: String, _ expected: String
  ) -> ConformanceError {
    .damagedKit(
      file: caseName, tensor: "input.\(name) element \(index)", found: found, expected: expected)
  }

  private var caseName: String { "the case of \(operation.rawValue)" }
}
