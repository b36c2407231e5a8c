import FourierTransforms
import LinearAlgebra

/// The sizes of an isotropic network.
public struct IsotropicConfiguration: Codable, Sendable, Equatable {
  /// HEALPix resolution of the input maps.
  public var nside: Int
  /// Largest degree, inclusive.
  public var lmax: Int
  /// Fields per map.
  public var inputChannels: Int
  /// Output channels of every block; the last block's are the band powers that are read out.
  public var channels: [Int]
  /// Rings of the grid on which blocks before the last are rectified; lmax + 1 carries lmax
  /// exactly, more of them alias less.
  public var gridRings: Int
  /// What is read out of each power.
  public var powerFunction: PowerFunction
  /// Degree of the polynomial readout, 1...3; with `readoutLeaders` up to 4.
  public var readoutDegree: Int
  /// Number of outputs.
  public var outputCount: Int
  /// Set for polarisation: the two fields of a map are Q and U, and what enters the first block is
  /// E and B, of each filter if there are several. Nil: scalar fields.
  public var polarisation: PolarisationInput?
  /// Filters of the observed pixels of maps of T; nil: polarisation, or a full sky.
  public var scalarFilters: FilterBankConfiguration?
  /// Groups of consecutive channels that the last block keeps apart, each with its own bands; nil:
  /// one. One group per E or B respects parity: no band mixes the two.
  public var groups: Int?
  /// Several functions of every power instead of `powerFunction`: the variables are all of them.
  public var powerFunctions: [PowerFunction]?
  /// Leading variables that multiply all others in the readout, see `PolynomialFeatures`; nil: as
  /// in T1.
  public var readoutLeaders: Int?
  /// Set when the readout's linear stage gives the natural parameters of a density of every output,
  /// and the output is that density's optimal estimate; nil: the linear stage gives the outputs
  /// themselves.
  public var density: DensityFamily?
  /// Set when the readout's linear stage gives the natural parameters of a joint density of all
  /// outputs, and the outputs are its means; nil: as `density` says.
  public var posterior: PosteriorFamily?
  /// Variables that enter the readout, linear combinations of the functions of all bands; nil: as
  /// many as these.
  public var readoutComponents: Int?
  /// Set when maps of the full sky are analysed by quadrature with so many corrections; nil: by
  /// least squares.
  public var quadratureIterations: Int?
  /// Width s of the bands that a network of one block starts with, w_l = exp(−(l − l_o)²/2s²), in
  /// units of their distance; nil: three tenths, which for a band per degree leaves the neighbours
  /// next to nothing.
  public var bandWidth: Double?

  public init(
    nside: Int = 16, lmax: Int = 47, inputChannels: Int = 1, channels: [Int] = [48],
    gridRings: Int? = nil, powerFunction: PowerFunction = .logarithm, readoutDegree: Int = 3,
    outputCount: Int = 1
  ) {
    self.nside = nside
    self.lmax = lmax
    self.inputChannels = inputChannels
    self.channels = channels
    self.gridRings = gridRings ?? lmax + 1
    self.powerFunction = powerFunction
    self.readoutDegree = readoutDegree
    self.outputCount = outputCount
  }

  /// The default for test T1: one block with as many bands as there are degrees.
  public static let t1 = IsotropicConfiguration()
}

extension IsotropicConfiguration {
  /// Fields of coefficients per map that enter the first block.
  public var coefficientChannels: Int {
    (polarisation == nil ? inputChannels : 2) * (filterBank?.fiducials.count ?? 1)
  }

  /// The filters of the observed pixels; nil: the full sky is analysed.
  public var filterBank: FilterBankConfiguration? { polarisation?.filterBank ?? scalarFilters }

  /// The smallest degree that has power.
  var firstDegree: Int { polarisation == nil ? 0 : 2 }

  /// Width of the bands in the beginning, in units of their distance.
  var initialBandWidth: Double { bandWidth ?? 0.3 }

