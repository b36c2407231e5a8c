import FileFormats
import Foundation
import FourierTransforms
import HarmonicTransforms
import SkyMaps
import SpectralNetworks
import Tasks

/// A network with everything needed to use it: what its maps are, and its error bars.
public struct TrainedModel: Sendable {
  public var network: any SkyNetwork<Float>
  public var description: ModelDescription
  /// The error bars, one set per parameter; nil where the file has none, as in published `.pt`
  /// files.
  public var calibration: [ErrorCalibration]?
  /// How maps are compared with those of the calibration; nil where the file does not say.
  public var likeness: MapLikeness?
  /// What messages call the model: its path.
  public var name: String
  /// What was assumed while reading the file, one sentence each.
  public var notes: [String] = []

  /// A model of these parts.
  public init(
    network: any SkyNetwork<Float>, description: ModelDescription,
    calibration: [ErrorCalibration]? = nil,
    likeness: MapLikeness? = nil, name: String = "model in memory"
  ) {
    self.network = network
    self.description = description
    self.calibration = calibration
    self.likeness = likeness
    self.name = name
  }

  /// The task's settings as the model was trained; without noise where the file does not say.
  ///
  /// - Parameter noise: σ_n of the maps if it is another than the model's.
  /// - Returns: the row of the benchmark, with the model's mask.
  /// - Throws: `TaskError`, `SkyMaskError`; `ModelError.noTask`.
  public func settings(noise: Double? = nil) throws -> TaskSettings {
    if description.task == nil { throw ModelError.noTask(model: name) }
    return try description.settings(nside: network.nside, noise: noise)
  }

  /// Whether the network gives a joint posterior of all parameters of a map.
  public var givesPosteriors: Bool {
    (network as? IsotropicNetwork<Float>)?.configuration.posterior != nil
  }

  /// The parameters, in their units, that outputs of the network say.
  ///
  /// - Parameter outputs: `[map * output]`.
  /// - Returns: the same, turned back where the network was trained on coordinates of the
  ///   parameters (`PublishedTargets`).
  func parameters(_ outputs: [Float]) -> [Double] {
    guard let priors = description.settings?.priors,
      let targets = (network as? PublishedNetwork<Float>)?.configuration.targets
    else { return outputs.map { Double($0) } }
    return outputs.enumerated().map { element, output in
      targets.parameter(of: Double(output), prior: priors[element % priors.count])
    }
  }

  /// Whether the network reads Q and U, not T.
  public var readsPolarisation: Bool { network.inputChannels > 1 }
}

extension TrainedModel {
  /// The predictions of `count` maps: one per map and parameter, `[map][parameter]`.
  ///
  /// A value is no estimate, and `reason` says why, if the map is unlike those of the calibration
  /// (`MapLikeness`), if it lies outside the prior by more than `mostErrorBars` error bars, or if
  /// it is not a number.
  ///
  /// - Parameters:
  ///   - maps: `[pixel][map * channels + channel]`.
  ///   - count: number of maps.
  ///   - threads: threads to use at most; the bits do not depend on it. The other maps can change
  ///     the last bits, as fields that share a Fourier transform do.
  /// - Returns: the predictions of every map, in order.
  /// - Throws: `HarmonicTransformError.notFinite` for maps with infinite or NaN pixels.
  public func predict(
    _ maps: [Float], count: Int, threads: Int
  ) throws(HarmonicTransformError) -> [[Prediction]] {
    let names = description.parameterNames
    let joint = network.posteriorsWithPowers(maps, count: count, threads: threads)
    let moments = joint?.posteriors.map { $0?.moments }
    let (values, powers): ([[Double]], [Double]?)
    if let joint, let moments {
      let none = names.map { _ in Double.nan }
      (values, powers) = (moments.map { $0?.mean ?? none }, joint.powers)
    } else {
      let outputs = network.predictWithPowers(maps, count: count, threads: threads)
      let all = parameters(outputs.outputs)
      values = (0..<count).map { map in names.indices.map { all[map * names.count + $0] } }
      powers = outputs.powers
    }
    // A value that is not finite has its own reason below; for the comparison a finite number takes
    // its place.
    let findings = try likeness?.findings(
      maps, count: count, predictions: values.map { $0.map { $0.isFinite ? $0 : 0 } },
      bandPowers: powers, threads: threads)
    let fields = network.inputChannels == 1 ? 1 : 2
    let variances = pixelVariances(
      maps, count: count, channels: network.inputChannels, fields: fields,
      mask: description.mask)
    return (0..<count).map { map in
      names.indices.map { index in
        let value = values[map][index]
        let other = names.count == 2 ? values[map][1 - index] : nil
        let error =
          value.isFinite
          ? moments?[map].map { $0.covariance[index][index].squareRoot() }
            ?? calibration?[index].standardError(at: value, other: other) : nil
        return Prediction(
          parameter: names[index], value: value, standardError: error,
          posterior: joint?.posteriors[map],
          warnings: warnings(index, value, error, pixelVariance: variances[map]),
          reason: reason(index, value, error, findings?[map] ?? []))
      }
    }
  }

