import ArgumentParser
import FileFormats
import Foundation
import MapTools
import SkyMaps

/// `sphere spectrum`: the power spectra of maps.
struct Spectrum: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Estimate the power spectra of a map, or the cross spectra of two.",
    discussion: """
      One map: TT, or EE, BB, EB, or TT, EE, BB, TE, EB, TB. Two maps: the same of the first with \
      the second, and ET, BE, BT; T with T, Q and U gives TT, TE, TB. As healpy.anafast. With a \
      mask the maps are multiplied by it, and the spectra divided by the mean of mask^2 over the \
      sphere: pseudo-spectra, in which the mask still couples degrees. --decouple undoes that: \
      band powers of the whole sky in the bins of --bins (MASTER). --fwhm, --beam and \
      --pixel-window are divided out. Pixels that a map lacks join the mask. --hdu and --column \
      are of both maps. healpy.read_cl reads the file; with a name that ends in .csv the output is \
      text, a column per spectrum and a line per l.
      """)

  @Argument(help: "The map: T, or Q and U, or T, Q and U.")
  var map: String

  @Argument(help: "A second map, for cross spectra.")
  var secondMap: String?

  @Option(help: "A mask of weights 0...1, of the maps' nside.")
  var mask: String?

  @Option(parsing: .unconditional, help: "Largest degree, inclusive; default: 2 nside.")
  var lmax: Int?

  @OptionGroup var windowOptions: WindowOptions

  @Flag(help: "Undo the coupling of degrees, and of E with B, by the mask; needs --bins.")
  var decouple = false

  @Option(
    parsing: .unconditional,
    help: """
      With --decouple: the width of the bins, which begin at l = 2, or their edges, as 2,10,20,40 \
      for 2...9, 10...19, 20...39.
      """)
  var bins: String?

  @OptionGroup var maskOptions: MaskInputOptions
  @OptionGroup var inputOptions: MapInputOptions
  @OptionGroup var analysisOptions: AnalysisOptions

  @Flag(help: "Take the pixels that a map lacks as mask.")
  var zeroMasked = false

  @OptionGroup var outputOptions: MapOutputOptions
  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try validateDegrees(lmax: lmax)
    try maskOptions.requireMask(mask)
    if zeroMasked { try analysisOptions.requireQuadrature("--zero-masked") }
    if mask != nil { try analysisOptions.requireQuadrature("--mask") }
    guard decouple == (bins != nil) else {
      throw ValidationError("--decouple and --bins belong together")
    }
    if let bins { _ = try asUsage { try DegreeBins.numbers(bins) } }
  }

  func execute() throws {
    try outputOptions.requireWritable()
    let first = try readMap(map, inputOptions)
    let second = try secondMap.map { try readMap($0, inputOptions) }
    let weights = try maskOptions.read(
      mask, nside: first.nside,
      coordinateSystems: [first, second].compactMap { $0?.coordinateSystem })
    if lmax == nil { say("\(map): lmax is 2 nside = \(2 * first.nside)") }
    sayIfUntested(lmax: lmax ?? 2 * first.nside)
    let degree = lmax ?? 2 * first.nside
    let estimate = MapSpectra(
      MapAnalysis(lmax: degree, method: analysisOptions.method()), mask: weights,
      masksUnobserved: zeroMasked,
      transfer: try windowOptions.transfer(lmax: degree, nside: first.nside))
    if let bins {
      let choice = try DegreeBins(bins, lmax: degree)
      let result = try estimate.bandPowers(
        of: first, with: second, bins: choice, threads: threadOptions.threads)
      report(result.unobserved, result.reports)
      if outputOptions.isText {
        try result.file.writeText(to: outputOptions.url)
      } else {
        try result.file.write(to: outputOptions.url)
      }
      return
    }
    let result = try estimate.spectra(of: first, with: second, threads: threadOptions.threads)
    report(result.unobserved, result.reports)
    if let mean = result.file.meanSquaredMask {
      say("the spectra are divided by the mean of mask^2, \(NumberText.short(mean))")
    }
    if outputOptions.isText {
      try result.file.writeText(to: outputOptions.url)
    } else {
      try result.file.write(to: outputOptions.url)
    }
  }

  private func report(_ unobserved: Int, _ reports: [MapAnalysis.Report]) {
    if unobserved > 0 { say("\(unobserved) unobserved pixels join the mask") }
    say(reports, file: map)
  }
}
