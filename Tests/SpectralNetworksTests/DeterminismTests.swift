import Testing
import Verification

@testable import SpectralNetworks

/// Bits that may depend on nothing but the map and the parameters. All comparisons are exact.
@Suite("Determinism")
struct DeterminismTests {
  static let published: [PublishedConfiguration] = [
    .small(blocks: 1, channels: 1), .small(blocks: 3, channels: 3, hidden: 5, inpaints: true),
    PublishedConfiguration.small(blocks: 2, channels: 1).with(.harmonic, .power),
    PublishedConfiguration.small(blocks: 1).with(.bilinear, .power),
  ]
  /// Odd widths: the last lane of a batch then shares a complex number with a lane that pads it.
  static let isotropic: [IsotropicConfiguration] = [
    .small([5], channels: 1), .small([3, 7, 5, 9], channels: 1), .small([4, 3, 8], channels: 3),
  ]

  /// Gradients are sums over rings, orders and maps, cut in the same places whatever the number of
  /// threads. Repeated calls meet memory that other calls have used.
  @Test("Gradients are the same for 1, 2 and 3 threads", arguments: published)
  func publishedGradients(_ c: PublishedConfiguration) throws {
    let network = try PublishedNetwork<Float>.random(c, seed: 3)
    try expectSameGradients(network, channels: c.inputChannels, outputs: c.outputCount)
  }

  @Test("Gradients are the same for 1, 2 and 3 threads", arguments: isotropic)
  func isotropicGradients(_ c: IsotropicConfiguration) throws {
    let network = try IsotropicNetwork<Float>.random(c, seed: 4)
    try expectSameGradients(network, channels: c.inputChannels, outputs: c.outputCount)
  }

  private func expectSameGradients<N: TrainableNetwork>(
    _ network: N, channels: Int, outputs: Int
  ) throws where N.Scalar == Float {
    let count = 5
    let maps = randomMaps(nside: 4, lanes: count * channels, seed: 5, as: Float.self)
    let others = randomMaps(nside: 4, lanes: count * channels, seed: 6, as: Float.self)
    func run(_ maps: [Float], threads: Int) -> ([NamedTensor<Float>], [NamedTensor<Float>], Double)
    {
      var copy = network
      var gradients = network.parameters.map(\.zeros)
      let loss = copy.accumulateGradients(
        maps, count: count, step: 7, threads: threads, into: &gradients,
        loss: randomProduct(count * outputs, seed: 8))
      return (gradients, copy.buffers, loss)
    }
    let reference = run(maps, threads: 1)
    for threads in [1, 2, 3, 3, 2] {
      _ = run(others, threads: threads)
      let again = run(maps, threads: threads)
      #expect(again.0 == reference.0, "gradients with \(threads) threads")
      #expect(again.1 == reference.1, "buffers with \(threads) threads")
      #expect(again.2 == reference.2, "loss with \(threads) threads")
    }
    #expect(run(others, threads: 1).0 != reference.0, "the comparison does not see other maps")
  }

  /// Two adjacent lanes share a complex Fourier transform. Scratch memory filled with NaN shows
  /// whether the lanes that pad a batch, or anything else, are taken from what the memory held
  /// before.
  @Test("What scratch memory held before has no effect", arguments: published)
  func publishedScratch(_ c: PublishedConfiguration) throws {
    var network = try PublishedNetwork<Float>.random(c, seed: 3)
    let maps = randomMaps(nside: 4, lanes: 5 * c.inputChannels, seed: 5, as: Float.self)
    let loss: ([Float]) -> (value: Double, gradient: [Float]) = randomProduct(
      5 * c.outputCount, seed: 8)
    var (clean, poisoned) = (network.parameters.map(\.zeros), network.parameters.map(\.zeros))
    let first = network.accumulateGradients(
      maps, count: 5, step: 7, threads: 1, into: &clean, loss: loss)
    network.pool.withWorkspace([5, 1]) {
      PublishedWorkspace(network, maps: 5, threads: 1)
    } _: {
      poison($0.scratch)
    }
    let second = network.accumulateGradients(
      maps, count: 5, step: 7, threads: 1, into: &poisoned, loss: loss)
    #expect(first == second && first.isFinite)
    #expect(clean == poisoned)
  }

