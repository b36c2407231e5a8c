import SpecialFunctions
import SpectralNetworks
import Training

/// A source whose targets are coordinates of the parameters.
///
/// Rounding:   the parameters come as float32, and so do their coordinates: a relative error of
///             10⁻⁷ each.
/// Checked by: PublishedTableTests.
package struct TargetSource<Base: MapSource<Float>>: MapSource {
  private let base: Base
  private let targets: PublishedTargets?
  private let priors: [ParameterPrior]

  /// The maps of a source with other targets.
  ///
  /// - Parameters:
  ///   - base: the source of maps and parameters.
  ///   - targets: the coordinate; nil: the parameters themselves.
  ///   - priors: one per parameter.
  package init(_ base: Base, targets: PublishedTargets?, priors: [ParameterPrior]) {
    self.base = base
    self.targets = targets
    self.priors = priors
  }

  package func batch(
    maps: Range<Int>, purpose: MapPurpose, threads: Int
  ) throws -> MapBatch<Float> {
    var batch = try base.batch(maps: maps, purpose: purpose, threads: threads)
    guard let targets else { return batch }
    batch.targets = batch.targets.enumerated().map { element, value in
      // Rounding to float32 may leave the range, and for r = 0 the domain of the logarithm.
      let prior = priors[element % priors.count]
      let own = max(prior.range.lowerBound, min(Double(value), prior.range.upperBound))
      return Float(targets.coordinate(of: own, prior: prior))
    }
    return batch
  }
}
