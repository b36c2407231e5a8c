import Foundation
import SkyMaps
import Tasks

/// A network's error bars, measured on maps that are used for nothing else, as a function of its
/// prediction.
///
/// Definition:  s(p) is the half-width of the interval around the prediction p that holds the truth
///              for 68.27 % of the maps predicted near p. For normal residuals without bias it is
///              the standard deviation; a bias widens it.
/// Method:      calibration maps are sorted by prediction and cut into groups of equal number, at
///              most sixteen and of at least 64 maps. A group makes a node: at its mean prediction
///              stands the 68.27 % quantile of |prediction − truth|. The logarithms of the node
///              values are smoothed once with the weights ¼, ½, ¼ (¾, ¼ at the ends); between nodes
///              s is linear, outside it is that of the end node.
/// Accuracy:    a quantile of n normal residuals has the relative error 1/√n · 0.96, so 4 % at 625
///              maps per node, and less after smoothing.
/// Pixel variance: every node also stores the smallest and the largest pixel variance (about the
///              map's mean) of its group and its neighbours. A map outside them, interpolated like
///              s, is unlike all maps of the calibration with such a prediction.
/// Checked by:  ErrorCalibrationTests.
public struct ErrorCalibration: Codable, Sendable, Equatable {
  /// Prediction, error bar and the range of pixel variances at one place.
  public struct Node: Codable, Sendable, Equatable {
    public var prediction: Double
    public var standardError: Double
    public var smallestVariance: Double
    public var largestVariance: Double
  }

  /// One calibration map.
  public struct Sample: Sendable, Equatable {
    public var prediction: Double
    public var truth: Double
    public var pixelVariance: Double

    public init(prediction: Double, truth: Double, pixelVariance: Double) {
      self.prediction = prediction
      self.truth = truth
      self.pixelVariance = pixelVariance
    }
  }

  /// Number of calibration maps.
  public let mapCount: Int
  /// The nodes by ascending prediction.
  public let nodes: [Node]

  /// Fewest maps of a node.
  public static let leastMapsPerNode = 64
  /// Most nodes.
  public static let mostNodes = 16
  /// The share of truths within one error bar: that of a normal distribution within one σ.
  public static let coverage = 0.6827

  /// Measures the error bars.
  ///
  /// - Throws: `TaskError.tooFewMaps` below 64 maps; `.predictionNotFinite`.
  public init(_ samples: [Sample]) throws(TaskError) {
    guard samples.count >= Self.leastMapsPerNode else {
      throw .tooFewMaps(
        found: samples.count, least: Self.leastMapsPerNode, use: "the calibration of error bars")
    }
    for (map, sample) in samples.enumerated() where !sample.prediction.isFinite {
      throw .predictionNotFinite(map: "calibration map \(map)", value: sample.prediction)
    }
    let sorted = samples.sorted { $0.prediction < $1.prediction }
    let count = min(Self.mostNodes, samples.count / Self.leastMapsPerNode)
    let groups = (0..<count).map { k in
      sorted[samples.count * k / count..<samples.count * (k + 1) / count]
    }
    mapCount = samples.count
    nodes = Self.smoothed(groups.map { Self.node($0) })
  }

  private static func node(_ group: ArraySlice<Sample>) -> Node {
    let residuals = group.map { abs($0.prediction - $0.truth) }.sorted()
    let variances = group.map(\.pixelVariance)
    return Node(
      prediction: group.reduce(0) { $0 + $1.prediction } / Double(group.count),
      // A residual of 0 has no logarithm; only a network that knows the truth would get one here.
      standardError: max(quantile(residuals), .leastNormalMagnitude),
      smallestVariance: variances.min() ?? 0, largestVariance: variances.max() ?? 0)
  }

  /// The quantile at `coverage` of sorted numbers, linear between order statistics. One more number
  /// from the same distribution is below it with just this probability: number k of n, from 1, has
  /// k/(n + 1) of the probability below it on average.
  private static func quantile(_ sorted: [Double]) -> Double {
    let place = coverage * Double(sorted.count + 1) - 1
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }

  private static func smoothed(_ nodes: [Node]) -> [Node] {
    nodes.indices.map { k in
      let (left, right) = (nodes[max(k - 1, 0)], nodes[min(k + 1, nodes.count - 1)])
      var node = nodes[k]
      let logarithm =
        log(left.standardError) / 4 + log(node.standardError) / 2 + log(right.standardError) / 4
      node.standardError = exp(logarithm)
      node.smallestVariance = min(
        node.smallestVariance, min(left.smallestVariance, right.smallestVariance))
      node.largestVariance = max(
        node.largestVariance, max(left.largestVariance, right.largestVariance))
      return node
    }
  }

  // MARK: - Use

  /// Whether the nodes are like those that `init` makes: at least one, by ascending prediction,
  /// with error bars and ranges of variances that are not negative. Those of a file may be
  /// different.
  var isUsable: Bool {
    let isAscending = zip(nodes, nodes.dropFirst()).allSatisfy { $0.prediction <= $1.prediction }
    return !nodes.isEmpty && isAscending
      && nodes.allSatisfy {
        $0.prediction.isFinite && $0.standardError.isFinite && $0.standardError >= 0
          && $0.smallestVariance >= 0 && $0.smallestVariance <= $0.largestVariance
          && $0.largestVariance.isFinite
      }
  }

  /// s(p), the error bar of a prediction.
  public func standardError(at prediction: Double) -> Double {
    interpolate(prediction, \.standardError)
  }

  /// The pixel variances that maps of the calibration with such a prediction had.
  public func varianceRange(at prediction: Double) -> ClosedRange<Double> {
    let low = interpolate(prediction, \.smallestVariance)
    return low...max(low, interpolate(prediction, \.largestVariance))
  }

  private func interpolate(_ x: Double, _ value: KeyPath<Node, Double>) -> Double {
    guard let above = nodes.firstIndex(where: { $0.prediction > x }) else {
      return nodes[nodes.count - 1][keyPath: value]
    }
    guard above > 0 else { return nodes[0][keyPath: value] }
    let (left, right) = (nodes[above - 1], nodes[above])
    let t = (x - left.prediction) / (right.prediction - left.prediction)
    return left[keyPath: value] * (1 - t) + right[keyPath: value] * t
  }
}

/// The variance of every map's observed values about their mean, all fields together.
///
/// - Parameters:
///   - maps: `[pixel][map * channels + channel]`.
///   - count: number of maps.
///   - channels: channels per map.
///   - fields: channels that hold data, the first ones; a mask after them does not count.
///   - mask: the observed pixels; nil: all.
/// - Returns: one variance per map.
package func pixelVariances(
  _ maps: [Float], count: Int, channels: Int = 1, fields: Int = 1, mask: SkyMask? = nil
) -> [Double] {
  let lanes = count * channels
  let pixels = mask?.observedPixels ?? Array(0..<maps.count / lanes)
  return (0..<count).map { map in
    var (mean, deviations, number) = (0.0, 0.0, 0.0)
    for p in pixels {
      for field in 0..<fields {
        let value = Double(maps[p * lanes + map * channels + field])
        let deviation = value - mean
        number += 1
        mean += deviation / number
        deviations += deviation * (value - mean)
      }
    }
    return deviations / number
  }
}
