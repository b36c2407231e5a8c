import SkyModels
import Testing

@testable import Baselines

/// Means over uniform priors.
/// Blind to: Gauss-Legendre nodes themselves, which QuadratureOracleTests checks.
@Suite("Means over a uniform prior")
struct PriorQuadratureTests {
  private let parameters = [
    ModelParameter(name: "a", range: 1...3), ModelParameter(name: "b", range: -2...6),
  ]

  /// Weights sum to 1, and moments up to the degree of the rule are those of the prior: means 2 and
  /// 2, ⟨(a − 2)²⟩ = 1/3, ⟨(b − 2)²⟩ = 16/3, no correlation. The control is a rule of one point,
  /// which has no variance.
  @Test("Moments", arguments: 0...2)
  func moments(count: Int) throws {
    let rule = PriorQuadrature(Array(parameters.prefix(count)), points: 3)
    #expect(rule.count == [1, 3, 9][count])
    func mean(_ f: ([Double]) -> Double) -> Double {
      rule.nodes.reduce(0) { $0 + $1.weight * f($1.values) }
    }
    #expect(abs(mean { _ in 1 } - 1) < 1e-15)
    for (k, variance) in [1.0 / 3, 16.0 / 3].prefix(count).enumerated() {
      #expect(abs(mean { $0[k] } - 2) < 1e-14)
      #expect(abs(mean { ($0[k] - 2) * ($0[k] - 2) } - variance) < 1e-14)
      let single = PriorQuadrature(parameters, points: 1).nodes[0]
      #expect(single.values == [2, 2] && single.weight == 1)
    }
    guard count == 2 else { return }
    #expect(abs(mean { ($0[0] - 2) * ($0[1] - 2) }) < 1e-14)
  }
}
