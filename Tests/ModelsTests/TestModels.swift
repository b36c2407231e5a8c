import FileFormats
import Foundation
import PixelNetworks
import SpectralNetworks
import SphereGrids
import Verification

@testable import Models
@testable import Tasks

/// A small isotropic network at nside 16 with random weights everywhere.
func isotropicNetwork(seed: UInt64 = 1) throws -> any SkyNetwork<Float> {
  var network = try IsotropicNetwork<Float>(
    IsotropicConfiguration(channels: [3, 4], readoutDegree: 2), seed: seed)
  var numbers = TestNumbers(seed: seed)
  for k in network.parameters.indices {
    network.parameters[k].values = network.parameters[k].values.map { _ in
      Float(numbers.uniform(0.1, 1))
    }
  }
  for k in network.buffers.indices {
    network.buffers[k].values = network.buffers[k].values.map { _ in
      Float(numbers.uniform(0.1, 1))
    }
  }
  return network
}

/// A small published network: the published grid, few channels and degrees.
func publishedNetwork(
  seed: UInt64 = 1, inputs: Int = 1, outputs: Int = 1
) throws -> any SkyNetwork<Float> {
  try PublishedNetwork<Float>(
    PublishedConfiguration(
      lmax: 34, mmax: 32, inputChannels: inputs, hiddenChannels: 3, blockCount: 2,
      denseWidth: 5, outputCount: outputs),
    seed: seed)
}

/// A small network of pixels with random biases and standardisation.
func pixelNetwork(seed: UInt64 = 1) throws -> any SkyNetwork<Float> {
  var network = try PixelNetwork<Float>(
    PixelConfiguration(channels: [3, 4, 2], hidden: 5), seed: seed)
  network.standardise(inputScales: [0.3], offsets: [12.5], scales: [4.25])
  var numbers = TestNumbers(seed: seed)
  for k in network.parameters.indices where network.parameters[k].name.hasSuffix("bias") {
    network.parameters[k].values = network.parameters[k].values.map { _ in
      Float(numbers.normal())
    }
  }
  return network
}

/// A small network of an architecture.
func smallNetwork(_ architecture: Architecture) throws -> any SkyNetwork<Float> {
  switch architecture {
  case .isotropic: return try isotropicNetwork()
  case .published: return try publishedNetwork()
  case .pixel: return try pixelNetwork()
  default:
    throw NetworkConfigurationError.invalid(
      key: "architecture", found: architecture.rawValue, expected: "a small network of it here")
  }
}

/// A model around a network, with a calibration of random numbers.
func model(_ network: any SkyNetwork<Float>, noise: Double = 2.5) throws -> TrainedModel {
  var numbers = TestNumbers(seed: 7)
  let samples = (0..<300).map { _ in
    ErrorCalibration.Sample(
      prediction: numbers.uniform(5, 20), truth: numbers.uniform(5, 20),
      pixelVariance: numbers.uniform(1, 10))
  }
  return TrainedModel(
    network: network,
    description: ModelDescription(
      settings: try TaskSettings(noise: noise), seed: 1 << 63 | 5, mapsSeen: 1234,
      result: ["mean_absolute_percent_error": 0.1 + 0.2]),
    calibration: [try ErrorCalibration(samples)])
}
