import FourierTransforms
import HarmonicTransforms
import SkyMaps
import SpectralNetworks
import Tasks

/// What a model is and came from, besides its weights.
public struct ModelDescription: Sendable, Equatable {
  /// The task; nil for a published network of other sizes than the benchmark's, of which nothing is
  /// known but its tensors.
  public var task: BenchmarkTask?
  public var skyProtocol: SkyProtocol
  /// σ_n of the training maps; nil where the file does not say.
  public var noise: Double?
  /// The ranges of the priors, one per parameter; nil where they are unknown.
  public var priorRanges: [ClosedRange<Double>]?
  /// The observed pixels; nil: the full sky, or unknown.
  public var mask: SkyMask?
  /// Whether the network takes maps with any mask: it reads the mask or fills masked pixels, and
  /// the file does not say which mask it was trained with.
  public var takesAnyMask = false
  /// f_sky as it was asked for.
  public var skyFraction: Double
  /// Names of the outputs.
  public var parameterNames: [String]
  /// Seed of initial weights and maps.
  public var seed: UInt64?
  /// Maps used for training in every sense: gradient steps, readout and error bars.
  public var mapsSeen: Int?
  /// The version of the program that wrote the model.
  public var programVersion: String
  /// Figures measured on test maps when the model was trained, by name.
  public var result: [String: Double]
  /// All that makes the maps of a task of the user's own; nil for the benchmark, whose rows follow
  /// from the entries above.
  public var settings: TaskSettings?

  public init(
    settings: TaskSettings, seed: UInt64? = nil, mapsSeen: Int? = nil,
    result: [String: Double] = [:]
  ) {
    task = settings.task
    skyProtocol = settings.skyProtocol
    noise = settings.noise
    priorRanges = settings.priorRanges
    self.settings = settings.task.table == nil ? nil : settings
    mask = settings.mask
    skyFraction = settings.skyFraction
    parameterNames = settings.parameterNames
    self.seed = seed
    self.mapsSeen = mapsSeen
    programVersion = ProgramVersion.text
    self.result = result
  }

  /// A published network of no task of the benchmark, of which only the names of the outputs are
  /// known.
  public init(outputs: [String]) {
    task = nil
    skyProtocol = .published
    skyFraction = 1
    parameterNames = outputs
    programVersion = ProgramVersion.text
    result = [:]
  }
}

extension ModelDescription {
  /// The range of the prior where it is the same for every parameter; nil where it is not, or
  /// unknown.
  public var priorRange: ClosedRange<Double>? {
    get {
      guard let ranges = priorRanges, let first = ranges.first else { return nil }
      return ranges.allSatisfy { $0 == first } ? first : nil
    }
    set { priorRanges = newValue.map { range in parameterNames.map { _ in range } } }
  }

  /// The row of the benchmark that a model was trained for.
  ///
  /// - Parameters:
  ///   - nside: resolution of the maps.
  ///   - noise: σ_n of the maps, the same everywhere, if it is another than the model's.
  /// - Returns: the row, with the model's mask.
  /// - Throws: `TaskError`, `SkyMaskError`; `ModelError.noTask` for a model that belongs to no
  ///   task.
  public func settings(nside: Int, noise: Double? = nil) throws -> TaskSettings {
    guard let task else { throw ModelError.noTask(model: "the model") }
    if var own = self.settings {
      if let noise { (own.noise, own.noiseMap) = (noise, nil) }
      return own
    }
    var settings = try TaskSettings(
      task: task, skyProtocol: skyProtocol, nside: nside, noise: noise ?? self.noise ?? 0,
      mask: mask)
    settings.skyFraction = skyFraction
    return settings
  }
}
