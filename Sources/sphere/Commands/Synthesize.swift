import ArgumentParser
import Foundation
import MapTools
import SkyMaps
import SphereGrids

/// `sphere synthesize`: a map from coefficients.
struct Synthesize: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a map from the coefficients of healpy.write_alm.",
    discussion: """
      T gives T; T, E and B give T, Q and U; E and B give Q and U. The same as healpy.alm2map. \
      Written in RING order, COSMO's sign of U.
      """)

  @Argument(help: "Coefficients: one table per field, T or E, B or T, E, B.")
  var alm: String

  @Option(parsing: .unconditional, help: "HEALPix resolution of the map, 1...8192.")
  var nside: Int

  @OptionGroup var outputOptions: MapOutputOptions
  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try outputOptions.requireTables()
    try requireRange("--nside", nside, 1...HealpixMapFile.largestNside)
  }

  func execute() throws {
    try outputOptions.requireWritable()
    let coefficients = try readCoefficients(alm)
    sayIfUntested(lmax: coefficients.lmax)
    let largest = MapToolError.largestDegree(nside: nside)
    if coefficients.lmax > largest {
      say(
        "\(alm): warning: lmax is \(coefficients.lmax), above 3 nside - 1 = \(largest); the map "
          + "does not determine its coefficients any more")
    }
    try MapMemory.requireSynthesis(
      on: try HealpixGrid(nside: nside), fields: coefficients.fields.count)
    try coefficients.map(nside: nside, threads: threadOptions.threads).mapFile
      .write(to: outputOptions.url, precision: .float64)
  }
}