  @Test("What scratch memory held before has no effect", arguments: isotropic)
  func isotropicScratch(_ c: IsotropicConfiguration) throws {
    var network = try IsotropicNetwork<Float>.random(c, seed: 3)
    let maps = randomMaps(nside: 4, lanes: 5 * c.inputChannels, seed: 5, as: Float.self)
    let loss: ([Float]) -> (value: Double, gradient: [Float]) = randomProduct(
      5 * c.outputCount, seed: 8)
    var (clean, poisoned) = (network.parameters.map(\.zeros), network.parameters.map(\.zeros))
    let first = network.accumulateGradients(
      maps, count: 5, step: 7, threads: 1, into: &clean, loss: loss)
    network.pool.withWorkspace([5, 1]) {
      IsotropicWorkspace(network, maps: 5, threads: 1)
    } _: {
      if let scratch = $0.scratch { poison(scratch) }
    }
    let second = network.accumulateGradients(
      maps, count: 5, step: 7, threads: 1, into: &poisoned, loss: loss)
    #expect(first == second && first.isFinite)
    #expect(clean == poisoned)
  }

  private func poison(_ scratch: NetworkScratch<Float>) {
    for buffer in [scratch.gradient] + scratch.panels.flatMap({ [$0.0, $0.1] }) {
      for i in 0..<buffer.count { buffer[i] = .nan }
    }
  }

  /// Hidden widths are even here, as in every network that is shipped: with odd ones, lanes of two
  /// maps share a transform, and predictions are independent up to rounding only.
  @Test(
    "A prediction does not depend on threads, other maps or position",
    arguments: [
      PublishedConfiguration.small(blocks: 1, channels: 1, hidden: 4),
      .small(blocks: 3, channels: 3, hidden: 6, inpaints: true),
      .small(blocks: 2, channels: 2, hidden: 2), PublishedConfiguration(blockCount: 2),
      PublishedConfiguration(blockCount: 2).with(.harmonic, .power),
      PublishedConfiguration.small(blocks: 2, channels: 2, hidden: 2).with(.harmonic),
      PublishedConfiguration.small(blocks: 2, channels: 1, hidden: 4).with(.bilinear, .power),
    ])
  func publishedPredictions(_ c: PublishedConfiguration) throws {
    let network = try PublishedNetwork<Float>.random(c, seed: 9)
    expectIndependent(network, nside: c.nside, channels: c.inputChannels)
  }

  @Test(
    "A prediction does not depend on threads, other maps or position",
    arguments: [
      IsotropicConfiguration.small([5], channels: 1), .small([4, 6, 3], channels: 3),
      .small([2, 5], channels: 2), .t1, .polarised([6], groups: 2), .polarised([4, 4], groups: 1),
      .polarised([8], groups: 4, isCut: true),
    ])
  func isotropicPredictions(_ c: IsotropicConfiguration) throws {
    let network = try IsotropicNetwork<Float>.random(c, seed: 10)
    expectIndependent(network, nside: c.nside, channels: c.inputChannels)
  }

  /// 35 maps: one full chunk and three more. Each map alone, and all of them in reverse.
  private func expectIndependent<N: TrainableNetwork>(_ network: N, nside: Int, channels: Int)
  where N.Scalar == Float {
    let count = 35
    let maps = randomMaps(nside: nside, lanes: count * channels, seed: 11, as: Float.self)
    let n = network.outputCount
    func predict(_ order: [Int], threads: Int) -> [[Float]] {
      let chosen = stride(from: 0, to: maps.count, by: count * channels).flatMap { start in
        order.flatMap { maps[(start + $0 * channels)..<(start + ($0 + 1) * channels)] }
      }
      let outputs = network.predict(chosen, count: order.count, threads: threads)
      return order.indices.map { Array(outputs[($0 * n)..<(($0 + 1) * n)]) }
    }
    let all = predict(Array(0..<count), threads: 1)
    #expect(Set(all).count == count, "the comparison does not tell maps apart")
    for threads in [2, 3] {
      #expect(predict(Array(0..<count), threads: threads) == all, "\(threads) threads")
    }
    #expect(predict((0..<count).reversed(), threads: 2) == all.reversed(), "reversed")
    for map in [0, 1, 31, 34] { #expect(predict([map], threads: 1) == [all[map]], "map \(map)") }
  }
}
