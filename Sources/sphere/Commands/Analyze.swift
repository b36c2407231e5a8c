import ArgumentParser
import FileFormats
import Foundation
import MapTools

/// `sphere analyze`: the coefficients of a map.
struct Analyze: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the coefficients of a map.",
    discussion: """
      T gives T; Q and U give E and B. --iter N is healpy.map2alm(iter=N) without weights; \
      --tolerance \
      is the fit to all pixels. lmax is at most 3 nside - 1 either way. Unobserved pixels are \
      refused \
      unless --zero-masked. healpy.read_alm reads the file.
      """)

  @Argument(help: "The map: T, or Q and U, or T, Q and U.")
  var map: String

  @Option(parsing: .unconditional, help: "Largest degree, inclusive.")
  var lmax: Int

  @Option(parsing: .unconditional, help: "Largest order; default: lmax.")
  var mmax: Int?

  @OptionGroup var inputOptions: MapInputOptions
  @OptionGroup var analysisOptions: AnalysisOptions

  @Flag(help: "Put 0 where a pixel was not observed, as healpy does.")
  var zeroMasked = false

  @OptionGroup var outputOptions: MapOutputOptions
  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try outputOptions.requireTables()
    try validateDegrees(lmax: lmax, mmax: mmax)
    if zeroMasked { try analysisOptions.requireQuadrature("--zero-masked") }
  }

  func execute() throws {
    try outputOptions.requireWritable()
    sayIfUntested(lmax: lmax)
    var sky = try readMap(map, inputOptions)
    if zeroMasked, sky.maskedCount > 0 {
      say("\(map): \(sky.maskedCount) unobserved pixels are set to 0")
      sky = sky.zeroingMasked
    }
    let analysis = MapAnalysis(lmax: lmax, mmax: mmax, method: analysisOptions.method())
    let (coefficients, reports) = try analysis.coefficients(
      of: sky, threads: threadOptions.threads)
    say(reports, file: map)
    try coefficients.file.write(to: outputOptions.url)
  }
}
