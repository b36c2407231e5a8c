import Foundation
import LinearAlgebra
import Testing
import Verification

@testable import SkyModels

@Suite("Divergence of spectra")
struct SpectraDivergenceDefinitionTests {
  /// Random covariances of T, E and B without EB and TB.
  private func random(
    _ numbers: inout TestNumbers, near other: NamedSpectra? = nil, by step: Double = 1
  ) throws -> NamedSpectra {
    let size = 6
    func list(_ old: [Double]?) -> [Double] {
      (0..<size).map { l in
        l < 2 ? 0 : (old?[l] ?? 1) * exp(step * numbers.normal())
      }
    }
    let (tt, ee, bb) = (list(other?.tt), list(other?.ee), list(other?.bb))
    let te = (0..<size).map { l in
      l < 2 ? 0 : (other?.te[l] ?? 0) + step * 0.2 * numbers.normal() * (tt[l] * ee[l]).squareRoot()
    }
    return try NamedSpectra(tt: tt, ee: ee, bb: bb, te: te)
  }

  /// (2l + 1)/2 [tr(C⁻¹ C') − ln det(C⁻¹ C') − 3] with the matrices themselves.
  private func definition(_ found: NamedSpectra, _ truth: NamedSpectra, l: Int) throws -> Double {
    let (new, old) = (found.covariance(l: l), truth.covariance(l: l))
    func determinant(_ c: Matrix) -> Double {
      (c[0, 0] * c[1, 1] - c[0, 1] * c[0, 1]) * c[2, 2]
    }
    let product = try CholeskyFactor(old).inverse().multiplied(by: new)
    let trace = (0..<3).map { product[$0, $0] }.reduce(0, +)
    return (Double(l) + 0.5) * (trace - log(determinant(new) / determinant(old)) - 3)
  }

  /// Large differences, where the definition is accurate: 1e-12 of the sum of the terms' sizes, for
  /// covariances with condition numbers below 100. Blind to: cancellation (the next test).
  @Test("Against the matrices")
  func matrices() throws {
    var numbers = TestNumbers(seed: 71)
    for _ in 0..<40 {
      let truth = try random(&numbers, by: 0.5)
      let found = try random(&numbers, near: truth, by: 0.3)
      let terms = SpectraDivergence.terms(of: found, from: truth)
      let reverse = SpectraDivergence.terms(of: truth, from: found)
      #expect(terms[0] == 0 && terms[1] == 0)
      var control = 0.0
      for l in 2..<6 {
        let expected = try definition(found, truth, l: l)
        #expect(abs(terms[l] - expected) < 1e-12 * 100 * (1 + expected), "l \(l)")
        control = max(control, abs(reverse[l] - expected))
      }
      // Negative control: the divergence is not symmetric.
      #expect(control > 1e-5)
    }
  }

  /// For small differences the divergence is (2l + 1)/4 tr[(C⁻¹ Δ)²], a change of all powers by ε
  /// thus (2l + 1)/4 · 3 ε² with three fields: no digits are lost where C' is near C. The next
  /// order is ε of it, and rounding of ε itself u/ε.
  @Test("Small differences", arguments: [1e-3, 1e-5, 1e-7])
  func small(step: Double) throws {
    var numbers = TestNumbers(seed: 72)
    let truth = try random(&numbers, by: 0.5)
    func scaled(_ values: [Double]) -> [Double] { values.map { $0 * (1 + step) } }
    let found = try NamedSpectra(
      tt: scaled(truth.tt), ee: scaled(truth.ee), bb: scaled(truth.bb), te: scaled(truth.te))
    let terms = SpectraDivergence.terms(of: found, from: truth)
    for l in 2..<6 {
      let expected = Double(2 * l + 1) / 4 * 3 * step * step
      #expect(abs(terms[l] / expected - 1) < 2 * step + 100 * 0x1p-53 / step, "l \(l)")
    }
    #expect(SpectraDivergence.terms(of: truth, from: truth).allSatisfy { $0 == 0 })
  }

  /// What is no covariance is infinitely far.
  @Test("No covariance")
  func infinite() {
    func one(_ tt: Double, _ ee: Double, _ bb: Double, _ te: Double) -> NamedSpectra {
      NamedSpectra(uncheckedTT: [tt], ee: [ee], bb: [bb], te: [te], eb: [0], tb: [0])
    }
    let truth = one(1, 1, 1, 0.5)
    for bad in [
      one(-1, 1, 1, 0.5), one(1, 0, 1, 0), one(1, 1, -1e-9, 0.5), one(1, 1, 1, 1.1),
      one(-1, -1, 1, 0.5),
    ] {
      #expect(SpectraDivergence.terms(of: bad, from: truth)[0] == .infinity)
    }
    #expect(SpectraDivergence.terms(of: one(1, 1, 0, 0), from: one(1, 1, 0, 0))[0] == 0)
    #expect(SpectraDivergence.terms(of: one(2, 0, 0, 0), from: one(1, 0, 0, 0))[0] < .infinity)
  }
}
