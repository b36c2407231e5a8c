import Kernels
import LinearAlgebra
import SkyModels
import SpecialFunctions

/// The exact posterior of the observed pixels of many maps, for models of one or two parameters.
///
/// Method:     ln L at equally spaced nodes over the prior: each node costs one covariance and one
///             factorisation whatever the number of maps. Where E depends on the first parameter
///             alone and B on the second, as in T2, their covariances are made once per row and per
///             column of the grid. Then, map by map, interpolation and sums (`JointPosterior`).
/// Windows:    a posterior is narrow beside its prior, so that most nodes say nothing of a map. All
///             maps are computed at every third node of every axis; then every map in the window of
///             eleven nodes per axis around its best one. A window grows by three nodes per side
///             until ln L on its rim, and at all nodes that are known outside, lies at least
///             `rimDepth` below the maximum, and the largest node has four more on every side: what
///             is left out is 10⁻¹³ of the posterior's peak, and the interpolation around the peak
///             is the same as on the whole grid. In the three outer cells of a window it is that
///             of an end of the grid.
/// Accuracy:   of ln L between the nodes: see `LocalInterpolation`. Where ln L counts, near its
///             maximum, the error falls with the eighth power of the spacing; the figures for the
///             T2 tasks are in Docs/Results.md, and CutSkyPosteriorSlowTests bounds it by 0.01 for
///             a smaller task with 21 nodes.
/// Determinism: a node is computed in a fixed order of operations: the bits do not depend on the
///             number of threads.
/// Cost:       n³/6 multiplications per node and round, and n²/2 per map and node that is computed
///             for it, about a quarter of all with 31 nodes.
/// Slow twin:  all maps at all nodes, `logLikelihoods`.
/// Checked by: CutSkyPosteriorTests, CutSkyPosteriorSlowTests, JointPosteriorTests,
///             PixelFullSkyTests.
public final class CutSkyPosterior: Sendable {
  /// The likelihood that is tabulated.
  public let likelihood: PixelLikelihood
  let axes: [JointPosterior.Axis]
  /// The index of every node along every axis, the last axis fastest.
  private let places: [[Int]]

  /// The number of nodes per parameter unless another is asked for.
  public static let standardNodeCount = 31
  /// Points per parameter of the grid on which the posterior is summed.
  static let pointCount = 601
  /// How far ln L must have fallen below its maximum where a window ends.
  static let rimDepth = 30.0
  /// Nodes per axis of the first window of a map, and by how many a side grows.
  private static let windowWidth = 11
  private static let growth = 3
  /// Nodes that a window has on every side of its largest node, unless the prior ends there.
  private static let margin = 4
  /// Nodes of an axis between those at which all maps are computed.
  private static let coarseStep = 3

  /// A posterior on a grid of `nodes` values of each parameter.
  ///
  /// - Throws: `BaselineError.tooManyParameters` for more than two.
  public init(
    _ likelihood: PixelLikelihood, nodes: Int = standardNodeCount
  ) throws(BaselineError) {
    precondition(nodes >= 8, "a grid of \(nodes) nodes")
    let parameters = likelihood.model.parameters
    guard parameters.count <= 2 else {
      throw .tooManyParameters(found: parameters.count, supported: 2)
    }
    self.likelihood = likelihood
    let interpolation = LocalInterpolation(nodes: nodes, points: Self.pointCount)
    axes = parameters.map { .init(range: $0.range, interpolation: interpolation) }
    places = parameters.reduce([[]]) { places, _ in
      places.flatMap { place in (0..<nodes).map { place + [$0] } }
    }
  }

  /// The estimates of every map.
  ///
  /// - Parameters:
  ///   - maps: the observed pixels.
  ///   - threads: any number gives the same bits.
  ///   - progress: told after every node how many are done; stops the computation.
  /// - Returns: one element per map.
  /// - Throws: `BaselineError.covarianceNotPositive`, `.correlatedFields`, `.gridTooCoarse`,
  ///   `.interrupted`.
  public func estimates(
    _ maps: ObservedMaps, threads: Int = 1, progress: WorkProgress = WorkProgress()
  ) throws(BaselineError) -> [ParameterEstimates] {
    let (table, windows) = try windows(maps, threads: threads, progress)
    return try summaries(table, windows, threads: threads, progress)
  }

