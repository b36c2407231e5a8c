import Foundation
import Kernels
import LinearAlgebra
import SpectralNetworks

/// How a density readout is fitted.
public struct DensityFitOptions: Codable, Sendable, Equatable {
  /// Most iterations of the minimiser.
  public var iterations: Int
  /// Mean ln p that ten iterations must gain for the search to go on.
  public var tolerance: Double
  /// λ ≥ 0 of the penalty λ/2 Σ w² on the weights of scaled features.
  public var ridge: Double

  public init(iterations: Int = 200, tolerance: Double = 1e-5, ridge: Double = 0) {
    self.iterations = iterations
    self.tolerance = tolerance
    self.ridge = ridge
  }
}

/// How the fit of a density readout went.
public struct DensityFitReport: Codable, Sendable, Equatable {
  /// Number of maps.
  public var maps: Int
  /// Number of coefficients of all parameters.
  public var unknowns: Int
  /// Iterations of the minimiser.
  public var iterations: Int
  /// Evaluations of the likelihood and its gradient.
  public var evaluations: Int
  /// Whether the search ended before its last iteration.
  public var hasConverged: Bool
  /// Mean of ln p(θ | map) over maps and parameters, relative to the prior, natural logarithm: the
  /// information in nats that the readout finds in a map.
  public var meanLogDensity: Double
  /// |gradient| at the end, in scaled features.
  public var gradientNorm: Double
}

/// The readout of a density family by maximum likelihood: the conditional density of the parameters given
/// the features.
///
///     η_j(x) = w_0j + Σ_k w_kj x'_k,     w = argmin  1/(N n) Σ_maps Σ_parameters −ln p(θ | η(x)) + λ/2 Σ_{k ≥ 1} w_kj²
///
/// with x' the features scaled by mean and deviation (`FeatureScaling`). −ln p is convex in η and η linear in
/// w, so there is one minimum and no learning rate. It is logistic regression with a continuum of
/// classes; for maps of the prior it converges to the posterior if the family contains it.
/// Method:      `LimitedMemoryMinimiser` from w = 0, the prior. Scaled features stay in memory beside those of the
///              source, twice maps · features · 8 bytes.
/// Cost:        4 maps · J · (features + 256) multiplications and 256 exponentials per map, parameter and evaluation.
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
  ///   - stop: asked within evaluations whether to go on; nothing else of it counts.
  ///   - progress: called before every evaluation with the number done.
  /// - Throws: `ClosedFormError` for features or targets that are no numbers, targets outside the
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

/// The mean −ln p of all maps and its gradient.
struct DensityObjective {
  let mapCount: Int
  private let readout: DensityReadout
  private let scaling: FeatureScaling
  private let ridge: Double
  private let threads: Int
  private let stop: WorkProgress
  private let outputs: Int
  /// Features and the constant.
  private let depth: Int
  private let rowStride: Int
  /// (1, x'), `[map][rowStride]`.
  private let rows: AlignedBuffer<Double>
  /// φ_j(θ), `[map][parameter, j]`.
  private let targets: AlignedBuffer<Double>

  private var degree: Int { readout.family.degree }
  /// Natural parameters per map.
  private var width: Int { outputs * degree }
  /// Maps that go through the matrix products together.
  private static let block = 256
  private static let shards = 16

  init(
    _ source: some FeatureSource, family: DensityFamily, ridge: Double, threads: Int,
    stop: WorkProgress = WorkProgress()
  ) throws {
    outputs = source.outputCount
    depth = source.featureCount + 1
    mapCount = source.mapCount
    guard mapCount > depth else {
      throw ClosedFormError.tooFewMaps(found: mapCount, unknowns: depth)
    }
    readout = DensityReadout(family)
    scaling = try FeatureScaling(source, maps: mapCount)
    (self.ridge, self.threads, self.stop) = (ridge, threads, stop)
    rowStride = paddedLaneStride(depth, of: Double.self)
    rows = AlignedBuffer(count: mapCount * rowStride)
    targets = AlignedBuffer(count: mapCount * outputs * family.degree)
    try load(source)
  }

