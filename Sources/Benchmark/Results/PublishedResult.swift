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
