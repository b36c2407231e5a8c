import FileFormats
import SkyMaps
import SkyModels
import SpecialFunctions
import SpectralNetworks
import SphereGrids

/// A task with its resolution, instrument, noise and mask: a row of the benchmark, or all that
/// makes the maps of a task of the user's own.
///
/// Files:      JSON with `task`, `protocol`, `nside`, `noise`; `fsky` and `mask` of a cut sky;
///             of a `TableTask` also `lmax`, `beam`, `beam_window`, `pixel_window`, `noise_map` and
///             `mask_weights`: then this is the task file of the program, whose schema
///             Docs/YourOwnSky.md has.
/// Checked by: TableTaskTests, UnevenNoiseTests.
public struct TaskSettings: Codable, Sendable, Hashable {
  /// What is estimated from which maps.
  public var task: BenchmarkTask
  /// Which sky.
  public var skyProtocol: SkyProtocol
  /// HEALPix resolution of the maps.
  public var nside: Int
  /// σ_n, standard deviation of the white noise per pixel and field, in the map's unit; with a
  /// noise map its root mean square over the observed pixels.
  public var noise: Double
  /// The standard deviation of every pixel's noise; nil: that of `noise`.
  public var noiseMap: NoiseMap?
  /// The observed pixels; nil: all. In a task of a table a weight below 1 makes the filters trust
  /// the pixel less (`filterBank`); simulated maps do not depend on it.
  public var mask: SkyMask?
  /// f_sky as it was asked for, 1 for the full sky; for a mask of a file its share of pixels.
  public var skyFraction: Double

  /// The largest degree of the sky, inclusive.
  public var lmax: Int
  /// Full width at half maximum of a Gaussian beam, arc minutes; 0: none.
  public var beam: Double = 0
  /// Another beam by degree, instead of a Gaussian one; nil: none.
  public var beamWindow: BeamWindow?
  /// Whether maps hold means over pixels (`PixelWindow`), not values at their centres.
  public var hasPixelWindow = false

  /// The largest degree of the benchmark's skies, inclusive.
  public static let lmax = 47
  /// Widths of beams, arc minutes.
  public static let beams = 0.0...10_800
  /// Resolutions of maps: the lowest has 3 nside - 1 = `lmax` of the benchmark, the highest is the
  /// largest of a map file.
  public static let nsides = 16...HealpixMapFile.largestNside
  /// Maps per step of a training.
  public static let batches = 1...1 << 20
  /// Most noise per pixel, in the map's unit: its square and the sky's power both stay finite in
  /// float32.
  public static let largestNoise = 1e9

