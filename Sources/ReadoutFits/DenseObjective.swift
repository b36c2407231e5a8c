import Kernels
import LinearAlgebra
import SpectralNetworks
import Training

/// The mean loss of all maps and its gradient in (a, A; b_2, W_2).
///
/// Layout: point = (1, u) weights `[constant, input][hidden]`, then `[constant, hidden][output]`:
/// the products of a block of maps are then products of matrices as they lie.
struct DenseObjective {
  let mapCount: Int
  private let inputs: Int
  private let hidden: Int
  private let outputs: Int
  private let loss: Loss
  private let threads: Int
  private let stop: WorkProgress
  private let decorrelation: Decorrelation
  /// (1, u), `[map][rowStride]`.
  private let rows: AlignedBuffer<Double>
  private let rowStride: Int
  private let targets: [Double]

  private var depth: Int { inputs + 1 }
  private var firstCount: Int { depth * hidden }
  private var unknowns: Int { firstCount + (hidden + 1) * outputs }
  private static let block = 256
  private static let shards = 16

  init(
    _ source: some FeatureSource, hidden: Int, loss: Loss, threads: Int,
    stop: WorkProgress = WorkProgress()
  ) throws {
    (inputs, outputs, mapCount) = (source.featureCount, source.outputCount, source.mapCount)
    (self.hidden, self.loss, self.threads, self.stop) = (hidden, loss, threads, stop)
    guard mapCount > inputs + 1 else {
      throw ClosedFormError.tooFewMaps(found: mapCount, unknowns: inputs + 2)
    }
    decorrelation = try Decorrelation(source, stop: stop)
    rowStride = paddedLaneStride(inputs + 1, of: Double.self)
    rows = AlignedBuffer(count: mapCount * rowStride)
    let (inputs, outputs, mapCount, rowStride) = (inputs, outputs, mapCount, rowStride)
    let (rows, decorrelation) = (rows, decorrelation)
    var targets: [Double] = []
    try source.forEachBlock { block in
      if stop.isStopped() { throw ClosedFormError.interrupted }
      for index in 0..<block.targets.count / outputs {
        let map = targets.count / outputs
        precondition(map < mapCount, "a source of more than its \(mapCount) maps")
        let own = block.features[index * inputs..<(index + 1) * inputs]
        rows[map * rowStride] = 1
        for (k, value) in decorrelation.forward(Array(own)).enumerated() {
          rows[map * rowStride + k + 1] = value
        }
        for o in 0..<outputs {
          let target = block.targets[index * outputs + o]
          guard target.isFinite, !loss.isRelative || target != 0 else {
            throw ClosedFormError.unusableTarget(map: map, output: o, value: target)
          }
          targets.append(target)
        }
      }
    }
    precondition(
      targets.count == mapCount * outputs, "a source of fewer than its \(mapCount) maps")
    self.targets = targets
  }

  // MARK: - Weights

  /// W_1 x + b_1 = A u + a with A = W_1 R⁻¹, a = b_1 + W_1 x̄.
  func packed(_ w: DenseWeights) -> [Double] {
    var point = [Double](repeating: 0, count: unknowns)
    for h in 0..<hidden {
      let row = Array(w.first[h * inputs..<(h + 1) * inputs])
      point[h] = w.firstBias[h] + zip(row, decorrelation.mean).reduce(0) { $0 + $1.0 * $1.1 }
      for (k, value) in decorrelation.timesInverse(row).enumerated() {
        point[(k + 1) * hidden + h] = value
      }
    }
    for o in 0..<outputs {
      point[firstCount + o] = w.secondBias[o]
      for h in 0..<hidden {
        point[firstCount + (h + 1) * outputs + o] = w.second[o * hidden + h]
      }
    }
    return point
  }

