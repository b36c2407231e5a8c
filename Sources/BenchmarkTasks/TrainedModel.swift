import FileFormats
import Foundation
import FourierTransforms
import SpectralNetworks

/// What a model is and came from, besides its weights.
public struct ModelDescription: Sendable, Equatable {
  public var task: BenchmarkTask
  public var skyProtocol: SkyProtocol
  /// σ_n of the training maps; nil where the file does not say.
  public var noise: Double?
  /// The range of the prior, the same for every parameter.
  public var priorRange: ClosedRange<Double>
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

  public init(
    settings: TaskSettings, seed: UInt64? = nil, mapsSeen: Int? = nil,
    result: [String: Double] = [:]
  ) {
    task = settings.task
    skyProtocol = settings.skyProtocol
    noise = settings.noise
    priorRange = settings.priorRange
    parameterNames = settings.parameterNames
    self.seed = seed
    self.mapsSeen = mapsSeen
    programVersion = ProgramVersion.text
    self.result = result
  }
}

/// A network with everything needed to use it: what its maps are, and its error bars.
public struct TrainedModel: Sendable {
  public var network: ModelNetwork
  public var description: ModelDescription
  /// The error bars; nil where the file has none, as in published `.pt` files.
  public var calibration: ErrorCalibration?
  /// What messages call the model: its path.
  public var name: String

  public init(
    network: ModelNetwork, description: ModelDescription, calibration: ErrorCalibration? = nil,
    name: String = "model in memory"
  ) {
    self.network = network
    self.description = description
    self.calibration = calibration
    self.name = name
  }

  /// The task's settings as the model was trained; without noise where the file does not say.
  ///
  /// - Throws: `BenchmarkError`.
  public func settings() throws(BenchmarkError) -> TaskSettings {
    try TaskSettings(
      task: description.task, skyProtocol: description.skyProtocol, nside: network.nside,
      noise: description.noise ?? 0)
  }
}

/// One parameter of one map, as a model sees it.
public struct Prediction: Sendable, Equatable {
  /// The parameter's name.
  public var parameter: String
  public var value: Double
  /// The error bar, as `ErrorCalibration` defines it; nil if the model has none.
  public var standardError: Double?
  /// Reasons to doubt the prediction, one sentence each.
  public var warnings: [String]
}

extension TrainedModel {
  /// The predictions of `count` maps, one per map.
  ///
  /// - Parameters:
  ///   - maps: `[pixel][map]`.
  ///   - count: number of maps.
  ///   - threads: threads to use at most; the bits do not depend on it. The other maps can change
  ///     the last bits, as fields that share a Fourier transform do.
  /// - Returns: one prediction per map, in order.
  /// - Throws: `BenchmarkError.predictionNotFinite`.
  public func predict(
    _ maps: [Float], count: Int, threads: Int
  ) throws(BenchmarkError) -> [Prediction] {
    let outputs = network.predict(maps, count: count, threads: threads)
    let variances = pixelVariances(maps, count: count)
    var predictions: [Prediction] = []
    for map in 0..<count {
      let value = Double(outputs[map])
      guard value.isFinite else { throw .predictionNotFinite(map: "map \(map)", value: value) }
      predictions.append(
        Prediction(
          parameter: description.parameterNames[0], value: value,
          standardError: calibration?.standardError(at: value),
          warnings: warnings(value, pixelVariance: variances[map])))
    }
    return predictions
  }

  private func warnings(_ value: Double, pixelVariance: Double) -> [String] {
    let parameter = description.parameterNames[0]
    let prior = description.priorRange
    var warnings: [String] = []
    if !prior.contains(value) {
      warnings.append(
        "\(parameter) \(rounded(value)) is outside the prior range "
          + "\(rounded(prior.lowerBound))...\(rounded(prior.upperBound)) of the training")
    }
    guard let calibration else {
      warnings.append("the model file has no calibration: no error bar, no check of the map")
      return warnings
    }
    let usual = calibration.varianceRange(at: value)
    if !usual.contains(pixelVariance) {
      warnings.append(
        "the pixel variance \(rounded(pixelVariance)) is outside \(rounded(usual.lowerBound))..."
          + "\(rounded(usual.upperBound)), the range of training maps with this prediction: "
          + "check the map's unit and noise")
    }
    return warnings
  }
}

/// A number for a message, to four digits.
func rounded(_ value: Double) -> String { String(format: "%.4g", value) }
