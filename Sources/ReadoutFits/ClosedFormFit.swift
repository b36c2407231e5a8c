import LinearAlgebra

/// A linear readout, output_o = bias_o + Σ_k feature_k weights[k][o], fitted in closed form.
///
/// Definition:  minimises Σ_maps r² (+ ridge), or Σ_maps |r|, for each output on its own; r is the
///              residual or the relative residual (`ClosedFormOptions.Weighting`).
/// Method:      features are scaled by mean and deviation of the first maps, so that the normal
///              equations do not square a condition number that is only a matter of units. The
///              equations are summed in `Double` and solved by Cholesky. Σ|r| by iteratively
///              reweighted least squares [Holland1977] with weights 1/max(|r|, δ), δ one twentieth
///              of the first mean |r|: that minimises Huber's function of r, which differs from |r|
///              only where |r| < δ, and never increases it.
/// Cost:        maps · (features + 2)² multiplications per pass and output, one pass and one more
///              per reweighting.
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
  ///   - progress: told how many maps of all weighted passes are done, of as many as there can be;
  ///     stops the fit between blocks of maps and while equations are solved.
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