  /// The functions of every power.
  var functions: [PowerFunction] { powerFunctions ?? [powerFunction] }

  /// The readout's variables per map: all functions of all bands.
  var variableCount: Int { functions.count * channels[channels.count - 1] }

  /// The variables that enter the readout.
  var readoutVariables: Int { readoutComponents ?? variableCount }

  /// Numbers per map that the readout's linear stage gives.
  public var readoutWidth: Int { posterior?.termCount ?? outputCount * (density?.degree ?? 1) }

  /// The features of the readout.
  public var readoutFeatureCount: Int {
    PolynomialFeatures(
      variables: readoutVariables, degree: readoutDegree, leaders: readoutLeaders
    ).count
  }
}

extension IsotropicConfiguration: SkyNetworkConfiguration {
  public static let architectureName = "isotropic"

  /// Batch normalisation, and the readout with its whitening: few numbers, and those of a readout
  /// fitted to many maps cancel each other by more than float16 resolves.
  public static let exactTensors = ["batchnorms.", "readout."]

  /// The observed pixels of the filters of a cut sky.
  public var filteredPixels: String? { filterBank?.observed }

  /// What the filters of a cut sky take.
  public var makingEstimate: WorkEstimate? {
    filterBank?.workEstimate(nside: nside, lmax: lmax)
  }

  public func makeNetwork(
    seed: UInt64, progress: WorkProgress
  ) throws -> IsotropicNetwork<Float> {
    try IsotropicNetwork(self, seed: seed, progress: progress)
  }

  /// The tensors of a network of this configuration.
  ///
  /// Domain: a configuration that `validate` accepts.
  public var tensorShapes: [TensorShape] {
    var shapes: [TensorShape] = []
    let last = channels.count - 1
    for (k, outputs) in channels.enumerated() {
      let mixing = DegreewiseMixing<Float>(
        inputChannels: k == 0 ? coefficientChannels : channels[k - 1], outputChannels: outputs,
        lmax: lmax, mmax: lmax, groups: k == last ? groups ?? 1 : 1)
      shapes.append(TensorShape("blocks.\(k).weights", mixing.shape))
      guard k < last else { continue }
      for part in ["weight", "bias", "running_mean", "running_var"] {
        shapes.append(TensorShape("batchnorms.\(k).\(part)", [outputs]))
      }
    }
    return shapes + [
      TensorShape("readout.weight", [readoutWidth, readoutFeatureCount]),
      TensorShape("readout.bias", [readoutWidth]),
      TensorShape("readout.mean", [variableCount]),
      TensorShape("readout.rotation", [readoutVariables, variableCount]),
    ]
  }

  /// Bytes of memory that making the network and a prediction take, in order of magnitude: the
  /// normal equations of the analysis, (lmax + 1)³/3 numbers (four times as many for polarisation),
  /// or the filters with their covariance; the map; the fields between blocks.
  public var workingBytes: Double {
    let degrees = Double(lmax + 1)
    let pixels = 12 * Double(nside) * Double(nside)
    let fields =
      channels.count > 1
      ? 32 * Double(channels.max() ?? 1) * 2 * Double(gridRings) * Double(gridRings) : 0
    var setup = 8 * degrees * degrees * degrees / 3
    if let bank = filterBank, bank.iteration != nil {
      setup = bank.workEstimate(nside: nside, lmax: lmax)?.bytes ?? setup
    } else if let bank = filterBank {
      let values = Double(bank.fieldCount * bank.observedCount)
      let rows = Double(bank.fieldCount) * degrees * (degrees + 1)
      setup =
        8 * values * (2 * values + 3 * rows) + 4 * Double(bank.fiducials.count) * rows * values
    } else if polarisation != nil {
      setup *= 4
    }
    return setup + 32 * 4 * pixels * Double(inputChannels) + 4 * fields
  }
}

