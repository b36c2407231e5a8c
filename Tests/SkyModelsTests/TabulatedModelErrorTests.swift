import Foundation
import SpecialFunctions
import Testing
import Verification

@testable import SkyModels

@Suite("Tables that are refused as models")
struct TabulatedModelErrorTests {
  private let parameter = ModelParameter(name: "x", range: 0...1)

  private func fault(
    _ table: SpectraTable, bound: Double = TabulatedModel.standardBound
  ) -> TabulatedModelError? {
    do {
      _ = try TabulatedModel(table, bound: bound)
      return nil
    } catch { return error }
  }

  private func waves(_ count: Int, _ frequency: Double) throws -> SpectraTable {
    let nodes = (0..<count).map { [Double($0) / Double(count - 1)] }
    return try TestTables.table([parameter], nodes: nodes, lmax: 30) { _, theta in
      let wave = sin(frequency * theta[0])
      return (1 + 0.5 * wave, 1 + 0.3 * wave * wave, 1 - 0.4 * wave, 0.1 * wave)
    }
  }

  /// A coarse table is refused, with a number of nodes that then does.
  @Test("Too coarse", arguments: [5, 9, 14])
  func coarse(count: Int) throws {
    let frequency = 0.8 * Double(count)
    guard
      case .inaccurate(let report, let names, let enough)? =
        fault(try waves(count, frequency))
    else {
      Issue.record("\(count) nodes were accepted")
      return
    }
    #expect(report.chosen.error > 0.02 && names == ["x"])
    #expect(enough[0] > count && enough[0] <= 4 * count)
    #expect(fault(try waves(enough[0], frequency)) == nil, "\(enough)")
    let text = TabulatedModelError.inaccurate(
      report: report, parameters: names, enough: enough
    ).description
    for word in ["too coarse", "x = ", "l = ", "about \(enough[0]) of x"] {
      #expect(text.contains(word), "\(text)")
    }
    #expect(fault(try waves(count, frequency))?.faultClass == .badInput)
  }

  /// Scattered nodes are told a number in all.
  @Test("Too few scattered nodes")
  func scattered() throws {
    var numbers = TestNumbers(seed: 91)
    var nodes: [[Double]] = [[0, 0], [1, 1]]
    while nodes.count < 16 { nodes.append([numbers.uniform(), numbers.uniform()]) }
    let parameters = ["x", "y"].map { ModelParameter(name: $0, range: 0...1) }
    let table = try TestTables.table(parameters, nodes: nodes, lmax: 30) { _, theta in
      let wave = sin(6 * theta[0] + 5 * theta[1])
      return (1 + 0.5 * wave, 1 + 0.3 * wave, 1 - 0.4 * wave, 0)
    }
    guard case .inaccurate(let report, _, let enough)? = fault(table) else {
      Issue.record("16 nodes were accepted")
      return
    }
    #expect(report.chosen.degree != nil && enough.count == 1 && enough[0] > 16)
    let text = TabulatedModelError.inaccurate(
      report: report, parameters: ["x", "y"], enough: enough
    ).description
    #expect(text.contains("\(enough[0]) nodes in all"), "\(text)")
  }

  /// TE/√(TT EE) is −0.9, 0.99, 0.9999 at three nodes: a covariance at each, and none between the
  /// last two, where the parabola through them is above 1. The bound is so large that this alone is
  /// refused, with l and the parameter.
  @Test("No covariance between the nodes")
  func notSemidefinite() throws {
    let table = try TestTables.table([parameter], nodes: [[0], [0.5], [1]], lmax: 4) {
      l, theta in
      let correlation = theta[0] == 0 ? -0.9 : theta[0] == 0.5 ? 0.99 : 0.9999
      return (1, 1, 1, l == 3 ? correlation : 0.1)
    }
    guard case .notSemidefinite(let l, let at, let tt, _, _, let te)? = fault(table, bound: 1e9)
    else {
      Issue.record("found \(String(describing: fault(table, bound: 1e9)))")
      return
    }
    #expect(l == 3 && at.hasPrefix("x = ") && tt > 0.99 && te > 1)
    let text = "\(TabulatedModelError.notSemidefinite(l: l, at: at, tt: 1, ee: 1, bb: 1, te: te))"
    #expect(text.contains("l = 3, x = "))
    // Negative control: correlations that keep away from 1.
    let tame = try TestTables.table([parameter], nodes: [[0], [0.5], [1]], lmax: 4) { _, theta in
      (1, 1, 1, 0.3 * theta[0])
    }
    #expect(fault(tame, bound: 1e9) == nil)
  }

  @Test("Bounds", arguments: [0, -1, Double.infinity, .nan])
  func bounds(bound: Double) throws {
    let error = fault(try waves(20, 1), bound: bound)
    #expect(error?.faultClass == .usage && "\(error.map { "\($0)" } ?? "")".contains("nats"))
  }
}
