import FourierTransforms
import HarmonicTransforms
import LinearAlgebra
import Resampling
import SphereGrids

/// The sizes of a published network.
///
/// Defaults are the published ones at nside 16. Degrees and orders are inclusive maxima here; the
/// published code counts them (47 degrees, 33 orders).
public struct PublishedConfiguration: SkyNetworkConfiguration {
  /// HEALPix resolution of the input maps.
  public var nside: Int
  /// Latitudes and longitudes of the sampling grid.
  public var latitudeCount: Int
  public var longitudeCount: Int
  /// Largest degree, inclusive: one less than the published number of degrees.
  public var lmax: Int
  /// Largest order, inclusive.
  public var mmax: Int
  /// Fields per map; with a mask, the mask is the last of them.
  public var inputChannels: Int
  /// Channels of every block.
  public var hiddenChannels: Int
  /// Number of blocks.
  public var blockCount: Int
  /// Width of the fully connected hidden layer.
  public var denseWidth: Int
  /// Number of outputs.
  public var outputCount: Int
  /// Whether masked points are filled with the mean of the observed ones first.
  public var inpaints: Bool
  /// Probability of dropout before the last layer, in training.
  public var dropout: Double
  /// Optimiser steps, from the first on, in which the orders of a degree share one real weight, or
  /// with `sharedBands` the orders of a band one complex weight (`OrderSharing`); nil: none, as
  /// published.
  public var sharedSteps: Int?
  /// Bands of orders in every degree, each of which shares a complex weight in these steps; nil:
  /// one band and a real weight.
  public var sharedBands: Int?
  /// Optimiser steps, from the first on, in which batch normalisation takes mean and variance from
  /// the batch; afterwards it takes the running ones as inference does, and they stay as they are.
  /// Nil: all, as published.
  public var batchStatisticsSteps: Int?
  /// How maps reach the grid; nil: by the containing pixel, as published.
  public var sampling: PublishedSampling?
  /// What is read out of every channel of the last block; nil: its mean, as published.
  public var pooling: PublishedPooling?
  /// The coordinate of the parameters that the outputs are in; nil: the parameters themselves.
  public var targets: PublishedTargets?

  /// The given sizes, trained as published.
  public init(
    nside: Int = 16, latitudeCount: Int = 32, longitudeCount: Int = 64, lmax: Int = 46,
    mmax: Int = 32, inputChannels: Int = 1, hiddenChannels: Int = 32, blockCount: Int = 3,
    denseWidth: Int = 64, outputCount: Int = 1, inpaints: Bool = false, dropout: Double = 0.2
  ) {
    self.nside = nside
    self.latitudeCount = latitudeCount
    self.longitudeCount = longitudeCount
    self.lmax = lmax
    self.mmax = mmax
    self.inputChannels = inputChannels
    self.hiddenChannels = hiddenChannels
    self.blockCount = blockCount
    self.denseWidth = denseWidth
    self.outputCount = outputCount
    self.inpaints = inpaints
    self.dropout = dropout
  }

  /// The network of test T1: l_peak from temperature maps.
  public static let t1 = PublishedConfiguration()

  /// Number of parameters as the published files count them: complex weights for all
  /// (lmax + 1)(mmax + 1) pairs (l, m), those with l < m included.
  public var publishedParameterCount: Int {
    let pairs = 2 * (lmax + 1) * (mmax + 1)
    var count = 0
    for block in 0..<blockCount {
      count += pairs * channels(into: block) * hiddenChannels + 2 * hiddenChannels
    }
    return count + (hiddenChannels + 1) * denseWidth + (denseWidth + 1) * outputCount
  }

