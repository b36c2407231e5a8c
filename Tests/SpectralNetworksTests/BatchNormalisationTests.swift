import HarmonicTransforms
import Kernels
import SphereGrids
import Testing
import Verification

@testable import SpectralNetworks

/// Batch normalisation against its formulas over all points, and its gradients.
@Suite("Batch normalisation")
struct BatchNormalisationTests {
  static let (maps, channels) = (2, 3)
  static let weightings: [PointWeighting] = [.equal, .area]

  /// Three rings of different lengths and weights, 9 points.
  static func layer(_ weighting: PointWeighting) -> FieldNormalisation {
    FieldNormalisation(
      normalisation: BatchNormalisation(weighting: weighting, epsilon: 1e-3),
      parts: [(0..<2, 0.3), (2..<6, 1.1), (6..<9, 0.6)].map {
        FieldNormalisation.Part(points: $0, weight: $1)
      }, maps: maps, channels: channels)
  }

  /// The formulas, on fields `[point][map * channels + channel]`.
  struct Definition {
    let normalisation: BatchNormalisation
    let pointWeights: [Double]
    let maps: Int

    /// ŵ_p of one map.
    var shares: [Double] {
      pointWeights.map { $0 / (Double(maps) * pointWeights.reduce(0, +)) }
    }

    private func apart(_ field: [Double]) -> [Double] {
      field.transposed(rows: pointWeights.count)
    }

    private func together(_ field: [Double]) -> [Double] {
      field.transposed(rows: field.count / pointWeights.count)
    }

    func statistics(_ y: [Double]) -> BatchNormalisation.Statistics {
      normalisation.statisticsByDefinition(apart(y), maps: maps, pointWeights: pointWeights)
    }

    func forward(
      _ y: [Double], _ statistics: BatchNormalisation.Statistics, gamma: [Double], beta: [Double]
    ) -> [Double] {
      together(
        normalisation.forwardByDefinition(
          apart(y), maps: maps, statistics, gamma: gamma, beta: beta))
    }

    func backward(
      _ dz: [Double], saved y: [Double], _ statistics: BatchNormalisation.Statistics,
      gamma: [Double], isTraining: Bool
    ) -> [Double] {
      let found = normalisation.backwardByDefinition(
        apart(dz), saved: apart(y), maps: maps, pointWeights: pointWeights, statistics,
        gamma: gamma, isTraining: isTraining)
      return together(found.input) + found.gamma + found.beta
    }
  }

  static func definition(_ weighting: PointWeighting) -> Definition {
    let layer = layer(weighting)
    return Definition(
      normalisation: layer.normalisation,
      pointWeights: layer.parts.flatMap { part in
        part.points.map { _ in weighting == .equal ? 1 : part.weight }
      }, maps: maps)
  }

  struct Numbers {
    var y: [Double]
    var dz: [Double]
    var gamma: [Double]
    var beta: [Double]

    /// Fields whose mean and scale differ from channel to channel.
    init(seed: UInt64) {
      var numbers = TestNumbers(seed: seed)
      y = (0..<9 * maps * channels).map {
        Double($0 % channels) + (0.5 + Double($0 % channels)) * numbers.normal()
      }
      dz = numbers.normals(y.count)
      gamma = numbers.normals(channels)
      beta = numbers.normals(channels)
    }
  }

  /// Moments of parts about a common centre are the moments of the whole; the affine map is the
  /// formula. Both sides add some 18 terms of the size of y or its square.
  @Test("Statistics and output are the formulas", arguments: weightings, UInt64(0)..<3)
  func formulas(weighting: PointWeighting, seed: UInt64) {
    let (layer, definition, n) = (
      Self.layer(weighting), Self.definition(weighting), Numbers(seed: seed)
    )
    let found = layer.statistics(n.y)
    let expected = definition.statistics(n.y)
    let bound = RoundingBound.probable(operations: 4 * 9 * Self.maps)
    #expect(relativeError(found.mean, expected.mean) <= bound)
    #expect(relativeError(found.variance, expected.variance) <= bound)
    let z = layer.forward(n.y, found, gamma: n.gamma, beta: n.beta)
    let reference = definition.forward(n.y, expected, gamma: n.gamma, beta: n.beta)
    #expect(relativeError(z, reference) <= bound)
    for isTraining in [true, false] {
      let dy = layer.backward(
        n.dz, saved: n.y, found, gamma: n.gamma, isTraining: isTraining)
      let slow = definition.backward(
        n.dz, saved: n.y, expected, gamma: n.gamma, isTraining: isTraining)
      #expect(relativeError(dy.input + dy.gamma + dy.beta, slow) <= bound)
    }
    // The other weighting is no rounding.
    let other = Self.definition(weighting == .equal ? .area : .equal).statistics(n.y)
    #expect(relativeError(other.mean, expected.mean) > 1000 * bound)
    #expect(relativeError(other.variance, expected.variance) > 1000 * bound)
  }

