import Foundation
import SpecialFunctions
import Testing
import Verification

@testable import SkyModels

@Suite("Derivatives of interpolated spectra")
struct TabulatedModelGradientTests {
  /// Every spectrum, parameter, quantity and coordinate against four-point differences of the
  /// interpolant. Rounding: 1.5 u/h of the size of C_l times the condition of the sum over nodes
  /// (below 10 here) and of ln C_l (|ln C_l| < 20); truncation h⁴/30 of the fifth derivative in
  /// units of the scale over which the spectra vary (0.05 for the log-uniform parameter at its
  /// lower end).
  /// Blind to: errors of C_l itself.
  private func check(_ interpolant: TableInterpolant, _ label: String) {
    for theta in [[0.031, 0.41], [0.37, -0.71], [0.93, 1.62]] {
      let derivatives = interpolant.derivatives(at: theta)
      #expect(derivatives.count == 2)
      for axis in 0..<2 {
        let h = axis == 0 ? 0x1p-13 : 0x1p-11
        func moved(_ steps: Double) -> NamedSpectra {
          var values = theta
          values[axis] += steps * h
          return interpolant.spectra(at: values)
        }
        let (p1, m1, p2, m2) = (moved(1), moved(-1), moved(2), moved(-2))
        for name in [SpectrumName.tt, .ee, .bb, .te] {
          let differences = (2...6).map { l in
            (8 * (p1[name][l] - m1[name][l]) - (p2[name][l] - m2[name][l])) / (12 * h)
          }
          let found = Array(derivatives[axis][name][2...6])
          let scale = (2...6).map { abs(p1[name][$0]) / (axis == 0 ? 0.05 : 0.3) }.max() ?? 0
          let bound = scale * (pow(h / (axis == 0 ? 0.05 : 0.3), 4) + 300 * 0x1p-53 / h)
          for (a, b) in zip(found, differences) {
            #expect(abs(a - b) < bound, "\(label) \(name) axis \(axis) \(theta): \(a), \(b)")
          }
          // Negative control: the derivative with respect to the other parameter.
          let other = Array(derivatives[1 - axis][name][2...6])
          let worst = zip(other, differences).map { abs($0 - $1) }.max() ?? 0
          #expect(worst > 1000 * bound, "\(label) \(name) axis \(axis): \(worst), \(bound)")
        }
        #expect(derivatives[axis][.eb].allSatisfy { $0 == 0 })
        #expect(derivatives[axis][.ee].prefix(2).allSatisfy { $0 == 0 })
      }
    }
  }

  private static let ways = InterpolationReport.Quantity.allCases.flatMap { quantity in
    InterpolationReport.Coordinates.allCases.map { (quantity, $0) }
  }

  private func priors(_ coordinates: InterpolationReport.Coordinates) -> [ParameterPrior?] {
    TestTables.two.map { coordinates == .priors ? $0.prior : nil }
  }

  @Test("On a grid", arguments: ways)
  func grid(
    quantity: InterpolationReport.Quantity, coordinates: InterpolationReport.Coordinates
  ) throws {
    let table = try TestTables.table(
      TestTables.two, nodes: TestTables.product(TestTables.axes), lmax: 6,
      TestTables.exponentials)
    let fit = GridFit(table, axes: TestTables.axes, priors: priors(coordinates))
    check(fit.interpolant(quantity), "\(quantity) \(coordinates)")
  }

  @Test("Through scattered nodes", arguments: ways)
  func scattered(
    quantity: InterpolationReport.Quantity, coordinates: InterpolationReport.Coordinates
  ) throws {
    var numbers = TestNumbers(seed: 86)
    var nodes: [[Double]] = [[0, -1], [1, 2], [0, 2], [1, -1]]
    while nodes.count < 60 { nodes.append([numbers.uniform(), numbers.uniform(-1, 2)]) }
    let table = try TestTables.table(
      TestTables.two, nodes: nodes, lmax: 6, TestTables.exponentials)
    let fit = ScatteredFit(table, priors: priors(coordinates))
    let values = PackedSpectra(table, order: Array(nodes.indices), quantity: quantity)
    check(fit.interpolant(values, degree: 4), "\(quantity) \(coordinates)")
  }

  /// The model's own derivatives are those of what it chose.
  @Test("Of the model")
  func model() throws {
    let table = try TestTables.table(
      TestTables.two, nodes: TestTables.product(TestTables.axes), lmax: 6,
      TestTables.exponentials)
    let model = try TabulatedModel(table)
    let fit = GridFit(table, axes: TestTables.axes, priors: priors(.priors))
    let expected = fit.interpolant(.logarithms).derivatives(at: [0.3, 0.2])
    #expect(model.derivatives(at: [0.3, 0.2]) == expected)
  }
}