  /// The joint posteriors of every map, of a likelihood whose model is a `QuantileModel`.
  ///
  /// - Parameters:
  ///   - maps: the observed pixels.
  ///   - priors: those of the parameters, in the order of the model.
  ///   - threads: any number gives the same bits.
  ///   - progress: told after every node how many are done; stops the computation.
  /// - Returns: one density per map, in the window of its nodes.
  /// - Throws: as `estimates`.
  public func posteriors(
    _ maps: ObservedMaps, priors: [ParameterPrior], threads: Int = 1,
    progress: WorkProgress = WorkProgress()
  ) throws(BaselineError) -> [PosteriorGrid] {
    precondition(
      priors.count == axes.count && axes.allSatisfy { $0.range == 0...1 },
      "\(priors.count) priors of a likelihood that is no function of their probabilities")
    let (table, windows) = try windows(maps, threads: threads, progress)
    let grids = Locked<[PosteriorGrid?]>([PosteriorGrid?](repeating: nil, count: windows.count))
    parallelFor(windows.count, threads: threads) { map in
      let window = windows[map]
      let parts = zip(axes, window.ranges).map { $0.part($1) }
      let fine = JointPosterior.interpolated(parts, nodes(in: window).map { table[$0, map] })
      let grid = PosteriorGrid(
        axes: zip(priors, parts).map { PosteriorGrid.Axis(prior: $0, quantiles: $1.points) },
        logDensity: fine)
      grids.withLock { $0[map] = grid }
    }
    return grids.withLock { $0 }.compactMap { $0 }
  }

  /// ln L at the nodes that every map needs, and the window of every map.
  func windows(
    _ maps: ObservedMaps, threads: Int, _ progress: WorkProgress
  ) throws(BaselineError) -> (table: NodeTable, windows: [NodeWindow]) {
    let all = Array(0..<maps.count)
    let covariances = try NodeCovariances(
      likelihood, nodes: nodes, columns: columns, threads: threads, progress)
    var table = NodeTable(nodes: places.count, maps: maps.count)
    // Two rounds are the rule; few maps need more.
    let counter = ProgressCounter(
      progress, total: places.count { isCoarse($0) } + places.count)
    try covariances.fill(
      &table, maps, wanted: places.map { isCoarse($0) ? all : [] }, threads: threads, progress,
      counter)
    var windows = all.map { window(around: places[table.best(of: $0)]) }
    var open = all
    while !open.isEmpty {
      let wanted = places.enumerated().map { node, place in
        open.filter { windows[$0].contains(place) && !table.isKnown(node, map: $0) }
      }
      try covariances.fill(
        &table, maps, wanted: wanted, threads: threads, progress, counter)
      let before = windows
      for map in open { windows[map] = grown(windows[map], map: map, table) }
      open = open.filter { windows[$0] != before[$0] }
    }
    counter.add(2 * places.count)
    return (table, windows)
  }

  private func summaries(
    _ table: NodeTable, _ windows: [NodeWindow], threads: Int, _ progress: WorkProgress
  ) throws(BaselineError) -> [ParameterEstimates] {
    let results = Locked<[Result<ParameterEstimates, BaselineError>?]>(
      [Result<ParameterEstimates, BaselineError>?](repeating: nil, count: windows.count))
    parallelFor(windows.count, threads: threads) { map in
      let result = Result { () throws(BaselineError) in
        try progress.check()
        return try summary(windows[map], nodes(in: windows[map]).map { table[$0, map] })
      }
      results.withLock { $0[map] = result }
    }
    var estimates: [ParameterEstimates] = []
    for result in results.withLock({ $0 }) {
      guard let value = try result?.get() else { preconditionFailure("a map was not computed") }
      estimates.append(value)
    }
    return estimates
  }

