import Foundation
import FourierTransforms
import HarmonicTransforms
import Kernels
import LinearAlgebra
import RandomNumbers
import SpecialFunctions
import SphereGrids

/// The isotropic network: real weights per degree, shared by all orders.
///
///     RING map → coefficients, by least squares (no power is lost)
///                  or a `FilterBank` (`SphereInput`)
///       → blocks of [weights per l → synthesis on Gauss-Legendre nodes
///                    → area-weighted batch normalisation → ReLU → analysis], the last only mixing
///       → mean square of every channel over the sphere → logarithm (or other `PowerFunction`s)
///       → whitening → polynomial features → linear readout
///       [→ posterior density → its optimal estimate, with a `DensityFamily`]
///
/// Everything before the readout commutes with rotations, but for the aliasing of the ReLU; with
/// one block there is none, and the network is a bank of learned band powers.
/// Layout:     maps `[pixel][map * channels + channel]`, see `TrainableNetwork`.
/// Parameters: `blocks.k.weights` `[l][input][output]` (of the last block per group);
///             `batchnorms.k.weight`, `.bias` of all blocks but the last; `readout.weight`
///             `[output][feature]`, `readout.bias` `[output]`, with a density `[output, j]` in
///             place of `[output]`.
/// Buffers:    `batchnorms.k.running_mean`, `.running_var`; `readout.mean` z_0 and
///             `readout.rotation` R of the whitening (`PolynomialFeatures`).
/// Checked by: IsotropicFixtureTests (PyTorch), NetworkGradientTests, EquivarianceTests.
public struct IsotropicNetwork<T: FourierScalar>: ClosedFormReadout, SkyNetwork {
  public typealias Scalar = T
  public let configuration: IsotropicConfiguration
  public var parameters: [NamedTensor<T>]
  public var buffers: [NamedTensor<T>]
  public var outputCount: Int { configuration.outputCount }
  public var featureCount: Int { features.count }

  let input: any SphereInput<T>
  let blocks: [SpectralBlock<DegreewiseMixing<T>>]
  let normalisation = BatchNormalisation(weighting: .area)
  let features: PolynomialFeatures
  let power: PowerReadout<T>
  /// Set when the readout is a density of every output.
  let density: DensityReadout?
  /// Set when the readout is a joint density.
  let posterior: PosteriorReadout?
  /// Set when the network is one block whose groups have one input each: bands are then never made.
  let bandPowers: BandPowers<T>?
  let pool = WorkspacePool<IsotropicWorkspace<T>>()

  /// A network with initial weights.
  ///
  /// The last block of a one-block network starts as a bank of narrow bands in l, one per channel,
  /// evenly spaced; other weights are normal with variance 2/I. The readout starts at zero.
  ///
  /// - Parameters:
  ///   - configuration: the sizes, and the filters of a cut sky.
  ///   - seed: of the initial weights.
  ///   - progress: told of the making of filters, which may take minutes, and stops it.
  /// - Throws: `NetworkConfigurationError`, `HealpixError`, or
  ///   `HarmonicTransformError.singularAnalysis` when nside is too small for lmax;
  ///   `LinearAlgebraError.interrupted`, and what `progress` throws.
  public init(
    _ configuration: IsotropicConfiguration, seed: UInt64,
    progress: WorkProgress = WorkProgress()
  ) throws {
    try configuration.validate()
    let c = configuration
    self.configuration = c
    input = try c.makeInput(progress: progress)
    let grid = GaussLegendreGrid(
      ringCount: c.gridRings,
      longitudeCount: GaussLegendreGrid(lmax: c.gridRings - 1).longitudeCount)
    let transform = ScalarTransform<T>(grid: grid, lmax: c.lmax)
    let last = c.channels.count - 1
    blocks = c.channels.enumerated().map { k, outputs in
      SpectralBlock(
        transform: transform,
        mixing: DegreewiseMixing(
          inputChannels: k == 0 ? c.coefficientChannels : c.channels[k - 1],
          outputChannels: outputs, lmax: c.lmax, mmax: c.lmax,
          groups: k == last ? c.groups ?? 1 : 1), endsInCoefficients: k == last)
    }
    features = PolynomialFeatures(
      variables: c.readoutVariables, degree: c.readoutDegree, leaders: c.readoutLeaders)
    power = PowerReadout(lmax: c.lmax, mmax: c.lmax)
    density = c.density.map(DensityReadout.init)
    posterior = c.posterior.map(PosteriorReadout.init)
    bandPowers =
      last == 0 && c.coefficientChannels == c.groups ?? 1
      ? BandPowers(lmax: c.lmax, channels: c.coefficientChannels, bands: c.channels[last]) : nil
    parameters = []
    buffers = []
    for (k, block) in blocks.enumerated() {
      let mixing = block.mixing
      parameters.append(
        NamedTensor(
          name: "blocks.\(k).weights",
          shape: mixing.shape,
          values: c.channels.count == 1
            ? Self.gaussianBands(mixing, firstDegree: c.firstDegree, width: c.initialBandWidth)
            : Self.normalWeights(mixing, seed: seed, field: parameters.count)))
      guard k < last else { continue }
      let shape = [mixing.outputChannels]
      parameters.append(NamedTensor(name: "batchnorms.\(k).weight", shape: shape, repeating: 1))
      parameters.append(NamedTensor(name: "batchnorms.\(k).bias", shape: shape))
      buffers.append(NamedTensor(name: "batchnorms.\(k).running_mean", shape: shape))
      buffers.append(NamedTensor(name: "batchnorms.\(k).running_var", shape: shape, repeating: 1))
    }
    let width = c.readoutWidth
    parameters.append(NamedTensor(name: "readout.weight", shape: [width, features.count]))
    parameters.append(NamedTensor(name: "readout.bias", shape: [width]))
    let count = c.variableCount
    buffers.append(NamedTensor(name: "readout.mean", shape: [count]))
    let rows = c.readoutVariables
    var rotation = NamedTensor<T>(name: "readout.rotation", shape: [rows, count])
    for k in 0..<rows { rotation.values[k * count + k] = 1 }
    buffers.append(rotation)
  }

