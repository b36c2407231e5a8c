import Expectations
import FileFormats
import Foundation
import FourierTransforms
import HarmonicTransforms
import SphereGrids

/// How exactly each method of analysis inverts synthesis, by lmax/nside, spin and precision.
///
/// Protocol:    coefficients with all degrees and orders filled (`UniformCoefficients`), folded
///              synthesis (the series at the pixels' centres, no order left out), analysis,
///              relative L2 and largest error over independent trials. lmax grows with nside.
///              `Float` means `Float` both ways; up to nside 64 Legendre functions are rounded to
///              it too, in the study of large maps they are computed in `Double`.
/// Checked by:  ExactnessStudyTests; the transforms and weights themselves by their own suites.
package struct ExactnessStudy: Sendable {
  /// Which study; its files are named after it.
  package enum Kind: String, Sendable {
    /// Up to nside 64, and the grid of the published network.
    case standard = "exactness"
    /// Up to nside 512: what `ExpectationTable` is made of.
    case large = "exactness-large"
  }

  /// What is measured.
  package struct Configuration: Sendable, Equatable {
    package var kind: Kind
    /// HEALPix resolutions.
    package var nsides: [Int]
    /// lmax/nside; 3 stands for (3 nside − 1)/nside.
    package var ratios: [Double]
    /// lmax/nside where nside is above `coarseAbove`.
    package var coarseRatios: [Double]
    /// The largest nside with all `ratios`.
    package var coarseAbove = 32
    /// On HEALPix.
    package var methods: [AnalysisMethod]
    /// Where Legendre functions come from.
    package var path: TransformPath = .table
    /// lmax on the published grid of 32 x 64 points; orders up to 32.
    package var publishedDegrees: [Int]
    /// lmax on Gauss-Legendre grids, spin 0 and 2, plain quadrature.
    package var gaussLegendreDegrees: [Int] = []
    /// Order weights need memory and time like lmax³ nside²: none are made above this lmax.
    package var largestOrderWeightDegree: Int
    /// Nor above this nside.
    package var largestOrderWeightNside = 64
    /// Above this lmax least squares has multiples of nside/2 up to 2.5 nside only: beyond, it
    /// takes hundreds of iterations.
    package var largestFineFitDegree = Int.max
    /// Fewest independent sets of coefficients, at large lmax.
    package var trials: Int
    /// Most of them, at small lmax, where a set has few coefficients and its error scatters more.
    package var mostTrials: Int
    package var seed: UInt64

    /// Independent sets at an lmax: so many that they have 200,000 coefficients, within the bounds.
    package func trials(lmax: Int) -> Int {
      min(mostTrials, max(trials, 200_000 / ((lmax + 1) * (lmax + 1))))
    }

    /// The study of Docs/Exactness.md up to nside 64.
    package static func full(seed: UInt64) -> Configuration {
      Configuration(
        kind: .standard, nsides: [4, 8, 16, 32, 64], ratios: fineRatios,
        coarseRatios: halves, methods: AnalysisMethod.ofHealpix,
        publishedDegrees: [7, 11, 15, 16, 19, 23, 27, 31, 35, 39, 43, 46],
        largestOrderWeightDegree: 128, trials: 16, mostTrials: 256, seed: seed)
    }

    /// The same in seconds.
    package static func quick(seed: UInt64) -> Configuration {
      Configuration(
        kind: .standard, nsides: [4, 8, 16], ratios: halves, coarseRatios: [],
        methods: AnalysisMethod.ofHealpix, publishedDegrees: [7, 15, 23, 31, 46],
        largestOrderWeightDegree: 128, trials: 16, mostTrials: 16, seed: seed)
    }

    /// The resolutions of the study of large maps.
    package static let largeNsides = [16, 32, 64, 128, 256, 512]

    /// The study of large maps: what `ExpectationTable` is made of.
    ///
    /// - Parameters:
    ///   - largestNside: the `largeNsides` up to here.
    ///   - seed: of the coefficients.
    /// - Returns: the configuration.
    package static func large(largestNside: Int, seed: UInt64) -> Configuration {
      let nsides = largeNsides.filter { $0 <= largestNside }
      let largest = 3 * (nsides.last ?? 0)
      return Configuration(
        kind: .large, nsides: nsides, ratios: fineRatios,
        coarseRatios: [0.5, 1, 1.5, 2, 2.25, 2.5, 2.75, 3], coarseAbove: 128,
        methods: AnalysisMethod.ofLargeMaps, path: .recurrence,
        publishedDegrees: [],
        gaussLegendreDegrees: [8, 16, 32, 64, 128, 256, 512, 1024, 1536].filter { $0 <= largest },
        largestOrderWeightDegree: 128, largestOrderWeightNside: 128, largestFineFitDegree: 360,
        trials: 2, mostTrials: 64, seed: seed)
    }

    fileprivate static let halves = [0.5, 1, 1.5, 2, 2.5, 3]
    private static let fineRatios = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75, 3]
  }

  /// One number of the map.
  package struct Entry: Sendable, Equatable {
    package var grid: StudiedGrid
    package var spin: Int
    package var precision: StudyPrecision
    package var method: AnalysisMethod
    package var lmax: Int
    package var mmax: Int
    package var error: RoundTripError

    /// lmax/nside as asked for.
    package var ratio: Double

    /// nil on grids other than HEALPix.
    package var nside: Int? { grid.nside }
  }

  package let configuration: Configuration
  /// All results, in a fixed order.
  package let entries: [Entry]

  /// Measures everything.
  ///
  /// - Parameters:
  ///   - configuration: what.
  ///   - threads: any number gives the same bits.
  ///   - progress: of the round trips.
  /// - Throws: `HealpixError` for an impossible nside, what `progress` throws, `LinearAlgebraError`
  ///   of weights.
  package init(
    _ configuration: Configuration, threads: Int, progress: StudyProgress = { _, _ in }
  ) throws {
    self.configuration = configuration
    let tasks = configuration.entries()
    var entries: [Entry] = []
    var large = LargeMaps()
    for (k, task) in tasks.enumerated() {
      try progress(k, tasks.count)
      var entry = task
      entry.error =
        task.precision == .double
        ? try Self.error(task, configuration, &large, threads: threads, as: Double.self)
        : try Self.error(task, configuration, &large, threads: threads, as: Float.self)
      entries.append(entry)
    }
    try progress(tasks.count, tasks.count)
    self.entries = entries
  }

  /// A study that was measured before, from the table that it wrote.
  ///
  /// - Parameters:
  ///   - configuration: what was measured.
  ///   - url: the table, `table` as a file.
  /// - Throws: `StudyTableError` where it is not the table of this configuration; `FileError`.
  package init(_ configuration: Configuration, table url: URL) throws {
    self.configuration = configuration
    let lines = String(decoding: try contents(of: url), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var entries = configuration.entries()
    let expected = Self.table(entries, configuration)
    let path = url.relativePath
    try StudyTableError.require(lines[0], expected.columns.joined(separator: ","), path, line: 1)
    for k in entries.indices {
      let cells = (k + 1 < lines.count ? lines[k + 1] : "").split(
        separator: ",", omittingEmptySubsequences: false
      ).map(String.init)
      // Everything before the errors says which case it is.
      let key = expected.rows[k].prefix(8).joined(separator: ",")
      try StudyTableError.require(
        cells.prefix(8).joined(separator: ","), key, path, line: k + 2)
      guard cells.count == expected.columns.count, let error = RoundTripError(cells: cells[8..<14])
      else {
        throw StudyTableError.numbers(path: path, line: k + 2, found: lines[k + 1])
      }
      entries[k].error = error
    }
    try StudyTableError.require(
      lines.dropFirst(entries.count + 1).joined(), "", path, line: entries.count + 2)
    self.entries = entries
  }

  /// What cases of large maps share.
  private struct LargeMaps {
    /// The grids whose weights are those per ring.
    var grids: [StudiedGrid: ReweightedGrid] = [:]
    /// The errors by number of corrections, of the case whose first one was asked for last.
    var corrected: [RoundTripError] = []
  }

  private static func error<T: FourierScalar>(
    _ entry: Entry, _ c: Configuration, _ large: inout LargeMaps, threads: Int, as type: T.Type
  ) throws -> RoundTripError {
    func trip(_ grid: any RingGrid) -> RoundTrip<T> {
      RoundTrip<T>(
        grid: grid, lmax: entry.lmax, mmax: entry.mmax, spin: entry.spin,
        trials: c.trials(lmax: entry.lmax), seed: c.seed, threads: threads,
        nyquistOrder: entry.grid == .published ? 32 : nil, path: c.path)
    }
    let grid = try entry.grid.rings(lmax: entry.lmax)
    guard c.kind == .large, entry.nside != nil else { return try trip(grid).error(entry.method) }
    if let corrections = entry.method.corrections {
      if corrections == 0 { large.corrected = try trip(grid).correctedErrors() }
      return large.corrected[corrections]
    }
    guard entry.method == .ringWeights else { return try trip(grid).error(entry.method) }
    if let known = large.grids[entry.grid] { return try trip(known).error(.gridWeights) }
    let weights = try RoundTrip<T>.ringWeights(grid, mmax: 0)
    let reweighted = ReweightedGrid(grid, weights: weights.values[0])
    large.grids[entry.grid] = reweighted
    return try trip(reweighted).error(.gridWeights)
  }

  /// The results as a table. That of large maps says who measured: it is read beside one of healpy.
  package var table: StudyTable { Self.table(entries, configuration) }

  private static func table(_ entries: [Entry], _ configuration: Configuration) -> StudyTable {
    let measuredBy = configuration.kind == .large ? ["measured_by"] : []
    var table = StudyTable(
      columns: [
        "grid", "nside", "spin", "precision", "method", "lmax", "mmax", "lmax_over_nside",
        "relative_l2", "standard_error", "trials", "largest_error", "iterations", "converged",
      ] + measuredBy)
    for e in entries {
      table.append(
        [
          e.grid.name, e.nside.map { "\($0)" } ?? "",
          "\(e.spin)", e.precision.rawValue, e.method.rawValue, "\(e.lmax)", "\(e.mmax)",
          e.nside == nil ? "" : "\(e.ratio)", StudyTable.cell(e.error.relativeL2),
          StudyTable.cell(e.error.standardError), "\(e.error.trials)",
          StudyTable.cell(e.error.largest), "\(e.error.iterations)",
          RoundTripError.word(e.error.isConverged),
        ] + measuredBy.map { _ in "sphere" })
    }
    return table
  }
}

