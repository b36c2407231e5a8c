/// What random numbers are drawn for. Streams of different purposes never share a counter.
public enum StreamPurpose: UInt8, Sendable, Hashable, CaseIterable {
  /// Coefficients of Gaussian fields.
  case sky = 1
  /// White noise of pixels.
  case noise = 2
  /// Parameters drawn from their prior.
  case parameter = 3
  /// Elements that dropout removes.
  case dropout = 4
  /// Weights before training.
  case initialWeights = 5
  /// Orders and choices that are neither of these: shuffles, subsets.
  case selection = 6
  /// Parameters drawn from posteriors.
  case posterior = 7
  /// Maps by which an iterative filter chooses its steps.
  case filter = 8
}
