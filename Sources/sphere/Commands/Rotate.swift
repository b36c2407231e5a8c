import ArgumentParser
import FileFormats
import Foundation
import HarmonicTransforms
import MapTools
import SkyMaps

/// `sphere rotate`: a map after a rotation of the sky.
struct Rotate: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rotate a map through its coefficients, or the coefficients themselves.",
    discussion: """
      Euler angles A,B,C in degrees: the sky turns by C about z, then by B about y, then by A \
      about z, \
      each counter-clockwise about a fixed axis; the north pole arrives at colatitude B, \
      longitude A. \
      healpy.rotate_alm(alm, psi, theta, phi) with psi = C, theta = B, phi = A in radians. Exact \
      for \
      maps without degrees above --lmax. The result has no COORDSYS. A file of coefficients gives \
      one of rotated coefficients; --lmax, --iter, --tolerance, --hdu and --column are of maps.
      """)

  @Argument(help: "The map, T, or Q and U, or T, Q and U; or a file of coefficients.")
  var map: String

  @Option(parsing: .unconditional, help: "Three angles in degrees, separated by commas.")
  var euler: String

  @Option(parsing: .unconditional, help: "Largest degree, inclusive; default: 2 nside.")
  var lmax: Int?

  @OptionGroup var inputOptions: MapInputOptions
  @OptionGroup var analysisOptions: AnalysisOptions
  @OptionGroup var outputOptions: MapOutputOptions
  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try outputOptions.requireTables()
    try validateDegrees(lmax: lmax)
    _ = try rotation()
  }

  /// The angles in radians.
  private func rotation() throws -> Rotation {
    let angles = euler.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    // In much larger angles, rounding is larger than a degree.
    let finite = angles.compactMap { $0 }.filter { abs($0) <= 1e6 }
    guard angles.count == 3, finite.count == 3 else {
      throw ValidationError(
        "--euler is '\(euler)', expected three angles in degrees, -1e6...1e6, for instance "
          + "30,45,-10"
      )
    }
    let radians = finite.map { $0 * .pi / 180 }
    return Rotation(alpha: radians[0], beta: radians[1], gamma: radians[2])
  }

  func execute() throws {
    let rotation = try rotation()
    try outputOptions.requireWritable()
    guard let sky = try mapUnlessCoefficients() else {
      try rotateCoefficients(by: rotation)
      return
    }
    if lmax == nil { say("\(map): lmax is 2 nside = \(2 * sky.nside)") }
    sayIfUntested(lmax: lmax ?? 2 * sky.nside)
    if let system = sky.coordinateSystem {
      say("\(map): COORDSYS = \(system) is left out of the rotated map")
    }
    let analysis = MapAnalysis(
      lmax: lmax ?? 2 * sky.nside, method: analysisOptions.method(standard: analysisOptions.fit))
    let threads = threadOptions.threads
    let (coefficients, reports) = try analysis.coefficients(of: sky, threads: threads)
    say(reports, file: map)
    let map = try coefficients.rotated(by: rotation, threads: threads)
      .map(nside: sky.nside, threads: threads)
    try map.mapFile.write(to: outputOptions.url, precision: .float64)
  }

  /// The map; nil if the file holds coefficients.
  private func mapUnlessCoefficients() throws -> SkyMap? {
    do {
      return try readMap(map, inputOptions)
    } catch let error as FitsError {
      guard case .coefficients = error.fault else { throw error }
      return nil
    }
  }

  private func rotateCoefficients(by rotation: Rotation) throws {
    guard
      lmax == nil && analysisOptions.iter == nil && analysisOptions.tolerance == nil
        && !inputOptions.isGiven
    else {
      throw ProgramError.optionWithoutUse(
        options: "--lmax, --iter, --tolerance, --hdu or --column",
        reason: "\(map) holds coefficients")
    }
    let coefficients = try readCoefficients(map)
    if let system = coefficients.coordinateSystem {
      say("\(map): COORDSYS = \(system) is left out of the rotated coefficients")
    }
    try coefficients.rotated(by: rotation, threads: threadOptions.threads)
      .file.write(to: outputOptions.url)
  }
}