  /// A mean a thousand times the scatter costs the digits of the mean and no more: the squares are
  /// taken about a centre. The one-pass formula Σ y² − n μ² would lose twice as many.
  @Test("A large mean does not spoil the variance", arguments: weightings)
  func largeMean(weighting: PointWeighting) {
    let n = Numbers(seed: 1)
    let offset = 1024.0
    let shifted = Self.layer(weighting).statistics(n.y.map { $0 + offset })
    let plain = Self.layer(weighting).statistics(n.y)
    // Each y + offset is rounded by u·offset, which moves the variance by 2 σ u·offset in the mean.
    let bound = 8 * offset * RoundingBound.probable(operations: 1)
    #expect(relativeError(shifted.variance, plain.variance) <= bound)
  }

  // MARK: - Gradients

  private func check(
    _ weighting: PointWeighting, isTraining: Bool, seed: UInt64,
    spoiling spoil: (inout [Double], Numbers, BatchNormalisation.Statistics) -> Void = { _, _, _ in
    }
  ) -> GradientCheck {
    let (layer, n) = (Self.layer(weighting), Numbers(seed: seed))
    let definition = Self.definition(weighting)
    let running = BatchNormalisation.Statistics(mean: [0.1, 0.9, 2.2], variance: [0.4, 2, 5])
    let statistics = isTraining ? layer.statistics(n.y) : running
    var (dy, dgamma, dbeta) = layer.backward(
      n.dz, saved: n.y, statistics, gamma: n.gamma, isTraining: isTraining)
    spoil(&dy, n, statistics)
    // y lies within a few σ, which is the length over which z bends.
    return GradientCheck(
      dy + dgamma + dbeta, at: n.y + n.gamma + n.beta, lengthScale: 0.5,
      evaluationError: RoundingBound.probable(operations: 16 * n.y.count)
    ) { (point: [Double]) in
      let y = Array(point.prefix(n.y.count))
      let rest = Array(point.dropFirst(n.y.count))
      let z = definition.forward(
        y, isTraining ? definition.statistics(y) : running,
        gamma: Array(rest.prefix(Self.channels)), beta: Array(rest.suffix(Self.channels)))
      return zip(z, n.dz).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// All elements of y, γ and β. The function is differenced as the definition has it.
  @Test("Gradients", arguments: weightings, [true, false])
  func gradients(weighting: PointWeighting, isTraining: Bool) {
    for seed in UInt64(0)..<3 {
      let check = check(weighting, isTraining: isTraining, seed: seed)
      #expect(check.relativeL2 <= 2 * check.differencingBound, "seed \(seed): \(check)")
      #expect(check.differencingBound < 1e-8, "the check is weak: \(check)")
    }
  }

  /// Without the change of the mean, without that of the variance, with points counted alike where
  /// they do not count alike, or with both terms in inference.
  @Test("Negative controls: forgotten terms", arguments: weightings)
  func forgottenTerms(weighting: PointWeighting) {
    let layer = Self.layer(weighting)
    /// ŵ_p γ/√(σ² + ε) (S_1 first + x̂_p S_2 second), the terms of the bracket.
    func terms(
      _ n: Numbers, _ s: BatchNormalisation.Statistics, first: Double, second: Double
    ) -> [Double] {
      let shares = Self.definition(weighting).shares
      let sums = layer.backward(n.dz, saved: n.y, s, gamma: n.gamma, isTraining: false)
      return n.y.indices.map { i in
        let c = i % Self.channels
        let deviation = (s.variance[c] + 1e-3).squareRoot()
        let xHat = (n.y[i] - s.mean[c]) / deviation
        return shares[i / layer.lanes] * n.gamma[c] / deviation
          * (first * sums.beta[c] + second * xHat * sums.gamma[c])
      }
    }
    for (first, second) in [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
      let spoiled = check(weighting, isTraining: true, seed: 0) { dy, n, s in
        let missing = terms(n, s, first: first, second: second)
        for i in dy.indices { dy[i] += missing[i] }
      }
      #expect(
        spoiled.relativeL2 > 1000 * spoiled.differencingBound, "\(first) \(second): \(spoiled)")
    }
    let added = check(weighting, isTraining: false, seed: 0) { dy, n, s in
      let extra = terms(n, s, first: 1, second: 1)
      for i in dy.indices { dy[i] -= extra[i] }
    }
    #expect(added.relativeL2 > 1000 * added.differencingBound, "\(added)")
  }

  // MARK: - Running statistics

  /// momentum/8 and values that are multiples of powers of two: exact. n = 5 values per channel.
  @Test("Running statistics move by momentum; equal weights take the unbiased variance")
  func runningStatistics() {
    let running = BatchNormalisation.Statistics(mean: [1, -2], variance: [4, 8])
    let batch = BatchNormalisation.Statistics(mean: [3, 2], variance: [8, 16])
    let equal = BatchNormalisation(weighting: .equal, momentum: 0.125)
      .updated(running: running, with: batch, count: 5)
    #expect(equal.mean == [1.25, -1.5])
    // 8 · 5/4 = 10 and 16 · 5/4 = 20, an eighth of the way from 4 and from 8.
    #expect(equal.variance == [4.75, 9.5])
    let area = BatchNormalisation(weighting: .area, momentum: 0.125)
      .updated(running: running, with: batch, count: 5)
    #expect(area.variance == [4.5, 9])
    #expect(area.variance != equal.variance)
    for weighting in Self.weightings {
      let layer = BatchNormalisation(weighting: weighting, momentum: 0.125)
      #expect(
        layer.updatedByDefinition(running: running, with: batch, maps: 5, points: 1)
          == layer.updated(running: running, with: batch, count: 5))
    }
  }

