import ArgumentParser
import FileFormats
import Foundation
import MapTools
import SkyMaps

/// `sphere remove-dipole`: T without its monopole and dipole.
struct RemoveDipole: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a monopole and a dipole to T and subtract them.",
    discussion: """
      The fit is over observed pixels, weighted by the mask and outside the cut; it is subtracted \
      from every observed pixel, and printed. healpy.remove_dipole, or with --monopole-only \
      healpy.remove_monopole. Q and U stay as they are.
      """)

  @Argument(help: "The map: T, or T, Q and U.")
  var map: String

  @Flag(help: "Fit and subtract a monopole alone.")
  var monopoleOnly = false

  @Option(help: "A mask of weights 0...1 for the fit, of the map's nside.")
  var mask: String?

  @Option(
    name: .customLong("gal-cut"), parsing: .unconditional,
    help: "Leave latitudes below this out of the fit, degrees; in the map's own coordinates.")
  var latitudeCut: Double?

  @OptionGroup var maskOptions: MaskInputOptions
  @OptionGroup var inputOptions: MapInputOptions
  @OptionGroup var outputOptions: MapOutputOptions

  func validate() throws {
    try outputOptions.requireTables()
    try maskOptions.requireMask(mask)
    try requireRange("--gal-cut", latitudeCut, 0...89.9, " degrees")
  }

  func execute() throws {
    try outputOptions.requireWritable()
    let sky = try readMap(map, inputOptions, copies: MapMemory.lookup)
    let weights = try maskOptions.read(
      mask, nside: sky.nside, coordinateSystems: [sky.coordinateSystem].compactMap { $0 })
    if latitudeCut != nil, let text = sky.coordinateSystem, SkyFrame(text) != .galactic {
      say("\(map): warning: COORDSYS is \(text), so that --gal-cut is no cut in galactic latitude")
    }
    let fit = try DipoleFit(
      of: sky, mask: weights, latitudeCut: (latitudeCut ?? 0) * .pi / 180,
      withDipole: !monopoleOnly)
    let unit = sky.unit ?? FitsUnit.microkelvin
    say("\(map): monopole \(fit.monopole) \(unit), from \(fit.pixelCount) pixels")
    if let dipole = fit.dipole, let direction = fit.direction {
      let degree = 180 / Double.pi
      let east = direction.phi * degree
      let longitude = NumberText.fixed(east < 0 ? east + 360 : east, decimals: 4)
      let latitude = NumberText.fixed(90 - direction.theta * degree, decimals: 4)
      say(
        "\(map): dipole \(fit.amplitude) \(unit) towards longitude "
          + "\(longitude), latitude \(latitude) degrees "
          + "(x \(dipole.x), y \(dipole.y), z \(dipole.z))")
    }
    try fit.removed(from: sky).mapFile.write(to: outputOptions.url, precision: .float64)
  }
}