  /// Gaussian bands exp(−(l − l_o)²/2s²), l_o evenly spaced over firstDegree...lmax, s = `width`
  /// times the spacing, the same for every input channel and every group.
  private static func gaussianBands(
    _ mixing: DegreewiseMixing<T>, firstDegree: Int, width: Double
  ) -> [T] {
    let outputs = mixing.outputChannels / mixing.groups
    let spacing = Double(mixing.lmax - firstDegree) / Double(max(outputs - 1, 1))
    var weights: [T] = []
    for l in 0...mixing.lmax {
      for _ in 0..<mixing.inputChannels {
        for o in 0..<outputs {
          let centre = Double(firstDegree) + spacing * Double(o)
          let distance = (Double(l) - centre) / (width * spacing)
          weights.append(T(exp(-distance * distance / 2)))
        }
      }
    }
    return weights
  }

  private static func normalWeights(
    _ mixing: DegreewiseMixing<T>, seed: UInt64, field: Int
  ) -> [T] {
    let scale = (2 / Double(mixing.inputChannels / mixing.groups)).squareRoot()
    return RandomStream(seed: seed, purpose: .initialWeights, field: field)
      .normals(count: mixing.weightCount).map { T($0 * scale) }
  }

  // MARK: - Tensors by name

  /// The parameters by what they are.
  package var namedParameters: IsotropicParameters<T> {
    IsotropicParameters(TensorSequence(parameters), blocks: configuration.channels.count)
  }

  /// The buffers by what they are.
  package var namedBuffers: IsotropicBuffers<T> {
    IsotropicBuffers(TensorSequence(buffers), blocks: configuration.channels.count)
  }

  // MARK: - TrainableNetwork

  public func predict(_ maps: [T], count: Int, threads: Int) -> [T] {
    inChunks(maps, count: count, threads: threads) { workspace, size in
      estimates(readout(Array(workspace.whitened.prefix(size)))).rounded(to: T.self)
    }
  }

  /// The outputs, as `predict` gives them, and the power of every band, `[map][band]`, of one pass.
  public func predictWithPowers(
    _ maps: [T], count: Int, threads: Int
  ) -> (outputs: [T], powers: [Double]?) {
    let bands = blocks[blocks.count - 1].mixing.outputChannels
    let chunks = inChunks(maps, count: count, threads: threads) { workspace, size in
      [
        (
          outputs: estimates(readout(Array(workspace.whitened.prefix(size)))).rounded(to: T.self),
          powers: Array(workspace.powers.prefix(size * bands))
        )
      ]
    }
    return (chunks.flatMap(\.outputs), chunks.flatMap(\.powers))
  }

