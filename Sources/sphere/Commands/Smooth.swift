import ArgumentParser
import FileFormats
import Foundation
import MapTools

/// `sphere smooth`: a map with another beam.
struct Smooth: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Smooth a map with a beam, or take a beam out of it.",
    discussion: """
      The coefficients are multiplied by the beam, E and B by its factors for spin 2, and by the \
      pixel window if that is asked for; --inverse divides. healpy.smoothing without weights. \
      Unobserved pixels are refused unless --zero-masked, which puts 0 there, as healpy does, and \
      leaves them unobserved.
      """)

  @Argument(help: "The map: T, or Q and U, or T, Q and U.")
  var map: String

  @OptionGroup var windowOptions: WindowOptions

  @Flag(help: "Divide by the factors.")
  var inverse = false

  @Option(parsing: .unconditional, help: "Largest degree, inclusive; default: 3 nside - 1.")
  var lmax: Int?

  @OptionGroup var inputOptions: MapInputOptions
  @OptionGroup var analysisOptions: AnalysisOptions

  @Flag(help: "Put 0 where a pixel was not observed, as healpy does.")
  var zeroMasked = false

  @OptionGroup var outputOptions: MapOutputOptions
  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try outputOptions.requireTables()
    try validateDegrees(lmax: lmax)
    guard windowOptions.isGiven else {
      throw ValidationError("nothing to smooth with: give --fwhm, --beam or --pixel-window")
    }
    if zeroMasked { try analysisOptions.requireQuadrature("--zero-masked") }
  }

  func execute() throws {
    try outputOptions.requireWritable()
    let sky = try readMap(map, inputOptions)
    let lmax = lmax ?? MapToolError.largestDegree(nside: sky.nside)
    sayIfUntested(lmax: lmax)
    guard lmax <= MapToolError.largestDegree(nside: sky.nside) else {
      throw MapToolError.degreeBeyondMap(file: sky.file, lmax: lmax, nside: sky.nside)
    }
    var transfer =
      try windowOptions.transfer(lmax: lmax, nside: sky.nside) ?? .unity(lmax: lmax)
    if inverse {
      let letters = sky.coefficientLetters
      transfer = try transfer.inverse(name: "the beam with its pixel window", fields: letters)
      sayLargest(transfer, fields: letters)
    }
    if zeroMasked, sky.maskedCount > 0 {
      say("\(map): \(sky.maskedCount) unobserved pixels count as 0 and stay unobserved")
    }
    let filter = HarmonicFilter(
      MapAnalysis(lmax: lmax, method: analysisOptions.method()), transfer,
      zeroesUnobserved: zeroMasked)
    let (result, reports) = try filter.apply(sky, threads: threadOptions.threads)
    say(reports, file: map)
    try result.mapFile.write(to: outputOptions.url, precision: .float64)
  }
}
