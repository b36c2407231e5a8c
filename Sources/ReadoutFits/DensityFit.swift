import Foundation
import Kernels
import LinearAlgebra
import SpectralNetworks

/// The readout of a density family by maximum likelihood: the conditional density of the parameters
/// given the features.
///
///     η_j(x) = w_0j + Σ_k w_kj x'_k,
///     w = argmin  1/(N n) Σ_maps Σ_parameters −ln p(θ | η(x)) + λ/2 Σ_{k ≥ 1} w_kj²
///
/// with x' the features scaled by mean and deviation (`FeatureScaling`). −ln p is convex in η and η
/// linear in w, so there is one minimum and no learning rate. It is logistic regression with a
/// continuum of classes; for maps of the prior it converges to the posterior if the family contains
/// it.
/// Method:      `LimitedMemoryMinimiser` from w = 0, the prior. Scaled features stay in memory
///              beside those of the source, twice maps · features · 8 bytes.
/// Cost:        4 maps · J · (features + 256) multiplications and 256 exponentials per map,
///              parameter and evaluation.
/// Bits:        maps are cut into fixed shards whose sums are added in order: threads change none.
/// Checked by:  DensityFitTests.
public struct DensityFit: Sendable, Equatable {
  /// `[feature][parameter, j]`, of features as they come.
  public let weights: [Double]
  /// `[parameter, j]`.
  public let bias: [Double]
  public let report: DensityFitReport

  /// Fits the readout to all maps of a source.
  ///
  /// - Parameters:
  ///   - source: features and parameters; read twice.
  ///   - family: the densities, the same for every parameter.
  ///   - options: when to end.
  ///   - threads: threads to use at most.
  ///   - stop: asked within evaluations whether to go on; nothing else of it is used.
  ///   - progress: called before every evaluation with the number done.
  /// - Throws: `ClosedFormError` for features or targets that are not finite, targets outside the
  ///   family's range, or too few maps; what the source or `progress` throws.
  public init(
    _ source: some FeatureSource, family: DensityFamily,
    options: DensityFitOptions = DensityFitOptions(), threads: Int,
    stop: WorkProgress = WorkProgress(),
    progress: (_ evaluations: Int) throws -> Void = { _ in }
  ) throws {
    let objective = try DensityObjective(
      source, family: family, ridge: options.ridge, threads: threads, stop: stop)
    var evaluations = 0
    let minimiser = LimitedMemoryMinimiser(
      iterations: options.iterations, tolerance: options.tolerance)
    let outcome = try minimiser.minimise(from: objective.start) { point in
      try progress(evaluations)
      evaluations += 1
      let result = objective.evaluate(point)
      if stop.isStopped() { throw ClosedFormError.interrupted }
      return result
    }
    (weights, bias) = objective.unscaled(outcome.x)
    let value = objective.evaluate(outcome.x, penalised: false).value
    if stop.isStopped() { throw ClosedFormError.interrupted }
    report = DensityFitReport(
      maps: objective.mapCount, unknowns: outcome.x.count, iterations: outcome.iterations,
      evaluations: outcome.evaluations, hasConverged: outcome.hasConverged,
      meanLogDensity: -value,
      gradientNorm: outcome.gradientNorm)
  }
}

/// Memory for the densities of one parameter of some maps.
struct DensityBlock {
  private let degree: Int
  private let weights: [Double]
  /// Φᵀ `[j][node]`.
  private let basis: AlignedBuffer<Double>
  /// ψ and then p of every map and node.
  private let densities: AlignedBuffer<Double>
  private let means: AlignedBuffer<Double>
  private var nodes: Int { DensityReadout.nodeCount }
  /// Not a power of two, which would fall into the same cache sets.
  private var rowStride: Int { DensityReadout.nodeCount + 8 }

  init(_ readout: DensityReadout, rows: Int) {
    degree = readout.family.degree
    weights = readout.nodeWeights
    basis = AlignedBuffer(count: readout.nodeBasis.count)
    for i in readout.nodeBasis.indices { basis[i] = readout.nodeBasis[i] }
    densities = AlignedBuffer(count: rows * (DensityReadout.nodeCount + 8))
    means = AlignedBuffer(count: rows * degree)
  }

  /// η ← ⟨φ⟩_η − φ(θ) for `count` maps; returns Σ −ln p(θ | η).
  func replaceByGradient(
    _ eta: BufferView<Double>, rowStride etaStride: Int, targets: BufferView<Double>, count: Int
  ) -> Double {
    let phi = MatrixView(basis.view(), rowStride: nodes)
    let p = MatrixView(densities.view(), rowStride: rowStride)
    matrixProduct(
      rows: count, columns: nodes, depth: degree, MatrixView(eta, rowStride: etaStride), phi,
      into: p)
    var sum = 0.0
    for map in 0..<count { sum += normalise(densities.view(map * rowStride)) }
    matrixProduct(
      rows: count, columns: degree, depth: nodes, p, phi.transposed,
      into: MatrixView(means.view(), rowStride: degree))
    for map in 0..<count {
      for j in 0..<degree {
        let own = targets[map * etaStride + j]
        sum -= eta[map * etaStride + j] * own
        eta[map * etaStride + j] = means[map * degree + j] - own
      }
    }
    return sum
  }

  /// ψ ← w exp(ψ)/Z in place; returns ln Z.
  private func normalise(_ row: BufferView<Double>) -> Double {
    var largest = row[0]
    for k in 1..<nodes where row[k] > largest { largest = row[k] }
    var total = 0.0
    for k in 0..<nodes {
      row[k] = weights[k] * exp(row[k] - largest)
      total += row[k]
    }
    for k in 0..<nodes { row[k] /= total }
    return largest + log(total)
  }
}