  /// The joint posteriors and the power of every band, `[map][band]`, of one pass; nil if the
  /// readout is no joint density.
  public func posteriorsWithPowers(
    _ maps: [T], count: Int, threads: Int
  ) -> (posteriors: [PosteriorGrid?], powers: [Double]?)? {
    guard let posterior else { return nil }
    let bands = blocks[blocks.count - 1].mixing.outputChannels
    let width = configuration.readoutWidth
    let chunks = inChunks(maps, count: count, threads: threads) { workspace, size in
      [
        (
          natural: readout(Array(workspace.whitened.prefix(size))),
          powers: Array(workspace.powers.prefix(size * bands))
        )
      ]
    }
    let natural = chunks.flatMap(\.natural)
    let grids = Locked<[PosteriorGrid?]>([PosteriorGrid?](repeating: nil, count: count))
    parallelFor(count, threads: threads) { map in
      let grid = posterior.posterior(Array(natural[map * width..<(map + 1) * width]))
      grids.withLock { $0[map] = grid }
    }
    return (grids.withLock { $0 }, chunks.flatMap(\.powers))
  }

  /// Bands of the last block, whose powers are read out.
  public var bandCount: Int? { blocks[blocks.count - 1].mixing.outputChannels }

  /// Channels of coefficients where the bands are those of one channel after the other, by
  /// ascending degree as they begin.
  public var bandChannels: Int? {
    bandPowers == nil ? nil : configuration.coefficientChannels
  }

  public func readoutFeatures(_ maps: [T], count: Int, threads: Int) -> [Double] {
    inChunks(maps, count: count, threads: threads) { workspace, size in
      workspace.whitened.prefix(size).flatMap { features.forward($0) }
    }
  }

  /// f(p) of the power of every band, `[map][function, band]`: the variables before whitening.
  public func bandValues(_ maps: [T], count: Int, threads: Int) -> [Double] {
    inChunks(maps, count: count, threads: threads) { workspace, size in
      workspace.bandValues.prefix(size).flatMap { $0 }
    }
  }

  /// Chunks of 32 maps, the last one filled up with the first map of the chunk: a map's numbers do
  /// not depend on how many others there are.
  private func inChunks<R>(
    _ maps: [T], count: Int, threads: Int,
    _ body: (IsotropicWorkspace<T>, _ size: Int) -> [R]
  ) -> [R] {
    let size = 32
    let lanes = configuration.inputChannels
    var results: [R] = []
    for first in stride(from: 0, to: count, by: size) {
      let used = min(size, count - first)
      let chunk = padMaps(
        sliceMaps(maps, first: first, size: used, count: count, channels: lanes), used, to: size,
        channels: lanes)
      results += forward(.maps(chunk), count: size, isTraining: false, threads: threads) {
        body($0, used)
      }
    }
    return results
  }

  public mutating func accumulateGradients(
    _ maps: [T], count: Int, step: Int, threads: Int, into gradients: inout [NamedTensor<T>],
    loss: (_ outputs: [T]) -> (value: Double, gradient: [T])
  ) -> Double {
    let result = differentiate(
      .maps(maps), count: count, isTraining: true, threads: threads, into: &gradients,
      wantsInputGradient: false, loss: loss)
    var state = namedBuffers
    for (k, batch) in result.statistics.enumerated() {
      state.statistics[k].take(
        normalisation.updated(
          running: state.statistics[k].statistics, with: batch,
          count: count * blocks[k].transform.grid.pointCount))
    }
    buffers = state.tensors
    return result.value
  }

  public mutating func installReadout(weights: [Double], bias: [Double]) {
    let width = configuration.readoutWidth
    precondition(
      weights.count == features.count * width && bias.count == width,
      "\(weights.count) weights for \(features.count) features and \(width) linear outputs")
    var own = namedParameters
    for o in 0..<width {
      for k in 0..<features.count {
        own.readout.weight.values[o * features.count + k] = T(weights[k * width + o])
      }
      own.readout.bias.values[o] = T(bias[o])
    }
    parameters = own.tensors
  }

  /// Installs the whitening t = R (z − z_0).
  ///
  /// - Parameters:
  ///   - mean: z_0, per band.
  ///   - rotation: R, `[component][band]`.
  public mutating func installWhitening(mean: [Double], rotation: [Double]) {
    precondition(
      mean.count == configuration.variableCount
        && rotation.count == mean.count * features.variables,
      "\(mean.count) means and \(rotation.count) elements for \(features.variables) components of "
        + "\(configuration.variableCount) bands")
    var state = namedBuffers
    state.mean.values = mean.map { T($0) }
    state.rotation.values = rotation.map { T($0) }
    buffers = state.tensors
  }

  /// t = R (z − z_0) of every map.
  func whiten(_ maps: [[Double]]) -> [[Double]] {
    let mean = namedBuffers.mean.values.doubles()
    return rotated(maps.map { z in zip(z, mean).map { $0 - $1 } }, transposed: false)
  }

