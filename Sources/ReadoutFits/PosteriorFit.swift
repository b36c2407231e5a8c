import Foundation
import Kernels
import LinearAlgebra
import SpectralNetworks

/// The readout of a family of joint posteriors by maximum likelihood.
///
///     η_k(x) = w_0k + Σ_f w_fk x'_f,      w = argmin 1/N Σ_maps −ln p(q | η(x))
///
/// with x' the features scaled by mean and deviation (`FeatureScaling`), or for splines by their
/// root mean square, and q the true parameters as probabilities of their priors. −ln p is convex in
/// η and η is linear in w, so there is one minimum and no learning rate; for maps of the prior it
/// converges to the posterior if the family contains it.
/// Method:      Newton's method with Σ (x'e)(x'e)ᵀ, e = ⟨φ⟩_η − φ(q) the residual of a map, in
///              place of the Hessian Σ x'x'ᵀ ⊗ Cov_η(φ): at the minimum both have the same
///              expectation where the family contains the posterior [BerndtHallHallHausman1974].
///              The step is doubled or halved along its direction. From w = 0, the prior, first on
///              an eighth of the maps, then on all; from `PosteriorStart`, for splines, at once on
///              all: it is nearer to the end than the minimum of a few maps.
/// Why:         a narrow posterior is made of large coefficients that cancel each other; the
///              gradient alone sees their valley for thousands of iterations.
/// Accuracy:    P unknowns fitted to N maps cost P/2N nats on other maps where the family contains
///              the posterior.
/// Cost:        per iteration maps · P²/2 multiplications, P = terms · (features + 1), and per
///              trial step maps · terms · (2 nodes + features) with as many exponentials as nodes.
/// Memory:      maps · (features + 3 terms) · 8 bytes, and P² · 16.
/// Bits:        maps are cut into fixed shards whose sums are added in order: threads change none.
/// Checked by:  PosteriorFitTests.
public struct PosteriorFit: Sendable, Equatable {
  /// `[feature][k]`, of features as they come.
  public let weights: [Double]
  /// `[k]`.
  public let bias: [Double]
  public let report: DensityFitReport

  /// Fits the readout to all maps of a source.
  ///
  /// - Parameters:
  ///   - source: features, and parameters in their units; read twice.
  ///   - family: the densities.
  ///   - uses: the places k of the η_k that every feature enters, `[feature][…]`; the other
  ///     weights are zero. Nil: all.
  ///   - options: when to end; the ridge is relative to the Hessian's diagonal.
  ///   - threads: threads to use at most.
  ///   - stop: asked within evaluations whether to go on; nothing else of it is used.
  ///   - progress: called before every evaluation with the number done.
  /// - Throws: `ClosedFormError` for features or targets that are not finite, targets outside the
  ///   priors, too few maps, or features that depend on each other; what the source or `progress`
  ///   throws.
  public init(
    _ source: some FeatureSource, family: PosteriorFamily, uses: [[Int]]? = nil,
    options: DensityFitOptions = DensityFitOptions(iterations: 60, tolerance: 1e-4), threads: Int,
    stop: WorkProgress = WorkProgress(),
    progress: (_ evaluations: Int) throws -> Void = { _ in }
  ) throws {
    let objective = try PosteriorObjective(
      source, family: family, uses: uses, threads: threads, stop: stop)
    var search = NewtonSearch(objective, options: options, stop: stop)
    let few = max(objective.mapCount / 8, min(objective.mapCount, 4 * objective.unknowns))
    if few < objective.mapCount, !search.hasStart { try search.run(maps: few, progress: progress) }
    try search.run(maps: objective.mapCount, progress: progress)
    (weights, bias) = objective.unscaled(search.point)
    report = DensityFitReport(
      maps: objective.mapCount, unknowns: objective.unknowns, iterations: search.iterations,
      evaluations: search.evaluations, hasConverged: search.hasConverged,
      meanLogDensity: -search.value, gradientNorm: search.gradientNorm)
  }
}

