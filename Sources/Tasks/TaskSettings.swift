import SkyMaps
import SkyModels
import SpectralNetworks
import SphereGrids

/// One row of the benchmark: a task with its resolution, noise and mask.
public struct TaskSettings: Codable, Sendable, Hashable {
  /// What is estimated from which maps.
  public var task: BenchmarkTask
  /// Which sky.
  public var skyProtocol: SkyProtocol
  /// HEALPix resolution of the maps.
  public var nside: Int
  /// σ_n, standard deviation of the white noise per pixel and field, in the map's unit.
  public var noise: Double
  /// The observed pixels; nil: all.
  public var mask: SkyMask?
  /// f_sky as it was asked for, 1 for the full sky; for a mask of a file its share of pixels.
  public var skyFraction: Double

  /// The largest degree of the sky, inclusive.
  public static let lmax = 47
  /// Resolutions of maps: the lowest has 3 nside - 1 = `lmax`, the highest is the largest of a map
  /// file.
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
  /// - Throws: `TaskError`, `SkyMaskError`.
  public init(
    task: BenchmarkTask = .t1, skyProtocol: SkyProtocol = .physical, nside: Int = 16,
    noise: Double = 0, skyFraction: Double = 1, mask: SkyMask? = nil
  ) throws {
    guard BenchmarkTask.known.contains(task) else {
      throw TaskError.unknownTask(found: task.rawValue, known: BenchmarkTask.knownNames)
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
    // A mask that hides nothing is the full sky.
    let cut = asked.flatMap { $0.isFullSky ? nil : $0 }
    guard task.isPolarisation || (cut == nil && skyFraction == 1) else {
      throw TaskError.maskNotSupported(task: task.rawValue)
    }
    self.task = task
    self.skyProtocol = skyProtocol
    self.nside = nside
    self.noise = noise
    self.mask = cut
    self.skyFraction = cut == nil ? 1 : mask?.skyFraction ?? skyFraction
  }

  // MARK: - Codable

  private enum CodingKeys: String, CodingKey {
    case task, skyProtocol = "protocol", nside, noise, skyFraction = "fsky", mask
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
    let mask = try digits.flatMap { try SkyMask(hexadecimal: $0, nside: nside) }
    if let digits, mask == nil {
      throw DecodingError.dataCorruptedError(
        forKey: .mask, in: values,
        debugDescription: "found \(digits.count) characters, expected \(3 * nside * nside) "
          + "hexadecimal digits")
    }
    try self.init(
      task: try values.decode(BenchmarkTask.self, forKey: .task),
      skyProtocol: try values.decode(SkyProtocol.self, forKey: .skyProtocol), nside: nside,
      noise: try values.decode(Double.self, forKey: .noise), mask: mask)
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
    guard let mask else { return }
    try values.encode(skyFraction, forKey: .skyFraction)
    try values.encode(hexadecimal(mask.observed), forKey: .mask)
  }

  // MARK: - What follows

  /// Fields of a map: T, or Q and U.
  public var fieldCount: Int { task.fieldCount }

  /// The sky of the task and the protocol.
  public func model() -> any SkyModel { task.sky(skyProtocol) }

  /// Whether the sky is the published pipeline's and differs from the physical one.
  public var isPublishedSky: Bool { skyProtocol == .published && task.hasPublishedSky }

  /// The range of the uniform prior, the same for every parameter of a task.
  public var priorRange: ClosedRange<Double> { task.priorRange }
  /// Names of the parameters.
  public var parameterNames: [String] { task.parameterNames }
  /// 12 nside².
  public var pixelCount: Int { 12 * nside * nside }
}