  /// A row of the benchmark.
  ///
  /// - Parameters:
  ///   - task: what is estimated from which maps, a task of the benchmark or a registered one.
  ///   - skyProtocol: which sky.
  ///   - nside: HEALPix resolution.
  ///   - noise: σ_n.
  ///   - skyFraction: f_sky of the published cap; 1 is the full sky.
  ///   - mask: another mask, instead of a cap.
  ///   - noiseMap: noise by pixel, instead of `noise`; for tasks of tables.
  ///   - lmax: largest degree; nil: that of the task, at most 3 nside − 1.
  ///   - beam: full width at half maximum of a Gaussian beam, arc minutes; 0: none.
  ///   - beamWindow: another beam by degree; nil: none.
  ///   - hasPixelWindow: whether maps hold means over pixels.
  /// - Throws: `TaskError`, `SkyMaskError`, `NoiseMapError`; `HarmonicWindowError` for a
  ///   pixel window that is not
  ///   tabulated.
  public init(
    task: BenchmarkTask = .t1, skyProtocol: SkyProtocol = .physical, nside: Int = 16,
    noise: Double = 0, skyFraction: Double = 1, mask: SkyMask? = nil,
    noiseMap: NoiseMap? = nil, lmax: Int? = nil,
    beam: Double = 0, beamWindow: BeamWindow? = nil, hasPixelWindow: Bool = false
  ) throws {
    guard task.table != nil || BenchmarkTask.known.contains(task) else {
      throw TaskError.unknownTask(found: task.rawValue, known: BenchmarkTask.knownNames)
    }
    guard task.table == nil || skyProtocol == .physical || task.hasPublishedSky else {
      throw TaskError.noPublishedSky(task: task.rawValue)
    }
    guard (0...Self.largestNoise).contains(noise) else {
      throw TaskError.invalidNoise(found: noise)
    }
    guard Self.nsides.contains(nside) else { throw TaskError.invalidNside(found: nside) }
    guard skyFraction > 0, skyFraction <= 1 else {
      throw TaskError.invalidSkyFraction(found: skyFraction)
    }
    try mask?.requireSameResolution(nside)
    let asked =
      try mask ?? (skyFraction < 1 ? SkyMask.cap(nside: nside, skyFraction: skyFraction) : nil)
    // A mask that hides nothing is the full sky; the benchmark's masks have no weights.
    let cut = asked.flatMap { mask in
      let hidesNothing = task.table == nil ? mask.isFullSky : mask.weights.allSatisfy { $0 == 1 }
      return hidesNothing ? nil : mask
    }
    guard task.isPolarisation || task.table != nil || (cut == nil && skyFraction == 1) else {
      throw TaskError.maskNotSupported(task: task.rawValue)
    }
    guard noiseMap == nil || task.table != nil else {
      throw TaskError.noiseMapNotSupported(task: task.rawValue)
    }
    try noiseMap?.validate(nside: nside, mask: cut)
    self.task = task
    self.skyProtocol = skyProtocol
    self.nside = nside
    self.noise = noiseMap.map { $0.rms(mask: cut) } ?? noise
    self.noiseMap = noiseMap
    self.mask = cut
    self.skyFraction = cut == nil ? 1 : mask?.skyFraction ?? skyFraction
    self.lmax = lmax ?? min(task.lmax, 3 * nside - 1)
    self.beam = beam
    self.beamWindow = beamWindow
    self.hasPixelWindow = hasPixelWindow
    let largest = min(task.lmax, 3 * nside - 1)
    guard (3...max(3, largest)).contains(self.lmax), self.lmax <= largest else {
      throw TaskError.invalidDegree(found: self.lmax, most: largest, nside: nside)
    }
    guard Self.beams.contains(beam) else { throw TaskError.invalidBeam(found: beam) }
    try beamWindow?.validate(lmax: self.lmax)
    if hasPixelWindow { _ = try PixelWindow(nside: nside) }
  }

  // MARK: - Codable

  private enum CodingKeys: String, CodingKey {
    case task, skyProtocol = "protocol", nside, noise, skyFraction = "fsky", mask, lmax, beam
    case beamWindow = "beam_window"
    case hasPixelWindow = "pixel_window"
    case noiseMap = "noise_map"
    case maskWeights = "mask_weights"
  }

