/// The mean and the deviation by which features are scaled before they enter normal equations.
///
/// Definition:  x' = (x − mean)/scale, scale = √[Σ (x − mean)²/(maps − 1)], over the first maps of
///              a source. A feature that does not vary there keeps scale 1, so that it stays 0 on
///              them and the factorisation finds it.
struct FeatureScaling: Sendable, Equatable {
  private(set) var mean: [Double]
  private(set) var scale: [Double]

  /// Measures the first `maps` maps, or all if there are fewer.
  ///
  /// - Throws: `ClosedFormError.featureNotFinite`, or what the source throws.
  init(_ source: some FeatureSource, maps: Int) throws {
    let width = source.featureCount
    mean = [Double](repeating: 0, count: width)
    scale = [Double](repeating: 1, count: width)
    var deviations = mean
    var count = 0
    var running = mean
    do {
      try source.forEachBlock { block in
        for index in 0..<block.features.count / width {
          if count == maps { throw EnoughMaps() }
          count += 1
          for k in 0..<width {
            let value = block.features[index * width + k]
            guard value.isFinite else {
              throw ClosedFormError.featureNotFinite(map: count - 1, feature: k, value: value)
            }
            let deviation = value - running[k]
            running[k] += deviation / Double(count)
            deviations[k] += deviation * (value - running[k])
          }
        }
      }
    } catch is EnoughMaps {}
    mean = running
    for k in 0..<width where count > 1 {
      let deviation = (deviations[k] / Double(count - 1)).squareRoot()
      // Less than this is the rounding of the mean itself.
      if deviation > 16 * Double.ulpOfOne * abs(mean[k]) { scale[k] = deviation }
    }
  }

  /// The same with mean 0 and scale √(mean² + scale²), the root mean square.
  var aboutZero: FeatureScaling {
    var result = self
    for k in mean.indices {
      result.mean[k] = 0
      result.scale[k] = (mean[k] * mean[k] + scale[k] * scale[k]).squareRoot()
    }
    return result
  }

  /// The scaled features of map number `map`.
  ///
  /// - Throws: `ClosedFormError.featureNotFinite`.
  func scaled(_ features: ArraySlice<Double>, map: Int) throws(ClosedFormError) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(features.count)
    for (k, value) in features.enumerated() {
      guard value.isFinite else {
        throw .featureNotFinite(map: map, feature: k, value: value)
      }
      result.append((value - mean[k]) / scale[k])
    }
    return result
  }
}

/// Ends a pass over a source before its end.
private struct EnoughMaps: Error {}
