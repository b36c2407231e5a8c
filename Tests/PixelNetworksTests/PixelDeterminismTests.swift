import SpectralNetworks
import Testing
import Verification

@testable import PixelNetworks

/// Bits that may depend on nothing but the map and the parameters. All comparisons are exact.
@Suite("Determinism of networks of pixels")
struct PixelDeterminismTests {
  static let configuration = PixelConfiguration.small([5, 8], inputs: 2)

  /// Seven maps are two shards. Repeated calls meet memory that other calls have used.
  @Test("Gradients are the same for 1, 2 and 3 threads")
  func gradients() throws {
    let network = try PixelNetwork<Float>.random(Self.configuration, seed: 3)
    let maps = randomMaps(nside: 4, lanes: 14, seed: 5, as: Float.self)
    let others = randomMaps(nside: 4, lanes: 14, seed: 6, as: Float.self)
    func run(_ maps: [Float], threads: Int) -> ([NamedTensor<Float>], Double) {
      var copy = network
      var gradients = network.parameters.map(\.zeros)
      let value = copy.accumulateGradients(
        maps, count: 7, step: 7, threads: threads, into: &gradients,
        loss: randomProduct(14, seed: 8))
      return (gradients, value)
    }
    let reference = run(maps, threads: 1)
    for threads in [1, 2, 3, 2] {
      _ = run(others, threads: threads)
      let again = run(maps, threads: threads)
      #expect(again.0 == reference.0 && again.1 == reference.1, "\(threads) threads")
    }
    #expect(run(others, threads: 1).0 != reference.0, "the comparison does not see other maps")
  }

  /// Any order, number and company of maps gives the same predictions.
  @Test("Predictions of a map do not depend on the others")
  func predictions() throws {
    let network = try PixelNetwork<Float>.random(Self.configuration, seed: 4)
    let count = 11
    let maps = randomMaps(nside: 4, lanes: 2 * count, seed: 11, as: Float.self)
    func predict(_ order: [Int], threads: Int) -> [[Float]] {
      let some = chosen(from: maps, maps: order, of: count)
      let outputs = network.predict(some, count: order.count, threads: threads)
      return order.indices.map { [outputs[2 * $0], outputs[2 * $0 + 1]] }
    }
    let all = predict(Array(0..<count), threads: 1)
    #expect(Set(all).count == count, "the comparison does not tell maps apart")
    for threads in [2, 3] { #expect(predict(Array(0..<count), threads: threads) == all) }
    #expect(predict((0..<count).reversed(), threads: 2) == all.reversed())
    for map in [0, 3, 4, 10] { #expect(predict([map], threads: 1) == [all[map]], "map \(map)") }
  }

  /// Gradients are added: twice the same step gives twice the gradients, and doubling is exact.
  @Test("Gradients are added")
  func accumulation() throws {
    var network = try PixelNetwork<Float>.random(Self.configuration, seed: 3)
    let maps = randomMaps(nside: 4, lanes: 6, seed: 5, as: Float.self)
    var once = network.parameters.map(\.zeros)
    _ = network.accumulateGradients(
      maps, count: 3, step: 1, threads: 1, into: &once, loss: randomProduct(6, seed: 8))
    var twice = once
    _ = network.accumulateGradients(
      maps, count: 3, step: 1, threads: 1, into: &twice, loss: randomProduct(6, seed: 8))
    #expect(twice.map(\.values) == once.map { $0.values.map { 2 * $0 } })
  }
}