  /// The inverse of `packed`.
  func unpacked(_ point: [Double]) -> DenseWeights {
    var w = DenseWeights(
      first: [], firstBias: [], second: [Double](repeating: 0, count: outputs * hidden),
      secondBias: Array(point[firstCount..<firstCount + outputs]))
    for h in 0..<hidden {
      let row = decorrelation.timesRotation((0..<inputs).map { point[($0 + 1) * hidden + h] })
      w.first += row
      w.firstBias.append(
        point[h] - zip(row, decorrelation.mean).reduce(0) { $0 + $1.0 * $1.1 })
      for o in 0..<outputs {
        w.second[o * hidden + h] = point[firstCount + (h + 1) * outputs + o]
      }
    }
    return w
  }

  // MARK: - Evaluation

  /// Mean loss and gradient; after a stop they are incomplete.
  func evaluate(_ point: [Double]) -> (value: Double, gradient: [Double]) {
    let w = AlignedBuffer<Double>(count: unknowns)
    for i in point.indices { w[i] = point[i] }
    let ranges = evenRanges(mapCount, parts: Self.shards, unit: Self.block)
    let gradients = AlignedBuffer<Double>(count: ranges.count * unknowns)
    let values = AlignedBuffer<Double>(count: ranges.count)
    parallelFor(ranges.count, threads: threads) { shard in
      values[shard] = addShard(ranges[shard], w, to: gradients.view(shard * unknowns))
    }
    var value = 0.0
    for shard in ranges.indices { value += values[shard] }
    let share = 1 / Double(mapCount)
    return (
      value * share, gradients.summedRows(ranges.count, unknowns, unknowns).map { $0 * share }
    )
  }

  /// Adds the gradients of some maps; returns the sum of their losses.
  private func addShard(
    _ maps: Range<Int>, _ w: AlignedBuffer<Double>, to gradient: BufferView<Double>
  ) -> Double {
    let stride = paddedLaneStride(hidden + 1, of: Double.self)
    // (1, max(0, h)) and the gradient of h.
    let activations = AlignedBuffer<Double>(count: Self.block * stride)
    let slopes = AlignedBuffer<Double>(count: Self.block * hidden)
    let estimates = AlignedBuffer<Double>(count: Self.block * outputs)
    return withViews(w, activations, slopes, estimates) { w, activations, slopes, estimates in
      let first = MatrixView(w, rowStride: hidden)
      let second = MatrixView(w.at(firstCount), rowStride: outputs)
      let hiddenSlopes = MatrixView(slopes, rowStride: hidden)
      let y = MatrixView(estimates, rowStride: outputs)
      var sum = 0.0
      for start in Swift.stride(from: maps.lowerBound, to: maps.upperBound, by: Self.block) {
        if stop.isStopped() { return 0 }
        let count = min(Self.block, maps.upperBound - start)
        let x = MatrixView(rows.view(start * rowStride), rowStride: rowStride)
        let z = MatrixView(activations, rowStride: stride)
        matrixProduct(
          rows: count, columns: hidden, depth: depth, x, first,
          into: MatrixView(activations.at(1), rowStride: stride))
        for map in 0..<count {
          activations[map * stride] = 1
          for h in 1...hidden {
            activations[map * stride + h] = rectified(activations[map * stride + h])
          }
        }
        matrixProduct(rows: count, columns: outputs, depth: hidden + 1, z, second, into: y)
        let own = Array(targets[start * outputs..<(start + count) * outputs])
        let (value, slope) = loss.evaluate(
          outputs: (0..<own.count).map { estimates[$0] }, targets: own)
        sum += value * Double(count)
        for i in slope.indices { estimates[i] = slope[i] * Double(count) }
        matrixProduct(
          rows: hidden + 1, columns: outputs, depth: count, z.transposed, y,
          into: MatrixView(gradient.at(firstCount), rowStride: outputs), .adding)
        matrixProduct(
          rows: count, columns: hidden, depth: outputs, y,
          MatrixView(w.at(firstCount + outputs), rowStride: outputs).transposed,
          into: hiddenSlopes)
        for map in 0..<count {
          for h in 0..<hidden where activations[map * stride + h + 1] <= 0 {
            slopes[map * hidden + h] = 0
          }
        }
        matrixProduct(
          rows: depth, columns: hidden, depth: count, x.transposed, hiddenSlopes,
          into: MatrixView(gradient, rowStride: hidden), .adding)
      }
      return sum
    }
  }
}
