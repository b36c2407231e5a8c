import HarmonicTransforms
import Kernels
import Testing
import Verification

@testable import SpectralNetworks

/// Weights of all orders that are one weight per degree.
///
/// And statistics that are no longer those of the batch.
///
/// Sees: that the shared gradient is the sum over orders, that shared weights stay equal in
/// training and part afterwards, that running statistics in training are those of inference. Blind
/// to: whether either helps.
@Suite("Sharing of weights between orders, running statistics")
struct OrderSharingTests {
  static let (lmax, mmax) = (5, 3)
  static let sharing = OrderSharing(lmax: lmax, mmax: mmax, inputChannels: 2, outputChannels: 3)
  static let size = 6

  private func place(_ l: Int, _ m: Int) -> Int {
    2 * coefficientIndex(l: l, m: m, lmax: Self.lmax) * Self.size
  }

  private var gradient: [Double] {
    var numbers = TestNumbers(seed: 31)
    return numbers.normals(2 * coefficientCount(lmax: Self.lmax, mmax: Self.mmax) * Self.size)
  }

  /// At most four terms: a bound of 8 u times their size. The control takes order 0 for the
  /// mean.
  @Test("Gradients become the mean over orders, imaginary ones zero", arguments: [1, 2, 3])
  func average(threads: Int) {
    let g = gradient
    var averaged = g
    Self.sharing.average(&averaged, threads: threads)
    let expected = Self.sharing.averageByDefinition(g)
    var worst = 0.0
    var control = 0.0
    for l in 0...Self.lmax {
      for m in 0...min(l, Self.mmax) {
        for i in 0..<Self.size {
          let error = abs(averaged[place(l, m) + i] - expected[place(l, m) + i])
          worst = max(worst, error.isNaN ? .infinity : error)
          control = max(control, abs(g[place(l, 0) + i] - expected[place(l, m) + i]))
          #expect(averaged[place(l, m) + Self.size + i] == 0)
        }
      }
    }
    let bound = 8 * Double.ulpOfOne * (g.map(abs).max() ?? .nan)
    #expect(worst <= bound)
    #expect(control > 1000 * bound)
  }

  /// Real and imaginary parts. The control takes the mean over all orders of the degree; with 8
  /// bands every order has its own, and nothing changes.
  @Test("In bands gradients become the mean over the band", arguments: [2, 3, 8])
  func bands(bands: Int) {
    let sharing = OrderSharing(
      lmax: Self.lmax, mmax: Self.mmax, inputChannels: 2, outputChannels: 3, bands: bands)
    let g = gradient
    var averaged = g
    sharing.average(&averaged, threads: 2)
    let expected = sharing.averageByDefinition(g)
    let all = Self.sharing.averageByDefinition(g)
    var worst = 0.0
    var control = 0.0
    for l in 0...Self.lmax {
      for m in 0...min(l, Self.mmax) {
        let own = sharing.ordersByDefinition(l: l, with: m)
        #expect(sharing.orderBands(l).contains { Array($0) == own })
        for i in 0..<2 * Self.size {
          let error = abs(averaged[place(l, m) + i] - expected[place(l, m) + i])
          worst = max(worst, error.isNaN ? .infinity : error)
          control = max(control, abs(averaged[place(l, m) + i] - all[place(l, m) + i]))
        }
      }
    }
    let bound = 8 * Double.ulpOfOne * (g.map(abs).max() ?? .nan)
    #expect(worst <= bound)
    #expect(control > 1000 * bound)
    #expect((averaged == g) == (bands == 8))
  }

  @Test("Threads change no bit", arguments: [1, 2])
  func threads(bands: Int) {
    let sharing = OrderSharing(
      lmax: Self.lmax, mmax: Self.mmax, inputChannels: 2, outputChannels: 3, bands: bands)
    var one = gradient
    sharing.average(&one, threads: 1)
    for threads in [2, 3] {
      var other = gradient
      sharing.average(&other, threads: threads)
      #expect(other == one)
    }
  }

