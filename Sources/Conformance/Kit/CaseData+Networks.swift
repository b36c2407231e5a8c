import FileFormats
import FourierTransforms
import HarmonicTransforms
import Kernels
import Numerics
import SpectralNetworks
import SphereGrids
import Training

// What cases of layers and networks say, in the types of the modules that compute them.

extension CaseData {
  /// A tensor `[..., 2]` as complex numbers.
  func complexNumbers(_ name: String) throws -> [Complex<Double>] {
    try values(name).complexNumbers
  }

  /// Whether the parameter `mode` is training.
  func isTraining() throws(ConformanceError) -> Bool { try text("mode") == "training" }

  /// The inputs `state.<name>` without their prefix.
  func state<T: LaneScalar>(as type: T.Type) throws -> [NamedTensor<T>] {
    try inputs.names.filter { $0.hasPrefix("state.") }.map { name in
      NamedTensor(
        name: String(name.dropFirst("state.".count)), shape: try shape(name),
        values: try values(name, as: type))
    }
  }

  // MARK: - Layers

  /// The layer of a case of batch normalisation.
  func batchNormalisation() throws(ConformanceError) -> BatchNormalisation {
    let text = try text("weighting")
    guard let weighting = PointWeighting(rawValue: text) else {
      throw .parameter(name: "weighting", found: text, expected: "equal or area")
    }
    return BatchNormalisation(
      weighting: weighting, epsilon: try number("epsilon"), momentum: try number("momentum"))
  }

  /// The inputs `<prefix>running_mean` and `<prefix>running_var`.
  func runningStatistics(_ prefix: String = "") throws -> BatchNormalisation.Statistics {
    BatchNormalisation.Statistics(
      mean: try values("\(prefix)running_mean"), variance: try values("\(prefix)running_var"))
  }

  /// The constants of a case of Adam.
  func adamOptions() throws(ConformanceError) -> AdamOptions {
    AdamOptions(
      beta1: try number("beta1"), beta2: try number("beta2"), epsilon: try number("epsilon"))
  }

  // MARK: - Networks

  /// The sizes of the published network of a case.
  func publishedConfiguration() throws(ConformanceError) -> PublishedConfiguration {
    PublishedConfiguration(
      nside: try integer("nside"), latitudeCount: try integer("latitudes"),
      longitudeCount: try integer("longitudes"), lmax: try integer("lmax"),
      mmax: try integer("mmax"), inputChannels: try integer("input_channels"),
      hiddenChannels: try integer("hidden_channels"), blockCount: try integer("blocks"),
      denseWidth: try integer("dense_width"), outputCount: try integer("output_count"),
      inpaints: try integer("inpainting") == 1, dropout: 0)
  }

  /// The sizes of the isotropic network of a case.
  func isotropicConfiguration() throws(ConformanceError) -> IsotropicConfiguration {
    let (lmax, rings) = (try integer("lmax"), try integer("grid_rings"))
    let longitudes = GaussLegendreGrid(lmax: rings - 1).longitudeCount
    guard try integer("longitudes") == longitudes else {
      throw .parameter(
        name: "longitudes", found: "\(try integer("longitudes"))", expected: "\(longitudes)")
    }
    let function = try text("power_function")
    guard let power = PowerFunction(rawValue: function) else {
      throw .parameter(name: "power_function", found: function, expected: "logarithm")
    }
    // Coefficients need no map; any nside that determines them will do.
    let nside = try text("input") == "maps" ? try integer("nside") : lmax / 2 + 1
    return IsotropicConfiguration(
      nside: nside, lmax: lmax, inputChannels: try integer("input_channels"),
      channels: try integers("channels"), gridRings: rings, powerFunction: power,
      readoutDegree: try integer("readout_degree"), outputCount: try integer("output_count"))
  }
}
