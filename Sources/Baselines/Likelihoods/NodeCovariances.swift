import Kernels
import LinearAlgebra
import SkyModels

/// The covariances of observed pixels at the nodes of a grid over the prior, row by row.
///
/// Method:   where E depends on the first parameter alone and B on the second, the covariances of B
///           are made once per column and kept, those of E once per row; elsewhere those of a few
///           nodes are made, of which all others are linear combinations (`SpectrumCombinations`).
/// Memory:   kept covariances take columns · data² · 8 bytes, 2.3 GB for 31 columns at f_sky 0.5,
///           nside 16; beyond `cacheLimit` none are kept. A node takes data · (data + maps) · 8
///           bytes per thread.
struct NodeCovariances: Sendable {
  private let likelihood: PixelLikelihood
  private let nodes: [[Double]]
  private let columns: Int
  private let spectra: [NamedSpectra]
  private let kept: [SkyField: [[Double]]]
  private let combined: [SkyField: Combined]

  /// The covariances of some nodes, and those of all nodes as combinations of them.
  private struct Combined: Sendable {
    var combinations: SpectrumCombinations
    var covariances: [[Double]]
  }
  /// Numbers that are kept at most: 4 GB.
  private static let cacheLimit = 1 << 29

  /// The covariances of a grid.
  ///
  /// - Parameters:
  ///   - likelihood: whose covariances they are.
  ///   - nodes: parameters of every node, row by row.
  ///   - columns: nodes of a row.
  ///   - threads: any number gives the same bits.
  ///   - progress: stops the computation.
  /// - Throws: `BaselineError.correlatedFields`, `.interrupted`.
  init(
    _ likelihood: PixelLikelihood, nodes: [[Double]], columns: Int, threads: Int,
    _ progress: WorkProgress
  ) throws(BaselineError) {
    self.likelihood = likelihood
    self.nodes = nodes
    self.columns = columns
    let spectra = try nodes.map { node throws(BaselineError) in try likelihood.spectra(at: node) }
    self.spectra = spectra
    var kept: [SkyField: [[Double]]] = [:]
    let size = columns * likelihood.dataCount * likelihood.dataCount
    for field in likelihood.fields where columns > 1 && size <= Self.cacheLimit {
      let name = field.spectrum
      let isSame = spectra.indices.allSatisfy { spectra[$0][name] == spectra[$0 % columns][name] }
      guard isSame else { continue }
      kept[field] = try (0..<columns).map { column throws(BaselineError) in
        try progress.check()
        return likelihood.harmonics.covariance(
          of: field, spectrum: spectra[column][name], threads: threads)
      }
    }
    self.kept = kept
    var combined: [SkyField: Combined] = [:]
    for field in likelihood.fields where kept[field] == nil && !likelihood.harmonics.isIdentity {
      let name = field.spectrum
      let isSameInRows =
        columns > 1
        && spectra.indices.allSatisfy {
          spectra[$0][name] == spectra[$0 - $0 % columns][name]
        }
      guard !isSameInRows else { continue }
      let combinations = SpectrumCombinations(spectra.map { $0[name] })
      let count = combinations.chosen.count
      guard 2 * count < nodes.count,
        count * likelihood.dataCount * likelihood.dataCount <= Self.cacheLimit
      else { continue }
      combined[field] = Combined(
        combinations: combinations,
        covariances: try combinations.chosen.map { node throws(BaselineError) in
          try progress.check()
          return likelihood.harmonics.covariance(
            of: field, spectrum: spectra[node][name], threads: threads)
        })
    }
    self.combined = combined
  }

  /// The covariance of a field at a node as a combination of others.
  private func combination(_ field: SkyField, node: Int) -> [Double]? {
    guard let own = combined[field] else { return nil }
    var sum = [Double](repeating: 0, count: own.covariances.first?.count ?? 0)
    let count = sum.count
    sum.withMutableElements { sum in
      for (factor, covariance) in zip(own.combinations.coefficients[node], own.covariances)
      where factor != 0 {
        covariance.withElements { covariance in
          for i in 0..<count { sum[i] += factor * covariance[i] }
        }
      }
    }
    return sum
  }

  /// Computes ln L of some maps at every node.
  ///
  /// - Parameters:
  ///   - table: gets the values.
  ///   - maps: all maps.
  ///   - wanted: for every node the maps that are computed there.
  ///   - threads: any number gives the same bits.
  ///   - progress: stops the computation.
  ///   - counter: told of every node.
  /// - Throws: `BaselineError.covarianceNotPositive`, `.interrupted`.
  func fill(
    _ table: inout NodeTable, _ maps: ObservedMaps, wanted: [[Int]], threads: Int,
    _ progress: WorkProgress, _ counter: ProgressCounter
  ) throws(BaselineError) {
    for first in stride(from: 0, to: nodes.count, by: columns) {
      let own = (0..<columns).filter { !wanted[first + $0].isEmpty }
      guard !own.isEmpty else { continue }
      let row = rowCovariances(spectra[first..<first + columns], threads: threads)
      let results = Locked<[Result<[Double], BaselineError>?]>(
        [Result<[Double], BaselineError>?](repeating: nil, count: own.count))
      parallelFor(own.count, threads: threads) { index in
        let node = first + own[index]
        let result = Result { () throws(BaselineError) in
          try progress.check()
          return try values(
            at: node, maps.subset(wanted[node]), row, threads: columns == 1 ? threads : 1,
            progress)
        }
        results.withLock { $0[index] = result }
        counter.add(1)
      }
      for (column, result) in zip(own, results.withLock { $0 }) {
        guard let values = try result?.get() else { preconditionFailure("a node is missing") }
        for (map, value) in zip(wanted[first + column], values) {
          table[first + column, map] = value
        }
      }
    }
  }

  private func values(
    at node: Int, _ maps: ObservedMaps, _ row: [SkyField: [Double]], threads: Int,
    _ progress: WorkProgress
  ) throws(BaselineError) -> [Double] {
    let parts = likelihood.fields.map { field in
      kept[field]?[node % columns] ?? row[field] ?? combination(field, node: node)
        ?? likelihood.harmonics.covariance(
          of: field, spectrum: spectra[node][field.spectrum], threads: 1)
    }
    return try likelihood.logLikelihood(
      parts, at: nodes[node], maps: maps,
      in: AugmentedSystem(order: likelihood.dataCount, extra: maps.count), threads: threads,
      progress: progress)
  }

  /// The covariances of fields whose spectrum is the same all along a row.
  private func rowCovariances(
    _ spectra: ArraySlice<NamedSpectra>, threads: Int
  ) -> [SkyField: [Double]] {
    var row: [SkyField: [Double]] = [:]
    for field in likelihood.fields where kept[field] == nil && combined[field] == nil {
      guard let first = spectra.first?[field.spectrum],
        spectra.allSatisfy({ $0[field.spectrum] == first })
      else { continue }
      row[field] = likelihood.harmonics.covariance(
        of: field, spectrum: first, threads: threads)
    }
    return row
  }
}
