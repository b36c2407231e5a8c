import FourierTransforms
import Kernels
import Verification

@testable import SpectralNetworks

// Small networks with random weights of order one, and maps for them.

extension PublishedConfiguration {
  /// One or more blocks at nside 4 on 8 x 16 points, the Nyquist order included.
  static func small(
    blocks: Int, channels: Int = 2, hidden: Int = 3, inpaints: Bool = false, outputs: Int = 2
  ) -> PublishedConfiguration {
    PublishedConfiguration(
      nside: 4, latitudeCount: 8, longitudeCount: 16, lmax: 10, mmax: 8, inputChannels: channels,
      hiddenChannels: hidden, blockCount: blocks, denseWidth: 7, outputCount: outputs,
      inpaints: inpaints, dropout: 0.4)
  }
}

extension PublishedConfiguration {
  /// The same with another sampling or pooling.
  func with(
    _ sampling: PublishedSampling?, _ pooling: PublishedPooling? = nil
  ) -> PublishedConfiguration {
    var configuration = self
    configuration.sampling = sampling
    configuration.pooling = pooling
    return configuration
  }
}

extension IsotropicConfiguration {
  /// nside 4, lmax 7, on a grid of ten rings where there is more than one block.
  static func small(
    _ widths: [Int], channels: Int = 2, power: PowerFunction = .logarithm, degree: Int = 3,
    outputs: Int = 2
  ) -> IsotropicConfiguration {
    IsotropicConfiguration(
      nside: 4, lmax: 7, inputChannels: channels, channels: widths, gridRings: 10,
      powerFunction: power, readoutDegree: degree, outputCount: outputs)
  }
}

extension IsotropicConfiguration {
  /// Readout by densities of degree 3.
  static func dense(_ widths: [Int]) -> IsotropicConfiguration {
    var configuration = small(widths, degree: 1)
    configuration.density = DensityFamily(degree: 3, range: 5...20)
    return configuration
  }

  /// Q and U at nside 4 with two functions of every band and two leaders; `isCut`: through two
  /// filters.
  static func polarised(
    _ widths: [Int], groups: Int, isCut: Bool = false
  ) -> IsotropicConfiguration {
    var configuration = small(widths)
    configuration.polarisation = PolarisationInput(filterBank: isCut ? .small() : nil)
    configuration.groups = groups
    configuration.powerFunctions = [.logarithm, .identity]
    configuration.readoutLeaders = 2
    return configuration
  }
}

extension PublishedNetwork {
  /// Weights, normalisation and running statistics such that every part contributes.
  static func random(_ configuration: PublishedConfiguration, seed: UInt64) throws -> Self {
    var network = try PublishedNetwork(configuration, seed: seed)
    var numbers = TestNumbers(seed: seed)
    for i in network.parameters.indices {
      let name = network.parameters[i].name
      for k in network.parameters[i].values.indices {
        let normal = 0.5 * numbers.normal()
        let isScale = name.hasPrefix("batchnorms") && name.hasSuffix("weight")
        network.parameters[i].values[k] = T(isScale ? numbers.uniform(0.5, 1.5) : normal)
      }
    }
    randomiseStatistics(&network.buffers, &numbers)
    return network
  }
}

extension IsotropicNetwork {
  /// Weights, normalisation, whitening and readout such that every part contributes.
  static func random(_ configuration: IsotropicConfiguration, seed: UInt64) throws -> Self {
    var network = try IsotropicNetwork(configuration, seed: seed)
    var numbers = TestNumbers(seed: seed)
    for i in network.parameters.indices {
      let name = network.parameters[i].name
      for k in network.parameters[i].values.indices {
        let normal = (name.hasPrefix("readout") ? 0.2 : 1) * numbers.normal()
        let isScale = name.hasPrefix("batchnorms") && name.hasSuffix("weight")
        network.parameters[i].values[k] = T(isScale ? numbers.uniform(0.5, 1.5) : normal)
      }
    }
    randomiseStatistics(&network.buffers, &numbers)
    var state = network.namedBuffers
    for k in state.rotation.values.indices { state.rotation.values[k] += T(0.2 * numbers.normal()) }
    for k in state.mean.values.indices { state.mean.values[k] = T(0.3 * numbers.normal()) }
    network.buffers = state.tensors
    return network
  }
}

private func randomiseStatistics<T: LaneScalar>(
  _ buffers: inout [NamedTensor<T>], _ numbers: inout TestNumbers
) {
  for i in buffers.indices where buffers[i].name.hasPrefix("batchnorms") {
    for k in buffers[i].values.indices {
      if buffers[i].name.hasSuffix("running_mean") {
        buffers[i].values[k] = T(0.3 * numbers.normal())
      } else if buffers[i].name.hasSuffix("running_var") {
        buffers[i].values[k] = T(numbers.uniform(0.5, 1.5))
      }
    }
  }
}

/// Maps `[pixel][map * channels + channel]` of normal numbers, with a mean that differs from map to
/// map: white maps alone would leave most gradients small.
func randomMaps<T: LaneScalar>(
  nside: Int, lanes: Int, seed: UInt64, as type: T.Type
) -> [T] {
  var numbers = TestNumbers(seed: seed)
  let means = numbers.normals(lanes)
  return (0..<12 * nside * nside).flatMap { _ in means.map { T($0 + numbers.normal()) } }
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
