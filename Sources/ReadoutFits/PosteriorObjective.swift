import Foundation
import Kernels
import LinearAlgebra
import SpectralNetworks

/// The mean −ln p of maps under a `PosteriorFamily`, the residuals of every map, and what follows
/// from them.
struct PosteriorObjective {
  let mapCount: Int
  /// The coefficients that are fitted, by row of (1, x') and k; all others are zero.
  private let pairs: [(row: Int, term: Int)]
  /// Number of unknowns.
  var unknowns: Int { pairs.count }
  private let readout: PosteriorReadout
  private let scaling: FeatureScaling
  private let threads: Int
  private let stop: WorkProgress
  private let terms: Int
  /// Features and the constant.
  private let depth: Int
  private let rowStride: Int
  /// (1, x'), `[map][rowStride]`.
  private let rows: AlignedBuffer<Double>
  /// φ_k of the true parameters, `[map][k]`.
  private let targets: AlignedBuffer<Double>

  /// Maps that go through the matrix products together.
  private static let block = 128
  private static let shards = 16

  init(
    _ source: some FeatureSource, family: PosteriorFamily, uses: [[Int]]?, threads: Int,
    stop: WorkProgress
  ) throws {
    precondition(
      source.outputCount == family.priors.count,
      "\(source.outputCount) targets for \(family.priors.count) parameters")
    depth = source.featureCount + 1
    mapCount = source.mapCount
    terms = family.termCount
    guard mapCount > depth else {
      throw ClosedFormError.tooFewMaps(found: mapCount, unknowns: depth)
    }
    readout = PosteriorReadout(family)
    let all = Array(0..<terms)
    let rowTerms = [all] + (uses ?? [[Int]](repeating: all, count: source.featureCount))
    precondition(rowTerms.count == depth, "terms of \(rowTerms.count - 1) features, not \(depth)")
    pairs = rowTerms.enumerated().flatMap { row, own in own.map { (row, $0) } }
    let moments = try FeatureScaling(source, maps: mapCount)
    scaling = family.pieces == nil ? moments : moments.aboutZero
    (self.threads, self.stop) = (threads, stop)
    rowStride = paddedLaneStride(depth, of: Double.self)
    rows = AlignedBuffer(count: mapCount * rowStride)
    targets = AlignedBuffer(count: mapCount * terms)
    try load(source)
  }

  private func load(_ source: some FeatureSource) throws {
    let priors = readout.family.priors
    var map = 0
    try source.forEachBlock { block in
      if stop.isStopped() { throw ClosedFormError.interrupted }
      for index in 0..<block.targets.count / priors.count {
        let own = block.features[index * (depth - 1)..<(index + 1) * (depth - 1)]
        rows[map * rowStride] = 1
        for (k, value) in try scaling.scaled(own, map: map).enumerated() {
          rows[map * rowStride + k + 1] = value
        }
        let values = Array(block.targets[index * priors.count..<(index + 1) * priors.count])
        for (o, (prior, value)) in zip(priors, values).enumerated() {
          // Targets are float32: an end of the prior may be rounded outwards.
          let slack = 1e-6 * (abs(prior.range.lowerBound) + abs(prior.range.upperBound))
          guard value >= prior.range.lowerBound - slack, value <= prior.range.upperBound + slack
          else { throw ClosedFormError.unusableTarget(map: map, output: o, value: value) }
        }
        for (k, value) in readout.basis(at: values).enumerated() {
          targets[map * terms + k] = value
        }
        map += 1
      }
    }
  }

  /// The mean of −ln p over the first maps, and their residuals ⟨φ⟩_η − φ, `[map][k]`.
  ///
  /// - Throws: `ClosedFormError.interrupted`.
  func evaluate(
    _ weights: [Double], maps: Int
  ) throws(ClosedFormError) -> (value: Double, residuals: AlignedBuffer<Double>) {
    let w = AlignedBuffer<Double>(count: depth * terms)
    for (weight, pair) in zip(weights, pairs) { w[pair.row * terms + pair.term] = weight }
    let residuals = AlignedBuffer<Double>(count: maps * terms)
    let ranges = evenRanges(maps, parts: Self.shards, unit: Self.block)
    let sums = AlignedBuffer<Double>(count: ranges.count)
    withViews(w, residuals) { w, residuals in
      parallelFor(ranges.count, threads: threads) { shard in
        sums[shard] = evaluateShard(ranges[shard], w, to: residuals)
      }
    }
    if stop.isStopped() { throw .interrupted }
    var value = 0.0
    for shard in ranges.indices { value += sums[shard] }
    return (value / Double(maps), residuals)
  }

