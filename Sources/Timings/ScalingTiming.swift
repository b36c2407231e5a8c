import HarmonicTransforms
import SphereGrids

/// How the time of transforms grows with lmax, nside, the number of fields and threads, and their
/// memory with lmax.
///
/// Protocol:    in each sweep one size changes. Times are those of `TransformTiming`, one run after
///              the other, with whatever else the machine does: compare within a run.
/// Checked by:  ScalingTimingTests.
package struct ScalingTiming: Sendable {
  /// What changes.
  package enum Sweep: String, Sendable, CaseIterable {
    /// Gauss-Legendre rings, one field in `Double`, one thread.
    case lmax
    /// HEALPix with lmax = 2 nside, one field in `Double`, one thread.
    case nside
    /// Gauss-Legendre rings, fields in `Float`, one thread, by tables and by recurrence.
    case lanes
    /// Gauss-Legendre rings, one field in `Double`.
    case threads
  }

  /// What is measured.
  package struct Configuration: Sendable, Equatable {
    /// lmax of the sweep `lmax`.
    package var degrees: [Int]
    /// Resolutions of the sweep `nside`.
    package var nsides: [Int]
    /// Numbers of fields of the sweep `lanes`.
    package var lanes: [Int]
    /// lmax of the sweep `lanes`.
    package var laneDegree: Int
    /// Numbers of threads of the sweep `threads`; 1 is among them.
    package var threads: [Int]
    /// lmax of the sweep `threads`.
    package var threadDegree: Int
    /// Calls of each transform, of which the shortest counts.
    package var repeats: Int

    /// The figure of Docs/Performance.md, with up to so many threads.
    package static func full(threads: Int) -> Configuration {
      Configuration(
        degrees: [31, 47, 63, 95, 127, 191, 255, 383, 511, 767, 1023, 1535, 2047],
        nsides: [8, 16, 32, 64, 128, 256, 512, 1024], lanes: [1, 2, 3, 4, 6, 8, 12, 16, 32, 64],
        laneDegree: 127, threads: Array(1...threads), threadDegree: 1023, repeats: 5)
    }

    /// The same in seconds.
    package static func quick(threads: Int) -> Configuration {
      Configuration(
        degrees: [31, 63, 127], nsides: [8, 16, 32], lanes: [1, 4, 8], laneDegree: 31,
        threads: Array(1...min(2, threads)), threadDegree: 127, repeats: 2)
    }
  }

  /// One transform.
  package struct Entry: Sendable, Equatable {
    /// What changes.
    package var sweep: Sweep
    /// 0 or 2.
    package var spin: Int
    /// Largest degree.
    package var lmax: Int
    /// nil: Gauss-Legendre rings.
    package var nside: Int?
    /// Number of fields, or of pairs.
    package var lanes: Int
    /// Tables or recurrence.
    package var path: TransformPath
    /// Threads of a call.
    package var threads: Int
    /// Milliseconds of one synthesis of all fields.
    package var synthesis: Double
    /// Milliseconds of one analysis of all fields.
    package var analysis: Double
    /// Bytes of a transform (`ScalarTransform.memory`).
    package var bytes: Int
  }

  /// The sizes.
  package let configuration: Configuration
  /// In the order in which they were measured.
  package let entries: [Entry]

  /// Measures all sweeps.
  ///
  /// - Parameters:
  ///   - configuration: which sizes.
  ///   - progress: called after every transform; what it throws ends the measurement.
  /// - Throws: `HarmonicTransformError.notEnoughMemory`, `HealpixError`; what `progress` throws.
  package init(
    _ configuration: Configuration, progress: (_ done: Int, _ total: Int) throws -> Void
  ) throws {
    self.configuration = configuration
    var entries: [Entry] = []
    let cases = try Self.cases(configuration)
    for (index, (sweep, timing)) in cases.enumerated() {
      let isDouble = sweep != .lanes
      let bytes =
        isDouble ? timing.memory(as: Double.self) : timing.memory(as: Float.self)
      let found =
        isDouble
        ? try timing.milliseconds(as: Double.self) : try timing.milliseconds(as: Float.self)
      entries.append(
        Entry(
          sweep: sweep, spin: timing.spin, lmax: timing.lmax,
          nside: (timing.grid as? HealpixGrid)?.nside, lanes: timing.lanes, path: timing.path,
          threads: timing.threads, synthesis: found.synthesis, analysis: found.analysis,
          bytes: bytes))
      try progress(index + 1, cases.count)
    }
    self.entries = entries
  }

  private static func cases(
    _ configuration: Configuration
  ) throws -> [(sweep: Sweep, timing: TransformTiming)] {
    func timing(
      _ grid: any RingGrid, lmax: Int, spin: Int, lanes: Int = 1,
      path: TransformPath = .automatic, threads: Int = 1
    ) -> TransformTiming {
      TransformTiming(
        grid: grid, lmax: lmax, spin: spin, lanes: lanes, path: path, threads: threads,
        repeats: configuration.repeats)
    }
    var cases: [(sweep: Sweep, timing: TransformTiming)] = []
    for spin in [0, 2] {
      for lmax in configuration.degrees {
        cases.append((.lmax, timing(GaussLegendreGrid(lmax: lmax), lmax: lmax, spin: spin)))
      }
      for nside in configuration.nsides {
        cases.append(
          (.nside, timing(try HealpixGrid(nside: nside), lmax: 2 * nside, spin: spin)))
      }
      let degree = configuration.laneDegree
      for path in [TransformPath.table, .recurrence] {
        for lanes in configuration.lanes {
          cases.append(
            (
              .lanes,
              timing(
                GaussLegendreGrid(lmax: degree), lmax: degree, spin: spin, lanes: lanes, path: path)
            ))
        }
      }
      for threads in configuration.threads {
        let lmax = configuration.threadDegree
        cases.append(
          (
            .threads,
            timing(GaussLegendreGrid(lmax: lmax), lmax: lmax, spin: spin, threads: threads)
          ))
      }
    }
    return cases
  }
}