  /// The whole network: shared from the first step on, free from step 3 on. Equality is exact,
  /// since a step does the same to equal numbers. The control is a free network, whose orders
  /// differ from the start.
  @Test("Weights stay shared for the given steps and part afterwards", arguments: [nil, 2])
  func training(bands: Int?) throws {
    var configuration = PublishedConfiguration.small(blocks: 2)
    configuration.sharedSteps = 3
    configuration.sharedBands = bands
    var network = try PublishedNetwork<Float>(configuration, seed: 3)
    #expect(isShared(network))
    for step in 0..<4 {
      let maps = randomMaps(
        nside: 4, lanes: 4 * configuration.inputChannels, seed: UInt64(step), as: Float.self)
      var gradients = network.parameters.map(\.zeros)
      _ = network.accumulateGradients(
        maps, count: 4, step: step, threads: 2, into: &gradients,
        loss: randomProduct(4 * configuration.outputCount, seed: 8))
      let before = network.parameters[0].values
      for i in network.parameters.indices {
        for k in network.parameters[i].values.indices {
          network.parameters[i].values[k] -= 1e-3 * gradients[i].values[k]
        }
      }
      #expect(network.parameters[0].values != before)
      #expect(isShared(network) == (step < 3), "after step \(step)")
    }
    configuration.sharedSteps = nil
    #expect(try !isShared(PublishedNetwork<Float>(configuration, seed: 3)))
  }

  /// With the batch's statistics for two steps; without dropout the third step's loss is then that
  /// of the predictions, to the bit. Control: the first step, whose statistics are the batch's.
  @Test("Running statistics in training are those of inference, and stay")
  func runningStatistics() throws {
    var configuration = PublishedConfiguration.small(blocks: 2)
    configuration.batchStatisticsSteps = 2
    configuration.dropout = 0
    var network = try PublishedNetwork<Float>.random(configuration, seed: 4)
    let maps = randomMaps(
      nside: 4, lanes: 32 * configuration.inputChannels, seed: 9, as: Float.self)
    for step in 0..<4 {
      let before = network.buffers
      let predictions = network.predict(maps, count: 32, threads: 1)
      var outputs: [Float] = []
      var gradients = network.parameters.map(\.zeros)
      _ = network.accumulateGradients(
        maps, count: 32, step: step, threads: 2, into: &gradients
      ) {
        outputs = $0
        return (0, [Float](repeating: 1, count: $0.count))
      }
      #expect((network.buffers == before) == (step >= 2))
      #expect((outputs == predictions) == (step >= 2))
    }
  }

  /// By bands: orders equal to the first of their band; with one band imaginary parts zero.
  private func isShared(_ network: PublishedNetwork<Float>) -> Bool {
    let bands = network.configuration.sharedBands ?? 1
    return network.blocks.indices.allSatisfy { k in
      let mixing = network.blocks[k].mixing
      let sharing = OrderSharing(
        lmax: mixing.lmax, mmax: mixing.mmax, inputChannels: mixing.inputChannels,
        outputChannels: mixing.outputChannels, bands: bands)
      let size = mixing.inputChannels * mixing.outputChannels
      let weights = network.namedParameters.blocks[k].weights.values
      let start = { (l: Int, m: Int) in 2 * coefficientIndex(l: l, m: m, lmax: mixing.lmax) * size }
      return (0...mixing.lmax).allSatisfy { l in
        sharing.orderBands(l).allSatisfy { band in
          let first = start(l, band.lowerBound)
          return band.allSatisfy { m in
            weights[start(l, m)..<start(l, m) + 2 * size] == weights[first..<first + 2 * size]
              && (bands > 1
                || weights[start(l, m) + size..<start(l, m) + 2 * size].allSatisfy { $0 == 0 })
          }
        }
      }
    }
  }
}
