import Foundation
import Models
import SkyMaps
import SkyModels
import SpecialFunctions
import Tasks
import Testing
import Training

@testable import TrainingRuns

/// Tasks of tables with a noise map, with masks of T and with apodised masks.
struct UnevenNoiseTests {
  private static let lmax = 20

  /// One amplitude of TT, or of EE with a fixed BB.
  private static func task(isScalar: Bool) throws -> BenchmarkTask {
    let prior = ParameterPrior.logUniform(0.2...5, offset: 0)
    let nodes = (0..<9).map { [0.2 * exp(Double($0) / 8 * log(25))] }
    let table = try SpectraTable(
      parameters: [ModelParameter(name: "amplitude", prior: prior)], nodes: nodes,
      spectrumNames: isScalar ? [.tt] : [.ee, .bb],
      spectra: nodes.map { node in
        let own = (0...lmax).map { $0 < 2 ? 0 : node[0] / Double($0 * $0) }
        let other = (0...lmax).map { $0 < 2 ? 0 : 0.01 / Double($0) }
        return isScalar ? try NamedSpectra(tt: own) : try NamedSpectra(ee: own, bb: other)
      })
    return try BenchmarkTask(
      TableTask(name: "uneven", observe: isScalar ? .temperature : .polarisation, table: table))
  }

  /// Fourfold among neighbours.
  private static func noiseMap(scale: Float = 1) throws -> NoiseMap {
    try NoiseMap(
      nside: 16, deviations: (0..<3072).map { scale * (0.5 + 1.5 * Float($0 % 8) / 7) })
  }

  private static func settings(
    isScalar: Bool, skyFraction: Double, noiseMap: NoiseMap? = nil, mask: SkyMask? = nil
  ) throws -> TaskSettings {
    try TaskSettings(
      task: task(isScalar: isScalar), skyFraction: skyFraction, mask: mask,
      noiseMap: noiseMap ?? Self.noiseMap())
  }

  /// Simulated maps are those without noise plus σ_p times the numbers of white noise of one.
  @Test(arguments: [true, false])
  func mapsHaveTheNoiseOfEveryPixel(isScalar: Bool) throws {
    let settings = try Self.settings(isScalar: isScalar, skyFraction: 1)
    let map = try #require(settings.noiseMap)
    #expect(abs(settings.noise / map.rms(mask: nil) - 1) < 1e-12 && settings.hasFilters)
    func batch(_ settings: TaskSettings) throws -> [Float] {
      try SkyMapSource(settings, seed: 5).batch(maps: 0..<2, split: .test, threads: 1).maps
    }
    let task = try Self.task(isScalar: isScalar)
    let without = try batch(TaskSettings(task: task))
    let white = try batch(TaskSettings(task: task, noise: 1))
    let uneven = try batch(settings)
    let lanes = uneven.count / 3072
    for pixel in [0, 17, 3071] {
      for lane in 0..<lanes {
        let i = pixel * lanes + lane
        let expected = (white[i] - without[i]) * map.deviations[pixel]
        #expect(abs(uneven[i] - without[i] - expected) < 1e-4)
        #expect(uneven[i] != white[i] || map.deviations[pixel] == 1)
      }
    }
  }

