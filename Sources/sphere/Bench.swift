import ArgumentParser
import BenchmarkTasks
import Foundation
import HarmonicTransforms
import SphereGrids
import Timings

extension TransformPath: ExpressibleByArgument {}

/// `sphere bench`: how long the main computations take on this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time transforms and networks on this machine.",
    subcommands: [
      BenchTransforms.self, BenchScaling.self, BenchTraining.self, BenchInference.self,
    ])

  /// What the commands print.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }
}

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
    let time = String(format: "%.4f", milliseconds)
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

/// `sphere bench scaling`: how times grow with sizes, as a table and a figure.
struct BenchScaling: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "scaling",
    abstract: "Time transforms against lmax, nside, fields and threads.",
    discussion: """
      Writes scaling.csv and the figure scaling as PNG and SVG, in a minute or two. --threads is \
      the largest number that is tried; all else runs in one.
      """)

  @Option(help: "The folder to make; it must be new or empty.")
  var output: String

  @Flag(help: "Fewer and smaller cases: seconds instead of minutes.")
  var quick = false

  @OptionGroup var threadOptions: ThreadOptions

  func execute() throws {
    let interruption = Interruption.shared
    interruption.watch()
    let progress = ProgressReporter()
    try NewFolder.make(URL(fileURLWithPath: output).resolvingSymlinksInPath()) { folder in
      let threads = threadOptions.threads
      let scaling = try ScalingTiming(quick ? .quick(threads: threads) : .full(threads: threads)) {
        done, total in
        if interruption.flag.isRaised {
          progress.finish()
          throw BenchmarkError.interrupted
        }
        progress.update("scaling", done: done, total: total, unit: "cases")
      }
      try scaling.write(to: folder)
    }
    progress.finish()
  }
}

/// What `sphere bench training` and `sphere bench inference` share.
struct NetworkTimingOptions: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue, help: "The tasks (t1, t2, t3); may be repeated.")
  var task: [BenchmarkTask] = [.t1, .t2]

  @Option(help: "The network: isotropic, published, or pixel.")
  var architecture: Architecture = .published

  @Option(parsing: .unconditional, help: "Maps at a time.")
  var batch: Int = 32

  @Option(parsing: .unconditional, help: "Seconds to run for every task.")
  var seconds: Double = 20

  @Option(help: "What to print: text or json (an object per line).")
  var format: Bench.Format = .text

  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try requireRange("--batch", batch, TrainingRecipe.batches)
    try requireRange("--seconds", seconds, 1...3600)
  }

  /// Prints the maps per second of every task.
  func run(_ name: String, _ rate: (NetworkTiming) throws -> Double) throws {
    if format == .text { show("network    task  architecture  batch  threads  maps/s") }
    for task in task {
      let settings = try TaskSettings(task: task)
      let recipe = try TrainingRecipe.standard(
        architecture, settings: settings, maps: TrainingRecipe.mostMaps, batch: batch, seed: 0)
      let timing = NetworkTiming(
        settings: settings, recipe: recipe, threads: threadOptions.threads, seconds: seconds)
      let found = String(format: "%.1f", try rate(timing))
      switch format {
      case .json:
        show(
          "{\"name\":\"\(name)\",\"task\":\"\(task.rawValue)\",\"architecture\":"
            + "\"\(architecture.rawValue)\",\"batch\":\(batch),\"threads\":"
            + "\(threadOptions.threads),\"maps_per_second\":\(found)}")
      case .text:
        show(
          [
            name.padding(toLength: 10, withPad: " ", startingAt: 0),
            task.rawValue.padding(toLength: 5, withPad: " ", startingAt: 0),
            architecture.rawValue.padding(toLength: 12, withPad: " ", startingAt: 0),
            String(format: "%6d %8d %7@", batch, threadOptions.threads, found as NSString),
          ].joined(separator: " "))
      }
    }
  }
}

/// `sphere bench training`: maps per second of gradient steps.
struct BenchTraining: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "training",
    abstract: "Time the training of a network.",
    discussion: """
      Gradient steps with fresh maps, for --seconds, without the first quarter of them. Nothing is \
      written.
      """)

  @OptionGroup var options: NetworkTimingOptions

  func execute() throws { try options.run("training") { try $0.trainingRate() } }
}

/// `sphere bench inference`: maps per second of predictions.
struct BenchInference: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "inference",
    abstract: "Time the predictions of a network.",
    discussion: """
      Predictions of maps that are there, by a network with fresh weights, for --seconds.
      """)

  @OptionGroup var options: NetworkTimingOptions

  func execute() throws { try options.run("inference") { try $0.inferenceRate() } }
}
