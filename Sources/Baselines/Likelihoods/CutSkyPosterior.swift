import Kernels
import LinearAlgebra
import SkyModels
import SpecialFunctions

/// The exact posterior of the observed pixels of many maps, for models of one or two parameters.
///
/// Method:     ln L of all maps at a grid of equally spaced nodes over the prior: each node costs
///             one covariance and one factorisation whatever the number of maps. Where E depends on
///             the first parameter alone and B on the second, as in T2, their covariances are made
///             once per row and per column of the grid. Then, map by map, interpolation and sums
///             (`JointPosterior`).
/// Accuracy:   of ln L between the nodes: see `LocalInterpolation`. Where ln L counts, near its
///             maximum, the error falls with the eighth power of the spacing; the figures for the
///             T2 tasks are in Docs/Results.md, and CutSkyPosteriorSlowTests bounds it by 0.01 for
///             a smaller task with 21 nodes.
/// Determinism: a node is computed in a fixed order of operations: the bits do not depend on the
///             number of threads.
/// Cost:       per node n³/3 + n² maps multiplications; at f_sky 0.1, nside 16 (620 data) a minute
///             for 1000 maps and 961 nodes on two shared cores.
/// Checked by: CutSkyPosteriorTests, CutSkyPosteriorSlowTests, PixelFullSkyTests.
public final class CutSkyPosterior: Sendable {
  /// The likelihood that is tabulated.
  public let likelihood: PixelLikelihood
  let axes: [JointPosterior.Axis]

  /// The number of nodes per parameter unless another is asked for.
  public static let standardNodeCount = 31
  /// Points per parameter of the grid on which the posterior is summed.
  static let pointCount = 601
  /// Covariances that are kept for all rows of the grid, in numbers: 1 GB.
  private static let cacheLimit = 1 << 27

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
    let table = try logLikelihoods(maps, threads: threads, progress: progress)
    let results = Locked<[Result<ParameterEstimates, BaselineError>?]>(
      [Result<ParameterEstimates, BaselineError>?](repeating: nil, count: maps.count))
    parallelFor(maps.count, threads: threads) { map in
      let result = Result { () throws(BaselineError) in
        try progress.check()
        return try summary(table.map { $0[map] })
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

  private func summary(_ logLikelihood: [Double]) throws(BaselineError) -> ParameterEstimates {
    let posterior = try JointPosterior(axes: axes, logLikelihood: logLikelihood)
    return ParameterEstimates(
      optimal: posterior.marginals.map(\.optimalEstimate),
      posteriorMean: posterior.marginals.map(\.mean),
      maximumLikelihood: posterior.maximum,
      standardDeviation: posterior.marginals.map(\.standardDeviation),
      isAtBoundary: posterior.isAtBoundary)
  }

  // MARK: - ln L at the nodes

  /// The nodes, the last parameter fastest.
  var nodes: [[Double]] {
    var nodes: [[Double]] = [[]]
    for axis in axes {
      let count = axis.interpolation.nodeCount
      let step = (axis.range.upperBound - axis.range.lowerBound) / Double(count - 1)
      nodes = nodes.flatMap { node in
        (0..<count).map {
          node + [min(axis.range.lowerBound + Double($0) * step, axis.range.upperBound)]
        }
      }
    }
    return nodes
  }

  /// ln L at every node, `[node][map]`.
  func logLikelihoods(
    _ maps: ObservedMaps, threads: Int, progress: WorkProgress
  ) throws(BaselineError) -> [[Double]] {
    let nodes = nodes
    let columns = axes.count == 2 ? axes[1].interpolation.nodeCount : 1
    let spectra = try nodes.map { node throws(BaselineError) in try likelihood.spectra(at: node) }
    let kept = try keptColumns(spectra, columns: columns, threads: threads, progress)
    let counter = ProgressCounter(progress, total: nodes.count)
    // One system per worker; which worker takes which node does not matter.
    let systems = (0..<min(threads, columns)).map { _ in
      AugmentedSystem(order: likelihood.dataCount, extra: maps.count)
    }
    var table: [[Double]] = []
    for first in stride(from: 0, to: nodes.count, by: columns) {
      let row = rowCovariances(spectra[first..<first + columns], kept, threads: threads)
      let results = Locked<[Result<[Double], BaselineError>?]>(
        [Result<[Double], BaselineError>?](repeating: nil, count: columns))
      parallelFor(columns, threads: threads) { column, worker in
        let result = Result { () throws(BaselineError) in
          try progress.check()
          let parts = PixelLikelihood.fields.map { field in
            kept[field]?[column] ?? row[field]
              ?? likelihood.harmonics.covariance(
                of: field, spectrum: spectra[first + column][field.spectrum], threads: 1)
          }
          return try likelihood.logLikelihood(
            parts, at: nodes[first + column], maps: maps, in: systems[worker],
            threads: columns == 1 ? threads : 1, progress: progress)
        }
        results.withLock { $0[column] = result }
        counter.add(1)
      }
      for result in results.withLock({ $0 }) {
        guard let values = try result?.get() else { preconditionFailure("a node is missing") }
        table.append(values)
      }
    }
    return table
  }

  /// The covariances of fields whose spectrum is the same in every row of the grid, one per column.
  private func keptColumns(
    _ spectra: [NamedSpectra], columns: Int, threads: Int, _ progress: WorkProgress
  ) throws(BaselineError) -> [SkyField: [[Double]]] {
    var kept: [SkyField: [[Double]]] = [:]
    let size = columns * likelihood.dataCount * likelihood.dataCount
    for field in PixelLikelihood.fields where columns > 1 && size <= Self.cacheLimit {
      let name = field.spectrum
      let isSame = spectra.indices.allSatisfy { spectra[$0][name] == spectra[$0 % columns][name] }
      guard isSame else { continue }
      kept[field] = try (0..<columns).map { column throws(BaselineError) in
        try progress.check()
        return likelihood.harmonics.covariance(
          of: field, spectrum: spectra[column][name], threads: threads)
      }
    }
    return kept
  }

  /// The covariances of fields whose spectrum is the same all along a row.
  private func rowCovariances(
    _ spectra: ArraySlice<NamedSpectra>, _ kept: [SkyField: [[Double]]], threads: Int
  ) -> [SkyField: [Double]] {
    var row: [SkyField: [Double]] = [:]
    for field in PixelLikelihood.fields where kept[field] == nil {
      guard let first = spectra.first?[field.spectrum],
        spectra.allSatisfy({ $0[field.spectrum] == first })
      else { continue }
      row[field] = likelihood.harmonics.covariance(
        of: field, spectrum: first, threads: threads)
    }
    return row
  }
}
