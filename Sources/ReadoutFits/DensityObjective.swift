import Foundation
import Kernels
import LinearAlgebra
import SpectralNetworks

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
    return eta.withView { eta in
      var sum = 0.0
      for first in stride(from: maps.lowerBound, to: maps.upperBound, by: Self.block) {
        if stop.isStopped() { return 0 }
        let count = min(Self.block, maps.upperBound - first)
        let x = MatrixView(rows.view(first * rowStride), rowStride: rowStride)
        matrixProduct(
          rows: count, columns: width, depth: depth, x, MatrixView(weights, rowStride: width),
          into: MatrixView(eta, rowStride: width))
        for o in 0..<outputs {
          sum += memory.replaceByGradient(
            eta.at(o * degree), rowStride: width, targets: targets.view(first * width + o * degree),
            count: count)
        }
        matrixProduct(
          rows: depth, columns: width, depth: count, x.transposed,
          MatrixView(eta, rowStride: width),
          into: MatrixView(gradient, rowStride: width), .adding)
      }
      return sum
    }
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
