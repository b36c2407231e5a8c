import FourierTransforms
import HarmonicTransforms
import Testing
import Verification

@testable import SpectralNetworks

/// Of the orders m = 0 and n/2 (Nyquist) the published network keeps real parts only: the imaginary
/// parts of their weights do nothing, and nothing moves them.
@Suite("Imaginary weights of real orders")
struct RealOrderPropertyTests {
  /// lmax 10, mmax 8 on rings of 16 points: order 8 is the Nyquist order.
  static let configurations: [PublishedConfiguration] = [
    .small(blocks: 1), .small(blocks: 2), .small(blocks: 3, hidden: 4),
  ]

  private func isReal(_ m: Int, _ c: PublishedConfiguration) -> Bool {
    m == 0 || 2 * m == c.longitudeCount
  }

  /// The gradients of the published tensors `blocks.<k>.weight_real` and `weight_imag`.
  private func gradients<T: FourierScalar>(
    _ c: PublishedConfiguration, isTraining: Bool, _ type: T.Type
  ) throws -> [NamedTensor<T>] {
    let network = try PublishedNetwork<T>.random(c, seed: 31)
    let maps = randomMaps(nside: 4, lanes: 3 * c.inputChannels, seed: 32, as: T.self)
    var gradients = network.parameters.map(\.zeros)
    _ = network.differentiate(
      maps, count: 3, isTraining: isTraining, dropoutStep: nil, threads: 2, into: &gradients,
      wantsInputGradient: false, loss: randomProduct(3 * network.outputCount, seed: 33))
    return network.publishedTensors(gradients)
  }

  /// The gradient of an imaginary weight of order 0 or n/2 is zero, exactly: it is no difference of
  /// rounded numbers, or Adam would turn it into steps of full size. The same orders' real weights
  /// and the imaginary weights of all other orders move (the control).
  @Test("Gradients are zero, bit for bit", arguments: configurations, [false, true])
  func zeroGradients(c: PublishedConfiguration, isTraining: Bool) throws {
    try check(try gradients(c, isTraining: isTraining, Double.self), c)
    try check(try gradients(c, isTraining: isTraining, Float.self), c)
  }

  private func check<T: FourierScalar>(
    _ tensors: [NamedTensor<T>], _ c: PublishedConfiguration
  ) throws {
    for part in ["weight_real", "weight_imag"] {
      let weights = tensors.filter { $0.name.hasSuffix(part) }
      #expect(weights.count == c.blockCount)
      for tensor in weights {
        for (index, value) in tensor.values.enumerated() {
          let (l, m) = (index / (c.mmax + 1) % (c.lmax + 1), index % (c.mmax + 1))
          let isDead = l < m || (part == "weight_imag" && isReal(m, c))
          // The last block's output is averaged over the grid: in inference only some m = 0 remain.
          if isDead { #expect(value == 0, "\(tensor.name), l \(l), m \(m): \(value)") }
        }
        let alive = tensor.values.indices.filter { i in
          let (l, m) = (i / (c.mmax + 1) % (c.lmax + 1), i % (c.mmax + 1))
          return l >= m && (part == "weight_real" || !isReal(m, c))
        }
        if tensor.name != "blocks.\(c.blockCount - 1).\(part)" {
          #expect(alive.allSatisfy { tensor.values[$0] != 0 }, "\(tensor.name)")
        }
      }
    }
  }

  /// Other numbers in these weights change no bit of the outputs; other numbers beside them do.
  @Test("Outputs do not read them", arguments: configurations)
  func outputs(c: PublishedConfiguration) throws {
    let network = try PublishedNetwork<Double>.random(c, seed: 34)
    let maps = randomMaps(nside: 4, lanes: 3 * c.inputChannels, seed: 35, as: Double.self)
    func predictions(changing orders: (Int) -> Bool) -> [Double] {
      var changed = network
      for k in 0..<c.blockCount {
        let size = c.channels(into: k) * c.hiddenChannels
        guard
          let tensor = changed.parameters.firstIndex(where: { $0.name == "blocks.\(k).weights" })
        else { continue }
        for m in 0...c.mmax where orders(m) {
          for l in m...c.lmax {
            let first = (2 * coefficientIndex(l: l, m: m, lmax: c.lmax) + 1) * size
            for i in first..<first + size { changed.parameters[tensor].values[i] += 1 }
          }
        }
      }
      return changed.predict(maps, count: 3, threads: 1)
    }
    let expected = network.predict(maps, count: 3, threads: 1)
    #expect(predictions { isReal($0, c) } == expected)
    // Negative control: order 1. The mean of a single block's output sees m = 0 alone.
    if c.blockCount > 1 {
      let other = predictions { $0 == 1 }
      #expect(relativeError(other, expected) > 1000 * RoundingBound.probable(operations: 4096))
    }
  }
}