  /// How many error bars outside the prior a value is no estimate; half as many are a warning. An
  /// estimate of a parameter near an end of the prior scatters beyond it.
  static var mostErrorBars: Double { 4 }

  private func reason(
    _ index: Int, _ value: Double, _ error: Double?, _ findings: [Unlikeness]
  ) -> String? {
    let parameter = description.parameterNames[index]
    if !findings.isEmpty {
      let parts = findings.map {
        "\($0.meaning): chi-square \(NumberText.short($0.chiSquare)) for \($0.count) "
          + "value\($0.count == 1 ? "" : "s"), "
          + "at most \(NumberText.short($0.limit)) expected"
      }
      return
        "the map is unlike the maps of the training (\(parts.joined(separator: "; "))): check "
        + "its unit, "
        + "offset, beam, noise, ordering and mask"
    }
    guard value.isFinite else { return "\(parameter) is \(value), not a number" }
    guard let error, let prior = description.priorRanges?[index],
      distance(value, from: prior) > Self.mostErrorBars * error
    else { return nil }
    return
      "\(parameter) \(NumberText.short(value)) is far outside the prior range "
      + "\(NumberText.short(prior)) of the training"
  }

  private func distance(_ value: Double, from range: ClosedRange<Double>) -> Double {
    max(range.lowerBound - value, value - range.upperBound, 0)
  }

  private func warnings(
    _ index: Int, _ value: Double, _ error: Double?, pixelVariance: Double
  ) -> [String] {
    let parameter = description.parameterNames[index]
    var warnings: [String] = []
    if let prior = description.priorRanges?[index],
      distance(value, from: prior) > Self.mostErrorBars / 2 * (error ?? 0)
    {
      warnings.append(
        "\(parameter) \(NumberText.short(value)) is outside the prior range "
          + "\(NumberText.short(prior)) of the training")
    }
    guard let calibration else {
      // Once per map is enough.
      if index == 0 {
        warnings.append("the model file has no calibration: no error bar, no check of the map")
      }
      return warnings
    }
    guard likeness == nil else { return warnings }
    let usual = calibration[index].varianceRange(at: value)
    if !usual.contains(pixelVariance) {
      warnings.append(
        "the pixel variance \(NumberText.short(pixelVariance)) is outside "
          + "\(NumberText.short(usual)), the range of training maps with this "
          + "\(parameter): check the map's unit and noise"
      )
    }
    return warnings
  }

  /// Makes a map of a file fit for this model: compares its mask with the model's.
  ///
  /// A map that observes more than the model reads is used with a warning that names both sky
  /// fractions and the overlap; pixels beyond the model's mask are not read.
  ///
  /// - Parameters:
  ///   - map: the map; its fields outside the model's mask become unobserved.
  ///   - mask: a further mask of the user; its pixels are intersected with those of the map.
  /// - Throws: `MapInputError.maskedMap` when a pixel that the model needs is missing, or none is
  ///   left; `ModelError.maskNotSupported` for a mask given to a model of the full sky;
  ///   `SkyMaskError`.
  public func prepare(_ map: inout SkyMap, mask: SkyMask?) throws {
    if let mask {
      guard description.mask != nil || description.takesAnyMask else {
        throw ModelError.maskNotSupported(model: name)
      }
      try mask.requireSameResolution(network.nside)
      map.apply(mask)
    }
    if description.takesAnyMask {
      let masked = map.maskedCount
      guard masked < map.pixelCount else {
        throw MapInputError.maskedMap(file: map.file, masked: masked, pixelCount: masked)
      }
      if masked > 0 {
        map.warnings.append(
          "\(masked) of \(map.pixelCount) pixels are masked; the model file does not say with "
            + "which "
            + "mask the network was trained")
      }
      return
    }
    try requireObserved(map, mask: description.mask)
    guard let own = description.mask else { return }
    let found = try SkyMask(nside: network.nside, weights: map.observed.map { $0 ? 1 : 0 })
    if found.observed != own.observed {
      map.warnings.append(
        "the map observes f_sky \(NumberText.short(found.skyFraction)), the model "
          + "\(NumberText.short(own.skyFraction)); overlap "
          + "\(NumberText.short(try found.overlap(with: own))) of all pixels of either: only the "
          + "model's pixels are used")
    }
    map.apply(own)
  }
}
