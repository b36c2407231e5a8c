import ArgumentParser
import FileFormats
import Foundation
import MapTools
import SkyMaps

/// `sphere coordinates`: a map in other celestial coordinates.
struct Coordinates: SphereCommand {
  /// The values of --method.
  enum Method: String, CaseIterable, ExpressibleByArgument {
    case pixel
    case harmonic
  }

  static let configuration = CommandConfiguration(
    abstract: "Bring a map to other coordinates: galactic, equatorial or ecliptic.",
    discussion: """
      G, C (J2000) or E. harmonic: the coefficients are turned, E and B with T, so that Q and U \
      refer to the new meridians; healpy.Rotator.rotate_map_alms without weights. pixel: T is \
      interpolated between pixels, unobserved ones allowed; healpy.Rotator.rotate_map_pixel. The \
      result says its COORDSYS.
      """)

  @Argument(help: "The map: T, or Q and U, or T, Q and U.")
  var map: String

  @Option(help: "Coordinates of the map, G, C or E; default: its COORDSYS.")
  var from: String?

  @Option(help: "Coordinates of the result, G, C or E.")
  var to: String

  @Option(help: "harmonic or pixel.")
  var method: Method = .harmonic

  @Option(
    parsing: .unconditional, help: "harmonic: largest degree, inclusive; default: 3 nside - 1.")
  var lmax: Int?

  @OptionGroup var inputOptions: MapInputOptions
  @OptionGroup var analysisOptions: AnalysisOptions

  @Flag(help: "pixel: leave Q and U out.")
  var temperatureOnly = false

  @OptionGroup var outputOptions: MapOutputOptions
  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try outputOptions.requireTables()
    try validateDegrees(lmax: lmax)
    let target = try Self.frame(to, "--to")
    if let from, try Self.frame(from, "--from") == target {
      throw ValidationError("--from and --to are the same coordinates")
    }
    guard
      method == .harmonic
        || (lmax == nil && analysisOptions.iter == nil && analysisOptions.tolerance == nil)
    else {
      throw ValidationError("--lmax, --iter and --tolerance belong to --method harmonic")
    }
  }

  private static func frame(_ text: String, _ option: String) throws -> SkyFrame {
    guard let frame = SkyFrame(text) else {
      throw ValidationError(
        "\(option) is '\(text)', expected G (galactic), C (equatorial) or E (ecliptic)")
    }
    return frame
  }

  func execute() throws {
    try outputOptions.requireWritable()
    var sky = try readMap(
      map, inputOptions, copies: method == .pixel ? MapMemory.lookup : MapMemory.analysis)
    if temperatureOnly {
      _ = try sky.requireTemperature()
      sky.polarisation = nil
    }
    let source = try sky.frame(stated: from.map { try Self.frame($0, "--from") })
    let target = try Self.frame(to, "--to")
    let rotation = source.rotation(to: target)
    var result: SkyMap
    switch method {
    case .pixel: result = try PixelRotation(rotation).apply(sky)
    case .harmonic:
      let lmax = lmax ?? MapToolError.largestDegree(nside: sky.nside)
      sayIfUntested(lmax: lmax)
      let threads = threadOptions.threads
      let analysis = MapAnalysis(lmax: lmax, method: analysisOptions.method())
      let (coefficients, reports) = try analysis.coefficients(of: sky, threads: threads)
      say(reports, file: map)
      result = try coefficients.rotated(by: rotation, threads: threads)
        .map(nside: sky.nside, threads: threads)
    }
    result.coordinateSystem = target.letter
    try result.mapFile.write(to: outputOptions.url, precision: .float64)
  }
}
