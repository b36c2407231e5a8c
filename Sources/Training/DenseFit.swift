import Kernels
import LinearAlgebra
import SpectralNetworks

/// How the dense layers of a network are fitted.
public struct DenseFitOptions: Codable, Sendable, Equatable {
  /// Most iterations of the minimiser.
  public var iterations: Int
  /// Part of the first loss that ten iterations must gain for the search to go on.
  public var tolerance: Double
  /// What is minimised.
  public var loss: Loss

  /// The defaults, or other values.
  public init(
    iterations: Int = 600, tolerance: Double = 1e-4, loss: Loss = .relativeHuber(delta: 0.005)
  ) {
    self.iterations = iterations
    self.tolerance = tolerance
    self.loss = loss
  }

  /// Throws `ClosedFormError.invalidOption` for the first value that cannot be.
  func validate() throws(ClosedFormError) {
    guard iterations >= 0 else {
      throw .invalidOption(key: "iterations", found: "\(iterations)", expected: "0 or more")
    }
    guard tolerance >= 0, tolerance.isFinite else {
      throw .invalidOption(
        key: "tolerance", found: "\(tolerance)", expected: "a finite number, 0 or more")
    }
    switch loss {
    case .negativeLogDensity:
      throw .invalidOption(
        key: "loss", found: "a density", expected: "a loss of outputs and targets")
    case .relativeHuber(let delta) where !(delta > 0 && delta.isFinite):
      throw .invalidOption(
        key: "delta of the loss", found: "\(delta)", expected: "a finite number above 0")
    default: break
    }
  }
}

/// How the fit of dense layers went.
public struct DenseFitReport: Codable, Sendable, Equatable {
  /// Number of maps.
  public var maps: Int
  /// Number of weights and biases.
  public var unknowns: Int
  /// Iterations of the minimiser.
  public var iterations: Int
  /// Evaluations of the loss and its gradient.
  public var evaluations: Int
  /// Whether the search ended before its last iteration.
  public var hasConverged: Bool
  /// The loss with the weights that the fit started from, and with those it found.
  public var firstLoss: Double
  public var lastLoss: Double
}

/// Weights of two dense layers, ŷ = b_2 + W_2 max(0, b_1 + W_1 x).
public struct DenseWeights: Sendable, Equatable {
  /// W_1 `[hidden][input]` and b_1 `[hidden]`.
  public var first: [Double]
  public var firstBias: [Double]
  /// W_2 `[output][hidden]` and b_2 `[output]`.
  public var second: [Double]
  public var secondBias: [Double]

  /// The given weights.
  public init(first: [Double], firstBias: [Double], second: [Double], secondBias: [Double]) {
    self.first = first
    self.firstBias = firstBias
    self.second = second
    self.secondBias = secondBias
  }
}

/// Two dense layers fitted to many maps at once, from given weights.
///
///     minimise  1/(N n) Σ_maps Σ_outputs ρ(ŷ_o − θ_o),    ŷ = b_2 + W_2 max(0, b_1 + W_1 x),   ρ of `Loss`
///     with      W_1 x + b_1 = A u + a,     u = (Λ + ε)^(−1/2) Vᵀ (x − x̄),    V Λ Vᵀ the covariance of x
///
/// The pooled channels of a network move together, and by much, with the parameter; what tells neighbouring
/// values of it apart is small beside that, and gradient descent is slow along such directions. In u every
/// direction with λ well above ε = 2⁻⁴⁰ λ_1 has variance 1, and L-BFGS learns what curvature remains; ε keeps
/// the change of variables invertible where a channel is dead. The minimum is a local one.
/// Shapes:      x and u `[map][input]`, θ and ŷ `[map][output]`, weights as in `DenseWeights`.
/// Method:      `LimitedMemoryMinimiser` on the loss in units of its first value; u stays in memory beside the source's x, twice
///              maps · inputs · 8 bytes and the padding of its rows.
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
  ///   - stop: asked within passes and evaluations whether to go on; nothing else of it counts.
  ///   - progress: called before every evaluation with the number done.
  /// - Throws: `ClosedFormError` for numbers that are none, too few maps or impossible options;
  ///   `LinearAlgebraError`; what the source or `progress` throws.
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