  /// R v of every v, or Rᵀ v.
  func rotated(_ vectors: [[Double]], transposed: Bool) -> [[Double]] {
    guard let depth = vectors.first?.count else { return [] }
    let rotation = namedBuffers.rotation.values.doubles()
    let columns = configuration.variableCount
    let width = transposed ? columns : features.variables
    let product = AlignedBuffer<Double>(count: vectors.count * width)
    vectors.flatMap { $0 }.withView { own in
      rotation.withView { rotation in
        let matrix = MatrixView(rotation, rowStride: columns)
        matrixProduct(
          rows: vectors.count, columns: width, depth: depth, MatrixView(own, rowStride: depth),
          transposed ? matrix : matrix.transposed,
          into: MatrixView(product.view(), rowStride: width))
      }
    }
    let values = product.array()
    return vectors.indices.map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  /// The outputs, `[map][output]`, that follow from the linear stage: its numbers themselves, or
  /// the estimates of their densities.
  private func estimates(_ linear: [Double]) -> [Double] {
    if let posterior {
      let width = configuration.readoutWidth
      return stride(from: 0, to: linear.count, by: width).flatMap {
        posterior.estimates(Array(linear[$0..<$0 + width]))
      }
    }
    guard let density else { return linear }
    let degree = density.family.degree
    return stride(from: 0, to: linear.count, by: degree).map {
      density.estimate(Array(linear[$0..<$0 + degree]))
    }
  }

  /// The posterior densities of every map, `[map][output]`, relative to the prior.
  ///
  /// - Parameters:
  ///   - maps: `[pixel][map * channels + channel]`.
  ///   - count: number of maps.
  ///   - threads: threads to use at most.
  /// - Returns: one density per map and output, or nothing if the readout is no density.
  public func posteriors(_ maps: [T], count: Int, threads: Int) -> [Posterior] {
    guard let density else { return [] }
    let degree = density.family.degree
    return inChunks(maps, count: count, threads: threads) { workspace, size in
      let linear = readout(Array(workspace.whitened.prefix(size)))
      return stride(from: 0, to: linear.count, by: degree).map {
        density.posterior(Array(linear[$0..<$0 + degree]))
      }
    }
  }

  /// The natural parameters of the joint densities of every map, `[map][k]`; nothing if the readout
  /// is no such density.
  package func naturalParameters(_ maps: [T], count: Int, threads: Int) -> [Double] {
    guard posterior != nil else { return [] }
    return inChunks(maps, count: count, threads: threads) { workspace, size in
      readout(Array(workspace.whitened.prefix(size)))
    }
  }

  /// ln p on a product of q, the last parameter fastest, of the joint density of natural
  /// parameters, whose tabulated density is `grid`.
  package func jointLogDensity(
    _ natural: [Double], _ grid: PosteriorGrid, quantiles: [[Double]]
  ) -> [Double] {
    guard let posterior else { preconditionFailure("a readout without joint density") }
    // At the peak both are known: what lies between them is ln Z.
    var peak = 0
    for point in grid.density.indices where grid.density[point] > grid.density[peak] {
      peak = point
    }
    var rest = peak
    var place = grid.axes.map { _ in 0.0 }
    for axis in grid.axes.indices.reversed() {
      let own = grid.axes[axis].quantiles
      place[axis] = own[rest % own.count]
      rest /= own.count
    }
    let atPeak = posterior.exponents(natural, quantiles: place.map { [$0] })[0]
    let shift = atPeak - log(grid.density[peak])
    return posterior.exponents(natural, quantiles: quantiles).map { $0 - shift }
  }

  /// The linear stage, `[map][output]` or `[map][output, j]`, from the whitened variables of every
  /// map.
  func readout(_ whitened: [[Double]]) -> [Double] {
    let linear = namedParameters.readout
    let (weights, bias) = (linear.weight.values.doubles(), linear.bias.values.doubles())
    return whitened.flatMap { t -> [Double] in
      let values = features.forward(t)
      return bias.indices.map { o in
        var sum = bias[o]
        for k in values.indices { sum += weights[o * values.count + k] * values[k] }
        return sum
      }
    }
  }
}

/// Appends copies of the first map until there are `size`.
func padMaps<T>(_ maps: [T], _ count: Int, to size: Int, channels: Int) -> [T] {
  if count == size { return maps }
  var padded: [T] = []
  padded.reserveCapacity(maps.count / count * size)
  for start in stride(from: 0, to: maps.count, by: count * channels) {
    padded += maps[start..<start + count * channels]
    for _ in count..<size { padded += maps[start..<start + channels] }
  }
  return padded
}
