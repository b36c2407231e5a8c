import Foundation
import Testing
import Verification

@testable import SkyModels

@Suite("Interpolation in tau")
struct OpticalDepthPropertyTests {
  /// ln C_l = q_l(x), a polynomial of degree N = 6 in x = (2τ − a − b)/(b − a) with coefficients
  /// that differ for every l and field.
  private func polynomial(_ x: Double, l: Int, field: SkyField) -> (value: Double, slope: Double) {
    let scale = field == .e ? 1.0 : -0.7
    var (value, slope) = (0.0, 0.0)
    for k in stride(from: 6, through: 0, by: -1) {
      slope = slope * x + value
      value = value * x + scale * cos(Double(k * k + l))
    }
    return (value, slope)
  }

  private let a = 0.2
  private let b = 0.9

  private func table() throws -> OpticalDepthTable {
    let nodes = OpticalDepthTable.chebyshevNodes(a, b, 7)
    func rows(_ field: SkyField) -> [[Double]] {
      nodes.map { tau in
        (0...9).map { l in
          l < 2 ? 0 : exp(polynomial((2 * tau - a - b) / (b - a), l: l, field: field).value)
        }
      }
    }
    return try OpticalDepthTable(nodes: nodes, ee: rows(.e), bb: rows(.b))
  }

  /// A polynomial of degree N is reproduced, and so is its derivative: with |q| ≤ 7 at the nodes,
  /// each coefficient has an error of 8 · 7 · 10 u (8 terms, of the table, its logarithm and the
  /// cosine), the sum of 7 of them 7 times that, and of k² times them (|T_k'| ≤ k²) 91 times.
  /// Negative control: a series of one term less.
  @Test("Polynomials are exact")
  func polynomials() throws {
    let table = try table()
    let unit = 8 * 7 * 10 * 0x1p-53
    var control = 0.0
    for tau in [0.2, 0.2001, 0.317, 0.55, 0.7123, 0.8999, 0.9] {
      let x = (2 * tau - a - b) / (b - a)
      for field in [SkyField.e, .b] {
        let spectrum = try table.spectrum(of: field, tau: tau)
        let derivative = try table.derivative(of: field, tau: tau)
        for l in 2...9 {
          let expected = polynomial(x, l: l, field: field)
          #expect(abs(log(spectrum[l]) - expected.value) <= 7 * unit, "tau \(tau), l \(l)")
          let slope = derivative[l] / spectrum[l] * (b - a) / 2
          #expect(abs(slope - expected.slope) <= 91 * unit, "tau \(tau), l \(l)")
          let shorter = expected.value - cos(Double(36 + l)) * cos(6 * acos(x)) / 32
          control = max(control, abs(log(spectrum[l]) - shorter))
        }
        #expect(spectrum[0] == 0 && spectrum[1] == 0 && derivative[0] == 0 && derivative[1] == 0)
      }
    }
    #expect(control > 1000 * 7 * unit)
  }

  /// At the nodes of the shipped tables the tabulated C_l comes back: ln C_l is at most 25 in size,
  /// of 25 terms, 26 · 25 · 4 u for a coefficient and 25 of them.
  @Test("Nodes are reproduced")
  func nodes() throws {
    for table in [OpticalDepthTable.physical, .published] {
      for (k, tau) in table.nodes.enumerated() {
        for (field, rows) in [(SkyField.e, table.ee), (.b, table.bb)] {
          let spectrum = try table.spectrum(of: field, tau: tau)
          let bound = 25 * 26 * 25 * 4 * 0x1p-53
          for l in 2...47 {
            #expect(abs(spectrum[l] / rows[k][l] - 1) <= bound, "node \(k), l \(l)")
          }
          // Negative control: the neighbouring node.
          let other = rows[k == 0 ? 1 : k - 1]
          #expect(abs(spectrum[2] / other[2] - 1) > 1000 * bound)
        }
      }
    }
  }

  @Test("Families interpolate the table")
  func families() throws {
    let family = OpticalDepthTable.physical.family(.b)
    #expect(family.parameterName == "tau" && family.parameterRange == 0.03...0.08)
    #expect(
      try family.spectrum(at: 0.06) == OpticalDepthTable.physical.spectrum(of: .b, tau: 0.06))
    #expect(
      try family.derivative(at: 0.06) == OpticalDepthTable.physical.derivative(of: .b, tau: 0.06))
  }
}