  /// Throws the first value that makes no network.
  ///
  /// Harmonic resampling excludes inpainting: it turns a mask into a field that is zero nowhere.
  ///
  /// - Throws: `NetworkConfigurationError.invalid`, with what was found and expected.
  public func validate() throws(NetworkConfigurationError) {
    let require = NetworkConfigurationError.require
    let (width, degree) = (NetworkLimits.width, NetworkLimits.degree)
    for (key, size, limits) in [
      ("nside", nside, 1...NetworkLimits.nside),
      ("number of longitudes", longitudeCount, 1...degree),
      ("number of input channels", inputChannels, 1...width),
      ("number of hidden channels", hiddenChannels, 1...width),
      ("number of blocks", blockCount, 1...NetworkLimits.blocks),
      ("dense width", denseWidth, 1...width), ("number of outputs", outputCount, 1...width),
      ("number of shared bands", sharedBands ?? 1, 1...degree), ("lmax", lmax, 0...degree),
      ("mmax", mmax, 0...degree), ("number of shared steps", sharedSteps ?? 0, 0...Int.max),
      (
        "number of steps with the batch's statistics", batchStatisticsSteps ?? 0, 0...Int.max
      ),
    ] {
      let expected =
        limits.upperBound == .max
        ? "at least \(limits.lowerBound)" : "\(limits.lowerBound)...\(limits.upperBound)"
      try require(limits.contains(size), key, size, expected)
    }
    try require(
      (2...degree).contains(latitudeCount), "number of latitudes", latitudeCount,
      "2...\(degree), both poles included")
    try require(
      2 * usedMmax <= longitudeCount, "number of longitudes", longitudeCount,
      "at least \(2 * usedMmax), twice the largest order")
    try require((0..<1).contains(dropout), "dropout", dropout, "0 or more and less than 1")
    if sampling == .harmonic, inpaints {
      throw .invalid(
        key: "sampling", found: "harmonic with inpainting",
        expected: "containing-pixel or bilinear, which leave zeros of the mask zero; "
          + "or no inpainting")
    }
  }

  /// The tensors of a network of this configuration, under published names; `num_batches_tracked`
  /// and the pixel table included.
  ///
  /// Domain: a configuration that `validate` accepts.
  public var tensorShapes: [TensorShape] {
    var shapes: [TensorShape] = []
    for block in 0..<blockCount {
      for part in ["weight_real", "weight_imag"] {
        shapes.append(
          TensorShape(
            "blocks.\(block).\(part)",
            [hiddenChannels, channels(into: block), lmax + 1, mmax + 1]))
      }
      for part in ["weight", "bias", "running_mean", "running_var"] {
        shapes.append(TensorShape("batchnorms.\(block).\(part)", [hiddenChannels]))
      }
      shapes.append(TensorShape("batchnorms.\(block).num_batches_tracked", []))
    }
    shapes += [
      TensorShape("fc.0.weight", [denseWidth, hiddenChannels]),
      TensorShape("fc.0.bias", [denseWidth]),
      TensorShape("fc.3.weight", [outputCount, denseWidth]),
      TensorShape("fc.3.bias", [outputCount]),
    ]
    if sampling ?? .containingPixel == .containingPixel {
      shapes.append(TensorShape(Self.pixelTable, [latitudeCount * longitudeCount]))
    }
    return shapes
  }

  /// The tensors that a state dictionary may lack: the counters, which serve nothing, and the pixel
  /// table, which can be computed.
  public var optionalTensors: Set<String> {
    Set((0..<blockCount).map { "batchnorms.\($0).num_batches_tracked" } + [Self.pixelTable])
  }

  /// The name of the pixel table in files.
  public static let pixelTable = "to_equi.pixel_indices"

  public static let architectureName = "published"

  /// Batch normalisation and the dense layers: few numbers, and those fitted to many maps cancel
  /// each other by more than float16 resolves.
  public static let exactTensors = ["batchnorms.", "fc."]

  public func makeNetwork(
    seed: UInt64, progress: WorkProgress
  ) throws -> PublishedNetwork<Float> {
    try PublishedNetwork(self, seed: seed)
  }

  /// Bytes of memory that a prediction takes, in order of magnitude: fields of 32 maps before and
  /// after every block, and the table of Legendre functions.
  public var workingBytes: Double {
    let points = Double(latitudeCount) * Double(longitudeCount)
    let fields = 32 * Double(hiddenChannels + inputChannels) * points * Double(blockCount + 1)
    let pixels = 32 * Double(inputChannels) * 12 * Double(nside) * Double(nside)
    let legendre = Double(lmax + 1) * Double(usedMmax + 1) * Double(latitudeCount)
    return 4 * (fields + pixels + legendre)
  }

  /// Orders that coefficients exist for: files may list orders beyond lmax, which have none.
  var usedMmax: Int { min(mmax, lmax) }

  /// Channels that enter a block.
  func channels(into block: Int) -> Int { block == 0 ? inputChannels : hiddenChannels }
}
