import Tasks

/// What is published about the benchmark: `Fixtures/benchmark/published.json`.
///
/// Source: the network "SpectralCNN" from its model card; NNhealpix and the Markov chains from
/// [KT19].
/// Skies:  [KT19] draw polarisation with correct covariances, the protocol `physical`. The spectral
///         network of t2 and t3 saw the sky of the protocol `published` (`PublishedSky`). For t1
///         both are the same.
/// Absent: other noise levels, sky fractions and resolutions.
/// Note:   the second t3 figure is from spectra that its authors corrected from D_l to C_l.
/// Checked by: PublishedResultsTests.
package enum PublishedResults {
  private struct Row: RowRecord {
    let task: BenchmarkTask
    let noise: Double
    let fsky: Double
    let parameter: String
    let spectralNetwork: Double?
    let repeatedRun: Double?
    let pixelNetwork: Double?
    let markovChain: Double?
  }

  private static let rows = Result { try Row.read("published.json") }

  /// The published errors of a parameter of a row; nil where nothing is published.
  ///
  /// - Throws: `FixtureError` where the records are missing, `DecodingError`.
  package static func result(
    _ settings: TaskSettings, parameter: String
  ) throws -> PublishedResult? {
    try rows.get().row(settings, parameter: parameter).map { row in
      let isPublishedSky = settings.isPublishedSky
      return PublishedResult(
        spectralNetwork: row.spectralNetwork, repeatedRun: row.repeatedRun,
        pixelNetwork: isPublishedSky ? nil : row.pixelNetwork,
        markovChain: isPublishedSky ? nil : row.markovChain,
        isOnAnotherSky: settings.task.hasPublishedSky && !isPublishedSky)
    }
  }
}
