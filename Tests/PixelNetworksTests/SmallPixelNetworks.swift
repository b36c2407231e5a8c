import Kernels
import Verification

@testable import PixelNetworks

// Small networks with random weights of order one, and maps for them.

extension PixelConfiguration {
  /// nside 4, one or two blocks.
  static func small(
    _ channels: [Int], inputs: Int = 2, hidden: Int = 7, outputs: Int = 2
  ) -> PixelConfiguration {
    PixelConfiguration(
      nside: 4, inputChannels: inputs, channels: channels, hidden: hidden, outputCount: outputs,
      dropout: 0.4)
  }
}

extension PixelNetwork {
  /// Weights, biases and standardisation such that every part contributes.
  static func random(_ configuration: PixelConfiguration, seed: UInt64) throws -> Self {
    var network = try PixelNetwork(configuration, seed: seed)
    var numbers = TestNumbers(seed: seed)
    for i in network.parameters.indices where network.parameters[i].name.hasSuffix("bias") {
      for k in network.parameters[i].values.indices {
        network.parameters[i].values[k] = T(0.3 * numbers.normal())
      }
    }
    func values(_ count: Int) -> [Double] { (0..<count).map { _ in numbers.uniform(0.5, 1.5) } }
    network.standardise(
      inputScales: values(configuration.inputChannels), offsets: values(network.outputCount),
      scales: values(network.outputCount))
    return network
  }
}

/// Standard normal maps, `[pixel][map * channels + channel]`.
func randomMaps<T: LaneScalar>(
  nside: Int, lanes: Int, seed: UInt64, as type: T.Type = T.self
) -> [T] {
  var numbers = TestNumbers(seed: seed)
  return numbers.normals(12 * nside * nside * lanes).map { T($0) }
}

/// Some of the `count` maps of a field `[pixel][map][channel]` on 192 pixels, in any order.
func chosen<T>(from values: [T], maps: [Int], of count: Int) -> [T] {
  let channels = values.count / (192 * count)
  var chosen: [T] = []
  for pixel in 0..<192 {
    for map in maps {
      let start = (pixel * count + map) * channels
      chosen += values[start..<start + channels]
    }
  }
  return chosen
}

/// Σ c_k output_k with random c, as a loss.
func randomProduct<T: LaneScalar>(
  _ count: Int, seed: UInt64
) -> (_ outputs: [T]) -> (value: Double, gradient: [T]) {
  var numbers = TestNumbers(seed: seed)
  let c = numbers.normals(count)
  return { outputs in
    (zip(c, outputs).reduce(0) { $0 + $1.0 * Double($1.1) }, c.map { T($0) })
  }
}

extension NeighbourConvolution {
  /// x̄, w̄ and b̄ of one backward step.
  func gradients(
    _ dy: [T], x: [T], maps: Int, weights: [T]
  ) -> (x: [T], weights: [T], bias: [T]) {
    var dw = [T](repeating: 0, count: weights.count)
    var db = [T](repeating: 0, count: outputChannels)
    let dx = backward(dy, saved: x, maps: maps, weights: weights, accumulatingInto: &dw, &db)
    return (dx, dw, db)
  }
}
