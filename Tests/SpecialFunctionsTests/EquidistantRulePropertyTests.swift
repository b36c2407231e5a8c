import Foundation
import SpecialFunctions
import Testing

/// Rules on equidistant colatitudes: nodes, exactness and its limit.
@Suite("Equidistant quadrature rules")
struct EquidistantRulePropertyTests {
  /// Σ_j w_j cos kθ_j − ∫ cos kθ sin θ dθ.
  private func defect(_ rule: QuadratureRule, _ k: Int) -> Double {
    let sum = zip(rule.theta, rule.weights).reduce(0) { $0 + cos(Double(k) * $1.0) * $1.1 }
    return sum - (k.isMultiple(of: 2) ? 2 / Double(1 - k * k) : 0)
  }

  private func bound(_ count: Int) -> Double {
    4 * Double(count + 1).squareRoot() * Double.ulpOfOne
  }

  /// As many cosines as nodes are integrated, and by symmetry one more if their number is odd; the
  /// next is not, which is the control. One node fewer counts for Driscoll and Healy, whose pole
  /// has no weight.
  @Test("Exact for as many cosines as there are nodes", arguments: [1, 2, 3, 8, 33, 64, 129])
  func exactness(count: Int) {
    let rules: [(QuadratureRule, Int)] =
      [
        (fejerFirst(count: count), count.isMultiple(of: 2) ? count : count + 1),
        (fejerSecond(count: count), count.isMultiple(of: 2) ? count : count + 1),
        (mcEwenWiaux(count: count), count),
      ]
      + (count.isMultiple(of: 2) ? [(driscollHealy(count: count), count)] : [])
    for (rule, exact) in rules {
      #expect(rule.count == count && rule.weights.count == count)
      for k in 0..<exact { #expect(abs(defect(rule, k)) <= bound(count), "\(count), cos \(k)θ") }
      #expect(abs(rule.weights.reduce(0, +) - 2) <= bound(count))
      #expect(rule.weights.allSatisfy { $0 >= -bound(count) })
      // Some cosine of the next two is missed.
      #expect(
        (exact...exact + 1).contains { abs(defect(rule, $0)) > 1000 * bound(count) },
        "\(count): \(exact)")
    }
  }

  @Test("Nodes", arguments: [2, 5, 16])
  func nodes(count: Int) {
    let n = Double(count)
    func expect(_ rule: QuadratureRule, _ theta: (Double) -> Double) {
      for j in 0..<count {
        #expect(abs(rule.theta[j] - theta(Double(j))) <= 2 * Double.ulpOfOne * .pi)
        #expect(abs(rule.cosTheta[j] - cos(rule.theta[j])) <= 2 * Double.ulpOfOne)
        #expect(abs(rule.sinTheta[j] - sin(rule.theta[j])) <= 2 * Double.ulpOfOne)
      }
      #expect(zip(rule.theta, rule.theta.dropFirst()).allSatisfy { $0 < $1 })
    }
    expect(fejerFirst(count: count)) { ($0 + 0.5) * .pi / n }
    expect(fejerSecond(count: count)) { ($0 + 1) * .pi / (n + 1) }
    expect(mcEwenWiaux(count: count)) { (2 * $0 + 1) * .pi / (2 * n - 1) }
    if count.isMultiple(of: 2) { expect(driscollHealy(count: count)) { $0 * .pi / n } }
  }
}
