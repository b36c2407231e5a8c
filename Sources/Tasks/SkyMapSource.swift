import FourierTransforms
import Kernels
import LinearAlgebra
import RandomFields
import SkyModels
import SphereGrids
import Training

/// An endless supply of a task's maps with their parameters.
///
/// Definition: map k has parameters drawn from their priors, a Gaussian sky with the spectra of
///             these parameters on the pixel centres, and white noise; as float32 pixels, which is
///             what networks get.
/// Layout:     `[pixel][map * channels + channel]`: T for t1; Q and U for t2 and t3, and with three
///             channels the mask, 1 or 0, after them. Pixels outside the mask are 0.
/// Numbers:    all from (seed, split, k): batches, order and threads change no bit, and maps of
///             different splits are different maps.
/// Checked by: MapSourceTests.
public struct SkyMapSource: MapSource {
  public typealias Scalar = Float

  public let settings: TaskSettings
  public let seed: UInt64
  /// Fields per map.
  public let channels: Int
  /// Parameters that all maps have; nil: every map its own, drawn from the priors.
  public var fixedParameters: [Double]?
  /// Told of every batch that is made, from any thread: its split and the indices of its maps. By
  /// it tests see which maps a stage draws.
  var observer: (@Sendable (_ split: DataSplit, _ maps: Range<Int>) -> Void)?

  private enum Synthesizer: Sendable {
    case temperature(GaussianMapSynthesizer<Float>)
    case polarisation(PolarisationMapSynthesizer<Float>)
  }

  private let model: any SkyModel
  private let synthesizer: Synthesizer

  /// A source.
  ///
  /// - Parameters:
  ///   - settings: the row of the benchmark.
  ///   - channels: fields per map; nil: the task's own, 1 or 2.
  ///   - seed: of all random numbers.
  /// - Throws: `HealpixError.invalidNside`.
  public init(_ settings: TaskSettings, channels: Int? = nil, seed: UInt64) throws {
    self.settings = settings
    self.seed = seed
    self.channels = channels ?? settings.fieldCount
    precondition(
      settings.fieldCount == self.channels || (settings.fieldCount == 2 && self.channels == 3),
      "\(self.channels) channels for \(settings.fieldCount) fields")
    model = settings.model()
    let grid = try HealpixGrid(nside: settings.nside)
    synthesizer =
      settings.fieldCount == 1
      ? .temperature(GaussianMapSynthesizer(grid: grid, lmax: settings.lmax))
      : .polarisation(PolarisationMapSynthesizer(grid: grid, lmax: settings.lmax))
  }

  public func batch(
    maps: Range<Int>, purpose: MapPurpose, threads: Int
  ) throws -> MapBatch<Float> {
    batch(maps: maps, split: DataSplit(purpose), threads: threads)
  }

  /// The maps with the indices `maps` of any split.
  public func batch(maps: Range<Int>, split: DataSplit, threads: Int) -> MapBatch<Float> {
    observer?(split, maps)
    let fixed = fixedParameters.map { model.spectra(at: $0) }
    let spectra = { @Sendable [model] (key: MapKey) -> NamedSpectra in
      fixed ?? model.spectra(at: Self.parameters(of: model, key: key))
    }
    var values: [Float]
    switch synthesizer {
    case .temperature(let synthesizer):
      values =
        synthesizer.maps(
          maps, seed: seed, split: split, noise: settings.noise,
          noiseMap: settings.noiseMap?.deviations, threads: threads
        ) { spectra($0).spectrum(of: .temperature) }.values
      applyMask(to: &values, maps: maps.count)
    case .polarisation(let synthesizer):
      values = [Float](repeating: 0, count: settings.pixelCount * channels * maps.count)
      values.withMutableView {
        synthesizer.write(
          maps, seed: seed, split: split, noise: settings.noise,
          noiseMap: settings.noiseMap?.deviations, channels: channels, to: $0, threads: threads,
          spectra: spectra)
      }
      applyMask(to: &values, maps: maps.count)
    }
    return MapBatch(
      maps: values, targets: truths(maps: maps, split: split).map { Float($0) })
  }

  /// Zeros outside the mask, and the mask as the third channel if there is one.
  private func applyMask(to values: inout [Float], maps: Int) {
    guard settings.mask != nil || channels == 3 else { return }
    let lanes = maps * channels
    for pixel in 0..<settings.pixelCount {
      let isObserved = settings.mask.map { $0.weights[pixel] > 0 } ?? true
      for map in 0..<maps {
        let place = pixel * lanes + map * channels
        if channels == 3 { values[place + 2] = isObserved ? 1 : 0 }
        guard !isObserved else { continue }
        for field in 0..<settings.fieldCount { values[place + field] = 0 }
      }
    }
  }

  /// The parameters of the maps with the indices `maps`, `[map][parameter]`.
  public func truths(maps: Range<Int>, split: DataSplit) -> [Double] {
    maps.flatMap {
      fixedParameters
        ?? Self.parameters(of: model, key: MapKey(seed: seed, split: split, index: UInt64($0)))
    }
  }

  private static func parameters(of model: any SkyModel, key: MapKey) -> [Double] {
    model.parameters.enumerated().map { index, parameter in
      parameter.prior.value(
        at: RandomStream(key, purpose: .parameter).uniform(index))
    }
  }
}

extension TaskSettings {
  /// What maps in memory take: the pixels that networks get, and those of an analysis in `Double`
  /// with its fields.
  ///
  /// - Parameter maps: number of maps at a time.
  /// - Returns: the estimate, with lower resolutions as alternatives.
  public func mapEstimate(maps: Int) -> WorkEstimate {
    func bytes(_ nside: Int) -> Double {
      12 * Double(nside) * Double(nside) * Double(fieldCount) * Double(maps) * (4 + 2 * 8)
    }
    return WorkEstimate(
      stage: "\(maps) \(maps == 1 ? "map" : "maps") of nside \(nside) at a time",
      subject: .resolution,
      bytes: bytes(nside), multiplications: 0,
      alternatives: sequence(first: nside / 2) { $0 / 2 }.prefix { Self.nsides.contains($0) }
        .map { WorkEstimate.Alternative(change: "nside \($0)", bytes: bytes($0)) })
  }

  /// What making a mask takes: a weight per pixel, and the list of those observed.
  public static func maskEstimate(nside: Int) -> WorkEstimate {
    WorkEstimate(
      stage: "a mask of nside \(nside)", subject: .resolution,
      bytes: 24 * 12 * Double(nside) * Double(nside),
      multiplications: 0)
  }

  /// What an evaluation of some maps takes: they are read or simulated block by block.
  public func testEstimate(maps: Int) -> WorkEstimate {
    let hasPosterior =
      hasFilters && !isPublishedSky
      && likelihoodOrder <= 2 * Self.mostEvaluatedPixels
    return mapEstimate(
      maps: min(maps, hasPosterior ? CutSkyEstimator.blockLength : TestMaps.blockLength))
  }
}

extension DataSplit {
  /// The split that serves a purpose.
  public init(_ purpose: MapPurpose) {
    switch purpose {
    case .training: self = .training
    case .validation: self = .validation
    case .refit: self = .refit
    }
  }
}
