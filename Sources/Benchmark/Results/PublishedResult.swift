import FileFormats

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

extension PublishedResult {
  /// The spectral network's figure with that of the repeated run: "1.27 (1.30)"; empty if nothing
  /// is published.
  ///
  /// - Parameter otherSky: what follows if the figure belongs to another sky.
  /// - Returns: the text.
  package func networkText(otherSky: String) -> String {
    guard let spectralNetwork else { return "" }
    let repeated = repeatedRun.map { " (\(NumberText.fixed($0, decimals: 2)))" } ?? ""
    return NumberText.fixed(spectralNetwork, decimals: 2) + repeated
      + (isOnAnotherSky ? otherSky : "")
  }
}
