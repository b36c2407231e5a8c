import CGSL
import FileFormats
import Foundation
import LinearAlgebra
import SpecialFunctions
import Testing
import Verification

@Suite("Gauss–Legendre rules against GSL and extended precision")
struct QuadratureOracleTests {

  /// Nodes equal GSL's to a few rounding errors of 1.
  /// Blind to: relative errors near the poles (the fixture below).
  @Test("Nodes equal GSL's", arguments: [1, 2, 3, 4, 5, 8, 16, 31, 32, 48, 63, 64, 100, 257])
  func nodesEqualGSL(count: Int) throws {
    let oracle = try gslRule(count)
    let rule = gaussLegendre(count: count)
    for j in 0..<count {
      #expect(abs(rule.cosTheta[j] - oracle[j].node) <= 4 * Double.ulpOfOne, "\(j) of \(count)")
    }
  }

  /// Weights equal GSL's where GSL has them tabulated with 27 digits; elsewhere it stops Newton's
  /// iteration at 10⁻¹⁰ and its weights are no better than that. Bound: a sum of n rounding errors
  /// of either sign in dP_n/dθ, squared.
  @Test(
    "Weights equal GSL's tables", arguments: [1, 2, 3, 4, 5, 8, 16, 20, 32, 64, 100, 256, 1024])
  func weightsEqualGSL(count: Int) throws {
    let oracle = try gslRule(count)
    let rule = gaussLegendre(count: count)
    let bound = 8 * Double(count).squareRoot() * Double.ulpOfOne / 2
    for j in 0..<count {
      let error = abs(rule.weights[j] - oracle[j].weight) / oracle[j].weight
      #expect(error <= bound, "weight \(j) of \(count)")
      // Negative control: the weight of the neighbouring node.
      if 4 * j < count - 4 {
        #expect(abs(rule.weights[j + 1] - oracle[j].weight) / oracle[j].weight > 1000 * bound)
      }
    }
  }

  /// GSL's rule from north to south.
  private func gslRule(_ count: Int) throws -> [(node: Double, weight: Double)] {
    let table = try #require(gsl_integration_glfixed_table_alloc(count))
    defer { gsl_integration_glfixed_table_free(table) }
    return (0..<count).map { j in
      var node = 0.0
      var weight = 0.0
      gsl_integration_glfixed_point(-1, 1, count - 1 - j, &node, &weight, table)
      return (node, weight)
    }
  }

  /// Golub and Welsch: the nodes are the eigenvalues of the Jacobi matrix of the Legendre
  /// recurrence, with k/√(4k² − 1) beside its diagonal, and w_j = 2 v_0j² from the first components
  /// of its eigenvectors [GolubWelsch1969], here by LAPACK.
  ///
  /// The matrix has norm 1, so that its eigenvalues are good to a few n u in the worst case, a few
  /// √n u with roundings of either sign; v_0j² is as good, absolutely.
  /// Blind to: relative errors of the weights near the poles (GSL's tables and the fixture).
  @Test("Nodes and weights equal Golub and Welsch's", arguments: [1, 2, 3, 16, 47, 100, 257])
  func equalsGolubWelsch(count: Int) throws {
    let eigen = try SymmetricEigendecomposition(
      diagonal: [Double](repeating: 0, count: count),
      offDiagonal: (1..<count).map { Double($0) / Double(4 * $0 * $0 - 1).squareRoot() })
    let nodes = Array(eigen.values.reversed())
    let weights = (0..<count).map { 2 * pow(eigen.vectors[0, count - 1 - $0], 2) }
    let bound = 8 * Double(count).squareRoot() * RoundingBound.unitRoundoff()
    let rule = gaussLegendre(count: count)
    #expect(Comparison(rule.cosTheta, with: nodes).largestAbsolute <= bound)
    #expect(Comparison(rule.weights, with: weights).largestAbsolute <= bound)
    // Negative control: the rule with one node more, without its last one.
    if count > 1 {
      let other = gaussLegendre(count: count + 1)
      let shifted = Comparison(other.cosTheta.dropLast(), with: nodes)
      #expect(shifted.largestAbsolute > 1000 * bound)
      let reweighted = Comparison(other.weights.dropLast(), with: weights)
      #expect(reweighted.largestAbsolute > 1000 * bound)
    }
  }

  /// Largest error of θ (relative), cos θ (absolute), sin θ (relative) and w (relative) over the
  /// fixture, in units of the bounds below.
  private func worstErrors(shiftedBy shift: Double = 0) throws -> [Double] {
    let name = "special-functions/gauss-legendre.safetensors"
    let tensors = try SafetensorsFile(data: FixtureStore.data(name), name: name).tensors
    let count = try tensors.tensor("count").integers()
    let index = try tensors.tensor("index").integers()
    let theta = try tensors.tensor("theta").doubles()
    let cosine = try tensors.tensor("cos_theta").doubles()
    let sine = try tensors.tensor("sin_theta").doubles()
    let weight = try tensors.tensor("weight").doubles()
    var worst = [0.0, 0.0, 0.0, 0.0]
    var rules: [Int64: QuadratureRule] = [:]
    for i in count.indices {
      let rule = rules[count[i]] ?? gaussLegendre(count: Int(count[i]))
      rules[count[i]] = rule
      let j = Int(index[i])
      let rounding = Double(count[i]).squareRoot() * Double.ulpOfOne / 2
      let nodeBound = 4 * Double.ulpOfOne / 2 + rounding / 4
      let errors = [
        abs(rule.theta[j] * (1 + shift) - theta[i]) / theta[i] / nodeBound,
        abs(rule.cosTheta[j] + shift - cosine[i]) / nodeBound,
        abs(rule.sinTheta[j] * (1 + shift) - sine[i]) / sine[i] / nodeBound,
        abs(rule.weights[j] * (1 + shift) - weight[i]) / weight[i] / (8 * rounding),
      ]
      for k in 0..<4 { worst[k] = max(worst[k], errors[k]) }
    }
    return worst
  }

  /// θ and sin θ are good to (4 + √n/4) u relative, however close to the pole, cos θ to as much
  /// absolute, w to 8 √n u relative: n steps of the recurrence with roundings of either sign, of
  /// which the value of P_n at its zero shows θ a fraction and dP_n/dθ shows the weight twice all.
  /// Blind to: the nodes between the sampled ones, which GSL and exactness cover for small counts.
  @Test("Nodes and weights equal extended precision up to n = 4097")
  func equalsExtendedPrecision() throws {
    let worst = try worstErrors()
    for k in 0..<4 { #expect(worst[k] <= 1, "\(worst)") }
  }

  /// The check rejects nodes and weights that are off by 10⁻⁹.
  @Test("Negative control: a shift by 1e-9")
  func rejectsShift() throws {
    let worst = try worstErrors(shiftedBy: 1e-9)
    for k in 0..<4 { #expect(worst[k] > 1000, "\(worst)") }
  }
}
