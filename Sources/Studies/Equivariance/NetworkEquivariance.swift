import HarmonicTransforms
import RandomNumbers
import SpectralNetworks
import SphereGrids

/// Whole networks with initial weights on turned skies.
enum NetworkEquivariance {
  /// The powers of the bands of an isotropic network with blocks of 8 channels, ReLU between them.
  ///
  /// - Parameters:
  ///   - skies: what it sees.
  ///   - blocks: number of blocks; 1 has no ReLU.
  ///   - gridRings: rings of the Gauss-Legendre grid; lmax + 1 carries the degrees exactly.
  ///   - seed: of the weights.
  ///   - threads: any number gives the same bits.
  /// - Returns: what the rotations change.
  /// - Throws: `NetworkConfigurationError`, `HarmonicTransformError`.
  static func isotropic(
    _ skies: TurnedSkies, blocks: Int, gridRings: Int, seed: UInt64, threads: Int
  ) throws -> NetworkChange {
    let configuration = IsotropicConfiguration(
      nside: TurnedSkies.nside, lmax: TurnedSkies.lmax,
      channels: [Int](repeating: 8, count: blocks), gridRings: gridRings,
      powerFunction: .identity, readoutDegree: 1)
    let network = try IsotropicNetwork<Float>(configuration, seed: seed)
    return skies.change(network.bandValues(skies.maps, count: skies.count, threads: threads))
  }

  /// 16 outputs of the published network with initial weights, after its batch normalisations have
  /// seen the skies: with their initial statistics all signals would vanish beside the biases.
  ///
  /// - Throws: `HealpixError`.
  static func published(
    _ skies: TurnedSkies, seed: UInt64, threads: Int
  ) throws -> NetworkChange {
    var network = try PublishedNetwork<Float>(
      PublishedConfiguration(outputCount: 16), seed: seed)
    var unused = network.parameters.map {
      NamedTensor<Float>(name: $0.name, shape: $0.shape)
    }
    // The running statistics forget a tenth of the past at every step.
    for step in 0..<50 {
      _ = network.accumulateGradients(
        skies.maps, count: skies.count, step: step, threads: threads, into: &unused
      ) { (0, [Float](repeating: 0, count: $0.count)) }
    }
    let outputs = network.predict(skies.maps, count: skies.count, threads: threads)
    return skies.change(outputs.map { Double($0) })
  }
}