extension ExactnessStudy.Configuration {
  /// Everything to measure, errors still zero.
  fileprivate func entries() -> [ExactnessStudy.Entry] {
    typealias Entry = ExactnessStudy.Entry
    var entries: [Entry] = []
    func append(
      _ grid: StudiedGrid, spin: Int, lmax: Int, mmax: Int, ratio: Double,
      _ methods: [AnalysisMethod]
    ) {
      for precision in StudyPrecision.allCases {
        for method in methods where isMade(method, grid, lmax: lmax, ratio: ratio) {
          entries.append(
            Entry(
              grid: grid, spin: spin, precision: precision, method: method, lmax: lmax,
              mmax: mmax, error: .unknown, ratio: ratio))
        }
      }
    }
    for nside in nsides {
      for ratio in nside > coarseAbove ? coarseRatios : ratios {
        let lmax = ratio == 3 ? 3 * nside - 1 : Int((ratio * Double(nside)).rounded())
        for spin in [0, 2] where lmax >= spin {
          append(
            .healpix(nside: nside), spin: spin, lmax: lmax, mmax: lmax, ratio: ratio, methods)
        }
      }
    }
    for lmax in publishedDegrees {
      append(
        .published, spin: 0, lmax: lmax, mmax: min(lmax, 32), ratio: 0,
        AnalysisMethod.ofProductGrids)
    }
    for lmax in gaussLegendreDegrees {
      for spin in [0, 2] {
        append(.gaussLegendre, spin: spin, lmax: lmax, mmax: lmax, ratio: 0, [.gridWeights])
      }
    }
    return entries
  }

  private func isMade(
    _ method: AnalysisMethod, _ grid: StudiedGrid, lmax: Int, ratio: Double
  ) -> Bool {
    switch method {
    case .orderWeights:
      return lmax <= largestOrderWeightDegree && (grid.nside ?? 0) <= largestOrderWeightNside
    case .leastSquares:
      return lmax <= largestFineFitDegree || (ratio <= 2.5 && Self.halves.contains(ratio))
    default: return true
    }
  }
}
