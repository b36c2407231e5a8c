import Tasks

/// Errors that others report for one parameter of one row, mean |error|/θ in percent.
package struct PublishedResult: Sendable, Hashable {
  /// The published spectral network.
  package let spectralNetwork: Double?
  /// The same, trained again by its authors.
  package let repeatedRun: Double?
  /// The pixel network NNhealpix [KT19].
  package let pixelNetwork: Double?
  /// Markov chains on the likelihood [KT19].
  package let markovChain: Double?
  /// Whether the spectral network was trained and tested on another sky than a model of this row:
  /// on t2 and t3 its figures belong to the protocol `published` and can be compared with that
  /// alone.
  package let isOnAnotherSky: Bool
}

/// What is published about the benchmark.
///
/// Source: the network "SpectralCNN" from its model card; NNhealpix and the Markov chains from
/// [KT19].
/// Skies:  [KT19] draw polarisation with correct covariances, the protocol `physical`. The spectral
///         network of t2 and t3 saw the sky of the protocol `published` (`PublishedSky`). For t1
///         both are the same.
/// Not in: other noise levels, sky fractions and resolutions; the second t3 figure is from spectra
/// that its
///         authors corrected from D_l to C_l.
/// Checked by: PublishedResultsTests.
package enum PublishedResults {
  /// The published errors of a parameter of a row; nil where nothing is published.
  package static func result(_ settings: TaskSettings, parameter: String) -> PublishedResult? {
    guard settings.nside == 16 else { return nil }
    switch settings.task {
    case .t1: return temperature(settings.noise)
    case .t2: return peaks(settings, isFirst: parameter == settings.parameterNames[0])
    case .t3:
      guard settings.noise == 0, settings.mask == nil else { return nil }
      return row(3.76, 2.23, 4.0, 2.8, settings)
    }
  }

  /// T1 by noise per pixel.
  private static func temperature(_ noise: Double) -> PublishedResult? {
    let rows: [Double: [Double?]] = [
      0: [1.27, 1.30, 1.3, 0.7], 5: [3.58, 3.52, 2.9, 2.5], 10: [6.81, nil, 5.2, 4.8],
      15: [11.98, 11.79, 8.4, 7.8],
    ]
    return rows[noise].map {
      PublishedResult(
        spectralNetwork: $0[0], repeatedRun: $0[1], pixelNetwork: $0[2], markovChain: $0[3],
        isOnAnotherSky: false)
    }
  }

  /// T2 by sky fraction; the first parameter is the peak of E. [KT19] give one figure for both.
  private static func peaks(_ settings: TaskSettings, isFirst: Bool) -> PublishedResult? {
    guard settings.noise == 0 else { return nil }
    let rows: [(fraction: Double, e: [Double?], b: [Double?], pixel: Double, chain: Double?)] = [
      (1, [1.69, 1.53], [1.53, 1.62], 2.7, 0.7), (0.5, [1.95, nil], [1.91, nil], 3.9, nil),
      (0.2, [2.15, nil], [2.17, nil], 5.3, nil), (0.1, [2.56, nil], [2.70, nil], 6.4, nil),
      (0.05, [3.01, nil], [3.11, nil], 8.4, nil),
    ]
    guard let own = rows.first(where: { $0.fraction == settings.skyFraction }) else { return nil }
    let network = isFirst ? own.e : own.b
    return row(network[0], network[1], own.pixel, own.chain, settings)
  }

  private static func row(
    _ network: Double?, _ repeated: Double?, _ pixel: Double?, _ chain: Double?,
    _ settings: TaskSettings
  ) -> PublishedResult {
    let isPublished = settings.skyProtocol == .published
    return PublishedResult(
      spectralNetwork: network, repeatedRun: repeated, pixelNetwork: isPublished ? nil : pixel,
      markovChain: isPublished ? nil : chain, isOnAnotherSky: !isPublished)
  }
}