/// Newton's method on a `PosteriorObjective`.
private struct NewtonSearch {
  let objective: PosteriorObjective
  let options: DensityFitOptions
  let stop: WorkProgress
  /// Whether the search begins elsewhere than at the prior.
  let hasStart: Bool
  var point: [Double]
  var value = Double.infinity
  var gradientNorm = 0.0
  var iterations = 0
  var evaluations = 0
  var hasConverged = false

  /// Largest factor of a step: far from the minimum residuals overestimate the curvature.
  private static let longestStep = 16.0
  private static let shortestStep = 0x1p-20

  init(_ objective: PosteriorObjective, options: DensityFitOptions, stop: WorkProgress) {
    self.objective = objective
    self.options = options
    self.stop = stop
    let start = objective.start()
    hasStart = start != nil
    point = start ?? [Double](repeating: 0, count: objective.unknowns)
  }

  /// Searches on the first `maps` maps from where the search is.
  mutating func run(maps: Int, progress: (Int) throws -> Void) throws {
    hasConverged = false
    var state = try evaluate(point, maps: maps, progress)
    for _ in 0..<options.iterations {
      iterations += 1
      let (gradient, hessian) = try objective.derivatives(state.residuals, maps: maps)
      gradientNorm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let step = try direction(gradient, hessian, maps: maps)
      let slope = -zip(gradient, step).reduce(0) { $0 + $1.0 * $1.1 }
      guard slope < 0,
        let next = try search(
          along: step, slope: slope, from: state.value, maps: maps, progress)
      else {
        hasConverged = true
        break
      }
      let gain = state.value - next.value
      state = next
      if gain < options.tolerance / 10 {
        hasConverged = true
        break
      }
    }
    value = state.value
  }

  private mutating func evaluate(
    _ point: [Double], maps: Int, _ progress: (Int) throws -> Void
  ) throws -> (value: Double, residuals: AlignedBuffer<Double>) {
    try progress(evaluations)
    evaluations += 1
    return try objective.evaluate(point, maps: maps)
  }

  /// −H⁻¹ g with a ridge on H: every diagonal element grows by the same share, so that the scale of
  /// no variable matters, and steps along which nothing changes are not taken.
  private func direction(
    _ gradient: [Double], _ hessian: Matrix, maps: Int
  ) throws -> [Double] {
    var matrix = hessian
    let count = matrix.rows
    for i in 0..<count {
      // An unknown that no map feels has a gradient of 0 as well.
      matrix[i, i] = matrix[i, i] > 0 ? matrix[i, i] * (1 + max(options.ridge, 1e-10)) : 1
    }
    do throws(LinearAlgebraError) {
      return try CholeskyFactor(matrix, progress: stop).solve(gradient)
    } catch {
      if case .interrupted = error { throw ClosedFormError.interrupted }
      throw ClosedFormError.singular(feature: nil, ridge: options.ridge, maps: maps)
    }
  }

  /// Moves to the best of the steps t = 1, 2, 4, … or ½, ¼, … that lower the value; nil if none
  /// does.
  private mutating func search(
    along step: [Double], slope: Double, from value: Double, maps: Int,
    _ progress: (Int) throws -> Void
  ) throws -> (value: Double, residuals: AlignedBuffer<Double>)? {
    let start = point
    func moved(_ t: Double) -> [Double] { zip(start, step).map { $0 - t * $1 } }
    var t = 1.0
    var best = try evaluate(moved(t), maps: maps, progress)
    while !(best.value <= value + 1e-4 * t * slope) {
      t /= 2
      guard t >= Self.shortestStep else { return nil }
      best = try evaluate(moved(t), maps: maps, progress)
    }
    while t >= 1, t < Self.longestStep {
      let further = try evaluate(moved(2 * t), maps: maps, progress)
      guard further.value < best.value else { break }
      (best, t) = (further, 2 * t)
    }
    point = moved(t)
    return best
  }
}
