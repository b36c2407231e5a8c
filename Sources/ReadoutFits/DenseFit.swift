import Kernels
import LinearAlgebra
import SpectralNetworks

/// Two dense layers fitted to many maps at once, from given weights.
///
///     minimise  1/(N n) Σ_maps Σ_outputs ρ(ŷ_o − θ_o),
///               ŷ = b_2 + W_2 max(0, b_1 + W_1 x),   ρ of `Loss`
///     with      W_1 x + b_1 = A u + a,     u = (Λ + ε)^(−1/2) Vᵀ (x − x̄),
///               V Λ Vᵀ the covariance of x
///
/// The pooled channels of a network move together, and by much, with the parameter; what tells
/// neighbouring values of it apart is small beside that, and gradient descent is slow along such
/// directions. In u every direction with λ well above ε = 2⁻⁴⁰ λ_1 has variance 1, and L-BFGS
/// learns what curvature remains; ε keeps the change of variables invertible where a channel is
/// dead. The minimum is a local one.
/// Shapes:      x and u `[map][input]`, θ and ŷ `[map][output]`, weights as in `DenseWeights`.
/// Method:      `LimitedMemoryMinimiser` on the loss in units of its first value; u stays in memory
///              beside the source's x, twice maps · inputs · 8 bytes and the padding of its rows.
/// Cost:        maps · hidden · (2 inputs + 3 outputs) multiplications per evaluation.
/// Bits:        maps are cut into fixed shards whose sums are added in order: threads change none.
/// Source:      [NocedalWright2006, ch. 7].
/// Checked by:  DenseFitTests.
public struct DenseFit: Sendable, Equatable {
  /// The weights of the last iteration, acting on x.
  public let weights: DenseWeights
  /// How the search went.
  public let report: DenseFitReport

  /// Fits to all maps of a source.
  ///
  /// - Parameters:
  ///   - source: x and θ; read three times.
  ///   - start: where the search begins.
  ///   - options: loss, and when to end.
  ///   - threads: threads to use at most.
  ///   - stop: asked within passes and evaluations whether to go on; nothing else of it is used.
  ///   - progress: called before every evaluation with the number done.
  /// - Throws: `ClosedFormError` for numbers that are not finite, too few maps or impossible
  ///   options; `LinearAlgebraError`; what the source or `progress` throws.
  public init(
    _ source: some FeatureSource, start: DenseWeights,
    options: DenseFitOptions = DenseFitOptions(), threads: Int,
    stop: WorkProgress = WorkProgress(),
    progress: (_ evaluations: Int) throws -> Void = { _ in }
  ) throws {
    try options.validate()
    let (hidden, inputs) = (start.firstBias.count, source.featureCount)
    precondition(
      hidden > 0 && start.first.count == hidden * inputs
        && start.secondBias.count == source.outputCount
        && start.second.count == hidden * source.outputCount,
      "dense layers of other sizes than \(inputs) features and \(source.outputCount) outputs")
    let objective = try DenseObjective(
      source, hidden: start.firstBias.count, loss: options.loss, threads: threads, stop: stop)
    let first = objective.packed(start)
    let unit = objective.evaluate(first).value
    if stop.isStopped() { throw ClosedFormError.interrupted }
    guard unit.isFinite else { throw ClosedFormError.startNotFinite(loss: unit) }
    guard unit > 0 else {
      weights = start
      report = DenseFitReport(
        maps: objective.mapCount, unknowns: first.count, iterations: 0, evaluations: 1,
        hasConverged: true, firstLoss: 0, lastLoss: 0)
      return
    }
    var evaluations = 0
    let outcome = try LimitedMemoryMinimiser(
      iterations: options.iterations, tolerance: options.tolerance
    ).minimise(from: first) { point in
      try progress(evaluations)
      evaluations += 1
      let (value, gradient) = objective.evaluate(point)
      if stop.isStopped() { throw ClosedFormError.interrupted }
      return (value / unit, gradient.map { $0 / unit })
    }
    weights = objective.unpacked(outcome.x)
    report = DenseFitReport(
      maps: objective.mapCount, unknowns: outcome.x.count, iterations: outcome.iterations,
      evaluations: outcome.evaluations, hasConverged: outcome.hasConverged, firstLoss: unit,
      lastLoss: outcome.value * unit)
  }
}
