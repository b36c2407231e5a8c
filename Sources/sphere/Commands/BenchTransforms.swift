import ArgumentParser
import FileFormats
import Foundation
import HarmonicTransforms
import SphereGrids
import Timings

/// `sphere bench transforms`: synthesis and analysis, one line per case.
struct BenchTransforms: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "transforms",
    abstract: "Time synthesis and analysis.",
    discussion: """
      Of every case the shortest of --repeat times is printed, without what is prepared once per \
      transform. Other programs on the machine make all of them longer: compare ratios of one run.
      """)

  enum Grid: String, CaseIterable, ExpressibleByArgument {
    case gaussLegendre = "gauss-legendre"
    case healpix
  }

  enum Precision: String, CaseIterable, ExpressibleByArgument {
    case f32, f64
  }

  @Option(help: "The grid; HEALPix takes nside = lmax / 2.")
  var grid: Grid = .gaussLegendre

  @Option(parsing: .unconditionalSingleValue, help: "Largest degree; may be repeated.")
  var lmax: [Int] = [47, 127, 255, 511, 1023]

  @Option(parsing: .unconditionalSingleValue, help: "Spins, 0 to 8; may be repeated.")
  var spin: [Int] = [0, 2]

  @Option(help: "Precision of fields and coefficients.")
  var precision: Precision = .f64

  @Option(parsing: .unconditional, help: "Number of fields.")
  var lanes: Int = 1

  @Option(help: "Legendre functions in a table or by recurrence, or the faster one.")
  var path: TransformPath = .automatic

  @Option(parsing: .unconditional, help: "How often each case is timed.")
  var `repeat`: Int = 5

  @Option(parsing: .unconditional, help: "Iterations of the analysis; 0 is one pass.")
  var iter: Int = 0

  @Option(help: "What to print: text or json (an object per line).")
  var format: Bench.Format = .text

  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    for degree in lmax { try requireRange("--lmax", degree, 1...16_384) }
    for spin in spin { try requireRange("--spin", spin, 0...8) }
    try requireRange("--lanes", lanes, 1...4096)
    try requireRange("--repeat", `repeat`, 1...1000)
    try requireRange("--iter", iter, 0...100)
  }

  func execute() throws {
    if format == .text {
      show("transform  grid            spin   lmax  precision  lanes  threads  milliseconds")
    }
    for degree in lmax {
      sayIfUntested(
        lmax: degree,
        largest: grid == .healpix
          ? TransformPath.largestTestedHealpixDegree : TransformPath.largestTestedDegree)
      let rings: any RingGrid =
        grid == .healpix
        ? try HealpixGrid(nside: max(1, degree / 2)) : GaussLegendreGrid(lmax: degree)
      for spin in spin {
        try time(rings, degree, spin)
      }
    }
  }

  private func time(_ rings: any RingGrid, _ degree: Int, _ spin: Int) throws {
    let timing = TransformTiming(
      grid: rings, lmax: degree, spin: spin, lanes: lanes, path: path,
      threads: threadOptions.threads, repeats: `repeat`, iterations: iter)
    let found =
      precision == .f64
      ? try timing.milliseconds(as: Double.self) : try timing.milliseconds(as: Float.self)
    report("synthesis", degree, spin, found.synthesis)
    report("analysis", degree, spin, found.analysis)
  }

  private func report(_ name: String, _ degree: Int, _ spin: Int, _ milliseconds: Double) {
    let nside = grid == .healpix ? "\(max(1, degree / 2))" : "null"
    let time = NumberText.fixed(milliseconds, decimals: 4)
    switch format {
    case .json:
      show(
        "{\"name\":\"\(name)\",\"grid\":\"\(grid.rawValue)\",\"spin\":\(spin),\"lmax\":\(degree),"
          + "\"nside\":\(nside),\"precision\":\"\(precision.rawValue)\",\"lanes\":\(lanes),"
          + "\"iterations\":\(name == "analysis" ? iter : 0),"
          + "\"threads\":\(threadOptions.threads),\"milliseconds\":\(time)}")
    case .text:
      show(
        [
          name.padding(toLength: 10, withPad: " ", startingAt: 0),
          grid.rawValue.padding(toLength: 15, withPad: " ", startingAt: 0),
          String(format: "%4d %6d", spin, degree), "      \(precision.rawValue)",
          String(format: "%6d %8d %13@", lanes, threadOptions.threads, time as NSString),
        ].joined(separator: " "))
    }
  }
}
