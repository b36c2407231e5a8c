import SpectralNetworks
import Testing

@testable import Models
@testable import Tasks

/// Predictions outside the prior: how many error bars outside are a warning, and how many are no
/// estimate.
@Suite("Predictions outside the prior")
struct PriorWarningTests {
  /// The prediction of a network whose output is a constant, `bars` error bars above the prior's
  /// upper end or below its lower one. Beyond the last node the bar is that of the node.
  private func prediction(_ bars: Double, above: Bool) throws -> Prediction {
    var own = try model(isotropicNetwork())
    guard var network = own.network as? IsotropicNetwork<Float> else {
      throw NetworkConfigurationError.invalid(
        key: "architecture", found: "another", expected: "isotropic")
    }
    let prior = try #require(own.description.priorRange)
    let calibration = try #require(own.calibration?[0])
    let bar = calibration.standardError(at: above ? 1000 : -1000)
    let value = above ? prior.upperBound + bars * bar : prior.lowerBound - bars * bar
    network.installReadout(
      weights: [Double](repeating: 0, count: network.featureCount), bias: [value])
    own.network = network
    let maps = [Float](repeating: 1, count: 12 * 16 * 16)
    let found = try own.predict(maps, count: 1, threads: 1)[0][0]
    #expect(abs(found.value - value) <= 1e-5 * abs(value))
    #expect(bars < 0 || found.standardError == bar)
    return found
  }

  @Test("Two error bars are a warning, four are no estimate", arguments: [true, false])
  func thresholds(above: Bool) throws {
    for (bars, isWarned, isRefused) in [
      (-0.5, false, false), (0.0, false, false), (1.98, false, false), (2.02, true, false),
      (3.96, true, false), (4.04, true, true),
    ] {
      let found = try prediction(bars, above: above)
      #expect(
        found.warnings.contains { $0.contains("is outside the prior range 5...20") } == isWarned,
        "\(bars) bars: \(found.warnings)")
      #expect(
        (found.reason?.contains("is far outside the prior range 5...20") ?? false) == isRefused,
        "\(bars) bars: \(found.reason ?? "no reason")")
    }
  }
}
