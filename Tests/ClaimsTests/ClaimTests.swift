import Testing

@testable import Claims

/// Every claim of the verification table, measured.
@Suite("Claims")
struct ClaimTests {
  /// The figure keeps its bound and the negative control misses it a thousandfold: what
  /// `sphere verify` prints. Blind to: what each claim names itself.
  @Test("Holds, and refuses its negative control", arguments: ClaimTable.claims.map(\.name))
  func holds(name: String) throws {
    let claim = try #require(ClaimTable.claims.first { $0.name == name })
    let verdict = try claim.verdict()
    #expect(verdict.keepsBound, "\(name): \(verdict.measurement)")
    #expect(verdict.refusesControl, "\(name): \(verdict.measurement)")
  }
}
