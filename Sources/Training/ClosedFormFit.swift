import Foundation
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

/// How good the fit of one output is, on the maps it was fitted to.
public struct ClosedFormReport: Codable, Sendable, Equatable {
  /// The error of one ridge on maps left out; nil when a fit was singular.
  public struct RidgeTrial: Codable, Sendable, Equatable {
    public var ridge: Double
    /// √(mean r²) over the maps left out.
    public var rootMeanSquare: Double?
  }

  /// Number of maps.
  public var maps: Int
  /// Number of coefficients, the constant counted.
  public var unknowns: Int
  /// The ridge taken.
  public var ridge: Double
  /// All ridges tried; empty when there was only one.
  public var trials: [RidgeTrial]
  /// Estimated condition number of the normal equations in scaled features.
  public var condition: Double
  /// √(mean r²) after the least-squares fit.
  public var rootMeanSquare: Double
  /// Mean |r| after the least-squares fit and after each reweighted one; empty without reweighting.
  public var meanAbsolute: [Double]
}

/// A linear readout, output_o = bias_o + Σ_k feature_k weights[k][o], fitted in closed form.
///
/// Definition:  minimises Σ_maps r² (+ ridge), or Σ_maps |r|, for each output on its own; r is the
///              residual or the relative residual (`ClosedFormOptions.Weighting`).
/// Method:      features are scaled by mean and deviation of the first maps, so that the normal
///              equations do not square a condition number that is only a matter of units. The
///              equations are summed in `Double` and solved by Cholesky. Σ|r| by iteratively
///              reweighted least squares [Holland1977] with weights 1/max(|r|, δ), δ one twentieth of
///              the first mean |r|: that minimises Huber's function of r, which differs from |r| only
///              where |r| < δ, and never increases it.
/// Cost:        maps · (features + 2)² multiplications per pass and output, one pass and one more per
///              reweighting.
/// Bits:        the number of threads changes none.
/// Checked by:  ClosedFormDefinitionTests, ClosedFormErrorTests.
public struct ClosedFormFit: Sendable, Equatable {
  /// `[feature][output]`.
  public let weights: [Double]
  /// `[output]`.
  public let bias: [Double]
  /// One per output.
  public let reports: [ClosedFormReport]

  /// Fits the readout to all maps of a source.
  ///
  /// - Parameters:
  ///   - source: features and targets; read once, plus once per reweighting and once to finish.
  ///   - options: what to minimise.
  ///   - threads: threads to use at most.
  ///   - progress: told how many maps of all weighted passes are done, of as many as there can be; stops the fit
  ///     between blocks of maps and while equations are solved.
  /// - Throws: `ClosedFormError`, or what the source throws.
  public init(
    _ source: some FeatureSource, options: ClosedFormOptions = ClosedFormOptions(), threads: Int,
    progress: WorkProgress = WorkProgress()
  ) throws {
    var solver = try ClosedFormSolver(
      source: source, options: options, threads: threads, progress: progress)
    try solver.fitSquares()
    try solver.fitAbsolute()
    solver.finish()
    (weights, bias) = solver.readout
    reports = solver.reports
  }

  /// The outputs of some maps, `[map][output]`; features are `[map][feature]`.
  public func predict(_ features: [Double]) -> [Double] {
    let outputs = bias.count
    let width = weights.count / outputs
    precondition(
      features.count.isMultiple(of: max(width, 1)), "\(features.count) values, \(width) per map")
    var result: [Double] = []
    for map in 0..<features.count / width {
      for o in 0..<outputs {
        var sum = bias[o]
        for k in 0..<width {
          sum += features[map * width + k] * weights[k * outputs + o]
        }
        result.append(sum)
      }
    }
    return result
  }
}
