/// A statement about the program that can be measured, with what it rests on and what it cannot
/// see.
///
/// A claim holds when its figure keeps the bound and its negative control, a deliberately broken
/// variant, breaks it by a factor of 1000 or more: a measurement that cannot fail shows nothing.
/// Checked by: ClaimTests, ClaimTableTests.
package struct Claim: Sendable {
  /// On which side of the bound the figure must be.
  package enum Relation: String, Sendable, Codable {
    /// An error: value ≤ bound, control ≥ 1000 bound (above zero where the bound is zero).
    case atMost
    /// A fault that is shown: value ≥ bound, and what does it right stays below bound/1000.
    case atLeast
  }

  /// Short and stable: scripts refer to it.
  package let name: String
  /// What it is about.
  package let suite: ClaimSuite
  /// What is claimed, in one sentence.
  package let statement: String
  /// The law, in the letters of Docs/Conventions.md.
  package let equation: String
  /// The bound.
  package let bound: Bound
  /// What the control breaks.
  package let control: String
  /// Files under `Tests` that check it in more cases than the measurement does.
  package let tests: [String]
  /// What would go unnoticed.
  package let blindSpot: String
  /// On which side of the bound the figure must be.
  package let relation: Relation
  /// The measurement, with fixed seeds.
  package let measure: @Sendable () throws -> ClaimMeasurement

  /// A claim with the measurement that decides it; the texts become cells of the table.
  package init(
    _ name: String, _ suite: ClaimSuite, _ statement: String, equation: String, bound: Bound,
    control: String, tests: [String], blindTo: String, relation: Relation = .atMost,
    measure: @escaping @Sendable () throws -> ClaimMeasurement
  ) {
    self.name = name
    self.suite = suite
    self.statement = statement
    self.equation = equation
    self.bound = bound
    self.control = control
    self.tests = tests
    blindSpot = blindTo
    self.relation = relation
    self.measure = measure
  }

  /// Measures, and judges.
  ///
  /// - Throws: what the measurement throws, a missing fixture for instance.
  package func verdict() throws -> Verdict { try Verdict(self, try measure()) }
}