  // MARK: - The blocks' way

  /// A block's statistics, from moments of ring pairs in lanes, are the formulas over its field: on
  /// a grid with a ring on the equator, and on Clenshaw-Curtis nodes with equal weights.
  @Test("Statistics of a block", arguments: weightings)
  func block(weighting: PointWeighting) {
    let (maps, channels, lmax) = (3, 2, 4)
    let grid: any RingGrid =
      weighting == .area
      ? GaussLegendreGrid(ringCount: 5, longitudeCount: 9)
      : ClenshawCurtisGrid(ringCount: 6, longitudeCount: 10)
    let transform = ScalarTransform<Double>(grid: grid, lmax: lmax)
    let block = SpectralBlock(
      transform: transform,
      mixing: DegreewiseMixing(
        inputChannels: 2, outputChannels: channels, lmax: lmax, mmax: lmax),
      endsInCoefficients: false)
    let workspace = TransformWorkspace(transform, lanes: maps * channels)
    let memory = block.memory(input: workspace, output: workspace)
    var numbers = TestNumbers(seed: 5)
    let stride = workspace.laneStride
    for i in 0..<memory.coefficients.count where i % stride < maps * channels {
      memory.coefficients[i] = numbers.normal()
    }
    let scratch = NetworkScratch(transform: transform, laneStride: stride, threads: 1)
    let weights = numbers.normals(block.mixing.weightCount)
    block.forward(
      .coefficients, memory, maps: maps, weights: weights, scratch: scratch, threads: 1)
    let normalisation = BatchNormalisation(weighting: weighting)
    block.normalise(
      memory, normalisation, maps: maps, gamma: [1.5, -0.5], beta: [0.25, 1], running: nil)
    let y = (0..<grid.pointCount).flatMap { memory.field.rows($0, stride, maps * channels) }
    let expected = Definition(
      normalisation: normalisation,
      pointWeights: grid.rings.flatMap { ring in
        (0..<ring.count).map { _ in weighting == .equal ? 1 : ring.weight }
      }, maps: maps
    ).statistics(y)
    let bound = RoundingBound.probable(operations: 4 * maps * grid.pointCount)
    #expect(relativeError(memory.statistics.mean, expected.mean) <= bound)
    #expect(relativeError(memory.statistics.variance, expected.variance) <= bound)
    let (scale, shift) = normalisation.affine(
      expected, gamma: [1.5, -0.5], beta: [0.25, 1])
    for lane in 0..<maps * channels {
      #expect(abs(memory.scale[lane] - scale[lane % 2]) <= bound * abs(scale[lane % 2]))
      #expect(abs(memory.shift[lane] - shift[lane % 2]) <= bound * (1 + abs(shift[lane % 2])))
    }
  }
}
