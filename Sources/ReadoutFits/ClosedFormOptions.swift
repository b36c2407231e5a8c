import LinearAlgebra

/// How the readout is fitted.
public struct ClosedFormOptions: Codable, Sendable, Equatable {
  /// What a residual is measured in.
  public enum Weighting: String, Codable, Sendable {
    /// r = p − t.
    case uniform
    /// r = (p − t)/t: weights 1/t².
    case relative
  }

  public var weighting: Weighting
  /// Candidates for the ridge, in units of the mean squared scaled feature. With several, the best
  /// one on maps left out is taken; 0 is no ridge.
  public var ridges: [Double]
  /// Parts of the data of which each is left out in turn to choose among the ridges.
  public var folds: Int
  /// Largest number of reweighted fits that turn the mean of r² into the mean of |r|; 0: none.
  public var absoluteIterations: Int
  /// Maps from which the features' mean and scale are taken.
  public var standardisationMaps: Int

  public init(
    weighting: Weighting = .relative, ridges: [Double] = [0], folds: Int = 5,
    absoluteIterations: Int = 0, standardisationMaps: Int = 4096
  ) {
    self.weighting = weighting
    self.ridges = ridges
    self.folds = folds
    self.absoluteIterations = absoluteIterations
    self.standardisationMaps = standardisationMaps
  }

  /// - Throws: `ClosedFormError.invalidOption`.
  func validate() throws(ClosedFormError) {
    guard !ridges.isEmpty, ridges.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw .invalidOption(key: "ridges", found: "\(ridges)", expected: "one or more, each >= 0")
    }
    guard folds >= 2 else {
      throw .invalidOption(key: "folds", found: "\(folds)", expected: "at least 2")
    }
    guard absoluteIterations >= 0 else {
      throw .invalidOption(
        key: "absoluteIterations", found: "\(absoluteIterations)", expected: "0 or more")
    }
    guard standardisationMaps >= 2 else {
      throw .invalidOption(
        key: "standardisationMaps", found: "\(standardisationMaps)", expected: "at least 2")
    }
  }
}
