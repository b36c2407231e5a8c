import ArgumentParser
import FileFormats
import Foundation
import MapTools
import SkyMaps

/// The beam and the pixel window of a map.
struct WindowOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "A Gaussian beam: its full width at half maximum, arcmin.")
  var fwhm: Double?

  @Option(
    help: """
      A file of a beam by degree, FITS or .csv: TEMPERATURE, or that and POLARIZATION, or \
      TEMPERATURE, GRADIENT and CURL; a single column is for all fields.
      """)
  var beam: String?

  @Flag(name: .customLong("pixel-window"), help: "The window of HEALPix's pixels; nside 2...128.")
  var pixelWindow = false

  /// Whether anything is chosen.
  var isGiven: Bool { fwhm != nil || beam != nil || pixelWindow }

  func validate() throws {
    try BeamChoice("--fwhm", fwhm, "--beam", beam).validate()
  }

  /// The product of the chosen windows.
  ///
  /// - Parameters:
  ///   - lmax: largest degree.
  ///   - nside: whose pixels.
  /// - Returns: the factors; nil if no window is chosen.
  /// - Throws: as `HarmonicTransfer` and `HarmonicWindowFile`.
  func transfer(lmax: Int, nside: Int) throws -> HarmonicTransfer? {
    guard isGiven else { return nil }
    var transfer =
      try BeamChoice("--fwhm", fwhm, "--beam", beam).transfer(lmax: lmax) ?? .unity(lmax: lmax)
    if pixelWindow {
      transfer = transfer.multiplied(by: try HarmonicTransfer(pixelsOf: nside, lmax: lmax))
    }
    return transfer
  }
}

/// A beam as a width or as a file.
struct BeamChoice {
  private let widthOption: String
  private let width: Double?
  private let fileOption: String
  private let file: String?

  init(_ widthOption: String, _ width: Double?, _ fileOption: String, _ file: String?) {
    self.widthOption = widthOption
    self.width = width
    self.fileOption = fileOption
    self.file = file
  }

  func validate() throws {
    try requireRange(widthOption, width, 0...10_800, " arcmin")
    guard width == nil || file == nil else {
      throw ValidationError("give either \(widthOption) or \(fileOption)")
    }
  }

  /// The factors; nil if nothing is chosen.
  func transfer(lmax: Int) throws -> HarmonicTransfer? {
    if let width {
      return HarmonicTransfer(
        try GaussianBeam(fullWidth: width / 60 * .pi / 180), lmax: lmax)
    }
    return try file.map { try readWindow($0, lmax: lmax) }
  }
}

/// Reads factors by degree and says what was assumed.
func readWindow(_ path: String, lmax: Int) throws -> HarmonicTransfer {
  let window = try HarmonicWindowFile(contentsOf: URL(fileURLWithPath: path))
  for warning in window.warnings { say("\(path): warning: \(warning)") }
  return try HarmonicTransfer(window, lmax: lmax)
}

/// Says by how much a division magnifies.
func sayLargest(_ transfer: HarmonicTransfer, fields: String) {
  let (factor, l) = transfer.largest(fields: fields)
  say("the largest factor is \(NumberText.short(factor)), at l = \(l)")
}

extension SkyMap {
  /// The letters of the coefficients that the map has: T, EB or TEB.
  var coefficientLetters: String {
    (temperature == nil ? "" : "T") + (polarisation == nil ? "" : "EB")
  }
}
