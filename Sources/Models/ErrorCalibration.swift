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
///              stands the 68.27 % quantile of |prediction − truth|. The logarithms of node values
///              that have whole groups on both sides are smoothed once with the weights ¼, ½, ¼;
///              between nodes s is linear, outside it is that of the end node.
/// Ends:        where the prior ends, estimates shrink and s falls steeply, to a half within one
///              group. The first and the last group are therefore cut by halves towards the end,
///              as long as a piece has 64 maps, and each piece makes a node of its own. The node
///              at an end and those beside pieces are not smoothed: a mean with a neighbour to one
///              side only would widen the narrowest bars. Strips (below) have no such pieces: their
///              nodes have as few maps as a node may have.
/// Accuracy:    a quantile of n normal residuals has the relative error 1/√n · 0.96, so 4 % at 625
///              maps per node, and less after smoothing; some 11 % at the 78 maps of the outermost
///              pieces. A node of strips has some 70 maps and so 12 %.
/// Two parameters: the scatter may depend on both predictions, p and p'. Bars of p alone then hold
///              the right share of all maps as a mixture of narrow and wide distributions: too few
///              truths lie within two bars. If the calibration maps say so (`needsStrips`), they
///              are sorted by p' and cut into m strips of equal number, each strip by p into m
///              groups, m = √(maps/64) and at most sixteen. ln s is linear in p between the nodes
///              of a strip and in p' between strips, outside constant; nothing is smoothed, since
///              s may fall to a third from one node to the next.
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
    /// The prediction of the other parameter, where there are two.
    public var other: Double?

    public init(
      prediction: Double, truth: Double, pixelVariance: Double, other: Double? = nil
    ) {
      self.prediction = prediction
      self.truth = truth
      self.pixelVariance = pixelVariance
      self.other = other
    }
  }

  /// The nodes of maps with similar predictions of the other parameter; their bars are above 0.
  public struct Strip: Codable, Sendable, Equatable {
    /// The mean prediction of the other parameter.
    public var other: Double
    /// By ascending prediction.
    public var nodes: [Node]
  }

  /// Number of calibration maps.
  public let mapCount: Int
  /// The nodes by ascending prediction.
  public let nodes: [Node]
  /// Nodes by both predictions, by ascending prediction of the other parameter; nil where the bar
  /// depends on its own prediction alone.
  public let strips: [Strip]?

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
    for (map, sample) in samples.enumerated() {
      for value in [sample.prediction, sample.other ?? 0] where !value.isFinite {
        throw .predictionNotFinite(map: "calibration map \(map)", value: value)
      }
    }
    let sorted = samples.sorted { $0.prediction < $1.prediction }
    let count = min(Self.mostNodes, samples.count / Self.leastMapsPerNode)
    let groups = (0..<count).map { k in
      sorted[samples.count * k / count..<samples.count * (k + 1) / count]
    }
    mapCount = samples.count
    let ownNodes = Self.nodes(groups)
    nodes = ownNodes
    strips = Self.strips(samples) { Self.interpolate(ownNodes, $0, \.standardError) }
  }

  /// The nodes of groups of equal number, those at the ends cut into pieces.
  private static func nodes(_ groups: [ArraySlice<Sample>]) -> [Node] {
    let whole = groups.map { node($0) }
    let margin = isCut(groups[0]) ? 2 : 1
    return groups.indices.flatMap { k -> [Node] in
      let neighbours = whole[max(k - 1, 0)...min(k + 1, whole.count - 1)]
      var own = [whole[k]]
      if margin...max(margin, groups.count - 1 - margin) ~= k, neighbours.count == 3 {
        own[0].standardError = exp(
          zip(neighbours, [0.25, 0.5, 0.25]).reduce(0) { $0 + $1.1 * log($1.0.standardError) })
      } else if k == 0, margin == 2 {
        own = halved(groups[k], towardsStart: true).map { node($0) }
      } else if k == groups.count - 1, margin == 2 {
        own = halved(groups[k], towardsStart: false).map { node($0) }
      }
      let smallest = neighbours.map(\.smallestVariance).min() ?? 0
      let largest = neighbours.map(\.largestVariance).max() ?? 0
      return own.map {
        Node(
          prediction: $0.prediction, standardError: $0.standardError, smallestVariance: smallest,
          largestVariance: largest)
      }
    }
  }

  /// Whether a group at an end has maps for two pieces.
  private static func isCut(_ group: ArraySlice<Sample>) -> Bool {
    group.count >= 2 * leastMapsPerNode
  }

  /// A group in pieces of a half, a quarter, ... towards one end, ascending.
  private static func halved(
    _ group: ArraySlice<Sample>, towardsStart: Bool
  ) -> [ArraySlice<Sample>] {
    guard isCut(group) else { return [group] }
    let half = group.count / 2
    return towardsStart
      ? halved(group.prefix(half), towardsStart: true) + [group.dropFirst(half)]
      : [group.dropLast(half)] + halved(group.suffix(half), towardsStart: false)
  }

  /// The strips, if the bars `s` of one prediction fail for some pairs of predictions.
  private static func strips(_ samples: [Sample], bar s: (Double) -> Double) -> [Strip]? {
    let paired = samples.filter { $0.other != nil }
    let count = min(
      mostNodes, Int((Double(samples.count) / Double(leastMapsPerNode)).squareRoot()))
    guard paired.count == samples.count, count >= 2 else { return nil }
    let sorted = paired.sorted { ($0.other ?? 0) < ($1.other ?? 0) }
    let groups = (0..<count).map { k in
      let strip = sorted[samples.count * k / count..<samples.count * (k + 1) / count]
        .sorted { $0.prediction < $1.prediction }
      return (0..<count).map { j in
        strip[strip.count * j / count..<strip.count * (j + 1) / count]
      }
    }
    guard needsStrips(groups.flatMap { $0 }, bar: s) else { return nil }
    return groups.map { strip in
      let all = strip.flatMap { $0 }
      return Strip(
        other: all.reduce(0) { $0 + ($1.other ?? 0) } / Double(all.count),
        nodes: strip.map { node($0) })
    }
  }

  /// Whether the numbers of truths within one bar differ between groups by more than chance.
  ///
  /// Rule: with n_g maps in a group, k_g of them within their bars and P = 0.6827,
  ///       χ² = Σ_g (k_g − P n_g)²/(P (1 − P) n_g) has the mean G, the number of groups, and the
  ///       standard deviation √(2G) where the bars are right; six of these more are no chance.
  private static func needsStrips(
    _ groups: [ArraySlice<Sample>], bar s: (Double) -> Double
  ) -> Bool {
    let chiSquare = groups.reduce(0.0) { sum, group in
      let within = group.count { abs($0.prediction - $0.truth) <= s($0.prediction) }
      let n = Double(group.count)
      let excess = Double(within) - coverage * n
      return sum + excess * excess / (coverage * (1 - coverage) * n)
    }
    let count = Double(groups.count)
    return chiSquare > count + 6 * (2 * count).squareRoot()
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

  // MARK: - Use

  /// Whether the nodes are like those that `init` makes: at least one, by ascending prediction,
  /// with error bars and ranges of variances that are not negative. Those of a file may be
  /// different.
  var isUsable: Bool {
    guard Self.isUsable(nodes) else { return false }
    guard let strips else { return true }
    return !strips.isEmpty && zip(strips, strips.dropFirst()).allSatisfy { $0.other <= $1.other }
      && strips.allSatisfy { strip in
        strip.other.isFinite && Self.isUsable(strip.nodes)
          && strip.nodes.allSatisfy { $0.standardError > 0 }
      }
  }

  private static func isUsable(_ nodes: [Node]) -> Bool {
    let isAscending = zip(nodes, nodes.dropFirst()).allSatisfy { $0.prediction <= $1.prediction }
    return !nodes.isEmpty && isAscending
      && nodes.allSatisfy {
        $0.prediction.isFinite && $0.standardError.isFinite && $0.standardError >= 0
          && $0.smallestVariance >= 0 && $0.smallestVariance <= $0.largestVariance
          && $0.largestVariance.isFinite
      }
  }

  /// s(p), the error bar of a prediction, or s(p, p') where there are strips.
  ///
  /// - Parameters:
  ///   - prediction: p.
  ///   - other: p', the prediction of the other parameter of two; nil for a model of one
  ///     parameter, whose calibration has no strips. Without a finite p' the bar is s(p).
  /// - Returns: the error bar, in the parameter's unit.
  public func standardError(at prediction: Double, other: Double? = nil) -> Double {
    guard let strips, let other, other.isFinite else {
      return Self.interpolate(nodes, prediction, \.standardError)
    }
    let place = Self.place(of: other, in: strips.map(\.other))
    let (below, above) = (strips[place.below], strips[place.above])
    return exp(
      Self.logarithm(below.nodes, prediction) * (1 - place.fraction)
        + Self.logarithm(above.nodes, prediction) * place.fraction)
  }

  /// The pixel variances that maps of the calibration with such a prediction had.
  public func varianceRange(at prediction: Double) -> ClosedRange<Double> {
    let low = Self.interpolate(nodes, prediction, \.smallestVariance)
    return low...max(low, Self.interpolate(nodes, prediction, \.largestVariance))
  }

  /// ln s between the nodes of a strip.
  private static func logarithm(_ nodes: [Node], _ x: Double) -> Double {
    let place = place(of: x, in: nodes.map(\.prediction))
    return log(nodes[place.below].standardError) * (1 - place.fraction)
      + log(nodes[place.above].standardError) * place.fraction
  }

  private static func interpolate(
    _ nodes: [Node], _ x: Double, _ value: KeyPath<Node, Double>
  ) -> Double {
    let place = place(of: x, in: nodes.map(\.prediction))
    return nodes[place.below][keyPath: value] * (1 - place.fraction)
      + nodes[place.above][keyPath: value] * place.fraction
  }

  /// Between which of ascending numbers x lies, and how far on the way; outside the end itself.
  private static func place(
    of x: Double, in nodes: [Double]
  ) -> (below: Int, above: Int, fraction: Double) {
    guard let above = nodes.firstIndex(where: { $0 > x }) else {
      return (nodes.count - 1, nodes.count - 1, 0)
    }
    guard above > 0 else { return (0, 0, 0) }
    let (left, right) = (nodes[above - 1], nodes[above])
    return (above - 1, above, (x - left) / (right - left))
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