extension IsotropicConfiguration {
  /// Throws the first value that makes no network.
  public func validate() throws(NetworkConfigurationError) {
    let require = NetworkConfigurationError.require
    let (width, degree) = (NetworkLimits.width, NetworkLimits.degree)
    try require(
      (1...NetworkLimits.nside).contains(nside), "nside", nside, "1...\(NetworkLimits.nside)")
    try require(
      (firstDegree + 1...degree).contains(lmax), "lmax", lmax,
      "more than \(firstDegree), the first degree, and at most \(degree)")
    try require(
      (1...width).contains(inputChannels), "number of input channels", inputChannels,
      "1...\(width)")
    try require(
      (1...NetworkLimits.blocks).contains(channels.count)
        && channels.allSatisfy { (1...width).contains($0) }, "list of channels", channels.prefix(8),
      "1...\(NetworkLimits.blocks) blocks of 1...\(width) channels each")
    try require(
      gridRings > lmax && gridRings <= NetworkLimits.oversampling * (lmax + 1),
      "number of rings", gridRings,
      "more than lmax = \(lmax) and at most \(NetworkLimits.oversampling) (lmax + 1)")
    try require(
      (filterBank?.fiducials.count ?? 1) <= width / 2, "number of filters",
      filterBank?.fiducials.count ?? 1, "at most \(width / 2)")
    try require(
      filterBank.map { $0.fieldCount == inputChannels } ?? true, "filters of fields",
      filterBank?.fieldCount ?? 0, "\(inputChannels), those of the maps")
    try require(
      scalarFilters == nil || polarisation == nil, "filters of T", "some",
      "none beside polarisation")
    try require((1...4).contains(readoutDegree), "readout degree", readoutDegree, "1, 2, 3 or 4")
    try require(
      readoutDegree < 4 || readoutLeaders != nil, "readout degree", readoutDegree,
      "1, 2 or 3 without leaders")
    try require(
      polarisation == nil || inputChannels == 2, "number of input channels", inputChannels,
      "2 for polarisation, Q and U")
    try require(
      functions.count > 0 && Set(functions).count == functions.count, "list of power functions",
      functions, "at least one, each once")
    let parts = groups ?? 1
    let entering = channels.count > 1 ? channels[channels.count - 2] : coefficientChannels
    try require(
      parts >= 1 && entering % parts == 0 && channels[channels.count - 1] % parts == 0,
      "number of groups", parts, "a divisor of \(entering) and of the last block's channels")
    try require(
      (readoutComponents ?? 1) >= 1 && (readoutComponents ?? 1) <= variableCount,
      "number of components", readoutComponents ?? 1, "1...\(variableCount)")
    try require(
      (readoutLeaders ?? 1) >= 1 && (readoutLeaders ?? 1) <= readoutVariables, "number of leaders",
      readoutLeaders ?? 1, "1...\(readoutVariables)")
    try require(
      (0...10).contains(quadratureIterations ?? 0), "number of corrections of the quadrature",
      quadratureIterations ?? 0, "0...10")
    try require(
      bandWidth == nil || channels.count == 1, "width of bands", initialBandWidth,
      "none where there are \(channels.count) blocks, which start with random weights")
    try require(
      initialBandWidth > 0 && initialBandWidth.isFinite, "width of bands", initialBandWidth,
      "a number above 0")
    try require(
      (1...width).contains(outputCount), "number of outputs", outputCount, "1...\(width)")
    if let posterior {
      try posterior.validate()
      try require(
        density == nil && posterior.priors.count == outputCount, "posterior",
        "one of \(posterior.priors.count) parameters", "one of \(outputCount), and no density")
    }
    if let density {
      try require((1...64).contains(density.degree), "density degree", density.degree, "1...64")
      try require(
        0 < density.lowerBound && density.lowerBound < density.upperBound
          && density.upperBound.isFinite, "range of the density",
        "\(density.lowerBound)...\(density.upperBound)", "positive and not empty")
    }
  }
}
