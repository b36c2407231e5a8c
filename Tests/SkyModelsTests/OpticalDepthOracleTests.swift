import FileFormats
import Foundation
import Testing
import Verification

@testable import SkyModels

@Suite("Spectra in tau against CAMB")
struct OpticalDepthOracleTests {
  enum Sky: String, CaseIterable {
    case physical, published

    var table: OpticalDepthTable { self == .physical ? .physical : .published }
  }

  private static func tensors() throws -> NamedTensors {
    let name = "spectra/optical_depth_check.safetensors"
    return try SafetensorsFile(data: FixtureStore.data(name), name: name).tensors
  }

  /// The numbers in the program are those of the file that CAMB's numbers were written to, bit by
  /// bit.
  @Test("Files and program have the same tables", arguments: Sky.allCases)
  func files(sky: Sky) throws {
    let url = FixtureStore.url("spectra/optical_depth_\(sky.rawValue).fits")
    let table = try OpticalDepthTable(contentsOf: url)
    #expect(table == sky.table)
    #expect(table.range == 0.03...0.08 && table.lmax == 47)
    // Negative control: the other table.
    #expect(try OpticalDepthTable(contentsOf: url) != (sky == .physical ? .published : .physical))
  }

  /// Between the nodes the interpolated C_l is CAMB's within 1e-5, the accuracy that is claimed.
  /// Blind to: errors of CAMB itself.
  @Test("Interpolation", arguments: Sky.allCases)
  func interpolation(sky: Sky) throws {
    let tensors = try Self.tensors()
    let taus = try tensors.tensor("tau").doubles()
    for (field, name) in [(SkyField.e, "ee"), (.b, "bb")] {
      let expected = try tensors.tensor("\(sky.rawValue).\(name)").doubles()
      let table = sky.table
      let rows = field == .e ? table.ee : table.bb
      var (worst, control) = (0.0, 0.0)
      for (k, tau) in taus.enumerated() {
        let spectrum = try table.spectrum(of: field, tau: tau)
        let above = try #require(table.nodes.firstIndex { $0 > tau })
        for l in 2...47 {
          let value = expected[k * 48 + l]
          let error = abs(spectrum[l] / value - 1)
          worst = max(worst, error.isNaN ? .infinity : error)
          // Negative control: the next lower node, without interpolation.
          control = max(control, abs(rows[above - 1][l] / value - 1))
        }
      }
      #expect(worst <= 1e-5, "\(sky) \(name): \(worst)")
      if field == .e { #expect(control > 1000 * 1e-5, "\(sky) \(name): \(control)") }
    }
  }

  /// At the middle node CAMB with a higher lmax, more accurate lensing or smaller steps gives the
  /// same C_l within 2e-3, about the accuracy that CAMB claims for itself. Blind to: what all
  /// settings have in common.
  @Test("The physical spectra have converged")
  func convergence() throws {
    let tensors = try Self.tensors()
    for name in ["ee", "bb"] {
      let middle = try tensors.tensor("middle.\(name)").doubles()
      for setting in ["lmax", "lens_potential_accuracy", "accuracy"] {
        let higher = try tensors.tensor("higher.\(setting).\(name)").doubles()
        let worst = (2...47).map { abs(middle[$0] / higher[$0] - 1) }.max() ?? .infinity
        #expect(worst <= 2e-3, "\(name), \(setting): \(worst)")
      }
    }
  }

  /// The published table is D_l of a short calculation: EE is l(l + 1)/2π times the physical C_l to
  /// a few per cent (lensing hardly touches EE at these degrees), and BB falls short by a third or
  /// more.
  @Test("What the published table holds")
  func published() throws {
    for tau in [0.031, 0.055, 0.079] {
      for l in 2...47 {
        let factor = Double(l * (l + 1)) / (2 * .pi)
        let (wrong, right) = (
          try OpticalDepthTable.published.spectrum(of: .e, tau: tau)[l],
          try OpticalDepthTable.physical.spectrum(of: .e, tau: tau)[l]
        )
        #expect(abs(wrong / (right * factor) - 1) < 0.03, "tau \(tau), l \(l)")
        let (wrongB, rightB) = (
          try OpticalDepthTable.published.spectrum(of: .b, tau: tau)[l],
          try OpticalDepthTable.physical.spectrum(of: .b, tau: tau)[l]
        )
        #expect(wrongB / (rightB * factor) < 0.8, "tau \(tau), l \(l)")
      }
    }
  }
}
