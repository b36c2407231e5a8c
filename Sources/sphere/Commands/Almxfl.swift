import ArgumentParser
import FileFormats
import Foundation
import MapTools
import SkyMaps

/// `sphere almxfl`: coefficients times factors by degree.
struct Almxfl: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Multiply coefficients by factors of each degree.",
    discussion: """
      a_lm f_l with the factors of a file, a beam or a pixel window, or the product of those that \
      are given; --inverse divides. healpy.almxfl, which takes 0 beyond the end of short lists: \
      here they are refused. healpy.read_alm reads the result.
      """)

  @Argument(help: "Coefficients: one table per field, T or E, B or T, E, B.")
  var alm: String

  @Option(
    help: """
      A file of factors, FITS or .csv: TEMPERATURE, or that and POLARIZATION, or TEMPERATURE, \
      GRADIENT and CURL; a single column is for all fields.
      """)
  var by: String?

  @OptionGroup var windowOptions: WindowOptions

  @Option(parsing: .unconditional, help: "Whose pixels --pixel-window means, 1...8192.")
  var nside: Int?

  @Flag(help: "Divide by the factors.")
  var inverse = false

  @OptionGroup var outputOptions: MapOutputOptions

  func validate() throws {
    try outputOptions.requireTables()
    try requireRange("--nside", nside, 1...HealpixMapFile.largestNside)
    guard by != nil || windowOptions.isGiven else {
      throw ValidationError("no factors: give --by, --fwhm, --beam or --pixel-window")
    }
    guard windowOptions.pixelWindow == (nside != nil) else {
      throw ValidationError("--pixel-window and --nside belong together")
    }
  }

  func execute() throws {
    try outputOptions.requireWritable()
    let coefficients = try readCoefficients(alm)
    let lmax = coefficients.lmax
    var transfer =
      try windowOptions.transfer(lmax: lmax, nside: nside ?? 1) ?? .unity(lmax: lmax)
    if let by { transfer = transfer.multiplied(by: try readWindow(by, lmax: lmax)) }
    if inverse {
      let letters = coefficients.letters
      transfer = try transfer.inverse(name: "the list of factors", fields: letters)
      sayLargest(transfer, fields: letters)
    }
    try coefficients.multiplied(by: transfer).file.write(to: outputOptions.url)
  }
}