  private func evaluateShard(
    _ maps: Range<Int>, _ weights: BufferView<Double>, to residuals: BufferView<Double>
  ) -> Double {
    let workspace = PosteriorWorkspace(readout.family)
    var sum = 0.0
    for first in Swift.stride(from: maps.lowerBound, to: maps.upperBound, by: Self.block) {
      if stop.isStopped() { return 0 }
      let count = min(Self.block, maps.upperBound - first)
      let eta = residuals.at(first * terms)
      withViews(rows, targets) { rows, targets in
        matrixProduct(
          rows: count, columns: terms, depth: depth,
          MatrixView(rows.at(first * rowStride), rowStride: rowStride),
          MatrixView(weights, rowStride: terms), into: MatrixView(eta, rowStride: terms))
        for map in 0..<count {
          let own = eta.at(map * terms)
          let target = targets.at((first + map) * terms)
          for k in 0..<terms { sum -= own[k] * target[k] }
          sum += readout.logNormaliser(own, workspace)
          for k in 0..<terms { own[k] -= target[k] }
        }
      }
    }
    return sum
  }

  /// The gradient Σ x' e/N and Σ (x'e)(x'e)ᵀ/N, of the unknowns.
  ///
  /// - Throws: `ClosedFormError.interrupted`.
  func derivatives(
    _ residuals: AlignedBuffer<Double>, maps: Int
  ) throws(ClosedFormError) -> (gradient: [Double], hessian: Matrix) {
    let size = unknowns
    let block = 512
    let stride = block + 8
    var products = [Double](repeating: 0, count: size * stride)
    var gram = [Double](repeating: 0, count: size * size)
    var gradient = [Double](repeating: 0, count: size)
    for first in Swift.stride(from: 0, to: maps, by: block) {
      if stop.isStopped() { throw .interrupted }
      let count = min(block, maps - first)
      products.withMutableView { products in
        parallelFor(size, threads: threads) { i in
          let (row, term) = pairs[i]
          for map in first..<first + count {
            products[i * stride + map - first] =
              rows[map * rowStride + row] * residuals[map * terms + term]
          }
        }
      }
      for i in 0..<size {
        var sum = 0.0
        for map in 0..<count { sum += products[i * stride + map] }
        gradient[i] += sum
      }
      addGram(
        to: &gram, of: products, variables: size, observations: count, stride: stride,
        threads: threads)
    }
    let scale = 1 / Double(maps)
    for i in gradient.indices { gradient[i] *= scale }
    let hessian = Matrix(rows: size, columns: size) { i, j in
      gram[min(i, j) * size + max(i, j)] * scale
    }
    return (gradient, hessian)
  }

  /// Where the search for splines begins, `PosteriorStart`; nil: at the prior.
  func start() -> [Double]? {
    let family = readout.family
    guard family.pieces != nil else { return nil }
    let maps = 0..<min(mapCount, PosteriorStart.mostMaps)
    var uses = [[Int]](repeating: [], count: depth - 1)
    for pair in pairs where pair.row > 0 { uses[pair.row - 1].append(pair.term) }
    let used = uses.indices.filter { !uses[$0].isEmpty }
    let start = PosteriorStart(
      features: maps.map { map in used.map { rows[map * rowStride + $0 + 1] } },
      targets: maps.map { map in (0..<terms).map { targets[map * terms + $0] } },
      uses: used.map { uses[$0] }, family: family)
    guard let own = start?.weights() else { return nil }
    var places = [0: 0]
    for (k, feature) in used.enumerated() { places[feature + 1] = k + 1 }
    return pairs.map { pair in places[pair.row].map { own[$0][pair.term] } ?? 0 }
  }

  /// Weights and bias for features as they come: scaling is taken out of the coefficients.
  func unscaled(_ w: [Double]) -> (weights: [Double], bias: [Double]) {
    var all = [Double](repeating: 0, count: depth * terms)
    for (weight, pair) in zip(w, pairs) { all[pair.row * terms + pair.term] = weight }
    var weights = Array(all[terms...])
    var bias = Array(all[..<terms])
    for f in 0..<depth - 1 {
      for k in 0..<terms {
        weights[f * terms + k] /= scaling.scale[f]
        bias[k] -= weights[f * terms + k] * scaling.mean[f]
      }
    }
    return (weights, bias)
  }
}
