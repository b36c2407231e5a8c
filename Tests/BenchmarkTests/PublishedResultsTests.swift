import Baselines
import Tasks
import Testing

@testable import Benchmark

@Suite("Published and recorded figures")
struct PublishedResultsTests {
  private static func rows() throws -> [TaskSettings] {
    try [0.0, 5, 10, 15].map { try TaskSettings(noise: $0) }
      + [1, 0.5, 0.2, 0.1, 0.05].map { try TaskSettings(task: .t2, skyFraction: $0) }
      + [TaskSettings(task: .t3)]
  }

  /// Every row of the benchmark has published figures; those of the spectral network on t2 and t3
  /// are said to be of another sky under the physical protocol, and the others' are left out under
  /// the published one.
  @Test("Every row has published figures")
  func published() throws {
    for physical in try Self.rows() {
      var published = physical
      published.skyProtocol = .published
      for parameter in physical.parameterNames {
        let own = try #require(try PublishedResults.result(physical, parameter: parameter))
        #expect(own.spectralNetwork != nil && own.pixelNetwork != nil)
        #expect(own.isOnAnotherSky == (physical.task != .t1))
        let other = try #require(try PublishedResults.result(published, parameter: parameter))
        #expect(!other.isOnAnotherSky && other.spectralNetwork == own.spectralNetwork)
        #expect((other.pixelNetwork == nil) == (physical.task != .t1))
      }
    }
    let peaks = try TaskSettings(task: .t2)
    #expect(try PublishedResults.result(peaks, parameter: "ell_e")?.spectralNetwork == 1.69)
    #expect(try PublishedResults.result(peaks, parameter: "ell_b")?.spectralNetwork == 1.53)
  }

  @Test("Rows without published figures")
  func unpublished() throws {
    let others = try [
      TaskSettings(noise: 7), TaskSettings(nside: 32), TaskSettings(task: .t2, noise: 5),
      TaskSettings(task: .t2, skyFraction: 0.3), TaskSettings(task: .t3, skyFraction: 0.1),
    ]
    for settings in others {
      #expect(try PublishedResults.result(settings, parameter: settings.parameterNames[0]) == nil)
    }
    #expect(try RecordedLimits.limit(others[0], parameter: "ell_peak") == nil)
    let degenerate = try TaskSettings(task: .t2, skyProtocol: .published)
    #expect(try RecordedLimits.limit(degenerate, parameter: "ell_e") == nil)
  }

  /// The recorded Cramér-Rao bounds of the full sky are those of the likelihood, to the digits that
  /// the table keeps: half a unit of the last of four. A neighbouring row is far off (the control).
  /// Blind to: the bounds of cut skies, which take minutes.
  @Test("Recorded bounds of the full sky")
  func bounds() throws {
    for settings in try Self.rows() where settings.mask == nil {
      let bounds = try SkyLimits.fullSkyCramerRao(settings.model(), noise: settings.noise)
      for (index, parameter) in settings.parameterNames.enumerated() {
        let own = try #require(try RecordedLimits.limit(settings, parameter: parameter))
        let bound = try #require(own.cramerRao)
        let unit = bound < 1 ? 1e-4 : 1e-3
        #expect(abs(bound - bounds[index]) <= 0.5 * unit, "\(settings.rowName): \(bounds)")
        // The optimum uses the prior, but cannot be far below the bound.
        let optimum = try #require(own.optimal?.value)
        #expect((0.85...1.01).contains(optimum / bound), "\(settings.rowName)")
      }
    }
    let noisy = try SkyLimits.fullSkyCramerRao(try TaskSettings(noise: 5).model(), noise: 5)[0]
    let clean =
      try RecordedLimits.limit(try TaskSettings(), parameter: "ell_peak")?.cramerRao ?? .nan
    #expect(abs(clean - noisy) > 1000 * 0.5e-3)
  }
}