/// The mean loss of all maps and its gradient in (a, A; b_2, W_2).
///
/// Layout: point = (1, u) weights `[constant, input][hidden]`, then `[constant, hidden][output]`: the products
/// of a block of maps are then products of matrices as they lie.
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
    let first = MatrixView(w.view(), rowStride: hidden)
    let second = MatrixView(w.view(firstCount), rowStride: outputs)
    let hiddenSlopes = MatrixView(slopes.view(), rowStride: hidden)
    let y = MatrixView(estimates.view(), rowStride: outputs)
    var sum = 0.0
    for start in Swift.stride(from: maps.lowerBound, to: maps.upperBound, by: Self.block) {
      if stop.isStopped() { return 0 }
      let count = min(Self.block, maps.upperBound - start)
      let x = MatrixView(rows.view(start * rowStride), rowStride: rowStride)
      let z = MatrixView(activations.view(), rowStride: stride)
      matrixProduct(
        rows: count, columns: hidden, depth: depth, x, first,
        into: MatrixView(activations.view(1), rowStride: stride))
      for map in 0..<count {
        activations[map * stride] = 1
        for h in 1...hidden {
          activations[map * stride + h] = rectified(activations[map * stride + h])
        }
      }
      matrixProduct(rows: count, columns: outputs, depth: hidden + 1, z, second, into: y)
      let own = Array(targets[start * outputs..<(start + count) * outputs])
      let (value, slope) = loss.evaluate(outputs: estimates.array(count: own.count), targets: own)
      sum += value * Double(count)
      for i in slope.indices { estimates[i] = slope[i] * Double(count) }
      matrixProduct(
        rows: hidden + 1, columns: outputs, depth: count, z.transposed, y,
        into: MatrixView(gradient.at(firstCount), rowStride: outputs), .adding)
      matrixProduct(
        rows: count, columns: hidden, depth: outputs, y,
        MatrixView(w.view(firstCount + outputs), rowStride: outputs).transposed,
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

/// u = R (x − x̄), R = (Λ + ε)^(−1/2) Vᵀ, over the maps of a source.
private struct Decorrelation {
  let mean: [Double]
  private let vectors: Matrix
  /// (Λ + ε)^(1/2).
  private let scales: [Double]

  init(_ source: some FeatureSource, stop: WorkProgress) throws {
    let width = source.featureCount
    let scaling = try FeatureScaling(source, maps: source.mapCount)
    mean = scaling.mean
    var covariance = [Double](repeating: 0, count: width * width)
    try source.forEachBlock {
      if stop.isStopped() { throw ClosedFormError.interrupted }
      Self.addProducts(
        $0.features, about: scaling.mean, share: 1 / Double(source.mapCount), to: &covariance)
    }
    let eigen = try SymmetricEigendecomposition(
      Matrix(rows: width, columns: width, storage: covariance), progress: stop.stopOnly)
    vectors = eigen.vectors
    guard let largest = eigen.values.last, largest > 0 else {
      throw ClosedFormError.noVariation(maps: source.mapCount)
    }
    let floor = 0x1p-40 * largest
    scales = eigen.values.map { (max($0, 0) + floor).squareRoot() }
  }

  /// sums += share Σ (x − mean)(x − mean)ᵀ over some maps.
  private static func addProducts(
    _ features: [Double], about mean: [Double], share: Double, to sums: inout [Double]
  ) {
    let width = mean.count
    for start in stride(from: 0, to: features.count, by: width) {
      let x = (0..<width).map { features[start + $0] - mean[$0] }
      for j in 0..<width {
        for k in 0..<width { sums[j * width + k] += share * (x[j] * x[k]) }
      }
    }
  }

  private var width: Int { mean.count }

  /// u of one map.
  func forward(_ x: [Double]) -> [Double] {
    (0..<width).map { k in
      var sum = 0.0
      for i in 0..<width { sum += vectors[i, k] * (x[i] - mean[i]) }
      return sum / scales[k]
    }
  }

  /// w R⁻¹ = w V (Λ + ε)^(1/2), of a row w.
  func timesInverse(_ w: [Double]) -> [Double] {
    (0..<width).map { k in
      scales[k] * (0..<width).reduce(0) { $0 + w[$1] * vectors[$1, k] }
    }
  }

  /// w R, of a row w.
  func timesRotation(_ w: [Double]) -> [Double] {
    (0..<width).map { i in
      (0..<width).reduce(0) { $0 + w[$1] / scales[$1] * vectors[i, $1] }
    }
  }
}