  private func load(_ source: some FeatureSource) throws {
    let range = readout.family.lowerBound...readout.family.upperBound
    var map = 0
    try source.forEachBlock { block in
      if stop.isStopped() { throw ClosedFormError.interrupted }
      for index in 0..<block.targets.count / outputs {
        let own = block.features[index * (depth - 1)..<(index + 1) * (depth - 1)]
        rows[map * rowStride] = 1
        for (k, value) in try scaling.scaled(own, map: map).enumerated() {
          rows[map * rowStride + k + 1] = value
        }
        for o in 0..<outputs {
          let target = block.targets[index * outputs + o]
          guard range.contains(target) else {
            throw ClosedFormError.unusableTarget(map: map, output: o, value: target)
          }
          for (j, value) in readout.basis(at: target).enumerated() {
            targets[map * width + o * degree + j] = value
          }
        }
        map += 1
      }
    }
  }

  /// The prior: all weights 0.
  var start: [Double] { [Double](repeating: 0, count: depth * width) }

  /// The mean of −ln p over maps and parameters for weights `[constant, feature][parameter, j]`.
  /// After a stop the numbers are incomplete.
  func evaluate(
    _ weights: [Double], penalised: Bool = true
  ) -> (value: Double, gradient: [Double]) {
    let w = AlignedBuffer<Double>(count: weights.count)
    for i in weights.indices { w[i] = weights[i] }
    let ranges = evenRanges(mapCount, parts: Self.shards, unit: Self.block)
    let gradients = AlignedBuffer<Double>(count: ranges.count * weights.count)
    let values = AlignedBuffer<Double>(count: ranges.count)
    parallelFor(ranges.count, threads: threads) { shard in
      values[shard] = addShard(
        ranges[shard], w.view(), to: gradients.view(shard * weights.count))
    }
    let scale = 1 / Double(mapCount * outputs)
    var value = 0.0
    for shard in ranges.indices { value += values[shard] }
    value *= scale
    var gradient = gradients.summedRows(ranges.count, weights.count, weights.count)
    for i in gradient.indices { gradient[i] *= scale }
    if penalised, ridge > 0 {
      for i in width..<weights.count {
        value += ridge / 2 * weights[i] * weights[i]
        gradient[i] += ridge * weights[i]
      }
    }
    return (value, gradient)
  }

  /// Adds the gradient of some maps; returns the sum of −ln p.
  private func addShard(
    _ maps: Range<Int>, _ weights: BufferView<Double>, to gradient: BufferView<Double>
  ) -> Double {
    let eta = AlignedBuffer<Double>(count: Self.block * width)
    let memory = DensityBlock(readout, rows: Self.block)
    var sum = 0.0
    for first in stride(from: maps.lowerBound, to: maps.upperBound, by: Self.block) {
      if stop.isStopped() { return 0 }
      let count = min(Self.block, maps.upperBound - first)
      let x = MatrixView(rows.view(first * rowStride), rowStride: rowStride)
      matrixProduct(
        rows: count, columns: width, depth: depth, x, MatrixView(weights, rowStride: width),
        into: MatrixView(eta.view(), rowStride: width))
      for o in 0..<outputs {
        sum += memory.replaceByGradient(
          eta.view(o * degree), rowStride: width, targets: targets.view(first * width + o * degree),
          count: count)
      }
      matrixProduct(
        rows: depth, columns: width, depth: count, x.transposed,
        MatrixView(eta.view(), rowStride: width),
        into: MatrixView(gradient, rowStride: width), .adding)
    }
    return sum
  }

  /// Weights and bias for features as they come: scaling is taken out of the coefficients.
  func unscaled(_ w: [Double]) -> (weights: [Double], bias: [Double]) {
    var weights = Array(w[width...])
    var bias = Array(w[..<width])
    for k in 0..<depth - 1 {
      for column in 0..<width {
        weights[k * width + column] /= scaling.scale[k]
        bias[column] -= weights[k * width + column] * scaling.mean[k]
      }
    }
    return (weights, bias)
  }
}

/// Memory for the densities of one parameter of some maps.
private struct DensityBlock {
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
