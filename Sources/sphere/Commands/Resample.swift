import ArgumentParser
import FileFormats
import Foundation
import MapTools
import Resampling

/// `sphere resample`: a map on another grid.
struct Resample: SphereCommand {
  /// The values of --method.
  enum Method: String, CaseIterable, ExpressibleByArgument {
    case nearest
    case containingPixel = "containing-pixel"
    case bilinear
    case harmonic

    /// The rule of a pointwise method.
    var pointwise: ResamplingMethod? {
      switch self {
      case .nearest: return .nearest
      case .containingPixel: return .containingPixel
      case .bilinear: return .bilinear
      case .harmonic: return nil
      }
    }
  }

  static let configuration = CommandConfiguration(
    abstract: "Bring a map to another grid.",
    discussion: """
      nearest: the pixel nearest by angle. containing-pixel: the pixel around the point (healpy's \
      ang2pix). bilinear: healpy's get_interp_val. These are for temperature: Q and U of different \
      pixels refer to different meridians. harmonic: the map's coefficients up to --lmax, \
      evaluated at \
      the new points; right for T, Q and U. Ring grids are written as a table with a row per ring.
      """)

  @Argument(help: "The HEALPix map.")
  var map: String

  @Option(
    help: """
      nsideN, gauss-legendre:LMAX, gauss-legendre:NLATxNLON or clenshaw-curtis:NLATxNLON (with \
      poles).
      """)
  var to: String

  @Option(help: "nearest, containing-pixel, bilinear or harmonic.")
  var method: Method

  @Option(
    parsing: .unconditional,
    help: """
      harmonic: largest degree; default: 2 nside of the map, or what the new grid carries, if less.
      """)
  var lmax: Int?

  @OptionGroup var inputOptions: MapInputOptions
  @OptionGroup var analysisOptions: AnalysisOptions

  @Flag(help: "Leave Q and U out.")
  var temperatureOnly = false

  @OptionGroup var outputOptions: MapOutputOptions
  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try outputOptions.requireTables()
    try validateDegrees(lmax: lmax)
    _ = try asUsage { try TargetGrid(named: to) }
    let isHarmonic = method == .harmonic
    guard
      isHarmonic
        || (lmax == nil && analysisOptions.iter == nil
          && analysisOptions.tolerance == nil)
    else {
      throw ValidationError("--lmax, --iter and --tolerance belong to --method harmonic")
    }
  }

  func execute() throws {
    let target = try TargetGrid(named: to)
    try outputOptions.requireWritable()
    var sky = try readMap(
      map, inputOptions, copies: method.pointwise == nil ? MapMemory.analysis : MapMemory.lookup)
    if temperatureOnly {
      _ = try sky.requireTemperature()
      sky.polarisation = nil
    }
    let rule: MapResampling.Method
    if let pointwise = method.pointwise {
      rule = .pointwise(pointwise)
    } else {
      let largest = min(2 * sky.nside, target.carriedDegree)
      if lmax == nil { say("\(map): lmax is \(largest)") }
      sayIfUntested(lmax: lmax ?? largest)
      let method = analysisOptions.method(standard: analysisOptions.fit)
      rule = .harmonic(MapAnalysis(lmax: lmax ?? largest, method: method))
    }
    try MapMemory.requireSynthesis(on: target.grid, fields: sky.fields.count)
    let (result, reports) = try MapResampling(to: target, method: rule)
      .apply(sky, threads: threadOptions.threads)
    say(reports, file: map)
    try result.write(to: outputOptions.url)
  }
}
