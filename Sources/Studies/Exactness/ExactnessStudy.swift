import FourierTransforms
import HarmonicTransforms
import SphereGrids

/// How exactly each method of analysis inverts synthesis, by lmax/nside, spin and precision.
///
/// Protocol:    coefficients with all degrees and orders filled (`UniformCoefficients`), folded
///              synthesis (the series at the pixels' centres, no order left out), analysis,
///              relative L2 and largest error over independent trials. lmax grows with nside.
///              `Float` means `Float` both ways.
/// Checked by:  ExactnessStudyTests; the transforms and weights themselves by their own suites.
package struct ExactnessStudy: Sendable {
  /// What is measured.
  package struct Configuration: Sendable, Equatable {
    /// HEALPix resolutions.
    package var nsides: [Int]
    /// lmax/nside; 3 stands for (3 nside − 1)/nside.
    package var ratios: [Double]
    /// lmax/nside where nside is above 32.
    package var coarseRatios: [Double]
    /// lmax on the published grid of 32 x 64 points; orders up to 32.
    package var publishedDegrees: [Int]
    /// Order weights need memory and time like lmax³ nside²: none are made above this lmax.
    package var largestOrderWeightDegree: Int
    /// Fewest independent sets of coefficients, at large lmax.
    package var trials: Int
    /// Most of them, at small lmax, where a set has few coefficients and its error scatters more.
    package var mostTrials: Int
    package var seed: UInt64

    /// Independent sets at an lmax: so many that they have 200,000 coefficients, within the bounds.
    package func trials(lmax: Int) -> Int {
      min(mostTrials, max(trials, 200_000 / ((lmax + 1) * (lmax + 1))))
    }

    /// The study of Docs/Exactness.md.
    package static func full(seed: UInt64) -> Configuration {
      Configuration(
        nsides: [4, 8, 16, 32, 64],
        ratios: [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75, 3],
        coarseRatios: [0.5, 1, 1.5, 2, 2.5, 3],
        publishedDegrees: [7, 11, 15, 16, 19, 23, 27, 31, 35, 39, 43, 46],
        largestOrderWeightDegree: 128, trials: 16, mostTrials: 256, seed: seed)
    }

    /// The same in seconds.
    package static func quick(seed: UInt64) -> Configuration {
      Configuration(
        nsides: [4, 8, 16], ratios: [0.5, 1, 1.5, 2, 2.5, 3], coarseRatios: [],
        publishedDegrees: [7, 15, 23, 31, 46], largestOrderWeightDegree: 128, trials: 16,
        mostTrials: 16, seed: seed)
    }
  }

  /// One number of the map.
  package struct Entry: Sendable, Equatable {
    /// nil: the published grid.
    package var nside: Int?
    package var spin: Int
    package var precision: StudyPrecision
    package var method: AnalysisMethod
    package var lmax: Int
    package var mmax: Int
    package var error: RoundTripError

    /// lmax/nside as asked for.
    package var ratio: Double
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
    for (k, task) in tasks.enumerated() {
      try progress(k, tasks.count)
      var entry = task
      entry.error =
        task.precision == .double
        ? try Self.error(task, configuration, threads: threads, as: Double.self)
        : try Self.error(task, configuration, threads: threads, as: Float.self)
      entries.append(entry)
    }
    try progress(tasks.count, tasks.count)
    self.entries = entries
  }

  private static func error<T: FourierScalar>(
    _ entry: Entry, _ c: Configuration, threads: Int, as type: T.Type
  ) throws -> RoundTripError {
    let grid: any RingGrid =
      if let nside = entry.nside { try HealpixGrid(nside: nside) } else {
        ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64)
      }
    let trip = RoundTrip<T>(
      grid: grid, lmax: entry.lmax, mmax: entry.mmax, spin: entry.spin,
      trials: c.trials(lmax: entry.lmax), seed: c.seed, threads: threads,
      nyquistOrder: entry.nside == nil ? 32 : nil)
    return try trip.error(entry.method)
  }

  /// The results as a table.
  package var table: StudyTable {
    var table = StudyTable(columns: [
      "grid", "nside", "spin", "precision", "method", "lmax", "mmax", "lmax_over_nside",
      "relative_l2", "standard_error", "trials", "largest_error", "iterations", "converged",
    ])
    for e in entries {
      table.append([
        e.nside == nil ? "Clenshaw-Curtis 32 x 64" : "HEALPix", e.nside.map { "\($0)" } ?? "",
        "\(e.spin)", e.precision.rawValue, e.method.rawValue, "\(e.lmax)", "\(e.mmax)",
        e.nside == nil ? "" : "\(e.ratio)", StudyTable.cell(e.error.relativeL2),
        StudyTable.cell(e.error.standardError), "\(e.error.trials)",
        StudyTable.cell(e.error.largest), "\(e.error.iterations)",
        e.error.isConverged ? "yes" : "no",
      ])
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
      nside: Int?, spin: Int, lmax: Int, mmax: Int, ratio: Double, _ methods: [AnalysisMethod]
    ) {
      for precision in StudyPrecision.allCases {
        for method in methods {
          if method == .orderWeights, lmax > largestOrderWeightDegree { continue }
          entries.append(
            Entry(
              nside: nside, spin: spin, precision: precision, method: method, lmax: lmax,
              mmax: mmax, error: .unknown, ratio: ratio))
        }
      }
    }
    for nside in nsides {
      for ratio in nside > 32 ? coarseRatios : ratios {
        let lmax = ratio == 3 ? 3 * nside - 1 : Int((ratio * Double(nside)).rounded())
        for spin in [0, 2] where lmax >= spin {
          append(
            nside: nside, spin: spin, lmax: lmax, mmax: lmax, ratio: ratio,
            AnalysisMethod.allCases)
        }
      }
    }
    for lmax in publishedDegrees {
      append(
        nside: nil, spin: 0, lmax: lmax, mmax: min(lmax, 32), ratio: 0,
        AnalysisMethod.ofProductGrids)
    }
    return entries
  }
}
