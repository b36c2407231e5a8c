import Foundation
import Testing
import Verification

@testable import SpectralNetworks

/// The bands that a network starts with, and widths that make none.
@Suite("Configuration of an isotropic network")
struct IsotropicConfigurationTests {
  /// w_l = exp(−(l − l_o)²/2s²) with centres from degree 2 to lmax = 7, in float32. Three bands are
  /// 2.5 degrees apart.
  @Test("Initial bands", arguments: [nil, 0.6])
  func initialBands(width: Double?) throws {
    var configuration = IsotropicConfiguration.polarised([6], groups: 2)
    configuration.bandWidth = width
    let network = try IsotropicNetwork<Float>(configuration, seed: 1)
    func expected(_ share: Double) -> [Double] {
      (0...7).flatMap { l in
        (0..<2).flatMap { _ in
          [2, 4.5, 7].map { centre -> Double in
            let distance = (Double(l) - centre) / (2.5 * share)
            return exp(-distance * distance / 2)
          }
        }
      }
    }
    let found = network.parameters[0].values.map { Double($0) }
    let bound = Double(Float.ulpOfOne)
    #expect(relativeError(found, expected(width ?? 0.3)) <= bound)
    // Negative control: the other width.
    #expect(relativeError(found, expected(width == nil ? 0.6 : 0.3)) > 1000 * bound)
  }

  @Test("Widths that make no band", arguments: [0, -1, Double.nan, .infinity])
  func widths(width: Double) {
    var configuration = IsotropicConfiguration.small([3])
    configuration.bandWidth = width
    let error = #expect(throws: NetworkConfigurationError.self) { try configuration.validate() }
    #expect(
      error
        == .invalid(key: "width of bands", found: "\(width)", expected: "a number above 0"))
    var deep = IsotropicConfiguration.small([2, 3])
    deep.bandWidth = 0.6
    #expect(throws: NetworkConfigurationError.self) { try deep.validate() }
    #expect(throws: Never.self) { try IsotropicConfiguration.small([2, 3]).validate() }
    #expect(throws: Never.self) { try IsotropicConfiguration.small([3]).validate() }
  }
}