  /// The settings in a file: f_sky and the observed pixels, in hexadecimal digits, only of a cut
  /// sky.
  ///
  /// - Throws: `DecodingError`, `TaskError`, `SkyMaskError`.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let nside = try values.decode(Int.self, forKey: .nside)
    guard Self.nsides.contains(nside) else { throw TaskError.invalidNside(found: nside) }
    let digits = try values.decodeIfPresent(String.self, forKey: .mask)
    var mask = try digits.flatMap { try SkyMask(hexadecimal: $0, nside: nside) }
    if let digits, mask == nil {
      throw DecodingError.dataCorruptedError(
        forKey: .mask, in: values,
        debugDescription: "found \(digits.count) characters, expected \(3 * nside * nside) "
          + "hexadecimal digits")
    }
    if let weights = try values.decodeIfPresent(PackedNumbers.self, forKey: .maskWeights) {
      let pixels = mask?.observedPixels ?? Array(0..<12 * nside * nside)
      guard weights.values.count == pixels.count else {
        throw DecodingError.dataCorruptedError(
          forKey: .maskWeights, in: values,
          debugDescription: "found \(weights.values.count) weights, expected \(pixels.count)")
      }
      var all = [Double](repeating: 0, count: 12 * nside * nside)
      for (pixel, weight) in zip(pixels, weights.values) { all[pixel] = Double(weight) }
      mask = try SkyMask(nside: nside, weights: all)
    }
    try self.init(
      task: try values.decode(BenchmarkTask.self, forKey: .task),
      skyProtocol: try values.decode(SkyProtocol.self, forKey: .skyProtocol), nside: nside,
      noise: try values.decode(Double.self, forKey: .noise), mask: mask,
      noiseMap: try values.decodeIfPresent(NoiseMap.self, forKey: .noiseMap),
      lmax: try values.decodeIfPresent(Int.self, forKey: .lmax),
      beam: try values.decodeIfPresent(Double.self, forKey: .beam) ?? 0,
      beamWindow: try values.decodeIfPresent(BeamWindow.self, forKey: .beamWindow),
      hasPixelWindow: try values.decodeIfPresent(Bool.self, forKey: .hasPixelWindow) ?? false)
    guard mask != nil else { return }
    let fraction = try values.decode(Double.self, forKey: .skyFraction)
    guard fraction > 0, fraction <= 1 else { throw TaskError.invalidSkyFraction(found: fraction) }
    skyFraction = fraction
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(task, forKey: .task)
    try values.encode(skyProtocol, forKey: .skyProtocol)
    try values.encode(nside, forKey: .nside)
    try values.encode(noise, forKey: .noise)
    if task.table != nil {
      try values.encode(lmax, forKey: .lmax)
      try values.encode(beam, forKey: .beam)
      try values.encodeIfPresent(beamWindow, forKey: .beamWindow)
      try values.encode(hasPixelWindow, forKey: .hasPixelWindow)
      try values.encodeIfPresent(noiseMap, forKey: .noiseMap)
    }
    guard let mask else { return }
    try values.encode(skyFraction, forKey: .skyFraction)
    try values.encode(hexadecimal(mask.observed), forKey: .mask)
    let weights = mask.weights.filter { $0 > 0 }
    if task.table != nil, weights.contains(where: { $0 < 1 }) {
      try values.encode(PackedNumbers(weights.map { Float($0) }), forKey: .maskWeights)
    }
  }

  // MARK: - What follows

  /// Fields of a map: T, or Q and U.
  public var fieldCount: Int { task.fieldCount }

  /// The sky of the task and the protocol, as the instrument sees it.
  public func model() -> any SkyModel {
    let sky = task.sky(skyProtocol)
    guard lmax < sky.lmax || beam > 0 || beamWindow != nil || hasPixelWindow else { return sky }
    let windows = transfer
    return ObservedModel(
      sky, lmax: lmax, temperature: windows.temperature, polarisation: windows.polarisation)
  }

  /// The transfer functions of beam and pixels together, l = 0...lmax.
  public var transfer: (temperature: [Double], polarisation: [Double]) {
    var temperature = [Double](repeating: 1, count: lmax + 1)
    var polarisation = temperature
    func multiply(_ t: [Double], _ p: [Double]) {
      for l in 0...lmax {
        temperature[l] *= t[l]
        polarisation[l] *= p[l]
      }
    }
    if beam > 0, let window = try? GaussianBeam(fullWidth: beam / 60 * .pi / 180) {
      multiply(window.temperature(lmax: lmax), window.polarisation(lmax: lmax))
    }
    if let beamWindow { multiply(beamWindow.temperature, beamWindow.polarisation) }
    if hasPixelWindow, let window = try? PixelWindow(nside: nside) {
      multiply(window.temperature, window.polarisation)
    }
    return (temperature, polarisation)
  }

  /// Whether maps are read through filters of the observed pixels: the sky is cut, or its noise is
  /// uneven.
  public var hasFilters: Bool { mask != nil || noiseMap != nil }

  /// The observed pixels, all of them on the full sky.
  public var observed: [Bool] {
    mask?.observed ?? [Bool](repeating: true, count: pixelCount)
  }

  /// Whether the sky is the published pipeline's and differs from the physical one.
  public var isPublishedSky: Bool { skyProtocol == .published && task.hasPublishedSky }

  /// The ranges of the priors, in the order of the parameters.
  public var priorRanges: [ClosedRange<Double>] { task.priorRanges }
  /// That of the first parameter: in the benchmark all parameters of a task have the same.
  public var priorRange: ClosedRange<Double> { task.priorRanges[0] }
  /// The priors, in the order of the parameters.
  public var priors: [ParameterPrior] { task.parameters.map(\.prior) }
  /// Names of the parameters.
  public var parameterNames: [String] { task.parameterNames }
  /// 12 nside².
  public var pixelCount: Int { 12 * nside * nside }
}
