import ArgumentParser
import Expectations
import SphereGrids
import Studies

/// `sphere expect`: which errors are normal.
struct Expect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what error to expect of a transform, and what would lower it.",
    subcommands: [ExpectAnalysis.self])
}

extension AnalysisMethod: ExpressibleByArgument {
  public init?(argument: String) { self.init(word: argument) }

  public var defaultValueDescription: String { word }

  public static var allValueStrings: [String] { named.map(\.word) }
}

/// `sphere expect analysis`.
struct ExpectAnalysis: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "analysis",
    abstract: "The error of coefficients to a HEALPix map and back to coefficients.",
    discussion: """
      Answers from a table of measurements, Docs/Exactness.md: the relative L2 error when every \
      degree and order is filled. Between measured cases the answer is interpolated and says so, \
      with the measurements beside it; outside of them it is refused (exit code 64). \
      Changes that halve the error are listed with the error that each leaves.

      iter0 to iter3 are healpy's map2alm with iter=0 to 3 and without weights; ring-weights and \
      pixel-weights are its use_weights and use_pixel_weights, with iter=0; order-weights are \
      this program's, a weight per ring and order; least-squares is the fit by conjugate \
      gradients, to rounding (sphere analyze --tolerance).
      """)

  @Option(parsing: .unconditional, help: "Resolution of the map, 16 to 512.")
  var nside: Int

  @Option(parsing: .unconditional, help: "Largest degree, up to 3 nside - 1.")
  var lmax: Int

  @Option(help: "How the coefficients are found.")
  var method: AnalysisMethod = .iterated

  @Option(parsing: .unconditional, help: "0: temperature; 2: Q and U.")
  var spin: Int = 0

  @Option(help: "Precision of the map and the coefficients.")
  var precision: BenchTransforms.Precision = .f64

  @Option(help: "What to print: text or json (one object).")
  var format: OutputFormat = .text

  func validate() throws {
    let nsides = ExactnessStudy.Configuration.largeNsides
    try requireRange("--nside", nside, nsides[0]...nsides[nsides.count - 1])
    try requireRange("--lmax", lmax, 1...(3 * nsides[nsides.count - 1] - 1))
    guard [0, 2].contains(spin) else {
      throw ValidationError("--spin is \(spin), expected 0 or 2")
    }
  }

  func execute() throws {
    let report = try ExpectationReport(
      AnalysisCase(
        grid: .healpix(nside: nside), lmax: lmax, spin: spin,
        precision: precision == .f64 ? .double : .single, method: method))
    show(format == .json ? report.json : report.text)
  }
}
