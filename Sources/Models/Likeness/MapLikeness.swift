import HarmonicTransforms
import LinearAlgebra
import SkyMaps
import SpectralNetworks
import Tasks
import Training

/// Compares maps with those that a model was calibrated on.
///
/// Definition:  a map with the predictions p is unlike the calibration if in some group of its
///              powers (`MapFeatures`) χ² given p (`ConditionalPowers`) is above the limit of the
///              false-alarm rate α/G, α = `falseAlarmRate` and G the number of χ² per map.
/// Blind to:    what changes no power beyond its scatter at this p, such as a slightly wrong
///              parameter of the model of the sky that another value of p makes up for; phases.
/// Checked by:  MapLikenessTests; rates of detection in Docs/Results.
public struct MapLikeness: Sendable {
  /// The share of good maps that may be called unlike, all groups together.
  public static let falseAlarmRate = 5e-4

  /// Most maps of a calibration: their powers are kept, about a kilobyte per map.
  public static let mostMaps = 1_000_000

  /// The part of it that files keep.
  public let calibration: LikenessCalibration
  private let features: MapFeatures

  /// The comparison for a network.
  ///
  /// - Parameters:
  ///   - calibration: measured on maps of this network.
  ///   - network: the network.
  ///   - description: what its maps are.
  /// - Throws: `ModelError.likenessOfAnotherModel`; `HealpixError`, `HarmonicTransformError`.
  init(
    _ calibration: LikenessCalibration, network: any SkyNetwork<Float>,
    description: ModelDescription
  ) throws {
    let parameters = description.parameterNames.count
    // Sizes first: what a file says decides how much is built.
    guard calibration.lmax == Self.lmax(nside: network.nside),
      calibration.basis.isUsable(parameters: parameters)
    else { throw ModelError.likenessOfAnotherModel }
    self.calibration = calibration
    features = try MapFeatures(
      network: network, fields: network.inputChannels == 1 ? 1 : 2, mask: description.mask,
      lmax: calibration.lmax)
    let terms = PredictionBasis.count(parameters: parameters, degree: calibration.basis.degree)
    guard
      calibration.powers.allSatisfy({ powers in
        features.width(of: powers.group) == powers.width && powers.terms == terms
          && features.layout(of: powers.group) == powers.layout
      })
    else { throw ModelError.likenessOfAnotherModel }
  }

  /// Largest degree of the analysis of maps, inclusive.
  static func lmax(nside: Int) -> Int { min(TaskSettings.lmax, 3 * nside - 1) }

  /// How every map of a batch differs from the calibration, `[map][finding]`; empty where it does
  /// not.
  ///
  /// - Parameters:
  ///   - maps: `[pixel][map * channels + channel]`.
  ///   - count: number of maps.
  ///   - predictions: `[map][parameter]`, finite.
  ///   - bandPowers: of an isotropic network, `[map][band]`.
  ///   - threads: any number gives the same bits.
  /// - Returns: one list of findings per map.
  /// - Throws: `HarmonicTransformError.notFinite`.
  func findings(
    _ maps: [Float], count: Int, predictions: [[Double]], bandPowers: [Double]?, threads: Int
  ) throws(HarmonicTransformError) -> [[Unlikeness]] {
    let values = try features.values(
      maps, count: count, bandPowers: bandPowers, threads: threads)
    let rate = Self.falseAlarmRate / Double(max(1, testCount))
    return predictions.enumerated().map { map, prediction in
      let basis = calibration.basis.values(prediction)
      return calibration.powers.flatMap { powers -> [Unlikeness] in
        guard let place = features.groups.firstIndex(of: powers.group) else { return [] }
        let (all, smooth) = powers.chiSquares(
          Array(values[place][map * powers.width..<(map + 1) * powers.width]), basis: basis)
        func finding(_ meaning: String, _ chiSquare: Double, _ count: Int, _ tail: Tail)
          -> Unlikeness?
        {
          let limit = tail.limit(rate: rate)
          // A χ² that is not a number is above every limit.
          if chiSquare <= limit { return nil }
          return Unlikeness(
            meaning: meaning, chiSquare: chiSquare, count: count, limit: limit, rarity: 1 / rate)
        }
        var found = [finding(powers.group.meaning, all, powers.width, powers.tail)]
        if let smooth, let tail = powers.smoothTail {
          found.append(
            finding(
              "level and smooth shape of the spectrum", smooth, powers.smoothCount, tail))
        }
        return found.compactMap { $0 }
      }
    }
  }

  /// Number of χ² per map.
  private var testCount: Int {
    calibration.powers.reduce(0) { $0 + ($1.smoothTail == nil ? 1 : 2) }
  }

  /// The groups of powers that are compared.
  public var groupNames: [String] { calibration.powers.map(\.group.rawValue) }

  // MARK: - Calibration

  /// Measures what a model's maps look like.
  ///
  /// - Parameters:
  ///   - model: the model; its own noise, mask and protocol make the maps.
  ///   - maps: maps that are used for nothing else, except perhaps the error bars.
  ///   - threads: any number gives the same bits.
  ///   - interruption: looked at before every block of maps.
  ///   - progress: receives the number of maps done.
  /// - Returns: nil if there are too few maps for every group of powers.
  /// - Throws: `TaskError.interrupted`, `.predictionNotFinite`; `HealpixError`,
  ///   `HarmonicTransformError`, `LinearAlgebraError`, what reading the maps throws.
  public static func calibrate(
    _ model: TrainedModel, on maps: TestMaps, threads: Int,
    interruption: InterruptionFlag = InterruptionFlag(), progress: (_ done: Int) -> Void = { _ in }
  ) throws -> MapLikeness? {
    var collector = try LikenessCollector(model)
    try maps.forEachBlock(interruption: interruption, progress: progress) { block, truths in
      try collector.add(block, count: truths.count / maps.parameters.count, threads: threads)
    }
    return try collector.likeness()
  }
}
