import Foundation
import Kernels
import LinearAlgebra
import SpectralNetworks

/// The mean −ln p of maps under a `PosteriorFamily`, the residuals of every map, and what follows
/// from them.
struct PosteriorObjective {
  let mapCount: Int
  /// Unknowns: terms · (features + 1), `[constant, feature][k]`.
  var unknowns: Int { depth * terms }
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
  /// Φ, `[k][node]`.
  private let basis: AlignedBuffer<Double>

  /// Maps that go through the matrix products together.
  private static let block = 128
  private static let shards = 16

  init(
    _ source: some FeatureSource, family: PosteriorFamily, threads: Int, stop: WorkProgress
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
    scaling = try FeatureScaling(source, maps: mapCount)
    (self.threads, self.stop) = (threads, stop)
    rowStride = paddedLaneStride(depth, of: Double.self)
    rows = AlignedBuffer(count: mapCount * rowStride)
    targets = AlignedBuffer(count: mapCount * terms)
    basis = AlignedBuffer(count: readout.nodeBasis.count)
    for i in readout.nodeBasis.indices { basis[i] = readout.nodeBasis[i] }
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
    let w = AlignedBuffer<Double>(count: weights.count)
    for i in weights.indices { w[i] = weights[i] }
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
    let nodes = readout.nodeCount
    // Not a power of two, which would fall into the same cache sets.
    let stride = nodes + 8
    let densities = AlignedBuffer<Double>(count: Self.block * stride)
    var sum = 0.0
    for first in Swift.stride(from: maps.lowerBound, to: maps.upperBound, by: Self.block) {
      if stop.isStopped() { return 0 }
      let count = min(Self.block, maps.upperBound - first)
      let eta = residuals.at(first * terms)
      withViews(densities, basis, rows, targets) { densities, basis, rows, targets in
        let phi = MatrixView(basis, rowStride: nodes)
        let p = MatrixView(densities, rowStride: stride)
        let e = MatrixView(eta, rowStride: terms)
        matrixProduct(
          rows: count, columns: terms, depth: depth,
          MatrixView(rows.at(first * rowStride), rowStride: rowStride),
          MatrixView(weights, rowStride: terms), into: e)
        matrixProduct(rows: count, columns: nodes, depth: terms, e, phi, into: p)
        for map in 0..<count {
          sum += normalise(densities.at(map * stride), nodes)
          for k in 0..<terms {
            sum -= eta[map * terms + k] * targets[(first + map) * terms + k]
          }
        }
        matrixProduct(rows: count, columns: terms, depth: nodes, p, phi.transposed, into: e)
        for i in 0..<count * terms { eta[i] -= targets[first * terms + i] }
      }
    }
    return sum
  }

  /// ψ ← w exp(ψ)/Z in place; returns ln Z.
  private func normalise(_ row: BufferView<Double>, _ nodes: Int) -> Double {
    var largest = row[0]
    for k in 1..<nodes where row[k] > largest { largest = row[k] }
    var total = 0.0
    readout.nodeWeights.withView { weights in
      for k in 0..<nodes {
        // What is below e^−60 of the peak adds nothing.
        let exponent = row[k] - largest
        row[k] = exponent > -60 ? weights[k] * exp(exponent) : 0
        total += row[k]
      }
    }
    for k in 0..<nodes { row[k] /= total }
    return largest + log(total)
  }

  /// The gradient Σ x' e/N, `[constant, feature][k]`, and Σ (x'e)(x'e)ᵀ/N.
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
        parallelFor(depth, threads: threads) { f in
          for k in 0..<terms {
            let row = (f * terms + k) * stride
            for map in 0..<count {
              products[row + map] =
                rows[(first + map) * rowStride + f] * residuals[(first + map) * terms + k]
            }
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

  /// Weights and bias for features as they come: scaling is taken out of the coefficients.
  func unscaled(_ w: [Double]) -> (weights: [Double], bias: [Double]) {
    var weights = Array(w[terms...])
    var bias = Array(w[..<terms])
    for f in 0..<depth - 1 {
      for k in 0..<terms {
        weights[f * terms + k] /= scaling.scale[f]
        bias[k] -= weights[f * terms + k] * scaling.mean[f]
      }
    }
    return (weights, bias)
  }
}