  /// The network's posterior is near the exact one of the pixels, or of the coefficients on the
  /// full sky; a likelihood that takes the noise for even is worse on the same maps.
  @Test(arguments: [(true, 0.1), (false, 0.05), (true, 1)])
  func theNetworkIsNearTheExactPosterior(isScalar: Bool, skyFraction: Double) throws {
    let settings = try Self.settings(isScalar: isScalar, skyFraction: skyFraction)
    let recipe = try TrainingRecipe.standard(.isotropic, settings: settings, maps: 4000, seed: 2)
    let run = try TrainingRun(
      settings: settings, recipe: recipe, execution: TrainingExecution(threads: 2))
    guard case .completed(let model, _) = try run.run() else {
      preconditionFailure("interrupted")
    }
    let estimator = try #require(try settings.posteriorEstimator(threads: 2))
    let maps = TestMaps(try SkyMapSource(settings, seed: 7), count: 300, threads: 2)
    let found = try PosteriorEvaluation(model, on: maps, estimator: estimator, threads: 2)
    let own = found.parameters[0]
    let (ratio, error) = (try #require(own.ratio), try #require(own.ratioStandardError))
    #expect(ratio < 1.1 && ratio > 1 - 4 * error)
    #expect(try #require(found.divergence) < 0.1)

    // Control: the exact posterior of even noise, of the same mean variance. It loses what the
    // quiet pixels say, so that it differs from the right one by more than the network does.
    let even = try TaskSettings(
      task: settings.task, noise: settings.noise, skyFraction: skyFraction)
    let wrong = try #require(try even.posteriorEstimator(threads: 2))
    let control = try PosteriorEvaluation(model, on: maps, estimator: wrong, threads: 2)
    #expect(try #require(control.exactGain) < (try #require(found.exactGain)))
    #expect(try #require(control.divergence) > 2 * (try #require(found.divergence)))
  }

  /// A task file has the noise map and the weights of the mask.
  @Test func taskFilesKeepNoiseAndWeights() throws {
    let weights: [Double] = (0..<3072).map { pixel in
      min(1, max(0, Double(pixel - 999) / 1001))
    }
    let settings = try Self.settings(
      isScalar: true, skyFraction: 1, mask: SkyMask(nside: 16, weights: weights))
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: url) }
    try settings.write(taskFile: url)
    let read = try TaskSettings(taskFile: url)
    #expect(read.noiseMap == settings.noiseMap && read.noise == settings.noise)
    let own = try #require(read.mask)
    #expect(own.observed == settings.mask?.observed)
    #expect(zip(own.weights, weights).allSatisfy { abs($0 - $1) < 1e-7 })
    let deviations = [read, settings].map { $0.filterBank()?.deviations?.values ?? [] }
    #expect(deviations[0].count == 2072 && deviations[1].count == 2072)
    let isSame = zip(deviations[0], deviations[1]).allSatisfy { abs($0 / $1 - 1) < 1e-5 }
    #expect(isSame)
  }

  /// A pixel of weight w has the noise of σ/w in the filters, and the same maps.
  @Test func weightsAreNoiseOfTheFilters() throws {
    func mask(_ weight: Double) throws -> SkyMask {
      var weights = [Double](repeating: 0, count: 3072)
      for pixel in 0..<150 { weights[pixel] = pixel < 100 ? 1 : weight }
      return try SkyMask(nside: 16, weights: weights)
    }
    let half = try Self.settings(isScalar: true, skyFraction: 1, mask: mask(0.5))
    let full = try Self.settings(isScalar: true, skyFraction: 1, mask: mask(1))
    let banks = try [half, full].map { try #require($0.filterBank()) }
    let deviations = banks.map { $0.deviations?.values ?? [] }
    #expect(deviations.map(\.count) == [150, 150] && banks[0].observed == banks[1].observed)
    #expect(deviations[0][..<100] == deviations[1][..<100])
    for k in 100..<150 { #expect(abs(deviations[0][k] / deviations[1][k] - 2) < 1e-3) }
    func maps(_ settings: TaskSettings) throws -> [Float] {
      try SkyMapSource(settings, seed: 1).batch(maps: 0..<1, split: .test, threads: 1).maps
    }
    #expect(try maps(half) == maps(full))
  }

  /// Noise maps belong to tasks of tables, and have noise wherever a pixel is observed.
  @Test func refusals() throws {
    #expect(throws: TaskError.noiseMapNotSupported(task: "t2")) {
      try TaskSettings(task: .t2, noiseMap: Self.noiseMap())
    }
    let silent = try Self.noiseMap(scale: 0)
    #expect(throws: NoiseMapError.noNoise(pixel: 0, count: 3072)) {
      try Self.settings(isScalar: true, skyFraction: 1, noiseMap: silent)
    }
    let coarse = try NoiseMap(nside: 8, deviations: [Float](repeating: 1, count: 768))
    #expect(throws: NoiseMapError.nsideMismatch(found: 8, expected: 16)) {
      try Self.settings(isScalar: false, skyFraction: 1, noiseMap: coarse)
    }
  }

  /// Filters are dense up to 5,000 observed values, and applied by iteration beyond.
  @Test func manyPixelsAreFilteredByIteration() throws {
    let cut = try Self.settings(isScalar: false, skyFraction: 0.5)
    let whole = try Self.settings(isScalar: false, skyFraction: 1)
    #expect(!cut.hasIterativeFilters && cut.filterBank()?.iteration == nil)
    #expect(whole.hasIterativeFilters && whole.filterBank()?.iteration != nil)
    #expect(cut.usualFiducialCount == 3 && whole.usualFiducialCount == 2)
  }
}
