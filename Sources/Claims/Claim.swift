/// The parts of the project that claims are about; `sphere verify --suite` takes these names.
public enum ClaimSuite: String, CaseIterable, Sendable, Codable {
  /// Legendre and Wigner functions, quadrature rules, Fourier transforms.
  case functions
  /// HEALPix and ring grids, resampling.
  case grids
  /// Scalar and spin transforms, analysis, rotation.
  case transforms
  /// Layers, networks and their gradients, the optimiser.
  case networks
  /// Random fields, likelihoods, shipped models.
  case skies
  /// What is wrong in the published system: claims that something is large.
  case findings
}

/// What was measured for a claim, and what the same measurement says about a broken variant.
public struct ClaimMeasurement: Sendable, Equatable {
  /// The figure that the bound is about.
  public var value: Double
  /// The bound, computed from the sizes of this measurement.
  public var bound: Double
  /// The figure of the negative control.
  public var control: Double

  /// A figure, its bound and the control's figure.
  public init(_ value: Double, bound: Double, control: Double) {
    self.value = value
    self.bound = bound
    self.control = control
  }
}

/// A statement about the program that can be measured, with what it rests on and what it cannot see.
///
/// A claim holds when its figure keeps the bound and its negative control, a deliberately broken variant,
/// breaks it by a factor of 1000 or more: a measurement that cannot fail shows nothing.
/// Checked by: ClaimTests, ClaimTableTests.
public struct Claim: Sendable {
  /// On which side of the bound the figure must be.
  public enum Relation: String, Sendable, Codable {
    /// An error: value ≤ bound, control ≥ 1000 bound (above zero where the bound is zero).
    case atMost
    /// A fault that is shown: value ≥ bound, and what does it right stays below bound/1000.
    case atLeast
  }

  /// Short and stable: scripts refer to it.
  public let name: String
  /// What it is about.
  public let suite: ClaimSuite
  /// What is claimed, in one sentence.
  public let statement: String
  /// The law, in the letters of Docs/Conventions.md.
  public let equation: String
  /// The bound as a formula.
  public let boundFormula: String
  /// What the control breaks.
  public let control: String
  /// Files under `Tests` that check it in more cases than the measurement does.
  public let tests: [String]
  /// What would go unnoticed.
  public let blindSpot: String
  /// On which side of the bound the figure must be.
  public let relation: Relation
  /// The measurement, with fixed seeds.
  public let measure: @Sendable () throws -> ClaimMeasurement

  /// A claim with the measurement that decides it; the texts become cells of the table.
  public init(
    _ name: String, _ suite: ClaimSuite, _ statement: String, equation: String, bound: String,
    control: String, tests: [String], blindTo: String, relation: Relation = .atMost,
    measure: @escaping @Sendable () throws -> ClaimMeasurement
  ) {
    self.name = name
    self.suite = suite
    self.statement = statement
    self.equation = equation
    boundFormula = bound
    self.control = control
    self.tests = tests
    blindSpot = blindTo
    self.relation = relation
    self.measure = measure
  }

  /// Measures, and judges.
  ///
  /// - Throws: what the measurement throws, a missing fixture for instance.
  public func verdict() throws -> Verdict { Verdict(self, try measure()) }
}

/// A measured claim.
public struct Verdict: Sendable {
  /// What was measured.
  public let claim: Claim
  /// The figures.
  public let measurement: ClaimMeasurement

  /// The judgement of a measurement.
  public init(_ claim: Claim, _ measurement: ClaimMeasurement) {
    self.claim = claim
    self.measurement = measurement
  }

  /// By how much a control must miss.
  public static let controlFactor = 1000.0

  /// Whether the figure keeps the bound. A figure that is not a number keeps none.
  public var keepsBound: Bool {
    switch claim.relation {
    case .atMost: return measurement.value <= measurement.bound
    case .atLeast: return measurement.value >= measurement.bound
    }
  }

  /// Whether the negative control is refused.
  public var refusesControl: Bool {
    let m = measurement
    switch claim.relation {
    case .atMost:
      return m.control.isFinite && m.control > 0 && m.control >= Self.controlFactor * m.bound
    case .atLeast: return m.control <= m.bound / Self.controlFactor
    }
  }

  /// Whether both are so.
  public var holds: Bool { keepsBound && refusesControl }
}
