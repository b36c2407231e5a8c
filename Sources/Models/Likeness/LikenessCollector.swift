import HarmonicTransforms
import LinearAlgebra
import SkyMaps
import Tasks

/// Collects the powers of calibration maps.
package struct LikenessCollector {
  private let model: TrainedModel
  private let features: MapFeatures
  private let lmax: Int
  private var predictions: [[Double]] = []
  private var values: [[Double]]

  /// No map yet.
  ///
  /// - Throws: `HealpixError`, `HarmonicTransformError`.
  package init(_ model: TrainedModel) throws {
    self.model = model
    lmax = MapLikeness.lmax(nside: model.network.nside)
    features = try MapFeatures(
      network: model.network, fields: model.network.inputChannels == 1 ? 1 : 2,
      mask: model.description.mask, lmax: lmax)
    values = [[Double]](repeating: [], count: features.groups.count)
  }

  /// Adds `count` maps and returns their parameters as the model sees them, `[map * output]`.
  ///
  /// - Throws: `HarmonicTransformError.notFinite`, `TaskError.predictionNotFinite`.
  @discardableResult
  package mutating func add(_ maps: [Float], count: Int, threads: Int) throws -> [Double] {
    let (outputs, powers) = model.network.predictWithPowers(maps, count: count, threads: threads)
    let n = model.network.outputCount
    let all = model.parameters(outputs)
    for (index, value) in all.enumerated() where !value.isFinite {
      throw TaskError.predictionNotFinite(
        map: "calibration map \(predictions.count + index / n)", value: value)
    }
    let found = try features.values(maps, count: count, bandPowers: powers, threads: threads)
    for group in found.indices { values[group] += found[group] }
    for map in 0..<count { predictions.append(Array(all[map * n..<(map + 1) * n])) }
    return all
  }

  /// The comparison with these maps; nil if they are too few for every group of powers.
  ///
  /// - Throws: `LinearAlgebraError`, `HealpixError`, `HarmonicTransformError`.
  package func likeness() throws -> MapLikeness? {
    guard let first = predictions.first else { return nil }
    // The highest degree, up to ten, whose functions the maps determine.
    let degree = (1...PredictionBasis.largestDegree).last {
      predictions.count
        >= ConditionalPowers.leastMaps(
          width: 0, terms: PredictionBasis.count(parameters: first.count, degree: $0))
    }
    guard let degree else { return nil }
    let basis = PredictionBasis(predictions, degree: degree)
    let functions = predictions.map { basis.values($0) }
    let powers = try zip(features.groups, values).compactMap { group, values in
      try ConditionalPowers(
        group, values: values, layout: features.layout(of: group), basis: functions)
    }
    guard !powers.isEmpty else { return nil }
    return try MapLikeness(
      LikenessCalibration(
        mapCount: predictions.count, lmax: lmax, basis: basis, powers: powers),
      network: model.network, description: model.description)
  }
}