  private func summary(
    _ window: NodeWindow, _ logLikelihood: [Double]
  ) throws(BaselineError) -> ParameterEstimates {
    let posterior = try JointPosterior(
      axes: zip(axes, window.ranges).map { $0.part($1) }, logLikelihood: logLikelihood)
    return ParameterEstimates(
      optimal: posterior.marginals.map(\.optimalEstimate),
      posteriorMean: posterior.marginals.map(\.mean),
      maximumLikelihood: posterior.maximum,
      standardDeviation: posterior.marginals.map(\.standardDeviation),
      isAtBoundary: posterior.isAtBoundary)
  }

  // MARK: - Windows

  /// Nodes per axis.
  private var nodeCounts: [Int] { axes.map(\.interpolation.nodeCount) }
  /// Nodes of the last of two axes.
  private var columns: Int { axes.count == 2 ? nodeCounts[1] : 1 }

  /// The nodes of a window, the last axis fastest.
  private func nodes(in window: NodeWindow) -> [Int] {
    guard axes.count == 2 else { return Array(window.ranges[0]) }
    return window.ranges[0].flatMap { row in window.ranges[1].map { row * columns + $0 } }
  }

  /// Whether all maps are computed at a node: every third one of every axis, and the last.
  private func isCoarse(_ place: [Int]) -> Bool {
    zip(place, nodeCounts).allSatisfy { index, count in
      index.isMultiple(of: Self.coarseStep) || index == count - 1
    }
  }

  /// The first window of a map: a fixed number of nodes around one, shifted inwards at the ends.
  private func window(around place: [Int]) -> NodeWindow {
    NodeWindow(
      ranges: zip(place, nodeCounts).map { index, count in
        let width = min(Self.windowWidth, count)
        let first = min(max(index - width / 2, 0), count - width)
        return first...first + width - 1
      })
  }

  /// The window itself if it is large enough, or the next larger one.
  private func grown(_ window: NodeWindow, map: Int, _ table: NodeTable) -> NodeWindow {
    let inside = nodes(in: window)
    let best = inside.max { table[$0, map] < table[$1, map] } ?? 0
    let limit = table[best, map] - Self.rimDepth
    var larger = window
    for node in places.indices where table.isKnown(node, map: map) && table[node, map] > limit {
      // The rim of nodes that count, and four nodes around the largest one.
      let margin = node == best ? Self.margin : 0
      for (axis, index) in places[node].enumerated() {
        let (range, last) = (window.ranges[axis], nodeCounts[axis] - 1)
        if index - margin <= range.lowerBound, range.lowerBound > 0 {
          larger.extend(axis, to: max(0, index - margin - Self.growth))
        }
        if index + margin >= range.upperBound, range.upperBound < last {
          larger.extend(axis, to: min(last, index + margin + Self.growth))
        }
      }
    }
    return larger
  }

  // MARK: - ln L at the nodes

  /// The parameters of every node.
  var nodes: [[Double]] {
    places.map { place in
      zip(axes, place).map { axis, index in
        let step =
          (axis.range.upperBound - axis.range.lowerBound)
          / Double(axis.interpolation.nodeCount - 1)
        return min(axis.range.lowerBound + Double(index) * step, axis.range.upperBound)
      }
    }
  }

  /// ln L of all maps at every node, `[node][map]`.
  func logLikelihoods(
    _ maps: ObservedMaps, threads: Int, progress: WorkProgress
  ) throws(BaselineError) -> [[Double]] {
    let all = Array(0..<maps.count)
    let covariances = try NodeCovariances(
      likelihood, nodes: nodes, columns: columns, threads: threads, progress)
    var table = NodeTable(nodes: places.count, maps: maps.count)
    try covariances.fill(
      &table, maps, wanted: places.map { _ in all }, threads: threads, progress,
      ProgressCounter(progress, total: places.count))
    return places.indices.map { node in all.map { table[node, $0] } }
  }
}
